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

/** Send CloudEvents by HTTP, to a Knative broker say, and take them. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "cloudevents",
        title = "HTTP CloudEvents",
        syntax = "cloudevents:address",
        category = {Category.HEALTH, Category.HTTP},
        headersClass = EventConstants.class)
public class CloudEventsEndpoint extends DefaultEndpoint {
    @UriPath(
            description =
                    "For a producer: URL that events are sent to, K_SINK for one. For a consumer: path on the HTTP server of this Camel context that takes events")
    @Metadata(required = true)
    private String address;

    @UriParam(
            label = "producer",
            defaultValue = "10000",
            javaType = "java.time.Duration",
            description =
                    "How long the receiver may take to answer, and may ask to be left alone by Retry-After; where it asks for more, the event has failed")
    private long timeout = 10000;

    @UriParam(
            label = "producer",
            defaultValue = "3",
            description = "How often an event is sent that the receiver does not take")
    private int maxAttempts = 3;

    @UriParam(
            label = "producer",
            defaultValue = "100",
            javaType = "java.time.Duration",
            description = "How long after the first failure an event is sent again; each further time twice as long")
    private long retryDelay = 100;

    @UriParam(
            label = "consumer",
            description = "The type of the events that are taken; others are answered 400. None for any")
    private String type;

    @UriParam(
            label = "consumer",
            description = "The name that what comes here has in figures; by default the last part of the path")
    private String subscription;

    @UriParam(label = "consumer", defaultValue = "32", description = "Requests that are worked on at once; more wait")
    private int concurrentRequests = 32;

    @UriParam(
            label = "consumer",
            defaultValue = "256",
            description = "Requests that may wait; more are answered 503 with Retry-After")
    private int waitingRequests = 256;

    @UriParam(
            label = "consumer",
            defaultValue = "1048576",
            description = "Longest request in bytes; longer ones are answered 413")
    private int maxLength = 1048576;

    @UriParam(
            label = "consumer,advanced",
            defaultValue = "67108864",
            description = "Most bytes of requests that are held here; more are answered 503")
    private long maxBytesInFlight = 64 << 20;

    public CloudEventsEndpoint(String uri, CloudEventsComponent component) {
        super(uri, component);
    }

    @Override
    public Producer createProducer() {
        return new CloudEventsProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        CloudEventsConsumer consumer = new CloudEventsConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    public String getAddress() {
        return address;
    }

    public void setAddress(String address) {
        this.address = address;
    }

    public long getTimeout() {
        return timeout;
    }

    public void setTimeout(long timeout) {
        this.timeout = timeout;
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

    public String getType() {
        return type;
    }

    public void setType(String type) {
        this.type = type;
    }

    public String getSubscription() {
        return subscription;
    }

    public void setSubscription(String subscription) {
        this.subscription = subscription;
    }

    public int getConcurrentRequests() {
        return concurrentRequests;
    }

    public void setConcurrentRequests(int concurrentRequests) {
        this.concurrentRequests = concurrentRequests;
    }

    public int getWaitingRequests() {
        return waitingRequests;
    }

    public void setWaitingRequests(int waitingRequests) {
        this.waitingRequests = waitingRequests;
    }

    public long getMaxBytesInFlight() {
        return maxBytesInFlight;
    }

    public void setMaxBytesInFlight(long maxBytesInFlight) {
        this.maxBytesInFlight = maxBytesInFlight;
    }

    public int getMaxLength() {
        return maxLength;
    }

    public void setMaxLength(int maxLength) {
        this.maxLength = maxLength;
    }
}
