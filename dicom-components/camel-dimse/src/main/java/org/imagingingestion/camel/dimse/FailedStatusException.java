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
                meaning(answer.code()),
                // its comment is the peer's own text, which may name a patient
                "The peer answered " + operation + " with " + answer.hex());
        this.answer = answer;
    }

    /** What the peer answered. */
    public DimseStatus answer() {
        return answer;
    }

    private static DicomStatus meaning(int code) {
        for (DicomStatus status : DicomStatus.values()) {
            if (status.code() == code && status.isFailure()) {
                return status;
            }
        }
        return switch (code >> 8) {
            case 0xA7 -> DicomStatus.OUT_OF_RESOURCES;
            case 0xA9 -> DicomStatus.DATA_SET_DOES_NOT_MATCH_SOP_CLASS;
            default -> code >> 12 == 0xC ? DicomStatus.CANNOT_UNDERSTAND : DicomStatus.PROCESSING_FAILURE;
        };
    }
}
