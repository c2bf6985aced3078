package org.imagingingestion.dicom.service;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;

/** A {@link DicomException} that comes up while results are gone through, where only unchecked ones may. */
public class RemoteResultsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RemoteResultsException(DicomException cause) {
        super(cause.getMessage(), cause);
    }

    /** What a protocol answers for it. */
    public DicomStatus status() {
        return getCause().status();
    }

    @Override
    public synchronized DicomException getCause() {
        return (DicomException) super.getCause();
    }
}
