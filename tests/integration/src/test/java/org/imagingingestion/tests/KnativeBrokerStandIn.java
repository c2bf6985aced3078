package org.imagingingestion.tests;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * In the place of a Knative broker, which needs a cluster: takes events as its ingress does, in binary mode, answers 202 when it has
 * them, and posts those of a type to the subscriber of a trigger until that answers 2xx. It keeps what it took while it is away. With a
 * dead letter sink it tries for a time only, and not at all what is refused for good.
 */
final class KnativeBrokerStandIn implements AutoCloseable {
    private static final long MILLIS_TO_RETRY = 200;
    private static final int ATTEMPTS = 5;

    private final int port = ImagingIngestion.freePort();
    private final Map<String, Set<String>> subjects = new ConcurrentHashMap<>();
    private final Map<String, List<URI>> triggers = new ConcurrentHashMap<>();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final ScheduledExecutorService dispatcher = Executors.newScheduledThreadPool(8);
    private final AtomicInteger undelivered = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile HttpServer ingress;
    private volatile URI deadLetterSink;

    private record Event(Map<String, String> headers, byte[] body, URI subscriber, AtomicInteger attempts) {}

    static KnativeBrokerStandIn start() throws IOException {
        KnativeBrokerStandIn broker = new KnativeBrokerStandIn();
        broker.open();
        return broker;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port + "/default/broker");
    }

    /** Sends events of a type to these, and to nobody else. */
    void trigger(String type, URI... subscribers) {
        triggers.put(type, List.of(subscribers));
    }

    /** Gives up what is not delivered, and sends it there. */
    void deadLetterSink(URI sink) {
        deadLetterSink = sink;
    }

    void open() throws IOException {
        ingress = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
        ingress.createContext("/default/broker", this::receive);
        ingress.setExecutor(Executors.newFixedThreadPool(8));
        ingress.start();
    }

    /** Nothing listens any more. */
    void shut() {
        ingress.stop(0);
    }

    /** Subjects of the events of a type that it took. */
    Set<String> subjects(String type) {
        return subjects.getOrDefault(type, Set.of());
    }

    int undelivered() {
        return undelivered.get();
    }

    /** How often a subscriber answered other than 2xx, or not at all. */
    int refusals() {
        return refusals.get();
    }

    private void receive(HttpExchange exchange) throws IOException {
        Map<String, String> headers = exchange.getRequestHeaders().entrySet().stream()
                .filter(header -> header.getKey().toLowerCase().startsWith("ce-")
                        || header.getKey().equalsIgnoreCase("content-type"))
                .collect(Collectors.toMap(header -> header.getKey().toLowerCase(), header -> header.getValue()
                        .get(0)));
        boolean valid = headers.keySet().containsAll(List.of("ce-id", "ce-source", "ce-type", "ce-specversion"));
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (valid) {
            subjects.computeIfAbsent(headers.get("ce-type"), type -> ConcurrentHashMap.newKeySet())
                    .add(headers.get("ce-subject"));
            for (URI subscriber : triggers.getOrDefault(headers.get("ce-type"), List.of())) {
                undelivered.incrementAndGet();
                Event event = new Event(new TreeMap<>(headers), body, subscriber, new AtomicInteger());
                dispatcher.execute(() -> dispatch(event));
            }
        }
        exchange.sendResponseHeaders(valid ? 202 : 400, -1);
        exchange.close();
    }

    private void dispatch(Event event) {
        int status = answer(event, event.subscriber());
        if (status / 100 == 2) {
            undelivered.decrementAndGet();
            return;
        }
        refusals.incrementAndGet();
        boolean isFinal = status == 400 || status == 413 || event.attempts().incrementAndGet() >= ATTEMPTS;
        if (deadLetterSink != null && isFinal && answer(event, deadLetterSink) / 100 == 2) {
            undelivered.decrementAndGet();
            return;
        }
        dispatcher.schedule(() -> dispatch(event), MILLIS_TO_RETRY, TimeUnit.MILLISECONDS);
    }

    /** The status of a subscriber's answer, 0 where there is none. */
    private int answer(Event event, URI subscriber) {
        HttpRequest.Builder request = HttpRequest.newBuilder(subscriber)
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofByteArray(event.body()));
        event.headers().forEach(request::header);
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    @Override
    public void close() {
        shut();
        dispatcher.shutdownNow();
    }
}
