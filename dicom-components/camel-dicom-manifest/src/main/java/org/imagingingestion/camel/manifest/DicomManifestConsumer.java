package org.imagingingestion.camel.manifest;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.cloudevents.CloudEvents;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.util.ObjectHelper;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.service.ServiceHeaders;

/** Gives the events of a subscription to its route, each an exchange, again until the route ends without an exception. */
public class DicomManifestConsumer extends DefaultConsumer {
    private final DicomManifestEndpoint endpoint;
    private Manifest manifest;
    private Deliverer deliverer;
    private ExecutorService thread;
    private ExecutorService workers;

    public DicomManifestConsumer(DicomManifestEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    public DicomManifestEndpoint getEndpoint() {
        return endpoint;
    }

    /** Name of the subscription. */
    public String subscription() {
        return endpoint.getConfiguration().getSubscription();
    }

    /** Events that were delivered here since the start. */
    public long delivered() {
        return deliverer == null ? 0 : deliverer.delivered();
    }

    /** Attempts that failed here since the start. */
    public long failed() {
        return deliverer == null ? 0 : deliverer.failed();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        DicomManifestConfiguration configuration = endpoint.getConfiguration();
        ObjectHelper.notNull(configuration.getDataSource(), "dataSource", this);
        Deliverer.Options options =
                configuration.deliveryOptions(endpoint.getComponent().providers(configuration));
        manifest = endpoint.getComponent().manifest(configuration.getDataSource());
        Transaction.run(configuration.getDataSource(), connection -> Subscriptions.register(connection, options));
        ExecutorServiceManager executors = getEndpoint().getCamelContext().getExecutorServiceManager();
        workers = executors.newFixedThreadPool(this, "EventDelivery", options.parallel());
        thread = executors.newSingleThreadExecutor(this, "Subscription-" + options.subscription());
        deliverer = new Deliverer(configuration.getDataSource(), options, workers, new Handler());
        manifest.add(deliverer);
        thread.execute(deliverer);
    }

    @Override
    protected void doStop() throws Exception {
        if (deliverer != null) {
            ExecutorServiceManager executors = getEndpoint().getCamelContext().getExecutorServiceManager();
            manifest.remove(deliverer);
            deliverer.stop();
            long seconds = getEndpoint().getCamelContext().getShutdownStrategy().getTimeout();
            executors.shutdownGraceful(thread, TimeUnit.SECONDS.toMillis(seconds));
            executors.shutdownGraceful(workers);
        }
        super.doStop();
    }

    private final class Handler implements Deliverer.Handler {
        @Override
        public void deliver(CloudEvent event, int attempts) throws Exception {
            process(message -> describe(message, event, attempts));
        }

        @Override
        public void deliver(List<CloudEvent> events) throws Exception {
            process(message -> {
                describePartition(message, events.get(0));
                message.setBody(events.stream().map(CloudEvent::data).toList());
            });
        }

        private void process(Consumer<Message> description) throws Exception {
            Exchange exchange = createExchange(false);
            try {
                description.accept(exchange.getIn());
                getProcessor().process(exchange);
                if (exchange.getException() != null) {
                    throw failure(exchange);
                }
                if (exchange.isRollbackOnly()) {
                    throw new IllegalStateException("The route rolled back");
                }
            } finally {
                releaseExchange(exchange, false);
            }
        }
    }

    private static Exception failure(Exchange exchange) {
        Set<?> taken = exchange.getProperty(ServiceHeaders.TAKEN, Set.of(), Set.class);
        return taken.isEmpty()
                ? exchange.getException()
                : new Deliverer.PartlyDelivered(
                        taken.stream().map(String.class::cast).collect(Collectors.toSet()), exchange.getException());
    }

    private static void describe(Message message, CloudEvent event, int attempts) {
        message.setBody(event.data());
        message.setHeader(CloudEvents.CAMEL_CLOUD_EVENT_VERSION, CloudEvents.v1_0.version());
        message.setHeader(CloudEvents.CAMEL_CLOUD_EVENT_ID, event.id());
        message.setHeader(CloudEvents.CAMEL_CLOUD_EVENT_SOURCE, event.source());
        message.setHeader(CloudEvents.CAMEL_CLOUD_EVENT_SUBJECT, event.subject());
        message.setHeader(CloudEvents.CAMEL_CLOUD_EVENT_TIME, event.time().toString());
        message.setHeader(CloudEvents.CAMEL_CLOUD_EVENT_DATA_CONTENT_TYPE, "application/json");
        message.setHeader(DicomManifestConstants.ATTEMPTS, attempts);
        if (event.traceparent() != null) {
            message.setHeader(DicomManifestConstants.TRACEPARENT, event.traceparent());
        }
        describePartition(message, event);
    }

    /** What all events of a batch have in common. */
    private static void describePartition(Message message, CloudEvent event) {
        message.setHeader(CloudEvents.CAMEL_CLOUD_EVENT_TYPE, event.type());
        message.setHeader(DicomManifestConstants.PARTITION_KEY, event.partitionKey());
        int slash = event.partitionKey().lastIndexOf('/');
        if (slash >= 0) {
            message.setHeader(ServiceHeaders.PROVIDER, event.partitionKey().substring(0, slash));
            message.setHeader(
                    DicomManifestConstants.STUDY_INSTANCE_UID,
                    event.partitionKey().substring(slash + 1));
        }
    }
}
