package org.imagingingestion.camel.dimse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;

import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.net.Acceptor;
import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.CommandField;
import org.imagingingestion.dicom.net.DimseStatus;
import org.imagingingestion.dicom.net.Message;
import org.imagingingestion.dicom.net.Negotiator;
import org.imagingingestion.dicom.net.Pdu;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A port, and the AE titles that answer on it. */
public final class DimseServer implements Acceptor.Service {
    private static final Logger LOG = LoggerFactory.getLogger(DimseServer.class);

    private final CamelContext context;
    private final InetSocketAddress address;
    private final DimseConfiguration options;
    private final List<DimseConsumer> consumers = new ArrayList<>();
    private final DimseStatistics statistics = new DimseStatistics();
    private final Map<Message, String> traces = new ConcurrentHashMap<>();
    private volatile Map<String, ServedAE> served = Map.of();
    private DimseListener listener;
    private ExecutorService executor;
    private Acceptor acceptor;
    private HealthCheck healthCheck;

    DimseServer(CamelContext context, InetSocketAddress address, DimseConfiguration options) {
        this.context = context;
        this.address = address;
        this.options = options;
    }

    void start() throws IOException {
        listener = context.getRegistry().findSingleByType(DimseListener.class);
        executor = context.getExecutorServiceManager().newCachedThreadPool(this, "Dimse " + address.getPort());
        acceptor = new Acceptor(
                options.limits(),
                options.timeouts(),
                options.tlsMaterial(),
                options.getClientAuthentication(),
                executor,
                this::negotiate,
                this);
        try {
            acceptor.start(address);
        } catch (IOException e) {
            context.getExecutorServiceManager().shutdownNow(executor);
            throw new IOException("Cannot listen on " + address.getHostString() + " port " + address.getPort(), e);
        }
        HealthCheckRegistry checks = HealthCheckRegistry.get(context);
        if (checks != null) {
            healthCheck = new DimseHealthCheck(this);
            checks.register(healthCheck);
        }
    }

    void stop() {
        if (healthCheck != null) {
            HealthCheckRegistry.get(context).unregister(healthCheck);
        }
        try {
            acceptor.close();
        } catch (IOException e) {
            LOG.debug("The port could not be closed", e);
        }
        context.getExecutorServiceManager().shutdownGraceful(executor);
    }

    /** Lets what peers have asked for end, and takes nothing more; what has not ended by then is cut off at the stop. */
    void end(Duration within) throws IOException {
        if (!acceptor.end(within)) {
            LOG.warn("{} associations do not end, and are cut off", acceptor.associations());
        }
    }

    synchronized void add(DimseConsumer consumer) {
        consumers.add(consumer);
        try {
            arrange();
        } catch (IllegalArgumentException e) {
            consumers.remove(consumer);
            throw e;
        }
    }

    /** @return whether it was the last */
    synchronized boolean remove(DimseConsumer consumer) {
        consumers.remove(consumer);
        arrange();
        return consumers.isEmpty();
    }

    private void arrange() {
        Map<String, Map<DimseOperation, DimseConsumer>> byTitle = new HashMap<>();
        for (DimseConsumer consumer : consumers) {
            Map<DimseOperation, DimseConsumer> operations =
                    byTitle.computeIfAbsent(consumer.aeTitle(), title -> new EnumMap<>(DimseOperation.class));
            for (DimseOperation operation : consumer.operations()) {
                if (operations.putIfAbsent(operation, consumer) != null) {
                    throw new IllegalArgumentException(
                            "Two endpoints take " + operation + " for " + consumer.aeTitle() + " on port " + port());
                }
            }
        }
        Map<String, ServedAE> titles = new HashMap<>();
        byTitle.forEach((title, operations) -> titles.put(title, new ServedAE(operations)));
        served = titles;
    }

    /** Whether these options are the same, as far as they are of the port and not of an endpoint. */
    boolean isAs(DimseConfiguration others) {
        return options.limits().equals(others.limits())
                && options.timeouts().equals(others.timeouts())
                && options.isTls() == others.isTls()
                && Objects.equals(options.getKeyStore(), others.getKeyStore())
                && Objects.equals(options.getTrustStore(), others.getTrustStore())
                && options.getClientAuthentication() == others.getClientAuthentication();
    }

    /** Whether peers can connect. */
    public boolean isListening() {
        return acceptor.isListening();
    }

    /** The port that it listens on. */
    public int port() {
        return acceptor.port();
    }

    /** Associations that are open. */
    public int associations() {
        return acceptor.associations();
    }

    /** What it has done since its start. */
    public DimseStatistics statistics() {
        return statistics;
    }

    private Negotiator.Decision negotiate(Pdu.AssociateRequest request, Negotiator.Peer peer) {
        ServedAE called = served.get(request.calledAETitle());
        return called == null
                ? Negotiator.Decision.reject(Pdu.AssociateReject.CALLED_AE_NOT_RECOGNIZED)
                : called.negotiate(request, peer);
    }

    @Override
    public void answered(Association association, Message request, long nanos) {
        if (listener != null) {
            traces.remove(request);
            listener.ended(association, request);
        }
        statistics.answered(association, request, nanos);
    }

    @Override
    public void handle(Association association, Message request) throws Exception {
        String trace = listener == null ? null : listener.begun(association, request);
        if (trace != null) {
            traces.put(request, trace);
        }
        CommandField field = request.command().field();
        DimseOperation operation =
                switch (field) {
                    case C_ECHO -> DimseOperation.ECHO;
                    case C_STORE -> DimseOperation.STORE;
                    case C_FIND -> DimseOperation.FIND;
                    case C_MOVE -> DimseOperation.MOVE;
                    case C_GET -> DimseOperation.GET;
                    case N_ACTION -> DimseOperation.COMMIT;
                    default -> throw new DicomException(
                            DicomStatus.UNRECOGNIZED_OPERATION, field + " is not answered here");
                };
        if (!isOf(operation, association, request)) {
            throw new DicomException(
                    DicomStatus.SOP_CLASS_NOT_SUPPORTED,
                    field + " is not of the SOP class of its presentation context");
        }
        if (operation == DimseOperation.ECHO) {
            association.respond(request, DimseStatus.SUCCESS);
            return;
        }
        ServedAE called = served.get(association.calledAETitle());
        DimseConsumer consumer = called == null ? null : called.consumer(operation);
        if (consumer == null) {
            throw new DicomException(DicomStatus.SOP_CLASS_NOT_SUPPORTED, field + " is not answered here");
        }
        consumer.handle(operation, association, request);
    }

    /** Whether the presentation context was agreed on for the operation. */
    private static boolean isOf(DimseOperation operation, Association association, Message request) {
        String sopClassUID = request.context().abstractSyntax();
        return operation == DimseOperation.STORE
                ? sopClassUID.equals(request.command().sopClassUID()) && association.isPeerSCU(sopClassUID)
                : operation.sopClasses().contains(sopClassUID);
    }

    /** The W3C trace context of an operation, {@code null} where there is none. */
    String trace(Message request) {
        return traces.get(request);
    }

    @Override
    public void opened(Association association) {
        statistics.opened();
    }

    @Override
    public void closed(Association association, IOException problem) {
        statistics.closed(association, problem);
        LOG.info(
                "Association of {} from {} to {} {}: {} messages and {} bytes in, {} messages and {} bytes out",
                association.callingAETitle(),
                association.remoteAddress().getHostAddress(),
                association.calledAETitle(),
                problem == null ? "released" : "ended, " + problem.getMessage(),
                association.received(),
                association.bytesReceived(),
                association.sent(),
                association.bytesSent());
    }

    @Override
    public void rejected(Pdu.AssociateRequest request, Negotiator.Peer peer, Pdu.AssociateReject reject) {
        statistics.rejected();
        LOG.warn(
                "Association of {} from {} to {} rejected: {}",
                printable(request.callingAETitle()),
                peer.address().getHostAddress(),
                printable(request.calledAETitle()),
                reject.meaning());
    }

    @Override
    public void failed(InetAddress from, IOException problem) {
        LOG.debug("A connection from {} came to nothing: {}", from.getHostAddress(), problem.getMessage());
    }

    /** What anybody may send is not to forge lines of the log. */
    private static String printable(String title) {
        return title.replaceAll("[^ -~]", "?");
    }
}
