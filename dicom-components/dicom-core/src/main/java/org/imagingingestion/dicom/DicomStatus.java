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
    ATTRIBUTE_LIST_ERROR(0x0107, 202, "attribute list error"),
    ATTRIBUTE_VALUE_OUT_OF_RANGE(0x0116, 202, "attribute value out of range"),
    OUT_OF_RESOURCES(0xA700, 503, "out of resources"),
    UNABLE_TO_CALCULATE_NUMBER_OF_MATCHES(0xA701, 500, "unable to calculate number of matches"),
    UNABLE_TO_PERFORM_SUBOPERATIONS(0xA702, 500, "unable to perform sub-operations"),
    MOVE_DESTINATION_UNKNOWN(0xA801, 404, "move destination unknown"),
    DATA_SET_DOES_NOT_MATCH_SOP_CLASS(0xA900, 409, "data set does not match SOP class"),
    CANNOT_UNDERSTAND(0xC000, 409, "cannot understand"),
    TRANSFER_SYNTAX_NOT_SUPPORTED(0xC122, 409, "referenced transfer syntax not supported"),
    NO_SUCH_ATTRIBUTE(0x0105, 400, "no such attribute"),
    INVALID_ATTRIBUTE_VALUE(0x0106, 400, "invalid attribute value"),
    PROCESSING_FAILURE(0x0110, 500, "processing failure"),
    DUPLICATE_SOP_INSTANCE(0x0111, 409, "duplicate SOP instance"),
    NO_SUCH_OBJECT_INSTANCE(0x0112, 404, "no such object instance"),
    NO_SUCH_EVENT_TYPE(0x0113, 400, "no such event type"),
    NO_SUCH_ARGUMENT(0x0114, 400, "no such argument"),
    INVALID_ARGUMENT_VALUE(0x0115, 400, "invalid argument value"),
    INVALID_OBJECT_INSTANCE(0x0117, 400, "invalid object instance"),
    NO_SUCH_SOP_CLASS(0x0118, 404, "no such SOP class"),
    CLASS_INSTANCE_CONFLICT(0x0119, 409, "class-instance conflict"),
    MISSING_ATTRIBUTE(0x0120, 400, "missing attribute"),
    MISSING_ATTRIBUTE_VALUE(0x0121, 400, "missing attribute value"),
    SOP_CLASS_NOT_SUPPORTED(0x0122, 409, "SOP class not supported"),
    NO_SUCH_ACTION(0x0123, 400, "no such action"),
    NOT_AUTHORIZED(0x0124, 401, "not authorized"),
    DUPLICATE_INVOCATION(0x0210, 409, "duplicate invocation"),
    UNRECOGNIZED_OPERATION(0x0211, 501, "unrecognized operation"),
    MISTYPED_ARGUMENT(0x0212, 400, "mistyped argument"),
    RESOURCE_LIMITATION(0x0213, 503, "resource limitation"),
    CANCEL(0xFE00, 499, "cancelled");

    private final int code;
    private final int httpStatus;
    private final String meaning;

    DicomStatus(int code, int httpStatus, String meaning) {
        this.code = code;
        this.httpStatus = httpStatus;
        this.meaning = meaning;
    }

    /**
     * The outcome of a status or reason that another system gives, by its class where it is none of these (PS3.4 §B.2.3): A7xx,
     * A9xx, Cxxx; any other failure is PROCESSING_FAILURE, any other warning COERCION_OF_DATA_ELEMENTS.
     */
    public static DicomStatus ofCode(int code) {
        for (DicomStatus status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        return switch (code >> 8) {
            case 0xA7 -> OUT_OF_RESOURCES;
            case 0xA9 -> DATA_SET_DOES_NOT_MATCH_SOP_CLASS;
            default -> switch (code >> 12) {
                case 0xB -> COERCION_OF_DATA_ELEMENTS;
                case 0xC -> CANNOT_UNDERSTAND;
                default -> PROCESSING_FAILURE;
            };
        };
    }

    /** The outcome of a request to store, retrieve or delete that a server answers with this HTTP status, 0 for no answer. */
    public static DicomStatus ofHttp(int httpStatus) {
        return switch (httpStatus) {
            case 401, 403, 407 -> NOT_AUTHORIZED;
            case 404, 410 -> NO_SUCH_OBJECT_INSTANCE;
            case 409 -> DUPLICATE_SOP_INSTANCE;
            case 413, 429, 503, 507 -> OUT_OF_RESOURCES;
            default -> httpStatus >= 200 && httpStatus < 300 ? SUCCESS : PROCESSING_FAILURE;
        };
    }

    /** The outcome of a search that a server answers with this HTTP status, 0 for no answer (PS3.4 §C.4.1.1.4). */
    public static DicomStatus ofHttpSearch(int httpStatus) {
        DicomStatus status = ofHttp(httpStatus);
        boolean same = status == SUCCESS || status == NOT_AUTHORIZED || status == OUT_OF_RESOURCES || httpStatus == 0;
        return same ? status : UNABLE_TO_CALCULATE_NUMBER_OF_MATCHES;
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
        return code >> 12 == 0xB || this == ATTRIBUTE_LIST_ERROR || this == ATTRIBUTE_VALUE_OUT_OF_RANGE;
    }

    /** Whether the thing asked for was not done. */
    public boolean isFailure() {
        return this != SUCCESS && !isWarning();
    }
}
