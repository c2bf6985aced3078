package org.imagingingestion.camel.dimse;

import java.io.IOException;

import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.util.URISupport;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.CommandField;
import org.imagingingestion.dicom.net.Message;
import org.imagingingestion.dicom.net.ServiceUser;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.RecordOutcome;

/** Fetches instances from a peer, over an association for each request (PS3.4 §C.4.3). */
final class GetClient implements DimseProducer.Client {
    private final Caller caller;
    private final ProducerTemplate template;
    private final Endpoint instances;
    private final GetProposal proposal;

    GetClient(Caller caller, DimseEndpoint endpoint) {
        this.caller = caller;
        String uri = endpoint.getConfiguration().getInstances();
        if (uri == null) {
            throw new IllegalArgumentException("instances of " + endpoint.printable() + " is needed for get");
        }
        template = endpoint.getCamelContext().createProducerTemplate();
        instances = endpoint.getCamelContext().getEndpoint(uri);
        proposal = new GetProposal(endpoint.getConfiguration());
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        try (Association association = caller.associate(proposal.contexts(), proposal.roles())) {
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
                DicomStatus.PROCESSING_FAILURE,
                URISupport.sanitizeUri(instances.getEndpointUri()) + " is to end with a RecordOutcome");
    }

    @Override
    public void close() {
        template.stop();
    }
}
