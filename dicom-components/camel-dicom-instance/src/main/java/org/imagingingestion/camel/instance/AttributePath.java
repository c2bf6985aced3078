package org.imagingingestion.camel.instance;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.Sequence;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;

/**
 * Where an attribute stands: {@code PatientID}, {@code (0010,0020)}, {@code (0009,xx10,"ACME 1.1")}, or in the items of a sequence,
 * {@code RequestAttributesSequence[0].RequestedProcedureID}, {@code [*]} for all of them.
 */
record AttributePath(String text, List<Step> steps) {
    private static final int ALL = -1;
    private static final int PIXELS = 0x7FE0;
    private static final int FIRST_GROUP = 0x0008;
    private static final Pattern STEP = Pattern.compile("(?:([A-Za-z][A-Za-z0-9]*|[0-9A-Fa-f]{8})"
            + "|\\(\\s*([0-9A-Fa-f]{4})\\s*,\\s*([0-9A-Fa-f]{4})\\s*\\)"
            + "|\\(\\s*([0-9A-Fa-f]{4})\\s*,\\s*[xX]{2}([0-9A-Fa-f]{2})\\s*,\\s*\"([^\"]+)\"\\s*\\))"
            + "(?:\\[(\\d{1,6}|\\*)\\])?");

    /**
     * One attribute on the way.
     *
     * @param tag of a private one its last two digits alone have meaning
     * @param creator {@code null} where it is not private
     */
    private record Step(int tag, String creator, int item) {
        /** The tag in this data set, 0 where nothing is reserved for its creator and nothing is to be. */
        int in(DataSet dataSet, boolean create) {
            if (creator == null) {
                return tag;
            }
            int group = tag & 0xFFFF0000;
            int free = 0;
            for (int block = 0x10; block <= 0xFF; block++) {
                String reservedBy = dataSet.string(group | block);
                if (creator.equals(reservedBy)) {
                    return group | block << 8 | tag & 0xFF;
                }
                if (free == 0 && !dataSet.contains(group | block)) {
                    free = block;
                }
            }
            if (!create || free == 0) {
                return 0;
            }
            dataSet.setString(group | free, VR.LO, creator);
            return group | free << 8 | tag & 0xFF;
        }
    }

    /** An attribute of a data set. */
    record Place(DataSet dataSet, int tag) {}

    /** How far in a text a path goes, 0 where none begins. */
    static int lengthIn(CharSequence text) {
        Matcher matcher = STEP.matcher(text);
        int end = 0;
        while (matcher.region(end, text.length()).lookingAt()) {
            if (matcher.end() == text.length() || text.charAt(matcher.end()) != '.') {
                return matcher.end();
            }
            end = matcher.end() + 1;
        }
        return 0;
    }

    /** @throws IllegalArgumentException where it is none that may be changed */
    static AttributePath parse(String text) {
        if (lengthIn(text) != text.length() || text.isEmpty()) {
            throw new IllegalArgumentException("\"" + text + "\" is no attribute, as PatientID, (0010,0020),"
                    + " (0009,xx10,\"CREATOR\") or RequestAttributesSequence[0].RequestedProcedureID");
        }
        List<Step> steps = new ArrayList<>();
        Matcher matcher = STEP.matcher(text);
        while (matcher.find()) {
            steps.add(step(text, matcher));
        }
        AttributePath path = new AttributePath(text, List.copyOf(steps));
        path.check();
        return path;
    }

    private static Step step(String text, Matcher matcher) {
        int item =
                matcher.group(7) == null ? 0 : matcher.group(7).equals("*") ? ALL : Integer.parseInt(matcher.group(7));
        if (matcher.group(6) != null) {
            int group = Integer.parseInt(matcher.group(4), 16);
            if ((group & 1) == 0) {
                throw new IllegalArgumentException("\"" + text + "\" has a creator in a group that is not private");
            }
            return new Step(
                    group << 16 | Integer.parseInt(matcher.group(5), 16),
                    matcher.group(6).strip(),
                    item);
        }
        int tag;
        if (matcher.group(1) == null) {
            tag = Integer.parseUnsignedInt(matcher.group(2) + matcher.group(3), 16);
        } else {
            tag = Dictionary.tagOf(matcher.group(1));
            if (tag == 0 && matcher.group(1).matches("[0-9A-Fa-f]{8}")) {
                tag = Integer.parseUnsignedInt(matcher.group(1), 16);
            }
        }
        if (tag == 0) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no attribute: there is no keyword " + matcher.group(1));
        }
        return new Step(tag, null, item);
    }

    private void check() {
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            int group = Tag.group(step.tag());
            if (group < FIRST_GROUP || group == PIXELS || group >= 0xFFFA || Tag.isGroupLength(step.tag())) {
                throw new IllegalArgumentException("\"" + text + "\" is nothing that can be changed");
            }
            if (step.creator() == null && Tag.isPrivate(step.tag())) {
                throw new IllegalArgumentException(
                        "\"" + text + "\" needs the creator of the private element, as (0009,xx10,\"CREATOR\")");
            }
            boolean isLast = i == steps.size() - 1;
            if (!isLast && step.creator() == null && Dictionary.vrOf(step.tag()) != VR.SQ) {
                throw new IllegalArgumentException("\"" + text + "\" goes through an attribute that is no sequence");
            }
        }
        if (steps.get(0).tag() == Tag.SpecificCharacterSet) {
            throw new IllegalArgumentException("Specific Character Set is changed as values need it, not by rules");
        }
    }

    /** The VR of the attribute where it has none of its own; {@code null} for a private one. */
    VR vr() {
        Step last = steps.get(steps.size() - 1);
        return last.creator() != null ? null : Dictionary.vrOf(last.tag());
    }

    /** Value multiplicity of the attribute, {@code null} where that is not known. */
    String vm() {
        Step last = steps.get(steps.size() - 1);
        return last.creator() != null ? null : Dictionary.vmOf(last.tag());
    }

    /** The tag at the top of the data set, 0 where that is private. */
    int topLevelTag() {
        return steps.get(0).creator() == null ? steps.get(0).tag() : 0;
    }

    /**
     * The places that it stands for, whether there is an element or not.
     *
     * @param create whether sequences, items and private blocks are made that are not there
     */
    List<Place> places(DataSet dataSet, boolean create) {
        List<DataSet> holders = List.of(dataSet);
        for (Step step : steps.subList(0, steps.size() - 1)) {
            List<DataSet> next = new ArrayList<>();
            for (DataSet holder : holders) {
                next.addAll(items(holder, step, create));
            }
            holders = next;
        }
        List<Place> places = new ArrayList<>();
        for (DataSet holder : holders) {
            int tag = steps.get(steps.size() - 1).in(holder, create);
            if (tag != 0) {
                places.add(new Place(holder, tag));
            }
        }
        return places;
    }

    private static List<DataSet> items(DataSet dataSet, Step step, boolean create) {
        int tag = step.in(dataSet, create);
        if (tag == 0) {
            return List.of();
        }
        List<DataSet> items = dataSet.items(tag);
        if (create && items.isEmpty() && step.item() == 0) {
            DataSet item = new DataSet();
            dataSet.put(new Sequence(tag).add(item));
            return List.of(item);
        }
        if (step.item() == ALL) {
            return items;
        }
        return step.item() < items.size() ? List.of(items.get(step.item())) : List.of();
    }
}
