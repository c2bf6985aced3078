package org.imagingingestion.camel.dimse;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.net.DimseStatus;

/** A peer answered an operation with a failure. */
public final class FailedStatusException extends DicomException {
    private static final long serialVersionUID = 1L;

    private final transient DimseStatus answer;

    FailedStatusException(String operation, DimseStatus answer) {
        super(
                meaning(answer),
                // its comment is the peer's own text, which may name a patient
                "The peer answered " + operation + " with " + answer.hex());
        this.answer = answer;
    }

    /** What the peer answered. */
    public DimseStatus answer() {
        return answer;
    }

    /** As the taxonomy has it; a pending status, which is no end of anything, is a failure too. */
    private static DicomStatus meaning(DimseStatus answer) {
        DicomStatus status = DicomStatus.ofCode(answer.code());
        return status.isFailure() ? status : DicomStatus.PROCESSING_FAILURE;
    }
}
