package org.imagingingestion.camel.manifest;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.TypeConversionException;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.util.ObjectHelper;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.service.Deletion;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.RecordOutcome;
import org.imagingingestion.dicom.service.Retrieval;
import org.imagingingestion.dicom.service.StoredInstance;

/** Does what the endpoint's operation says, and puts the outcome in the place of the body. */
public class DicomManifestProducer extends DefaultProducer {
    private final DicomManifestConfiguration configuration;
    private Manifest manifest;
    private Providers providers;
    private Announcer announcer;

    public DicomManifestProducer(DicomManifestEndpoint endpoint) {
        super(endpoint);
        configuration = endpoint.getConfiguration();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        ObjectHelper.notNull(configuration.getDataSource(), "dataSource", this);
        DicomManifestComponent component = component();
        manifest = component.manifest(configuration.getDataSource());
        providers = component.providers(configuration);
        announcer = new Announcer(
                configuration.getDataSource(),
                providers,
                component.getEventSource(),
                component.getExternalWadoAddress());
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Message message = exchange.getMessage();
        Object result =
                switch (configuration.getOperation()) {
                    case record -> message.getBody() instanceof List<?> batch
                            ? record(batch, message)
                            : record(message);
                    case search -> manifest.searcher().search(query(message));
                    case locate -> message.getBody() instanceof Query
                            ? manifest.locator().locate(query(message))
                            : manifest.locator().locate(retrieval(message));
                    case statistics -> manifest.inventory().statistics(provider(message));
                    case orphans -> manifest.inventory().orphans(message.getMandatoryBody(Iterator.class));
                    case disagreements -> manifest.inventory()
                            .disagreements(provider(message), message.getMandatoryBody(String.class));
                    case delete -> manifest.deleter().delete(deletion(message));
                    case removed -> manifest.removedObjects().due(providers, configuration.getRetention());
                    case forget -> forget(message);
                    case revisions -> announce();
                    case deliveries -> manifest.subscriptions().statistics(providers);
                    case deadLetters -> manifest.subscriptions().deadLetters(providers, subscription(message));
                    case bury -> bury(message);
                    case replay -> replay(message);
                    case unsubscribe -> manifest.subscriptions().unsubscribe(providers, named(message));
                    case events -> throw new IllegalStateException("dicom-manifest:events can only be received from");
                };
        message.setBody(result);
    }

    /**
     * Records all of them, whatever becomes of some.
     *
     * @return their outcomes, in the same order
     * @throws DicomException the first failure, where there is one; those that it is not about are recorded
     */
    private List<RecordOutcome> record(List<?> batch, Message message) throws DicomException {
        List<StoredInstance> instances = new ArrayList<>(batch.size());
        List<Pending> pending = new ArrayList<>(batch.size());
        DicomException failure = null;
        for (Object one : batch) {
            try {
                StoredInstance instance = ofTenant(member(one, message));
                pending.add(manifest.recorder()
                        .begin(instance, configuration.getConflictPolicy(), traceparent(one, message)));
                instances.add(instance);
            } catch (DicomException e) {
                failure = first(failure, e);
            }
        }
        List<RecordOutcome> outcomes = new ArrayList<>(batch.size());
        for (int i = 0; i < instances.size(); i++) {
            try {
                RecordOutcome outcome = manifest.recorder().await(pending.get(i), configuration.getRecordTimeout());
                outcomes.add(outcome.of(instances.get(i).sha256()));
            } catch (DicomException e) {
                failure = first(failure, e);
            }
        }
        if (failure != null) {
            throw failure;
        }
        return outcomes;
    }

    private static DicomException first(DicomException failure, DicomException next) {
        return failure == null ? next : failure;
    }

    private StoredInstance member(Object one, Message message) throws DicomException {
        StoredInstance instance;
        try {
            instance = getEndpoint()
                    .getCamelContext()
                    .getTypeConverter()
                    .convertTo(StoredInstance.class, message.getExchange(), one);
        } catch (TypeConversionException e) {
            if (e.getCause() instanceof DicomException dicom) {
                throw dicom;
            }
            throw e;
        }
        if (instance == null) {
            throw new DicomException(
                    DicomStatus.CANNOT_UNDERSTAND, "A member of a batch is neither a StoredInstance nor tells of one");
        }
        return instance;
    }

    private static String traceparent(Object one, Message message) {
        return one instanceof CloudEvent event && event.traceparent() != null
                ? event.traceparent()
                : message.getHeader(DicomManifestConstants.TRACEPARENT, String.class);
    }

    private StoredInstance ofTenant(StoredInstance stored) {
        return stored.provider() != null ? stored : stored.withProvider(tenant());
    }

    private RecordOutcome record(Message message) throws InvalidPayloadException, DicomException {
        StoredInstance instance = ofTenant(message.getMandatoryBody(StoredInstance.class));
        RecordOutcome outcome = manifest.recorder()
                .record(
                        instance,
                        configuration.getConflictPolicy(),
                        message.getHeader(DicomManifestConstants.TRACEPARENT, String.class),
                        configuration.getRecordTimeout())
                .of(instance.sha256());
        message.setHeader(DicomManifestConstants.OUTCOME, outcome.kind().name());
        return outcome;
    }

    private Query query(Message message) throws InvalidPayloadException {
        Query query = message.getMandatoryBody(Query.class);
        return query.provider() != null
                ? query
                : new Query(
                        tenant(),
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
                        tenant(),
                        retrieval.studyInstanceUID(),
                        retrieval.seriesInstanceUID(),
                        retrieval.sopInstanceUID(),
                        retrieval.content(),
                        retrieval.sopInstanceUIDs());
    }

    private Deletion deletion(Message message) throws InvalidPayloadException {
        Deletion deletion = message.getMandatoryBody(Deletion.class);
        return deletion.provider() != null
                ? deletion
                : new Deletion(
                        tenant(), deletion.studyInstanceUID(), deletion.seriesInstanceUID(), deletion.sopInstanceUID());
    }

    private int announce() throws DicomException {
        int announced = announcer.announce(
                new Announcer.Waits(configuration.getRevisioningDelay(), configuration.getLongestWait()));
        if (announced > 0) {
            manifest.wake();
        }
        return announced;
    }

    private String forget(Message message) throws InvalidPayloadException, DicomException {
        String objectName = message.getMandatoryBody(String.class);
        manifest.removedObjects().forget(providers, objectName);
        return objectName;
    }

    private String subscription(Message message) {
        return message.getHeader(DicomManifestConstants.SUBSCRIPTION, configuration.getSubscription(), String.class);
    }

    private String named(Message message) throws DicomException {
        String subscription = subscription(message);
        if (subscription == null) {
            throw new DicomException(DicomStatus.MISSING_ATTRIBUTE, "No subscription is named");
        }
        return subscription;
    }

    private CloudEvent bury(Message message) throws InvalidPayloadException, DicomException {
        CloudEvent event = message.getMandatoryBody(CloudEvent.class);
        manifest.subscriptions().bury(providers, named(message), event);
        return event;
    }

    private long replay(Message message) throws DicomException {
        Replay replay = new Replay(
                named(message),
                message.getHeader(DicomManifestConstants.STUDY_INSTANCE_UID, String.class),
                provider(message),
                time(message, DicomManifestConstants.FROM),
                time(message, DicomManifestConstants.TO));
        long events = manifest.subscriptions().replay(providers, replay);
        manifest.wake();
        return events;
    }

    private static Instant time(Message message, String header) throws DicomException {
        String time = message.getHeader(header, String.class);
        try {
            return time == null ? null : OffsetDateTime.parse(time).toInstant();
        } catch (DateTimeParseException e) {
            throw new DicomException(
                    DicomStatus.INVALID_ARGUMENT_VALUE,
                    header + " is to be a time in ISO 8601 with its offset, such as 2026-11-21T08:00:00Z");
        }
    }

    private String provider(Message message) {
        return message.getHeader(DicomManifestConstants.PROVIDER, tenant(), String.class);
    }

    /** The tenant that is meant where nothing else says so. */
    private String tenant() {
        return configuration.getProvider() == null ? component().getOwnProvider() : configuration.getProvider();
    }

    private DicomManifestComponent component() {
        return ((DicomManifestEndpoint) getEndpoint()).getComponent();
    }
}
