package org.imagingingestion.camel.manifest;

import java.util.ArrayList;
import java.util.List;

/**
 * Attributes of a study or series put together from what its instances say. An attribute without a value takes that of
 * whoever has one; where two values differ, one is in force and both are told as a disagreement.
 *
 * @param attributes the outcome as DICOM JSON; the same array where nothing changed
 * @param disagreements attributes of which both have a value, and not the same
 */
record Merge(byte[] attributes, List<Disagreement> disagreements) {
    /**
     * @param inForce DICOM JSON of the attribute, which counts
     * @param other that which does not
     */
    record Disagreement(int tag, byte[] inForce, byte[] other) {}

    /**
     * @param latestWins whether values that differ are replaced by those of {@code incoming}
     */
    static Merge of(byte[] attributes, byte[] incoming, boolean latestWins) {
        JsonMembers present = JsonMembers.of(attributes);
        JsonMembers arriving = JsonMembers.of(incoming);
        JsonObject result = new JsonObject();
        List<Disagreement> disagreements = new ArrayList<>();
        boolean changed = false;
        for (int i = 0; i < arriving.size(); i++) {
            int known = present.find(arriving.tagAt(i));
            if (known >= 0 && (arriving.isEmpty(i) || present.sameAs(known, arriving, i))) {
                continue;
            }
            boolean isFilled = known < 0 || present.isEmpty(known);
            if (isFilled || latestWins) {
                result.add(arriving, i);
                changed = true;
            }
            if (!isFilled && !InformationModel.isOfEveryLevel(arriving.tagAt(i))) {
                byte[] here = present.value(known);
                byte[] there = arriving.value(i);
                disagreements.add(
                        new Disagreement(arriving.tagAt(i), latestWins ? there : here, latestWins ? here : there));
            }
        }
        if (!changed) {
            return new Merge(attributes, disagreements);
        }
        for (int i = 0; i < present.size(); i++) {
            result.add(present, i);
        }
        return new Merge(result.toBytes(), disagreements);
    }
}
