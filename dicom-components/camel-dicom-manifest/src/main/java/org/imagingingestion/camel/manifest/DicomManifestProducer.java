package org.imagingingestion.camel.manifest;

import java.util.Iterator;

import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.util.ObjectHelper;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.RecordOutcome;
import org.imagingingestion.dicom.service.Retrieval;
import org.imagingingestion.dicom.service.StoredInstance;

/** Does what the endpoint's operation says, and puts the outcome in the place of the body. */
public class DicomManifestProducer extends DefaultProducer {
    private final DicomManifestConfiguration configuration;
    private Manifest manifest;

    public DicomManifestProducer(DicomManifestEndpoint endpoint) {
        super(endpoint);
        configuration = endpoint.getConfiguration();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        ObjectHelper.notNull(configuration.getDataSource(), "dataSource", this);
        manifest = ((DicomManifestEndpoint) getEndpoint()).getComponent().manifest(configuration.getDataSource());
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Message message = exchange.getMessage();
        Object result =
                switch (configuration.getOperation()) {
                    case record -> record(message);
                    case search -> manifest.searcher().search(query(message));
                    case locate -> message.getBody() instanceof Query
                            ? manifest.locator().locate(query(message))
                            : manifest.locator().locate(retrieval(message));
                    case statistics -> manifest.inventory().statistics(provider(message));
                    case orphans -> manifest.inventory()
                            .orphans(provider(message), message.getMandatoryBody(Iterator.class));
                    case disagreements -> manifest.inventory()
                            .disagreements(provider(message), message.getMandatoryBody(String.class));
                };
        message.setBody(result);
    }

    private RecordOutcome record(Message message) throws InvalidPayloadException, DicomException {
        StoredInstance stored = message.getMandatoryBody(StoredInstance.class);
        StoredInstance instance = stored.provider() != null
                ? stored
                : new StoredInstance(
                        configuration.getProvider(),
                        stored.objectName(),
                        stored.length(),
                        stored.sha256(),
                        stored.transferSyntax(),
                        stored.dataSet());
        RecordOutcome outcome = manifest.recorder()
                .record(instance, configuration.getConflictPolicy(), configuration.getRecordTimeout());
        message.setHeader(DicomManifestConstants.OUTCOME, outcome.kind().name());
        return outcome;
    }

    private Query query(Message message) throws InvalidPayloadException {
        Query query = message.getMandatoryBody(Query.class);
        return query.provider() != null
                ? query
                : new Query(
                        configuration.getProvider(),
                        query.level(),
                        query.keys(),
                        query.includeFields(),
                        query.includeAll(),
                        query.fuzzyMatching(),
                        query.limit(),
                        query.offset());
    }

    private Retrieval retrieval(Message message) throws InvalidPayloadException {
        Retrieval retrieval = message.getMandatoryBody(Retrieval.class);
        return retrieval.provider() != null
                ? retrieval
                : new Retrieval(
                        configuration.getProvider(),
                        retrieval.studyInstanceUID(),
                        retrieval.seriesInstanceUID(),
                        retrieval.sopInstanceUID(),
                        retrieval.content());
    }

    private String provider(Message message) {
        return message.getHeader(DicomManifestConstants.PROVIDER, configuration.getProvider(), String.class);
    }
}
