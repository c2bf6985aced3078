package org.imagingingestion.dicom;

/**
 * The one taxonomy of outcomes: the DIMSE status, the failure or warning reason of a Store Instances Response and the
 * HTTP status side by side (PS3.7 Annex C, PS3.4 §B.2.3, PS3.18 Annex I).
 */
public enum DicomStatus {
    SUCCESS(0x0000, 200, "success"),
    COERCION_OF_DATA_ELEMENTS(0xB000, 202, "coercion of data elements"),
    ELEMENTS_DISCARDED(0xB006, 202, "elements discarded"),
    DATA_SET_DOES_NOT_MATCH_SOP_CLASS_WARNING(0xB007, 202, "data set does not match SOP class"),
    OUT_OF_RESOURCES(0xA700, 503, "out of resources"),
    DATA_SET_DOES_NOT_MATCH_SOP_CLASS(0xA900, 409, "data set does not match SOP class"),
    CANNOT_UNDERSTAND(0xC000, 409, "cannot understand"),
    TRANSFER_SYNTAX_NOT_SUPPORTED(0xC122, 409, "referenced transfer syntax not supported"),
    PROCESSING_FAILURE(0x0110, 500, "processing failure"),
    DUPLICATE_SOP_INSTANCE(0x0111, 409, "duplicate SOP instance"),
    NO_SUCH_OBJECT_INSTANCE(0x0112, 404, "no such object instance"),
    INVALID_ARGUMENT_VALUE(0x0115, 400, "invalid argument value"),
    SOP_CLASS_NOT_SUPPORTED(0x0122, 409, "SOP class not supported"),
    NOT_AUTHORIZED(0x0124, 401, "not authorized"),
    CANCEL(0xFE00, 499, "cancelled");

    private final int code;
    private final int httpStatus;
    private final String meaning;

    DicomStatus(int code, int httpStatus, String meaning) {
        this.code = code;
        this.httpStatus = httpStatus;
        this.meaning = meaning;
    }

    /** The DIMSE status, which is also the FailureReason (0008,1197) or WarningReason (0008,1196) of STOW-RS. */
    public int code() {
        return code;
    }

    /** The HTTP status of a request that has this outcome as a whole. */
    public int httpStatus() {
        return httpStatus;
    }

    /** What it means, in the words of the standard. */
    public String meaning() {
        return meaning;
    }

    /** Whether the thing asked for was done, but not quite as asked (PS3.7 Annex C, status class Warning). */
    public boolean isWarning() {
        return code >> 12 == 0xB;
    }

    /** Whether the thing asked for was not done. */
    public boolean isFailure() {
        return this != SUCCESS && !isWarning();
    }
}
