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

    /** How long another system asks to be left alone before it is tried again, in milliseconds; 0 where it does not ask. */
    public long retryAfter() {
        return getCause() instanceof DicomException cause ? cause.retryAfter() : 0;
    }

    /** Whether another attempt would fail as well, as it is what was asked for that is not taken. */
    public boolean isFinal() {
        return switch (status.httpStatus()) {
            case 400, 404, 409, 501 -> status != DicomStatus.MOVE_DESTINATION_UNKNOWN;
            default -> false;
        };
    }

    /** Whether it has nothing to do with what was asked for: nobody would have got anything else. */
    public boolean isOutage() {
        return status == DicomStatus.OUT_OF_RESOURCES || status == DicomStatus.RESOURCE_LIMITATION;
    }
}
