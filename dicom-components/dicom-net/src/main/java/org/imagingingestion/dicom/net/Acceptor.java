package org.imagingingestion.dicom.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLPeerUnverifiedException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Listens on a port and serves the associations that are asked for there, a thread each. Whatever a peer does costs it its own
 * association and nobody else's.
 */
public final class Acceptor implements Closeable {
    /** What the lines of the log that come of an association have it by, its {@link Association#id()}. */
    public static final String MDC_ASSOCIATION = "association";

    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
    private static final int BACKLOG = 256;
    private static final long PAUSE_MILLIS = 100;
    private static final long END_LOOK_MILLIS = 20;
    /** Connections above the limit that are told so, before more are closed without a word. */
    private static final int REJECTED_POLITELY = 32;

    /**
     * How many associations there may be.
     *
     * @param total in all
     * @param perHost of one address
     * @param perCallingAE of one calling AE title
     */
    public record Limits(int total, int perHost, int perCallingAE) {}

    /** Serves associations, and hears of them. */
    public interface Service extends RequestHandler {
        /** An association is open. */
        default void opened(Association association) {}

        /** An association has ended. @param problem {@code null} where it was released */
        default void closed(Association association, IOException problem) {}

        /** A request for an association was not taken. */
        default void rejected(Pdu.AssociateRequest request, Negotiator.Peer peer, Pdu.AssociateReject reject) {}

        /** A connection ended before there was an association. */
        default void failed(InetAddress address, IOException problem) {}
    }

    private final Limits limits;
    private final Timeouts timeouts;
    private final TlsMaterial tls;
    private final TlsMaterial.ClientAuthentication clientAuthentication;
    private final Executor executor;
    private final Negotiator negotiator;
    private final Service service;
    private final AtomicInteger connections = new AtomicInteger();
    private final Map<InetAddress, Integer> hosts = new ConcurrentHashMap<>();
    private final Map<String, Integer> callers = new ConcurrentHashMap<>();
    private final Set<Transport> open = ConcurrentHashMap.newKeySet();
    private final Set<Association> associations = ConcurrentHashMap.newKeySet();
    private ServerSocket server;
    private volatile boolean closing;
    private volatile boolean isAccepting;

    /**
     * @param tls {@code null} for no encryption
     * @param executor gives a thread to each connection, and one to the port
     */
    public Acceptor(
            Limits limits,
            Timeouts timeouts,
            TlsMaterial tls,
            TlsMaterial.ClientAuthentication clientAuthentication,
            Executor executor,
            Negotiator negotiator,
            Service service) {
        this.limits = limits;
        this.timeouts = timeouts;
        this.tls = tls;
        this.clientAuthentication = clientAuthentication;
        this.executor = executor;
        this.negotiator = negotiator;
        this.service = service;
    }

    /** Begins to listen. @throws IOException where the port is not to be had, or the key material cannot be read */
    public void start(InetSocketAddress address) throws IOException {
        if (tls != null) {
            tls.context();
        }
        server = new ServerSocket();
        try {
            server.setReuseAddress(true);
            server.bind(address, BACKLOG);
        } catch (IOException e) {
            server.close();
            throw e;
        }
        executor.execute(this::accept);
    }

    /** The port that it listens on. */
    public int port() {
        return server.getLocalPort();
    }

    /** Whether peers can connect. */
    public boolean isListening() {
        return isAccepting && !closing;
    }

    /** Associations that are open. */
    public int associations() {
        return associations.size();
    }

    private void accept() {
        isAccepting = true;
        try {
            while (!closing) {
                acceptOne();
            }
        } finally {
            isAccepting = false;
        }
    }

    private void acceptOne() {
        try {
            take(server.accept());
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            if (!closing) {
                pause("A connection could not be taken", e);
            }
        }
    }

    private void pause(String what, Throwable problem) {
        LOG.warn("{}: {}", what, problem.toString());
        try {
            // out of file descriptors, most likely: they come back with the end of associations
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(Socket socket) throws IOException {
        InetAddress address = socket.getInetAddress();
        int ofHost = hosts.merge(address, 1, Integer::sum);
        if (connections.incrementAndGet() > limits.total() + REJECTED_POLITELY
                || ofHost > limits.perHost() + REJECTED_POLITELY) {
            forget(address);
            socket.close();
            return;
        }
        try {
            executor.execute(() -> serve(socket));
        } catch (RuntimeException | Error e) {
            // no thread is to be had, of which Java tells by an error
            forget(address);
            socket.close();
            throw e;
        }
    }

    private void forget(InetAddress address) {
        decrement(hosts, address);
        connections.decrementAndGet();
    }

    private void serve(Socket socket) {
        InetAddress address = socket.getInetAddress();
        Transport transport = null;
        try {
            transport = new Transport(socket, tls == null ? socket : tls.accepted(socket, clientAuthentication));
            open.add(transport);
            transport.handshake(timeouts.association());
            serve(transport, UpperLayer.acceptor(transport, timeouts));
        } catch (IOException e) {
            service.failed(address, e);
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.error("A connection failed", e);
        } finally {
            if (transport != null) {
                open.remove(transport);
                transport.close();
            } else {
                closeQuietly(socket);
            }
            forget(address);
        }
    }

    private void serve(Transport transport, UpperLayer layer) throws IOException {
        Pdu.AssociateRequest request = layer.awaitRequest();
        Negotiator.Peer peer = new Negotiator.Peer(transport.remoteAddress(), certificates(transport));
        String caller = request.callingAETitle();
        callers.merge(caller, 1, Integer::sum);
        try {
            Negotiator.Decision decision = decide(request, peer);
            if (decision.answer() instanceof Pdu.AssociateReject reject) {
                service.rejected(request, peer, reject);
                layer.reject(reject);
                return;
            }
            Pdu.AssociateAccept accept = (Pdu.AssociateAccept) decision.answer();
            layer.accept(accept);
            serve(new Association(layer, timeouts, request, accept, decision.user()));
        } finally {
            decrement(callers, caller);
        }
    }

    private Negotiator.Decision decide(Pdu.AssociateRequest request, Negotiator.Peer peer) {
        if (!request.isOfKnownVersion()) {
            return Negotiator.Decision.reject(Pdu.AssociateReject.PROTOCOL_VERSION_NOT_SUPPORTED);
        }
        return isWithinLimits(peer.address(), request.callingAETitle())
                ? negotiator.negotiate(request, peer)
                : Negotiator.Decision.reject(Pdu.AssociateReject.LOCAL_LIMIT_EXCEEDED);
    }

    private boolean isWithinLimits(InetAddress address, String caller) {
        return connections.get() <= limits.total()
                && hosts.getOrDefault(address, 0) <= limits.perHost()
                && callers.getOrDefault(caller, 0) <= limits.perCallingAE();
    }

    private void serve(Association association) {
        associations.add(association);
        IOException problem = null;
        MDC.put(MDC_ASSOCIATION, association.id());
        try {
            if (closing) {
                association.end();
            }
            service.opened(association);
            association.serve(service);
        } catch (IOException e) {
            problem = e;
        } catch (RuntimeException e) {
            problem = new AssociationException("The association failed", e);
            LOG.error("An association failed", e);
        } finally {
            associations.remove(association);
            if (association.isOpen()) {
                association.abort();
            }
            service.closed(association, problem);
            MDC.remove(MDC_ASSOCIATION);
        }
    }

    private static List<X509Certificate> certificates(Transport transport) {
        if (transport.tls() == null) {
            return List.of();
        }
        try {
            return Arrays.stream(transport.tls().getSession().getPeerCertificates())
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    private static <K> void decrement(Map<K, Integer> counts, K key) {
        counts.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("A connection could not be closed: {}", e.getMessage());
        }
    }

    /** Stops to listen; the associations that are open go on. */
    public void stopListening() throws IOException {
        closing = true;
        if (server != null) {
            server.close();
        }
    }

    /**
     * Stops to listen, and has each association end: at once where it waits for a request, otherwise when the request that it is at is
     * answered.
     *
     * @return whether they did so in time
     */
    public boolean end(Duration within) throws IOException {
        stopListening();
        long until = System.nanoTime() + within.toNanos();
        while (!associations.isEmpty() && System.nanoTime() - until < 0) {
            associations.forEach(Association::end);
            try {
                Thread.sleep(END_LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return associations.isEmpty();
    }

    /** Stops to listen and ends all associations. */
    @Override
    public void close() throws IOException {
        stopListening();
        open.forEach(Transport::close);
    }
}
