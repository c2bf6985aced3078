package org.imagingingestion.camel.dicomweb;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;

/** A request that is not served, for a reason that HTTP has a status for and DICOM has not. */
final class HttpException extends DicomException {
    private static final long serialVersionUID = 1L;

    private final int httpStatus;

    HttpException(int httpStatus, String message) {
        super(DicomStatus.INVALID_ARGUMENT_VALUE, message);
        this.httpStatus = httpStatus;
    }

    /** Status code of the answer. */
    int httpStatus() {
        return httpStatus;
    }
}
