package org.imagingingestion.camel.dimse;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.net.Negotiator;
import org.imagingingestion.dicom.net.Pdu;
import org.imagingingestion.dicom.net.ServiceNegotiator;
import org.imagingingestion.dicom.net.ServiceOffer;
import org.imagingingestion.dicom.net.UserIdentityAuthenticator;
import org.imagingingestion.dicom.net.UserInformation;

/** One AE title of a port: what peers may ask it for, and of which consumer. */
final class ServedAE implements ServiceNegotiator.Admission {
    /** Byte of the extended negotiation of queries and retrievals that asks for relational ones (PS3.4 §C.5.1.1, §C.5.2.1). */
    private static final int RELATIONAL = 0;
    /** Byte of the extended negotiation of queries that asks for names to match fuzzily (PS3.4 §C.5.1.1). */
    private static final int FUZZY = 2;

    private final Map<DimseOperation, DimseConsumer> consumers;
    private final UserIdentityAuthenticator authenticator;
    private final ServiceNegotiator negotiator;

    ServedAE(Map<DimseOperation, DimseConsumer> consumers) {
        this.consumers = Map.copyOf(consumers);
        DimseConfiguration options =
                consumers.values().iterator().next().getEndpoint().getConfiguration();
        authenticator = authenticator(consumers.values());
        negotiator = new ServiceNegotiator(
                offers(),
                this,
                this::answer,
                options.getMaximumPduLength(),
                new UserInformation.Window(options.getOperationsWindow(), options.getOperationsWindow()));
    }

    /** @return {@code null} where nobody takes it */
    DimseConsumer consumer(DimseOperation operation) {
        return consumers.get(operation);
    }

    private static UserIdentityAuthenticator authenticator(Collection<DimseConsumer> consumers) {
        List<UserIdentityAuthenticator> named = consumers.stream()
                .map(consumer -> consumer.getEndpoint().getConfiguration().authenticator())
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        if (named.size() > 1) {
            throw new IllegalArgumentException(
                    "Endpoints of " + consumers.iterator().next().aeTitle() + " verify users in different ways");
        }
        return named.isEmpty() ? null : named.get(0);
    }

    Negotiator.Decision negotiate(Pdu.AssociateRequest request, Negotiator.Peer peer) {
        return negotiator.negotiate(request, peer);
    }

    private List<ServiceOffer> offers() {
        List<ServiceOffer> offers = new ArrayList<>();
        offers.add(new ServiceOffer(
                DimseOperation.ECHO.sopClasses()::contains, TransferSyntaxes.PLAIN, false, true, false));
        for (DimseOperation operation : consumers.keySet()) {
            if (operation != DimseOperation.STORE) {
                offers.add(
                        new ServiceOffer(operation.sopClasses()::contains, TransferSyntaxes.PLAIN, false, true, false));
            }
        }
        DimseConsumer store = consumers.get(DimseOperation.STORE);
        DimseConsumer get = consumers.get(DimseOperation.GET);
        if (store != null || get != null) {
            DimseConfiguration options =
                    (store != null ? store : get).getEndpoint().getConfiguration();
            offers.add(new ServiceOffer(
                    storage(options.isUnknownSOPClasses()),
                    options.storageSyntaxes(),
                    options.getTransferSyntaxes() == null,
                    store != null,
                    get != null));
        }
        return offers;
    }

    /** What is registered as something else is no instance to be stored, whatever is made of what is not registered. */
    private static Predicate<String> storage(boolean unknown) {
        return uid -> {
            Dictionary.UIDEntry entry = Dictionary.uid(uid);
            return entry == null ? unknown : entry.isStorage() || entry.isNonPatientStorage();
        };
    }

    @Override
    public Pdu.AssociateReject admit(Pdu.AssociateRequest request, Negotiator.Peer peer) {
        for (DimseConsumer consumer : consumers.values()) {
            DimseConfiguration options = consumer.getEndpoint().getConfiguration();
            if (options.isRejectUnknownCallers()
                    && consumer.registry().find(request.callingAETitle()).isEmpty()) {
                return Pdu.AssociateReject.CALLING_AE_NOT_RECOGNIZED;
            }
            if (authenticator != null
                    && options.isUserIdentityRequired()
                    && request.userInformation().userIdentity() == null) {
                return Pdu.AssociateReject.USER_IDENTITY_NOT_ACCEPTED;
            }
        }
        return null;
    }

    @Override
    public UserIdentityAuthenticator authenticator() {
        return authenticator;
    }

    private byte[] answer(String sopClassUID, byte[] information) {
        boolean relational = consumers.values().stream()
                .allMatch(consumer -> consumer.getEndpoint().getConfiguration().isRelationalQueries());
        boolean isFind = DimseOperation.FIND.sopClasses().contains(sopClassUID);
        boolean isRetrieve = DimseOperation.MOVE.sopClasses().contains(sopClassUID)
                || DimseOperation.GET.sopClasses().contains(sopClassUID);
        if (!isFind && !isRetrieve || information.length == 0) {
            return null;
        }
        byte[] answer = new byte[information.length];
        answer[RELATIONAL] = (byte) (relational ? information[RELATIONAL] & 1 : 0);
        if (isFind && information.length > FUZZY) {
            answer[FUZZY] = (byte) (information[FUZZY] & 1);
        }
        return answer;
    }

    /** Whether names match fuzzily on an association for a query. */
    static boolean isFuzzy(Pdu.AssociateAccept accept, String sopClassUID) {
        return accept.userInformation().extended().stream()
                .anyMatch(negotiation -> negotiation.sopClassUID().equals(sopClassUID)
                        && negotiation.information().length > FUZZY
                        && negotiation.information()[FUZZY] == 1);
    }
}
