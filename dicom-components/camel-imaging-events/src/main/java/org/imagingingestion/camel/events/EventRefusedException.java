package org.imagingingestion.camel.events;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;

/** An event that a receiver did not take. */
final class EventRefusedException extends DicomException {
    private static final long serialVersionUID = 1L;

    private final long retryAfter;

    EventRefusedException(DicomStatus status, int httpStatus, long retryAfter) {
        super(status, "The broker answers " + httpStatus + " to an event");
        this.retryAfter = retryAfter;
    }

    @Override
    public long retryAfter() {
        return retryAfter;
    }
}
