package org.imagingingestion.dicom;

import java.util.Arrays;

/**
 * Encapsulated pixel data: a basic offset table and fragments (PS3.5 §A.4). Each fragment is known by its place; those
 * short enough, or read with no limit, are held as well.
 */
public final class Fragments extends Element {
    private int count;
    private long[] offsets = new long[4];
    private long[] lengths = new long[4];
    private byte[][] held;
    private char[] starts;

    public Fragments(int tag, VR vr) {
        super(tag, vr);
    }

    /**
     * Adds a fragment; the first one added is the basic offset table, which may be empty.
     *
     * @param offset of its first byte, counted as in {@link Element.Bulk#offset()}
     * @param bytes {@code null} where it is not held
     */
    public Fragments add(long offset, long length, byte[] bytes) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, count * 2);
            lengths = Arrays.copyOf(lengths, count * 2);
        }
        offsets[count] = offset;
        lengths[count] = length;
        if (bytes != null) {
            if (held == null) {
                held = new byte[offsets.length][];
            } else if (held.length < offsets.length) {
                held = Arrays.copyOf(held, offsets.length);
            }
            held[count] = bytes;
        }
        count++;
        return this;
    }

    /** Number of items, the basic offset table among them. */
    public int count() {
        return count;
    }

    public long offset(int index) {
        return offsets[index];
    }

    public long length(int index) {
        return lengths[index];
    }

    /** The bytes of an item, {@code null} where they are not held. */
    public byte[] bytes(int index) {
        return held == null || index >= held.length ? null : held[index];
    }

    /** Tells how the last item that was added begins, one that is not held. */
    void setStart(int start) {
        if (starts == null || starts.length < offsets.length) {
            starts = starts == null ? new char[offsets.length] : Arrays.copyOf(starts, offsets.length);
        }
        starts[count - 1] = (char) start;
    }

    /** The first two bytes of an item, such as FFD8 of a JPEG image; 0 where they are not known. */
    public int start(int index) {
        byte[] bytes = bytes(index);
        if (bytes != null) {
            return bytes.length < 2 ? 0 : (bytes[0] & 0xFF) << 8 | bytes[1] & 0xFF;
        }
        return starts == null || index >= starts.length ? 0 : starts[index];
    }

    @Override
    public boolean isEmpty() {
        return count <= 1;
    }
}
