package org.imagingingestion.camel.dimse;

import java.io.IOException;
import java.util.List;

import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.AssociationException;
import org.imagingingestion.dicom.net.Pdu;
import org.imagingingestion.dicom.net.PresentationContext;
import org.imagingingestion.dicom.net.Requestor;
import org.imagingingestion.dicom.net.TlsMaterial;
import org.imagingingestion.dicom.net.UserInformation;

/** Calls one application entity. */
final class Caller {
    private final RemoteAE called;
    private final String callingAE;
    private final DimseConfiguration options;
    private final TlsMaterial tls;
    private final CallingUser user;

    Caller(RemoteAE called, String callingAE, DimseConfiguration options) {
        this.called = called;
        this.callingAE = callingAE;
        this.options = options;
        this.tls = called.tls() ? options.material() : null;
        this.user = new CallingUser(options);
    }

    RemoteAE called() {
        return called;
    }

    Association associate(List<PresentationContext> contexts, List<UserInformation.RoleSelection> roles)
            throws IOException {
        Association association = new Requestor(
                        called.host(), called.port(), options.timeouts(), tls, options.isVerifyHost())
                .associate(new Pdu.AssociateRequest(
                        called.aeTitle(),
                        callingAE,
                        contexts,
                        UserInformation.of(options.getMaximumPduLength())
                                .withRoles(roles)
                                .withUserIdentity(user.identity())));
        if (options.isUserIdentityConfirmed() && association.peer().userIdentityAnswer() == null) {
            association.abort();
            throw new AssociationException("The peer does not confirm the user identity");
        }
        return association;
    }
}
