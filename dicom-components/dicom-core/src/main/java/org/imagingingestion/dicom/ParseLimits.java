package org.imagingingestion.dicom;

/**
 * How much of a data set is held in memory, and how much of it is taken at all.
 *
 * @param maxDepth sequences within sequences
 * @param maxElements data elements, items and fragments in all
 * @param maxHeldBytes bytes of all values held
 * @param maxBinaryValue longest value of OB, OD, OF, OL, OV, OW, UN that is held; longer ones become {@link Element.Bulk}
 * @param maxValue longest value of another VR that is held; longer ones become {@link Element.Bulk}
 * @param maxInflation bytes that one byte of a deflated data set may inflate to, on the whole and without
 *     pixels that are not held
 */
public record ParseLimits(
        int maxDepth, int maxElements, long maxHeldBytes, int maxBinaryValue, int maxValue, int maxInflation) {
    /** For objects that stay in the store: long values are left in place. */
    public static final ParseLimits STREAMING = new ParseLimits(128, 1_000_000, 64 << 20, 256, 64 << 10, 250);

    /** For files that are read whole: everything is held. */
    public static final ParseLimits WHOLE =
            new ParseLimits(128, 1_000_000, 2L << 30, Integer.MAX_VALUE - 16, Integer.MAX_VALUE - 16, 250);

    /** Whether pixel data become {@link Element.Bulk} however short, so that each frame is found by its place. */
    boolean leavesPixelsInPlace() {
        return maxBinaryValue < WHOLE.maxBinaryValue;
    }
}
