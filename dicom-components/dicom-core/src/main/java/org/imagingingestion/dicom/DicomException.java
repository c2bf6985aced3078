package org.imagingingestion.dicom;

/** A request or an object that is not taken, and why. The message names the input and the rule, never a patient's data. */
public class DicomException extends Exception {
    private final DicomStatus status;

    public DicomException(DicomStatus status, String message) {
        super(message);
        this.status = status;
    }

    public DicomException(DicomStatus status, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** What a protocol answers for it. */
    public DicomStatus status() {
        return status;
    }
}
