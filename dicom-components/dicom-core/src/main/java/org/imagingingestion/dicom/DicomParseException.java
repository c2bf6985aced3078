package org.imagingingestion.dicom;

/** Bytes that are not a DICOM data set, with the place where they stop being one. */
public class DicomParseException extends DicomException {
    private final long offset;
    private final int tag;

    /**
     * @param offset bytes from the start of the file or data set
     * @param tag the data element being read, 0 when there is none
     */
    public DicomParseException(String problem, long offset, int tag) {
        super(
                DicomStatus.CANNOT_UNDERSTAND,
                problem + " at byte " + offset + (tag == 0 ? "" : " in " + Tag.toString(tag)));
        this.offset = offset;
        this.tag = tag;
    }

    /** Bytes from the start of the file, or of the inflated data set where it is deflated. */
    public long offset() {
        return offset;
    }

    /** The data element being read, 0 when there is none. */
    public int tag() {
        return tag;
    }
}
