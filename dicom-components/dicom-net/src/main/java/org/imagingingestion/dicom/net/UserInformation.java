package org.imagingingestion.dicom.net;

import java.util.List;

import org.imagingingestion.dicom.DicomWriter;

/**
 * What the two sides tell each other about themselves and what they can (PS3.7 Annex D.3.3, PS3.8 Annex D).
 *
 * @param maximumLength most bytes after the header of a P-DATA-TF PDU that the sender of this takes, 0 for any
 * @param implementationVersionName {@code null} where it is not told
 * @param window asynchronous operations, {@code null} for one at a time
 * @param userIdentity {@code null} where none is given
 * @param userIdentityAnswer server response to a user identity, {@code null} where there is none
 */
public record UserInformation(
        int maximumLength,
        String implementationClassUID,
        String implementationVersionName,
        Window window,
        List<RoleSelection> roles,
        List<ExtendedNegotiation> extended,
        List<CommonExtendedNegotiation> commonExtended,
        UserIdentity userIdentity,
        byte[] userIdentityAnswer) {
    /** Operations that may wait for their answers at once, 0 for any number (PS3.7 §D.3.3.3). */
    public record Window(int invoked, int performed) {}

    /** The roles of the association's requestor for a SOP class (PS3.7 §D.3.3.4). */
    public record RoleSelection(String sopClassUID, boolean scu, boolean scp) {}

    /** What a service class says about a SOP class (PS3.7 §D.3.3.5). */
    public record ExtendedNegotiation(String sopClassUID, byte[] information) {}

    /** The service class and the more general SOP classes of a SOP class (PS3.7 §D.3.3.6). */
    public record CommonExtendedNegotiation(
            String sopClassUID, String serviceClassUID, List<String> relatedGeneralSOPClassUIDs) {}

    /** Who uses the requestor (PS3.7 §D.3.3.7). Its text tells the kind only. */
    public record UserIdentity(Kind kind, boolean answerWanted, byte[] primary, byte[] secondary) {
        /** Kinds of identity by their number in the standard. */
        public enum Kind {
            USERNAME(1),
            USERNAME_AND_PASSCODE(2),
            KERBEROS(3),
            SAML(4),
            JWT(5);

            private final int code;

            Kind(int code) {
                this.code = code;
            }

            public int code() {
                return code;
            }

            /** @return {@code null} for a number without meaning */
            static Kind of(int code) {
                return code >= 1 && code <= values().length ? values()[code - 1] : null;
            }
        }

        @Override
        public String toString() {
            return "UserIdentity[" + kind + ']';
        }
    }

    /** What this implementation says where nothing else is asked for. */
    public static UserInformation of(int maximumLength) {
        return new UserInformation(
                maximumLength,
                DicomWriter.IMPLEMENTATION_CLASS_UID,
                DicomWriter.IMPLEMENTATION_VERSION_NAME,
                null,
                List.of(),
                List.of(),
                List.of(),
                null,
                null);
    }

    public UserInformation withWindow(Window other) {
        return with(other, roles, extended, userIdentity, userIdentityAnswer);
    }

    public UserInformation withRoles(List<RoleSelection> others) {
        return with(window, others, extended, userIdentity, userIdentityAnswer);
    }

    public UserInformation withExtended(List<ExtendedNegotiation> others) {
        return with(window, roles, others, userIdentity, userIdentityAnswer);
    }

    public UserInformation withUserIdentity(UserIdentity identity) {
        return with(window, roles, extended, identity, userIdentityAnswer);
    }

    public UserInformation withUserIdentityAnswer(byte[] answer) {
        return with(window, roles, extended, userIdentity, answer);
    }

    private UserInformation with(
            Window otherWindow,
            List<RoleSelection> otherRoles,
            List<ExtendedNegotiation> otherExtended,
            UserIdentity identity,
            byte[] answer) {
        return new UserInformation(
                maximumLength,
                implementationClassUID,
                implementationVersionName,
                otherWindow,
                otherRoles,
                otherExtended,
                commonExtended,
                identity,
                answer);
    }
}
