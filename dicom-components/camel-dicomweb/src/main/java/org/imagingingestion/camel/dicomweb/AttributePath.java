package org.imagingingestion.camel.dicomweb;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;

/**
 * An attribute as a query names it: keywords or tags, those of the sequences it is in before it, with dots between
 * (PS3.18 §8.3.4.1.1).
 *
 * @param tags from the outermost sequence to the attribute itself
 */
record AttributePath(List<Integer> tags) {
    private static final Pattern HEXADECIMAL = Pattern.compile("[0-9A-Fa-f]{8}");
    private static final int DEEPEST = 16;

    /** Reads a path; {@code null} where it names no attribute, or leads through one that is no sequence. */
    static AttributePath parse(String text) {
        List<Integer> tags = new ArrayList<>();
        for (String name : text.split("\\.", -1)) {
            Integer tag = tag(name);
            boolean withinSequence = tags.isEmpty() || canHoldItems(tags.get(tags.size() - 1));
            if (tag == null || !withinSequence || tags.size() == DEEPEST) {
                return null;
            }
            tags.add(tag);
        }
        return new AttributePath(List.copyOf(tags));
    }

    private static Integer tag(String name) {
        if (HEXADECIMAL.matcher(name).matches()) {
            int tag = Integer.parseUnsignedInt(name, 16);
            return Tag.group(tag) < 8 || Tag.isGroupLength(tag) ? null : Integer.valueOf(tag);
        }
        int tag = name.isEmpty() ? 0 : Dictionary.tagOf(name);
        return Tag.group(tag) < 8 ? null : Integer.valueOf(tag);
    }

    private static boolean canHoldItems(int tag) {
        return Tag.isPrivate(tag) || Dictionary.vrOf(tag) == VR.SQ;
    }

    /** The attribute's own tag. */
    int tag() {
        return tags.get(tags.size() - 1);
    }

    /** VR of the attribute. */
    VR vr() {
        return Dictionary.vrOf(tag());
    }
}
