package org.imagingingestion.camel.events;

import java.net.URISyntaxException;
import java.util.Map;
import java.util.TreeMap;

import org.apache.camel.Category;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.util.ObjectHelper;
import org.apache.camel.util.URISupport;

/** Take the events of a type from wherever they come, choose among them, and make the event that tells of a stored instance. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "dicom-event",
        title = "DICOM Event",
        syntax = "dicom-event:operation",
        category = {Category.HEALTH},
        headersClass = EventConstants.class)
public class DicomEventEndpoint extends DefaultEndpoint {
    /** Events of NATS that are held here: those behind one that fails wait, and are not to keep other studies out. */
    private static final int HELD = 1000;

    /** Where events come from. */
    public enum Transport {
        /** The log of events in the database of the manifest. */
        local,
        nats,
        knative
    }

    /** What a producer does with the message; {@code events} is for consumers. */
    public enum Operation {
        events,
        stored,
        accepted,
        filter,
        retrieval,
        deliveries
    }

    @UriPath(
            description =
                    "events: (consumer) tells of the events of a type, whose data is the body, until the route has succeeded. stored: the instance that is the body becomes the event that tells of it. accepted: the body becomes what the sender of an instance is told whose event is sent."
                            + " filter: the route goes on with an event that matches, whose data becomes the body, and ends otherwise."
                            + " retrieval: the DicomAvailableEvent that the body is, or the list of them, all of one study, becomes the Retrieval of the places of their instances."
                            + " deliveries: the body becomes a list of DeliveryStatistics, with those of this context's consumers of a broker behind those that it has.")
    @Metadata(required = true)
    private Operation operation;

    @UriParam(defaultValue = "imaging-ingestion", description = "Who tells of it, a URI reference")
    private String source = "imaging-ingestion";

    @UriParam(
            defaultValue = "default",
            description = "The storage space, and tenant, of an instance that does not say it")
    private String provider = "default";

    @UriParam(description = "Address of WADO-RS inside the cluster")
    private String wadoInternalEndpoint;

    @UriParam(description = "Address of WADO-RS for others")
    private String wadoExternalEndpoint;

    @UriParam(
            defaultValue = "true",
            description =
                    "Whether the event has the header of the instance, all that is known of the patient with it. Without it, whoever records the instance reads its object")
    private boolean header = true;

    @UriParam(
            defaultValue = "524288",
            description = "Longest data of an event in bytes; a longer one goes without the header")
    private int maxLength = 524288;

    @UriParam(
            label = "consumer",
            defaultValue = "local",
            description =
                    "Where events come from: local, the log of events in the database of the manifest; nats, NATS JetStream; knative, whoever posts them")
    private Transport transport = Transport.local;

    @UriParam(
            label = "consumer",
            description =
                    "The name of the subscription, which has what happens while no process has it: in the database, or of the durable consumer"
                            + " at the server of NATS; by HTTP the last part of the path")
    private String subscription;

    @UriParam(
            label = "consumer",
            defaultValue = "8",
            description = "Most events, of as many studies, that are worked on at once")
    private int parallel = 8;

    @UriParam(
            label = "consumer",
            defaultValue = "1",
            description =
                    "Most events of one study that the route is given at once, as a list of their data, where so many wait; where it fails"
                            + " they come again, each alone. By HTTP each comes alone.")
    private int batchSize = 1;

    @UriParam(
            label = "consumer",
            defaultValue = "false",
            description =
                    "Whether of several events those are done with whose instances were stored though the route failed for others, as dimse: and"
                            + " stow: tell; only for a route that does nothing else with them than to store them in one place")
    private boolean partialDelivery;

    @UriParam(
            label = "consumer",
            defaultValue = "1000",
            description =
                    "How often an event is tried before it goes to the dead letters, where the failure is not final; by HTTP that is for the broker to say")
    private int maxAttempts = 1000;

    @UriParam(
            label = "consumer",
            defaultValue = "imaging.events",
            description = "What subjects of NATS begin with: those of a type are sent to subject.type")
    private String subject = "imaging.events";

    @UriParam(
            label = "consumer",
            defaultValue = "/events",
            description = "Path on the HTTP server below which events are taken")
    private String path = "/events";

    @UriParam(
            label = "consumer,filter",
            description = "The type of the events that are taken, or that come, so that attributes can be checked")
    private String type;

    @UriParam(
            label = "filter",
            description = "Names of storage spaces and tenants, separated by commas, with the wildcards * and ?")
    private String providers;

    @UriParam(
            label = "filter",
            description =
                    "Regular expressions, separated by commas, one of which the whole name of the provider has to match")
    private String selector;

    @UriParam(label = "filter", description = "Modalities, separated by commas, with the wildcards * and ?")
    private String modality;

    @UriParam(
            label = "filter",
            description =
                    "AE titles that instances were received from, separated by commas, with the wildcards * and ?; a study tells none")
    private String aeTitle;

    @UriParam(label = "filter", description = "Station names, separated by commas, with the wildcards * and ?")
    private String station;

    @UriParam(
            label = "filter",
            description =
                    "Other attributes that have to match, by keyword or tag, as SOPClassUID=1.2.840.*&StudyDescription=Trauma*."
                            + " Of an instance that is available the event tells UIDs, Modality and StationName only")
    private String attributes;

    public DicomEventEndpoint(String uri, Component component) {
        super(uri, component);
    }

    @Override
    public Producer createProducer() {
        return new DicomEventProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (operation != Operation.events) {
            throw new IllegalArgumentException("dicom-event:" + operation + " can only be sent to");
        }
        ObjectHelper.notNull(type, "type", this);
        ObjectHelper.notNull(subscription, "subscription", this);
        return getCamelContext()
                .getEndpoint(source())
                .createConsumer(new SelectedEvents(new EventFilter(this), processor, partialDelivery));
    }

    private String source() throws URISyntaxException {
        return switch (transport) {
            case local -> uri(
                    "dicom-manifest:events",
                    Map.of(
                            "types",
                            type,
                            "subscription",
                            subscription,
                            "parallel",
                            parallel,
                            "batchSize",
                            batchSize,
                            "maxAttempts",
                            maxAttempts));
            case nats -> uri(
                    "jetstream:" + subject,
                    Map.of(
                            "type",
                            type,
                            "durable",
                            subscription,
                            "concurrentConsumers",
                            parallel,
                            "batchSize",
                            batchSize,
                            "maxAttempts",
                            maxAttempts,
                            "maxInFlight",
                            Math.max(HELD, parallel)));
            case knative -> uri(
                    "cloudevents:" + path + "/" + subscription,
                    Map.of("type", type, "subscription", subscription, "concurrentRequests", parallel));
        };
    }

    private static String uri(String address, Map<String, Object> options) throws URISyntaxException {
        return address + "?" + URISupport.createQueryString(new TreeMap<>(options));
    }

    public int getBatchSize() {
        return batchSize;
    }

    public void setBatchSize(int batchSize) {
        this.batchSize = batchSize;
    }

    public Operation getOperation() {
        return operation;
    }

    public void setOperation(Operation operation) {
        this.operation = operation;
    }

    public String getSource() {
        return source;
    }

    public void setSource(String source) {
        this.source = source;
    }

    public String getProvider() {
        return provider;
    }

    public void setProvider(String provider) {
        this.provider = provider;
    }

    public String getWadoInternalEndpoint() {
        return wadoInternalEndpoint;
    }

    public void setWadoInternalEndpoint(String wadoInternalEndpoint) {
        this.wadoInternalEndpoint = wadoInternalEndpoint;
    }

    public String getWadoExternalEndpoint() {
        return wadoExternalEndpoint;
    }

    public void setWadoExternalEndpoint(String wadoExternalEndpoint) {
        this.wadoExternalEndpoint = wadoExternalEndpoint;
    }

    public boolean isHeader() {
        return header;
    }

    public void setHeader(boolean header) {
        this.header = header;
    }

    public int getMaxLength() {
        return maxLength;
    }

    public void setMaxLength(int maxLength) {
        this.maxLength = maxLength;
    }

    public String getType() {
        return type;
    }

    public void setType(String type) {
        this.type = type;
    }

    public String getProviders() {
        return providers;
    }

    public void setProviders(String providers) {
        this.providers = providers;
    }

    public String getSelector() {
        return selector;
    }

    public void setSelector(String selector) {
        this.selector = selector;
    }

    public String getModality() {
        return modality;
    }

    public void setModality(String modality) {
        this.modality = modality;
    }

    public String getAeTitle() {
        return aeTitle;
    }

    public void setAeTitle(String aeTitle) {
        this.aeTitle = aeTitle;
    }

    public String getStation() {
        return station;
    }

    public void setStation(String station) {
        this.station = station;
    }

    public String getAttributes() {
        return attributes;
    }

    public void setAttributes(String attributes) {
        this.attributes = attributes;
    }

    public Transport getTransport() {
        return transport;
    }

    public void setTransport(Transport transport) {
        this.transport = transport;
    }

    public String getSubscription() {
        return subscription;
    }

    public void setSubscription(String subscription) {
        this.subscription = subscription;
    }

    public int getParallel() {
        return parallel;
    }

    public void setParallel(int parallel) {
        this.parallel = parallel;
    }

    public boolean isPartialDelivery() {
        return partialDelivery;
    }

    public void setPartialDelivery(boolean partialDelivery) {
        this.partialDelivery = partialDelivery;
    }

    public int getMaxAttempts() {
        return maxAttempts;
    }

    public void setMaxAttempts(int maxAttempts) {
        this.maxAttempts = maxAttempts;
    }

    public String getSubject() {
        return subject;
    }

    public void setSubject(String subject) {
        this.subject = subject;
    }

    public String getPath() {
        return path;
    }

    public void setPath(String path) {
        this.path = path;
    }
}
