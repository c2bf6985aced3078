package org.imagingingestion.dicom.net;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.imagingingestion.dicom.TransferSyntax;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes associations for what is offered, from whom it is offered to (PS3.7 Annex D.3, PS3.8 §7.1). */
public final class ServiceNegotiator implements Negotiator {
    /** Who may call, and as whom; what is not asked here is answered by the rest. */
    public interface Admission {
        /** @return {@code null} to go on */
        Pdu.AssociateReject admit(Pdu.AssociateRequest request, Peer peer);

        /** Who verifies the user identities that requestors give, {@code null} where they have no meaning. */
        default UserIdentityAuthenticator authenticator() {
            return null;
        }
    }

    /** Answers what a requestor says about a SOP class. */
    @FunctionalInterface
    public interface ExtendedNegotiator {
        /** @return {@code null} where nothing is answered, which is as good as the defaults of the service class */
        byte[] answer(String sopClassUID, byte[] information);
    }

    private static final Logger LOG = LoggerFactory.getLogger(ServiceNegotiator.class);

    private final List<ServiceOffer> offers;
    private final Admission admission;
    private final ExtendedNegotiator extended;
    private final int maximumLength;
    private final UserInformation.Window window;

    /**
     * @param maximumLength most bytes of a P-DATA-TF that are taken, 0 for any
     * @param window most operations of the peer, and of this side, that may wait for their answers
     */
    public ServiceNegotiator(
            List<ServiceOffer> offers,
            Admission admission,
            ExtendedNegotiator extended,
            int maximumLength,
            UserInformation.Window window) {
        this.offers = List.copyOf(offers);
        this.admission = admission;
        this.extended = extended;
        this.maximumLength = maximumLength;
        this.window = window;
    }

    @Override
    public Decision negotiate(Pdu.AssociateRequest request, Peer peer) {
        if (!request.applicationContext().equals(Pdu.APPLICATION_CONTEXT)) {
            return Decision.reject(Pdu.AssociateReject.APPLICATION_CONTEXT_NOT_SUPPORTED);
        }
        if (!AETitle.isValid(request.callingAETitle())) {
            return Decision.reject(Pdu.AssociateReject.CALLING_AE_NOT_RECOGNIZED);
        }
        Pdu.AssociateReject reject = admission.admit(request, peer);
        if (reject != null) {
            return Decision.reject(reject);
        }
        UserIdentityAuthenticator authenticator = admission.authenticator();
        if (authenticator == null || request.userInformation().userIdentity() == null) {
            return new Decision(accept(request, null), null);
        }
        return authenticate(authenticator, request, peer);
    }

    private Decision authenticate(UserIdentityAuthenticator authenticator, Pdu.AssociateRequest request, Peer peer) {
        UserInformation.UserIdentity identity = request.userInformation().userIdentity();
        Optional<UserIdentityAuthenticator.User> user;
        try {
            user = authenticator.authenticate(identity, request.callingAETitle(), peer.address());
        } catch (RuntimeException e) {
            // its text may have what the user has sent
            LOG.error("A user identity could not be verified: {}", e.getClass().getName());
            return Decision.reject(Pdu.AssociateReject.USER_IDENTITY_NOT_VERIFIED);
        }
        if (user.isEmpty()) {
            return Decision.reject(Pdu.AssociateReject.USER_IDENTITY_NOT_ACCEPTED);
        }
        byte[] answer = identity.answerWanted() ? user.get().serverResponse() : null;
        return new Decision(accept(request, answer), user.get().name());
    }

    private Pdu.AssociateAccept accept(Pdu.AssociateRequest request, byte[] userIdentityAnswer) {
        UserInformation asked = request.userInformation();
        List<UserInformation.RoleSelection> roles = asked.roles().stream()
                .filter(role -> isProposed(request, role.sopClassUID()))
                .limit(request.presentationContexts().size())
                .map(this::role)
                .toList();
        return new Pdu.AssociateAccept(
                request.calledAETitle(),
                request.callingAETitle(),
                Pdu.APPLICATION_CONTEXT,
                contexts(request, roles),
                UserInformation.of(maximumLength)
                        .withWindow(asked.window() == null ? null : window(asked.window()))
                        .withRoles(roles)
                        .withExtended(extended(asked))
                        .withUserIdentityAnswer(userIdentityAnswer));
    }

    /** What is said of SOP classes that are not proposed needs no answer. */
    private static boolean isProposed(Pdu.AssociateRequest request, String sopClassUID) {
        return request.presentationContexts().stream()
                .anyMatch(context -> context.abstractSyntax().equals(sopClassUID));
    }

    private List<PresentationContext.Answer> contexts(
            Pdu.AssociateRequest request, List<UserInformation.RoleSelection> roles) {
        List<PresentationContext.Answer> answers = new ArrayList<>();
        Set<Integer> seen = new HashSet<>();
        for (PresentationContext context : request.presentationContexts()) {
            if (seen.add(context.id())) {
                answers.add(answer(context, roles));
            }
        }
        return answers;
    }

    private PresentationContext.Answer answer(PresentationContext context, List<UserInformation.RoleSelection> roles) {
        ServiceOffer offer = offer(context.abstractSyntax());
        UserInformation.RoleSelection role = roles.stream()
                .filter(each -> each.sopClassUID().equals(context.abstractSyntax()))
                .findFirst()
                .orElse(new UserInformation.RoleSelection(
                        context.abstractSyntax(), offer != null && offer.peerMayBeSCU(), false));
        if (!role.scu() && !role.scp()) {
            return refused(context, PresentationContext.Result.ABSTRACT_SYNTAX_NOT_SUPPORTED);
        }
        String transferSyntax =
                role.scu() ? offer.choose(context.transferSyntaxes()) : offer.chooseToSend(context.transferSyntaxes());
        return transferSyntax == null
                ? refused(context, PresentationContext.Result.TRANSFER_SYNTAXES_NOT_SUPPORTED)
                : new PresentationContext.Answer(context.id(), PresentationContext.Result.ACCEPTANCE, transferSyntax);
    }

    private static PresentationContext.Answer refused(PresentationContext context, PresentationContext.Result result) {
        // a transfer syntax is written though it has no meaning: some read it (PS3.8 §9.3.3.2)
        return new PresentationContext.Answer(context.id(), result, TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid());
    }

    private ServiceOffer offer(String sopClassUID) {
        for (ServiceOffer offer : offers) {
            if (offer.sopClass().test(sopClassUID)) {
                return offer;
            }
        }
        return null;
    }

    private UserInformation.RoleSelection role(UserInformation.RoleSelection asked) {
        ServiceOffer offer = offer(asked.sopClassUID());
        return new UserInformation.RoleSelection(
                asked.sopClassUID(),
                asked.scu() && offer != null && offer.peerMayBeSCU(),
                asked.scp() && offer != null && offer.peerMayBeSCP());
    }

    private UserInformation.Window window(UserInformation.Window asked) {
        return new UserInformation.Window(
                least(asked.invoked(), window.invoked()), least(asked.performed(), window.performed()));
    }

    /** The smaller of two numbers of which 0 is the largest. */
    private static int least(int one, int other) {
        return one == 0 ? other : other == 0 ? one : Math.min(one, other);
    }

    private List<UserInformation.ExtendedNegotiation> extended(UserInformation asked) {
        List<UserInformation.ExtendedNegotiation> answers = new ArrayList<>();
        for (UserInformation.ExtendedNegotiation negotiation : asked.extended()) {
            byte[] answer = extended.answer(negotiation.sopClassUID(), negotiation.information());
            if (answer != null) {
                answers.add(new UserInformation.ExtendedNegotiation(negotiation.sopClassUID(), answer));
            }
        }
        return answers;
    }
}
