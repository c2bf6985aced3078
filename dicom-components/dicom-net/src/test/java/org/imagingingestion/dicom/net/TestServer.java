package org.imagingingestion.dicom.net;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.TransferSyntax;

/** An acceptor with a service that a test gives it, and what it heard. */
final class TestServer implements Closeable, Acceptor.Service {
    static final String AE_TITLE = "SERVER";

    static final Timeouts SHORT = new Timeouts(
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2));

    /** What came with a C-STORE. */
    record Stored(String sopInstanceUID, String transferSyntax, byte[] bytes) {}

    static final class Builder {
        private Timeouts timeouts = SHORT;
        private Acceptor.Limits limits = new Acceptor.Limits(3000, 3000, 3000);
        private TlsMaterial tls;
        private TlsMaterial.ClientAuthentication authentication = TlsMaterial.ClientAuthentication.NONE;
        private int maximumLength = 128 << 10;
        private RequestHandler handler;
        private ServiceNegotiator.Admission admission = TestServer::admit;

        Builder timeouts(Timeouts others) {
            timeouts = others;
            return this;
        }

        Builder limits(int total, int perHost, int perCallingAE) {
            limits = new Acceptor.Limits(total, perHost, perCallingAE);
            return this;
        }

        Builder tls(TlsMaterial material, TlsMaterial.ClientAuthentication wanted) {
            tls = material;
            authentication = wanted;
            return this;
        }

        Builder maximumLength(int length) {
            maximumLength = length;
            return this;
        }

        Builder handler(RequestHandler other) {
            handler = other;
            return this;
        }

        Builder admission(ServiceNegotiator.Admission other) {
            admission = other;
            return this;
        }

        TestServer start() throws IOException {
            return new TestServer(this);
        }
    }

    final List<Stored> stored = new CopyOnWriteArrayList<>();
    final List<Association> opened = new CopyOnWriteArrayList<>();
    final List<IOException> problems = new CopyOnWriteArrayList<>();
    final AtomicInteger released = new AtomicInteger();
    final List<Pdu.AssociateReject> rejected = new CopyOnWriteArrayList<>();
    private final Timeouts timeouts;
    private final ExecutorService threads;
    private final Acceptor acceptor;
    private final RequestHandler handler;

    private TestServer(Builder builder) throws IOException {
        timeouts = builder.timeouts;
        handler = builder.handler != null ? builder.handler : this::echoAndStore;
        ThreadFactory daemons = task -> {
            Thread thread = new Thread(null, task, "dimse", 256 << 10);
            thread.setDaemon(true);
            return thread;
        };
        threads = Executors.newCachedThreadPool(daemons);
        List<String> transferSyntaxes = new ArrayList<>(List.of(
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid(), TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid()));
        List<ServiceOffer> offers = List.of(
                new ServiceOffer(TestPeer.VERIFICATION::equals, transferSyntaxes, false, true, false),
                new ServiceOffer(Dictionary::isStorageSOPClass, transferSyntaxes, true, true, true),
                new ServiceOffer(
                        uid -> uid.startsWith("1.2.840.10008.5.1.4.1.2."), transferSyntaxes, false, true, false));
        acceptor = new Acceptor(
                builder.limits,
                builder.timeouts,
                builder.tls,
                builder.authentication,
                threads,
                new ServiceNegotiator(
                        offers,
                        builder.admission,
                        (uid, information) -> information,
                        builder.maximumLength,
                        new UserInformation.Window(8, 8)),
                this);
        acceptor.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    static Builder on() {
        return new Builder();
    }

    static TestServer start() throws IOException {
        return on().start();
    }

    private static Pdu.AssociateReject admit(Pdu.AssociateRequest request, Negotiator.Peer peer) {
        return request.calledAETitle().equals(AE_TITLE) ? null : Pdu.AssociateReject.CALLED_AE_NOT_RECOGNIZED;
    }

    int port() {
        return acceptor.port();
    }

    Acceptor acceptor() {
        return acceptor;
    }

    /** An association with it, in these contexts, from this JVM. */
    Association associate(Consumer<List<PresentationContext>> contexts) throws IOException {
        return associate(contexts, UserInformation.of(16 << 10));
    }

    Association associate(Consumer<List<PresentationContext>> contexts, UserInformation user) throws IOException {
        List<PresentationContext> proposed = new ArrayList<>();
        contexts.accept(proposed);
        return new Requestor("127.0.0.1", port(), timeouts)
                .associate(new Pdu.AssociateRequest(AE_TITLE, "CLIENT", proposed, user));
    }

    @Override
    public void handle(Association association, Message request) throws Exception {
        handler.handle(association, request);
    }

    private void echoAndStore(Association association, Message request) throws Exception {
        if (request.command().field() == CommandField.C_STORE) {
            try (InputStream in = request.data()) {
                stored.add(new Stored(
                        request.command().sopInstanceUID(), request.context().transferSyntax(), in.readAllBytes()));
            }
        }
        association.respond(request, DimseStatus.SUCCESS);
    }

    @Override
    public void opened(Association association) {
        opened.add(association);
    }

    @Override
    public void closed(Association association, IOException problem) {
        if (problem == null) {
            released.incrementAndGet();
        } else {
            problems.add(problem);
        }
    }

    @Override
    public void rejected(Pdu.AssociateRequest request, Negotiator.Peer peer, Pdu.AssociateReject reject) {
        rejected.add(reject);
    }

    @Override
    public void failed(InetAddress address, IOException problem) {
        problems.add(problem);
    }

    @Override
    public void close() throws IOException {
        acceptor.close();
        threads.shutdownNow();
    }
}
