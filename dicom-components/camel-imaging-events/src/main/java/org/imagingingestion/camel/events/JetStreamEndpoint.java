package org.imagingingestion.camel.events;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.util.ObjectHelper;

/** Send CloudEvents to streams of NATS JetStream, and take them from there. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "jetstream",
        title = "JetStream CloudEvents",
        syntax = "jetstream:subject",
        category = {Category.HEALTH, Category.MESSAGING},
        headersClass = EventConstants.class)
public class JetStreamEndpoint extends DefaultEndpoint {
    @UriPath(
            description =
                    "What subjects of events begin with: those of a type are sent to subject.type, and dead letters to subject.dead.type")
    @Metadata(required = true)
    private String subject;

    @UriParam(
            label = "producer",
            defaultValue = "PUBLISH",
            description =
                    "PUBLISH sends the event that is the body; DEAD_LETTERS lists the dead letters of all types, each a DeadLetter;"
                            + " REPLAY puts those of the type, or of all where there is none, back into their streams, and gives their number")
    private JetStreamOperation operation = JetStreamOperation.PUBLISH;

    @UriParam(description = "The type of the events that are taken, or whose dead letters are replayed")
    private String type;

    @UriParam(
            label = "consumer",
            description =
                    "The name of the consumer at the server; all replicas of a service have the same, and each event goes to one of them")
    private String durable;

    @UriParam(
            label = "consumer",
            defaultValue = "PARTITION",
            description =
                    "Which events are processed one after the other in this process: PARTITION for those of one study, SUBJECT for those of one instance")
    private DeliveryOrder order = DeliveryOrder.PARTITION;

    @UriParam(
            label = "consumer",
            defaultValue = "256",
            description = "Most events that are held here, in work or waiting")
    private int maxInFlight = 256;

    @UriParam(
            label = "consumer,advanced",
            defaultValue = "67108864",
            description =
                    "Most bytes of events that are held here; at least twice what the server takes as one message. One that came compressed may have as many")
    private long maxBytesInFlight = 64 << 20;

    @UriParam(label = "consumer", defaultValue = "32", description = "Most events that are worked on here at once")
    private int concurrentConsumers = 32;

    @UriParam(
            label = "consumer",
            defaultValue = "1",
            description =
                    "Most events of one order that are given to the route at once, where so many wait. With more than 1 the body may be a list"
                            + " of events; where the route fails they come again, each alone.")
    private int batchSize = 1;

    @UriParam(
            label = "consumer",
            defaultValue = "10",
            description =
                    "How often an event is tried whose route fails for a reason that is neither final nor an outage, before it goes to the dead letters")
    private int maxAttempts = 10;

    @UriParam(
            label = "consumer",
            defaultValue = "500",
            javaType = "java.time.Duration",
            description =
                    "How long after the first failure an event is tried again; each further time twice as long, up to half a minute")
    private long retryDelay = 500;

    @UriParam(
            label = "consumer,advanced",
            defaultValue = "30000",
            javaType = "java.time.Duration",
            description = "How long the server waits for word of an event before it gives it to another replica")
    private long ackWait = 30000;

    @UriParam(
            label = "consumer,advanced",
            defaultValue = "10000",
            description = "Most events that all replicas hold together")
    private long maxAckPending = 10000;

    @UriParam(
            defaultValue = "5000",
            javaType = "java.time.Duration",
            description = "How long the server may take to answer")
    private long timeout = 5000;

    @UriParam(
            label = "advanced",
            defaultValue = "1",
            description = "Servers of a cluster that keep each event, where a stream is made")
    private int replicas = 1;

    @UriParam(
            label = "advanced",
            defaultValue = "-1",
            description =
                    "Most bytes of a stream that is made, -1 for any. A full one takes no more ImageStoredEvents, and drops the oldest of other events")
    private long maxBytes = -1;

    @UriParam(
            label = "advanced",
            defaultValue = "604800000",
            javaType = "java.time.Duration",
            description =
                    "How long events other than ImageStoredEvent and dead letters are kept, where a stream is made")
    private long maxAge = 604800000;

    @UriParam(
            label = "advanced",
            defaultValue = "300000",
            javaType = "java.time.Duration",
            description = "How long the server knows the id of an event that it took, where a stream is made")
    private long duplicateWindow = 300000;

    public JetStreamEndpoint(String uri, JetStreamComponent component) {
        super(uri, component);
    }

    @Override
    public JetStreamComponent getComponent() {
        return (JetStreamComponent) super.getComponent();
    }

    @Override
    public Producer createProducer() {
        return new JetStreamProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        ObjectHelper.notNull(type, "type", this);
        ObjectHelper.notNull(durable, "durable", this);
        JetStreamConsumer consumer = new JetStreamConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    public String getSubject() {
        return subject;
    }

    public void setSubject(String subject) {
        this.subject = subject;
    }

    public JetStreamOperation getOperation() {
        return operation;
    }

    public void setOperation(JetStreamOperation operation) {
        this.operation = operation;
    }

    public String getType() {
        return type;
    }

    public void setType(String type) {
        this.type = type;
    }

    public String getDurable() {
        return durable;
    }

    public void setDurable(String durable) {
        this.durable = durable;
    }

    public DeliveryOrder getOrder() {
        return order;
    }

    public void setOrder(DeliveryOrder order) {
        this.order = order;
    }

    public int getMaxInFlight() {
        return maxInFlight;
    }

    public void setMaxInFlight(int maxInFlight) {
        this.maxInFlight = maxInFlight;
    }

    public long getMaxBytesInFlight() {
        return maxBytesInFlight;
    }

    public void setMaxBytesInFlight(long maxBytesInFlight) {
        this.maxBytesInFlight = maxBytesInFlight;
    }

    public int getBatchSize() {
        return batchSize;
    }

    public void setBatchSize(int batchSize) {
        this.batchSize = batchSize;
    }

    public int getConcurrentConsumers() {
        return concurrentConsumers;
    }

    public void setConcurrentConsumers(int concurrentConsumers) {
        this.concurrentConsumers = concurrentConsumers;
    }

    public int getMaxAttempts() {
        return maxAttempts;
    }

    public void setMaxAttempts(int maxAttempts) {
        this.maxAttempts = maxAttempts;
    }

    public long getRetryDelay() {
        return retryDelay;
    }

    public void setRetryDelay(long retryDelay) {
        this.retryDelay = retryDelay;
    }

    public long getAckWait() {
        return ackWait;
    }

    public void setAckWait(long ackWait) {
        this.ackWait = ackWait;
    }

    public long getMaxAckPending() {
        return maxAckPending;
    }

    public void setMaxAckPending(long maxAckPending) {
        this.maxAckPending = maxAckPending;
    }

    public long getTimeout() {
        return timeout;
    }

    public void setTimeout(long timeout) {
        this.timeout = timeout;
    }

    public int getReplicas() {
        return replicas;
    }

    public void setReplicas(int replicas) {
        this.replicas = replicas;
    }

    public long getMaxBytes() {
        return maxBytes;
    }

    public void setMaxBytes(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    public long getMaxAge() {
        return maxAge;
    }

    public void setMaxAge(long maxAge) {
        this.maxAge = maxAge;
    }

    public long getDuplicateWindow() {
        return duplicateWindow;
    }

    public void setDuplicateWindow(long duplicateWindow) {
        this.duplicateWindow = duplicateWindow;
    }
}
