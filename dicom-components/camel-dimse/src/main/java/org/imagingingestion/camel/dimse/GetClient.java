package org.imagingingestion.camel.dimse;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.CommandField;
import org.imagingingestion.dicom.net.Message;
import org.imagingingestion.dicom.net.PresentationContext;
import org.imagingingestion.dicom.net.ServiceUser;
import org.imagingingestion.dicom.net.UserInformation;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.RecordOutcome;

/** Fetches instances from a peer, over an association for each request (PS3.4 §C.4.3). */
final class GetClient implements DimseProducer.Client {
    /** Presentation contexts that an association has room for (PS3.8 §9.3.2.2). */
    private static final int MOST_CONTEXTS = 128;

    private final Caller caller;
    private final ProducerTemplate template;
    private final Endpoint instances;
    private final List<PresentationContext> contexts = new ArrayList<>();
    private final List<UserInformation.RoleSelection> roles = new ArrayList<>();

    GetClient(Caller caller, DimseEndpoint endpoint) {
        this.caller = caller;
        String uri = endpoint.getConfiguration().getInstances();
        if (uri == null) {
            throw new IllegalArgumentException("instances of " + endpoint.getEndpointUri() + " is needed for get");
        }
        template = endpoint.getCamelContext().createProducerTemplate();
        instances = endpoint.getCamelContext().getEndpoint(uri);
        for (String sopClass : DimseOperation.GET.sopClasses()) {
            add(sopClass, TransferSyntaxes.PLAIN);
        }
        // those that the standard has retired come last, and some of them find no room
        for (boolean retired : new boolean[] {false, true}) {
            Dictionary.uids().stream()
                    .filter(entry -> entry.isStorage() && entry.isRetired() == retired)
                    .limit(MOST_CONTEXTS - contexts.size())
                    .forEach(entry -> {
                        add(entry.uid(), endpoint.getConfiguration().storageSyntaxes());
                        roles.add(new UserInformation.RoleSelection(entry.uid(), false, true));
                    });
        }
    }

    private void add(String sopClass, List<String> transferSyntaxes) {
        contexts.add(new PresentationContext(2 * contexts.size() + 1, sopClass, transferSyntaxes));
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        try (Association association = caller.associate(contexts, roles)) {
            association.setHandler(this::take);
            DataSet identifier = exchange.getMessage().getMandatoryBody(DataSet.class);
            ServiceUser.Response response = new ServiceUser(association)
                    .get(
                            QueryClient.context(association, exchange.getMessage(), DimseOperation.GET),
                            identifier,
                            progress -> {});
            exchange.getMessage().setBody(response.command().suboperations());
            QueryClient.check(exchange.getMessage(), "C-GET", response.status());
        }
    }

    private void take(Association association, Message request) throws IOException, DicomException {
        if (request.command().field() != CommandField.C_STORE) {
            throw new DicomException(
                    DicomStatus.UNRECOGNIZED_OPERATION, request.command().field() + " is not answered here");
        }
        new StoreService(this::store).answer(association, request);
    }

    private RecordOutcome store(Association association, Message request, InstanceBody body)
            throws IOException, DicomException {
        Exchange exchange = template.request(instances, stored -> {
            Exchanges.describe(stored.getMessage(), association, request);
            stored.getMessage().setBody(body);
        });
        if (exchange.getException() != null) {
            throw Exchanges.meaning(exchange.getException());
        }
        if (exchange.getMessage().getBody() instanceof RecordOutcome outcome) {
            return outcome;
        }
        throw new DicomException(
                DicomStatus.PROCESSING_FAILURE, instances.getEndpointUri() + " is to end with a RecordOutcome");
    }

    @Override
    public void close() {
        template.stop();
    }
}
