package org.imagingingestion.camel.dimse;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.net.AETitle;
import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.Message;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.ServiceHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers peers that ask an AE title for what its route does. */
public final class DimseConsumer extends DefaultConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(DimseConsumer.class);

    private final DimseEndpoint endpoint;
    private final String aeTitle;
    private final Set<DimseOperation> operations;
    private final Map<DimseOperation, Service> services = new EnumMap<>(DimseOperation.class);
    private AERegistry registry;
    private DimseServer server;

    /** Answers one kind of request. */
    interface Service {
        void answer(Association association, Message request) throws Exception;

        /** To be called before the first request. */
        default void start() {}

        /** To be called after the last request. */
        default void stop() {}
    }

    DimseConsumer(DimseEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        DimseConfiguration options = endpoint.getConfiguration();
        aeTitle = AETitle.require("The address of " + endpoint.printable(), endpoint.getApplication());
        operations = DimseOperation.parse(options.getOperations());
        if (operations.isEmpty()) {
            throw new IllegalArgumentException("operations of " + endpoint.printable() + " has none");
        }
    }

    @Override
    public DimseEndpoint getEndpoint() {
        return endpoint;
    }

    String aeTitle() {
        return aeTitle;
    }

    Set<DimseOperation> operations() {
        return operations;
    }

    AERegistry registry() {
        return registry;
    }

    /** The AE title that it calls others with. */
    String callingAE() {
        String calling = endpoint.getConfiguration().getCallingAE();
        return calling == null ? aeTitle : calling;
    }

    /** The port that it answers on, {@code null} before its start. */
    public DimseServer server() {
        return server;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        registry = AERegistry.of(endpoint.getConfiguration().getAeRegistry());
        for (DimseOperation operation : operations) {
            services.put(operation, service(operation));
        }
        services.values().forEach(Service::start);
        try {
            server = endpoint.getComponent().add(this);
        } catch (Exception e) {
            services.values().forEach(Service::stop);
            throw e;
        }
    }

    private Service service(DimseOperation operation) {
        return switch (operation) {
            case ECHO -> throw new IllegalArgumentException(
                    "operations of " + endpoint.printable() + " has echo, which is always answered");
            case STORE -> new StoreService(this::store);
            case FIND -> new FindService(this);
            case MOVE -> new MoveService(this);
            case GET -> new GetService(this);
            case COMMIT -> new CommitService(this);
        };
    }

    @Override
    protected void doStop() throws Exception {
        if (server != null) {
            if (endpoint.getCamelContext().isStopping()) {
                // what is asked for on associations that are open would be refused as if it were not served here
                server.end(Duration.ofSeconds(
                        endpoint.getCamelContext().getShutdownStrategy().getTimeout() / 2));
            }
            endpoint.getComponent().remove(this, server);
            server = null;
        }
        services.values().forEach(Service::stop);
        super.doStop();
    }

    void handle(DimseOperation operation, Association association, Message request) throws Exception {
        RemoteAE caller = registry.find(association.callingAETitle()).orElse(null);
        if (caller != null && !caller.may(operation)) {
            throw new DicomException(
                    DicomStatus.NOT_AUTHORIZED,
                    "The calling AE may not ask for " + operation.name().toLowerCase(Locale.ROOT));
        }
        services.get(operation).answer(association, request);
    }

    /** The storage space and tenant of who calls. */
    String provider(Association association) {
        String provider = registry.find(association.callingAETitle())
                .map(RemoteAE::provider)
                .orElse(null);
        return provider != null ? provider : endpoint.getConfiguration().getProvider();
    }

    /** What is made of the route's result, while that is still good. */
    @FunctionalInterface
    interface Use<T> {
        void use(T result) throws IOException, DicomException;
    }

    /**
     * Runs the route with a body and gives what it left there.
     *
     * @throws DicomException what the route ended with, or what its exception means to a peer
     */
    <T> T route(Association association, Message request, Object body, Class<T> answer)
            throws IOException, DicomException {
        List<T> result = new ArrayList<>(1);
        route(association, request, body, answer, result::add);
        return result.get(0);
    }

    /** The same where the result may be read from what the end of the exchange closes. */
    <T> void route(Association association, Message request, Object body, Class<T> answer, Use<T> use)
            throws IOException, DicomException {
        run(body, answer, use, exchange -> {
            Exchanges.describe(exchange.getIn(), association, request);
            String trace = server.trace(request);
            if (trace != null) {
                exchange.getIn().setHeader(ServiceHeaders.TRACEPARENT, trace);
            }
            registry.find(association.callingAETitle()).map(RemoteAE::provider).ifPresent(provider -> exchange.getIn()
                    .setHeader(ServiceHeaders.PROVIDER, provider));
        });
    }

    /** Runs the route for what no association is open for. */
    <T> void route(Object body, Class<T> answer, Use<T> use) throws IOException, DicomException {
        run(body, answer, use, exchange -> {});
    }

    private <T> void run(Object body, Class<T> answer, Use<T> use, Consumer<Exchange> describe)
            throws IOException, DicomException {
        Exchange exchange = createExchange(false);
        try {
            createUoW(exchange);
            describe.accept(exchange);
            use.use(process(exchange, body, answer));
        } catch (IOException | DicomException e) {
            throw e;
        } catch (Exception e) {
            throw Exchanges.meaning(e);
        } finally {
            doneUoW(exchange);
            releaseExchange(exchange, false);
        }
    }

    private <T> T process(Exchange exchange, Object body, Class<T> answer) throws Exception {
        exchange.getIn().setBody(body);
        getProcessor().process(exchange);
        if (exchange.getException() != null) {
            throw Exchanges.meaning(exchange.getException());
        }
        Object result = exchange.getMessage().getBody();
        if (!answer.isInstance(result)) {
            throw new IllegalStateException(
                    "The route of " + endpoint.printable() + " is to end with a " + answer.getSimpleName());
        }
        return answer.cast(result);
    }

    private Object store(Association association, Message request, InstanceBody instance)
            throws IOException, DicomException {
        return route(association, request, instance, Object.class);
    }
}
