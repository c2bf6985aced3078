package org.imagingingestion.dicom;

/** One data element of a data set (PS3.5 §7.1): its tag, its VR, and a value of one of five shapes. */
public abstract sealed class Element permits Element.Value, Element.Bulk, Sequence, Fragments, BulkDataReference {
    private final int tag;
    private final VR vr;

    Element(int tag, VR vr) {
        this.tag = tag;
        this.vr = vr;
    }

    /** Group in bits 31-16, element in bits 15-0; unsigned. */
    public final int tag() {
        return tag;
    }

    public final VR vr() {
        return vr;
    }

    /** Whether the value has no bytes, no items or no fragments. */
    public abstract boolean isEmpty();

    /** A value held as it is encoded; it is decoded when {@link DataSet} is asked for it. */
    public static final class Value extends Element {
        private final byte[] bytes;
        private final boolean bigEndian;
        private final int vrCode;

        public Value(int tag, VR vr, byte[] bytes) {
            this(tag, vr, bytes, false, vr.code());
        }

        /**
         * @param bytes the value as encoded, kept and not copied
         * @param bigEndian the byte order of the numbers in it
         * @param vrCode the VR as it was written, which differs from {@code vr} where that is not a VR of the standard
         */
        Value(int tag, VR vr, byte[] bytes, boolean bigEndian, int vrCode) {
            super(tag, vr);
            this.bytes = bytes;
            this.bigEndian = bigEndian;
            this.vrCode = vrCode;
        }

        /** The value as encoded, with its padding; not a copy. */
        public byte[] bytes() {
            return bytes;
        }

        public boolean isBigEndian() {
            return bigEndian;
        }

        int vrCode() {
            return vrCode;
        }

        @Override
        public boolean isEmpty() {
            return bytes.length == 0;
        }
    }

    /** A value too long to hold, left where it is in the file and known by its place. */
    public static final class Bulk extends Element {
        private final long offset;
        private final long length;
        private final boolean bigEndian;

        /**
         * @param offset of the value's first byte, from the start of the file, or of the inflated data set where it is deflated
         * @param length of the value in bytes
         */
        public Bulk(int tag, VR vr, long offset, long length, boolean bigEndian) {
            super(tag, vr);
            this.offset = offset;
            this.length = length;
            this.bigEndian = bigEndian;
        }

        public long offset() {
            return offset;
        }

        public long length() {
            return length;
        }

        public boolean isBigEndian() {
            return bigEndian;
        }

        @Override
        public boolean isEmpty() {
            return length == 0;
        }
    }
}
