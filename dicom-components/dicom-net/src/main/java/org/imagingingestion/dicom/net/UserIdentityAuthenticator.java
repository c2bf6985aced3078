package org.imagingingestion.dicom.net;

import java.net.InetAddress;
import java.util.Optional;

/**
 * Verifies the users of requestors (PS3.7 §D.3.3.7). Several threads use it at once; the association waits for it, and is rejected
 * where it fails.
 */
@FunctionalInterface
public interface UserIdentityAuthenticator {
    /**
     * A user who was verified.
     *
     * @param serverResponse for a requestor that wants an answer: the Kerberos server ticket, SAML response or JSON web token; empty
     *     for users with a name (PS3.7 §D.3.3.7.2)
     */
    record User(String name, byte[] serverResponse) {
        public User(String name) {
            this(name, new byte[0]);
        }
    }

    /**
     * Verifies a user.
     *
     * @param identity its primary field is the user name, Kerberos service ticket, SAML assertion or JSON web token, its secondary
     *     field the passcode; none of it may be logged
     * @param callingAETitle of the requestor, which says so itself
     * @return empty to reject the association
     */
    Optional<User> authenticate(UserInformation.UserIdentity identity, String callingAETitle, InetAddress address);
}
