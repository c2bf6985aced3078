package org.imagingingestion.dicom.service;

import java.util.List;

import org.imagingingestion.dicom.VR;

/**
 * One attribute to match and what it shall be (PS3.4 §C.2.2.2).
 *
 * @param path the attribute's tag; for one in the items of a sequence the sequence's tag before it
 * @param vr of the attribute
 * @param values what to match as the client wrote it: one value, with wildcards or a range where the VR allows it, or a list of UIDs
 */
public record MatchingKey(List<Integer> path, VR vr, List<String> values) {
    /** The attribute's own tag. */
    public int tag() {
        return path.get(path.size() - 1);
    }
}
