package org.imagingingestion.camel.dimse;

import java.io.IOException;
import java.util.EnumMap;
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
import org.imagingingestion.dicom.net.DimseStatus;
import org.imagingingestion.dicom.net.Message;
import org.imagingingestion.dicom.service.RecordOutcome;
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
        aeTitle = AETitle.require("The address of " + endpoint.getEndpointUri(), endpoint.getApplication());
        operations = DimseOperation.parse(options.getOperations());
        if (operations.isEmpty()) {
            throw new IllegalArgumentException("operations of " + endpoint.getEndpointUri() + " has none");
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
        server = endpoint.getComponent().add(this);
    }

    private Service service(DimseOperation operation) {
        return switch (operation) {
            case ECHO -> (association, request) -> association.respond(request, DimseStatus.SUCCESS);
            case STORE -> new StoreService(
                    (association, request, body) -> route(association, request, body, RecordOutcome.class));
            case FIND -> new FindService(this);
            case MOVE -> new MoveService(this);
            case GET -> new GetService(this);
            case COMMIT -> new CommitService(this);
        };
    }

    @Override
    protected void doStop() throws Exception {
        if (server != null) {
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

    /**
     * Runs the route with a body and gives what it left there.
     *
     * @throws DicomException what the route ended with, or what its exception means to a peer
     */
    <T> T route(Association association, Message request, Object body, Class<T> answer)
            throws IOException, DicomException {
        return route(body, answer, exchange -> Exchanges.describe(exchange.getIn(), association, request));
    }

    /** The same for what no association is open for. */
    <T> T route(Object body, Class<T> answer) throws IOException, DicomException {
        return route(body, answer, exchange -> {});
    }

    private <T> T route(Object body, Class<T> answer, Consumer<Exchange> describe) throws IOException, DicomException {
        Exchange exchange = createExchange(false);
        try {
            describe.accept(exchange);
            exchange.getIn().setBody(body);
            getProcessor().process(exchange);
            if (exchange.getException() != null) {
                throw exchange.getException();
            }
            Object result = exchange.getMessage().getBody();
            if (!answer.isInstance(result)) {
                throw new IllegalStateException(
                        "The route of " + endpoint.getEndpointUri() + " is to end with a " + answer.getSimpleName());
            }
            return answer.cast(result);
        } catch (Exception e) {
            throw Exchanges.meaning(e);
        } finally {
            releaseExchange(exchange, false);
        }
    }
}
