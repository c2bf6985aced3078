package org.imagingingestion.dicom.net;

/** An operation that was being read piece by piece ended with a failure. */
public final class FailedOperationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient DimseStatus status;

    FailedOperationException(DimseStatus status, Throwable cause) {
        super("The operation failed with status " + status.hex(), cause);
        this.status = status;
    }

    public DimseStatus status() {
        return status;
    }
}
