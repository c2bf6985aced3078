package org.imagingingestion.camel.events;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.impl.DefaultCamelContext;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.event.CloudEventHttp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.sun.net.httpserver.HttpServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Events by HTTP, to a real server and from a real client. */
class CloudEventsTest {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<CloudEvent> taken = Collections.synchronizedList(new ArrayList<>());
    private final CamelContext context = new DefaultCamelContext();
    private volatile Exception failure;
    private int port;

    @BeforeEach
    void start() throws Exception {
        port = freePort();
        VertxPlatformHttpServerConfiguration configuration = new VertxPlatformHttpServerConfiguration();
        configuration.setBindHost("127.0.0.1");
        configuration.setBindPort(port);
        context.addService(new VertxPlatformHttpServer(configuration));
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("cloudevents:/events?type=ImageStoredEvent&maxLength=10000&maxBytesInFlight=50000")
                        .process(exchange -> {
                            if (failure != null) {
                                throw failure;
                            }
                            taken.add(exchange.getMessage().getBody(CloudEvent.class));
                        });
            }
        });
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private HttpRequest.Builder request() {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/events"));
    }

    private int send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    private int sendBinary(CloudEvent event) throws Exception {
        HttpRequest.Builder request = request().POST(HttpRequest.BodyPublishers.ofByteArray(event.data()));
        CloudEventHttp.headers(event).forEach(request::header);
        return send(request);
    }

    @Test
    void areTakenInBothModes() throws Exception {
        CloudEvent event = TestEvents.event(1, 2);

        assertThat(sendBinary(event)).isEqualTo(202);
        assertThat(send(request()
                        .header("Content-Type", CloudEventHttp.STRUCTURED)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(CloudEventHttp.structured(event)))))
                .isEqualTo(202);

        assertThat(taken)
                .hasSize(2)
                .allSatisfy(each -> assertThat(each).usingRecursiveComparison().isEqualTo(event));
    }

    static Stream<Exception> temporary() {
        return Stream.of(
                new DicomException(DicomStatus.OUT_OF_RESOURCES, "The database is away"),
                new IllegalStateException("Doe^Jane"),
                new IOException("Doe^Jane"));
    }

    @ParameterizedTest
    @MethodSource("temporary")
    void areToBeSentAgainWhereTheRouteFails(Exception problem) throws Exception {
        failure = problem;

        assertThat(sendBinary(TestEvents.event(1, 2))).isIn(500, 503);

        failure = null;
        assertThat(sendBinary(TestEvents.event(1, 2))).isEqualTo(202);
        assertThat(taken).hasSize(1);
    }

    @Test
    void areRefusedWhereTheyCannotEverBeProcessed() throws Exception {
        failure = new DicomException(DicomStatus.CANNOT_UNDERSTAND, "It is no instance");

        assertThat(sendBinary(TestEvents.event(1, 2))).isEqualTo(400);
    }

    @Test
    void areRefusedWhereTheyAreOfAnotherType() throws Exception {
        assertThat(sendBinary(TestEvents.event(1, 2, "Other"))).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(ints = {10_001, 1_000_000})
    void areRefusedWhereTheyAreTooLong(int length) throws Exception {
        byte[] bytes = new byte[length];

        assertThat(send(request().POST(HttpRequest.BodyPublishers.ofByteArray(bytes))))
                .isEqualTo(413);
        // of a length that is not told before
        Iterable<byte[]> pieces = () -> new Iterator<>() {
            private int left = length;

            @Override
            public boolean hasNext() {
                return left > 0;
            }

            @Override
            public byte[] next() {
                int n = Math.min(left, 1000);
                left -= n;
                return new byte[n];
            }
        };
        assertThat(send(request().POST(HttpRequest.BodyPublishers.ofByteArrays(pieces))))
                .isEqualTo(413);
        assertThat(sendBinary(TestEvents.event(1, 1))).isEqualTo(202);
    }

    @Test
    void doNotPileUp() throws Exception {
        CloudEvent event = TestEvents.withLength(1, 8_000);
        List<Socket> senders = new ArrayList<>();
        try {
            for (int i = 0; i < 6; i++) {
                // all but the last byte
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                senders.add(socket);
                socket.getOutputStream()
                        .write("POST /events HTTP/1.1\r\nHost: x\r\nContent-Length: 8001\r\n\r\n".getBytes());
                socket.getOutputStream().write(event.data());
                socket.getOutputStream().flush();
            }
            await().until(() -> sendBinary(event) == 503);
        } finally {
            for (Socket sender : senders) {
                sender.close();
            }
        }

        await().until(() -> sendBinary(event) == 202);
    }

    @Test
    void areRefusedWhereTheyAreNone() throws Exception {
        assertThat(send(request().POST(HttpRequest.BodyPublishers.ofString("{}"))))
                .isEqualTo(400);
        assertThat(send(request()
                        .header("Content-Type", CloudEventHttp.STRUCTURED)
                        .POST(HttpRequest.BodyPublishers.ofString("[]"))))
                .isEqualTo(400);
        assertThat(taken).isEmpty();
    }

    @Test
    void areSentInTheTraceOfTheExchange() throws Exception {
        List<String> traces = Collections.synchronizedList(new ArrayList<>());
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        receiver.createContext("/", exchange -> {
            traces.add(String.valueOf(exchange.getRequestHeaders().getFirst("traceparent")));
            exchange.sendResponseHeaders(202, -1);
            exchange.close();
        });
        receiver.start();
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        try {
            for (String header : new String[] {trace, "none of ours\r\n", null}) {
                context.createProducerTemplate()
                        .sendBodyAndHeader(
                                "cloudevents:http://127.0.0.1:"
                                        + receiver.getAddress().getPort(),
                                TestEvents.event(1, 2),
                                "traceparent",
                                header);
            }
        } finally {
            receiver.stop(0);
        }

        assertThat(traces).containsExactly(trace, "null", "null");
    }

    /** A receiver that gives these answers, one after the other. */
    private HttpServer receiver(List<Integer> answers, List<String> ids) throws Exception {
        return receiver(answers, ids, null);
    }

    private HttpServer receiver(List<Integer> answers, List<String> ids, String retryAfter) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        Iterator<Integer> next = answers.iterator();
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            ids.add(exchange.getRequestHeaders().getFirst("ce-id"));
            if (retryAfter != null) {
                exchange.getResponseHeaders().set("Retry-After", retryAfter);
            }
            exchange.sendResponseHeaders(next.next(), -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private void sendTo(int receiver) {
        sendTo(receiver, context.createProducerTemplate());
    }

    private static void sendTo(int receiver, ProducerTemplate template) {
        template.sendBody(
                "cloudevents:http://127.0.0.1:" + receiver + "/broker?retryDelay=10&maxAttempts=3&timeout=5000",
                TestEvents.event(1, 2));
    }

    @ParameterizedTest
    @CsvSource({"202, 1", "200, 1", "204, 1", "503 202, 2", "500 429 200, 3"})
    void areSentUntilTheyAreTaken(String answers, int times) throws Exception {
        List<String> ids = Collections.synchronizedList(new ArrayList<>());
        HttpServer receiver =
                receiver(Stream.of(answers.split(" ")).map(Integer::valueOf).toList(), ids);
        try {
            sendTo(receiver.getAddress().getPort());
        } finally {
            receiver.stop(0);
        }

        assertThat(ids).hasSize(times).containsOnly("1-2");
    }

    @Test
    @Timeout(60)
    void areSentAfterTheClientsThreadHasEnded() throws Exception {
        Set<Thread> others = selectors();
        List<String> ids = Collections.synchronizedList(new ArrayList<>());
        HttpServer receiver = receiver(List.of(202, 202), ids);
        try {
            ProducerTemplate template = context.createProducerTemplate();
            sendTo(receiver.getAddress().getPort(), template);
            Set<Thread> own = selectors();
            own.removeAll(others);
            assertThat(own).hasSize(1);
            // as it does when there is no memory left
            own.forEach(Thread::interrupt);
            await().until(() -> own.stream().noneMatch(Thread::isAlive));

            sendTo(receiver.getAddress().getPort(), template);
        } finally {
            receiver.stop(0);
        }

        assertThat(ids).hasSize(2);
    }

    private static Set<Thread> selectors() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("HttpClient-\\d+-SelectorManager"))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void areSentAgainNoSoonerThanTheReceiverAsks(int status) throws Exception {
        List<String> ids = Collections.synchronizedList(new ArrayList<>());
        HttpServer receiver = receiver(List.of(status, 202), ids, "1");
        long start = System.nanoTime();
        try {
            sendTo(receiver.getAddress().getPort());
        } finally {
            receiver.stop(0);
        }

        assertThat(ids).hasSize(2);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void haveFailedWhereTheReceiverAsksForLongerThanTheyWait() throws Exception {
        List<String> ids = Collections.synchronizedList(new ArrayList<>());
        HttpServer receiver = receiver(List.of(503, 202), ids, "3600");
        try {
            assertThatThrownBy(() -> sendTo(receiver.getAddress().getPort()))
                    .rootCause()
                    .isInstanceOfSatisfying(DicomException.class, e -> assertThat(e.retryAfter())
                            .isEqualTo(3_600_000));
        } finally {
            receiver.stop(0);
        }

        assertThat(ids).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "503 503 503, OUT_OF_RESOURCES",
        "400, PROCESSING_FAILURE",
        "413, INVALID_OBJECT_INSTANCE",
        "301, PROCESSING_FAILURE"
    })
    void areNotTakenForSentWhereTheReceiverDoesNotTakeThem(String answers, DicomStatus status) throws Exception {
        HttpServer receiver = receiver(
                Stream.of(answers.split(" ")).map(Integer::valueOf).toList(),
                Collections.synchronizedList(new ArrayList<>()));
        try {
            assertThatThrownBy(() -> sendTo(receiver.getAddress().getPort()))
                    .rootCause()
                    .isInstanceOfSatisfying(
                            DicomException.class, e -> assertThat(e.status()).isEqualTo(status));
        } finally {
            receiver.stop(0);
        }
    }

    @Test
    void areNotTakenForSentWhereThereIsNoReceiver() throws Exception {
        int nobody = freePort();

        assertThatThrownBy(() -> sendTo(nobody)).hasStackTraceContaining("The broker cannot be reached");
    }
}
