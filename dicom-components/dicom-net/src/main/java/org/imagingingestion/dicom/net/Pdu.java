package org.imagingingestion.dicom.net;

import java.util.List;

/** The protocol data units of the upper layer (PS3.8 §9.3). */
public sealed interface Pdu {
    /** The only application context there is (PS3.7 §A.2.1). */
    String APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1";

    /** The version of the protocol that the standard has, as the bit that stands for it (PS3.8 §9.3.2, bytes 7-8). */
    int PROTOCOL_VERSION = 1;

    /**
     * A-ASSOCIATE-RQ (PS3.8 §9.3.2).
     *
     * @param protocolVersions a bit for each version that the requestor speaks; where {@link #PROTOCOL_VERSION} is none of them,
     *     only the AE titles are known
     */
    record AssociateRequest(
            int protocolVersions,
            String calledAETitle,
            String callingAETitle,
            String applicationContext,
            List<PresentationContext> presentationContexts,
            UserInformation userInformation)
            implements Pdu {
        public AssociateRequest(
                String calledAETitle,
                String callingAETitle,
                List<PresentationContext> presentationContexts,
                UserInformation userInformation) {
            this(
                    PROTOCOL_VERSION,
                    calledAETitle,
                    callingAETitle,
                    APPLICATION_CONTEXT,
                    presentationContexts,
                    userInformation);
        }

        boolean isOfKnownVersion() {
            return (protocolVersions & PROTOCOL_VERSION) != 0;
        }
    }

    /** A-ASSOCIATE-AC (PS3.8 §9.3.3). */
    record AssociateAccept(
            String calledAETitle,
            String callingAETitle,
            String applicationContext,
            List<PresentationContext.Answer> presentationContexts,
            UserInformation userInformation)
            implements Pdu {}

    /** A-ASSOCIATE-RJ (PS3.8 §9.3.4), by the numbers of the standard. */
    record AssociateReject(int result, int source, int reason) implements Pdu {
        public static final int PERMANENT = 1;
        public static final int TRANSIENT = 2;
        public static final int BY_USER = 1;
        public static final int BY_ACSE = 2;
        public static final int BY_PRESENTATION = 3;

        public static final AssociateReject APPLICATION_CONTEXT_NOT_SUPPORTED =
                new AssociateReject(PERMANENT, BY_USER, 2);
        public static final AssociateReject CALLING_AE_NOT_RECOGNIZED = new AssociateReject(PERMANENT, BY_USER, 3);
        public static final AssociateReject CALLED_AE_NOT_RECOGNIZED = new AssociateReject(PERMANENT, BY_USER, 7);
        public static final AssociateReject PROTOCOL_VERSION_NOT_SUPPORTED = new AssociateReject(PERMANENT, BY_ACSE, 2);
        public static final AssociateReject USER_IDENTITY_NOT_ACCEPTED = new AssociateReject(PERMANENT, BY_ACSE, 1);
        /** The user identity could not be verified now. */
        public static final AssociateReject USER_IDENTITY_NOT_VERIFIED = new AssociateReject(TRANSIENT, BY_ACSE, 1);

        public static final AssociateReject LOCAL_LIMIT_EXCEEDED = new AssociateReject(TRANSIENT, BY_PRESENTATION, 2);

        /** What it means, in the words of the standard. */
        public String meaning() {
            String why =
                    switch (source << 8 | reason) {
                        case 0x101 -> "no reason given";
                            // what a user identity that is not accepted gets (PS3.7 §D.3.3.7)
                        case 0x201 -> "user identity not accepted, or no reason given";
                        case 0x102 -> "application context name not supported";
                        case 0x103 -> "calling AE title not recognized";
                        case 0x107 -> "called AE title not recognized";
                        case 0x202 -> "protocol version not supported";
                        case 0x301 -> "temporary congestion";
                        case 0x302 -> "local limit exceeded";
                        default -> "reason " + reason + " of source " + source;
                    };
            return (result == TRANSIENT ? "for now, " : "") + why;
        }
    }

    /** P-DATA-TF (PS3.8 §9.3.5); what it holds is read from the connection piece by piece. */
    record Data() implements Pdu {}

    /** A-RELEASE-RQ (PS3.8 §9.3.6). */
    record ReleaseRequest() implements Pdu {}

    /** A-RELEASE-RP (PS3.8 §9.3.7). */
    record ReleaseResponse() implements Pdu {}

    /** A-ABORT (PS3.8 §9.3.8), by the numbers of the standard. */
    record Abort(int source, int reason) implements Pdu {
        public static final int BY_USER = 0;
        public static final int BY_PROVIDER = 2;
        public static final int NOT_SPECIFIED = 0;
        public static final int UNRECOGNIZED_PDU = 1;
        public static final int UNEXPECTED_PDU = 2;
        public static final int UNRECOGNIZED_PARAMETER = 4;
        public static final int UNEXPECTED_PARAMETER = 5;
        public static final int INVALID_PARAMETER_VALUE = 6;

        /** What it means, in the words of the standard. */
        public String meaning() {
            if (source != BY_PROVIDER) {
                return "by the service user";
            }
            return switch (reason) {
                case UNRECOGNIZED_PDU -> "unrecognized PDU";
                case UNEXPECTED_PDU -> "unexpected PDU";
                case UNRECOGNIZED_PARAMETER -> "unrecognized PDU parameter";
                case UNEXPECTED_PARAMETER -> "unexpected PDU parameter";
                case INVALID_PARAMETER_VALUE -> "invalid PDU parameter value";
                default -> "reason not specified";
            };
        }
    }
}
