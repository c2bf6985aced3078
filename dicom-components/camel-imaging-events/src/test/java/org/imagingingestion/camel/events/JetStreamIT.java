package org.imagingingestion.camel.events;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.event.CloudEventHttp;
import org.imagingingestion.dicom.event.DeliveryStatistics;
import org.imagingingestion.dicom.service.ServiceHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamInfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** The endpoint against a real server, which is killed, stopped, late and full. */
@Timeout(400)
class JetStreamIT {
    private static final String STREAM = "imaging-events-ImageStoredEvent";

    @TempDir
    Path folder;

    private NatsServer server;
    private final List<CamelContext> contexts = new ArrayList<>();

    @BeforeEach
    void prepare() {
        server = new NatsServer(folder);
    }

    @AfterEach
    void end() throws InterruptedException {
        contexts.forEach(CamelContext::stop);
        server.close();
    }

    private String uri(String options) {
        return "jetstream:imaging.events?timeout=2000" + options;
    }

    private CamelContext context() {
        CamelContext context = new DefaultCamelContext();
        contexts.add(context);
        context.getComponent("jetstream", JetStreamComponent.class).setServers(server.url());
        return context;
    }

    private CamelContext consumer(String options, Processor work) throws Exception {
        CamelContext context = context();
        context.getShutdownStrategy().setTimeout(5);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(uri("&type=ImageStoredEvent&durable=test&retryDelay=50" + options))
                        .process(work);
            }
        });
        context.start();
        return context;
    }

    private ProducerTemplate producer() {
        CamelContext context = context();
        context.start();
        return context.createProducerTemplate();
    }

    private void send(ProducerTemplate template, CloudEvent event) {
        template.sendBody(uri(""), event);
    }

    /** As a sender does that is told to come again. */
    private void sendUntilTaken(ProducerTemplate template, CloudEvent event) {
        await().pollDelay(Duration.ZERO)
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> {
                    send(template, event);
                    return true;
                });
    }

    private long inStream(String name) throws Exception {
        try (Connection client = server.client()) {
            return client.jetStreamManagement()
                    .getStreamInfo(name)
                    .getStreamState()
                    .getMsgCount();
        }
    }

    @Test
    void givesWhatWasSentWithAllItsAttributes() throws Exception {
        server.start();
        List<CloudEvent> taken = Collections.synchronizedList(new ArrayList<>());
        consumer("", exchange -> taken.add(exchange.getMessage().getBody(CloudEvent.class)));
        CloudEvent sent = TestEvents.event(1, 2);

        sendUntilTaken(producer(), sent);

        await().until(() -> taken.size() == 1);
        assertThat(taken.get(0)).usingRecursiveComparison().isEqualTo(sent);
        await().until(() -> inStream(STREAM) == 0);
    }

    @Test
    void keepsAnEventThatNobodyTakesYetThroughAKill() throws Exception {
        server.start();
        sendUntilTaken(producer(), TestEvents.event(1, 1));
        server.kill();
        server.start();
        CountDownLatch taken = new CountDownLatch(1);

        consumer("", exchange -> taken.countDown());

        assertThat(taken.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void takesTheSameEventOnce() throws Exception {
        server.start();
        ProducerTemplate template = producer();
        sendUntilTaken(template, TestEvents.event(1, 1));
        send(template, TestEvents.event(1, 1));

        assertThat(inStream(STREAM)).isEqualTo(1);
    }

    @Test
    void saysSoAtOnceWhereThereIsNoServer() {
        ProducerTemplate template = producer();

        assertThatThrownBy(() -> send(template, TestEvents.event(1, 1)))
                .rootCause()
                .isInstanceOfSatisfying(
                        DicomException.class, e -> assertThat(e.status()).isEqualTo(DicomStatus.OUT_OF_RESOURCES));
    }

    @Test
    void findsAServerThatComesLate() throws Exception {
        Set<String> taken = ConcurrentHashMap.newKeySet();
        consumer(
                "",
                exchange -> taken.add(
                        exchange.getMessage().getBody(CloudEvent.class).id()));
        ProducerTemplate template = producer();
        assertThatThrownBy(() -> send(template, TestEvents.event(1, 1))).isNotNull();

        server.start();
        sendUntilTaken(template, TestEvents.event(1, 1));

        await().atMost(Duration.ofSeconds(20)).until(() -> taken.contains("1-1"));
    }

    @Test
    void losesNothingThatItTookWhereTheServerIsKilledInTheMiddle() throws Exception {
        server.start();
        Set<String> processed = ConcurrentHashMap.newKeySet();
        consumer("&order=SUBJECT&ackWait=3000", exchange -> {
            TimeUnit.MILLISECONDS.sleep(5);
            processed.add(exchange.getMessage().getBody(CloudEvent.class).id());
        });
        ProducerTemplate template = producer();
        Set<String> taken = new HashSet<>();
        int events = 600;
        for (int i = 0; i < events; i++) {
            if (i == 200 || i == 400) {
                server.kill();
                server.start();
            }
            CloudEvent event = TestEvents.event(i % 7, i);
            sendUntilTaken(template, event);
            taken.add(event.id());
        }

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(processed).containsAll(taken));
        assertThat(taken).hasSize(events);
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(inStream(STREAM))
                .as("of %s", consumerState())
                .isZero());
    }

    @Test
    void doesNotSayThatASlowServerHasWhatItMayNotHave() throws Exception {
        server.start();
        ProducerTemplate template = producer();
        sendUntilTaken(template, TestEvents.event(1, 1));
        server.pause();
        try {
            assertThatThrownBy(() -> send(template, TestEvents.event(1, 2)))
                    .rootCause()
                    .isNotNull();
        } finally {
            server.resume();
        }
        sendUntilTaken(template, TestEvents.event(1, 2));

        assertThat(inStream(STREAM)).isEqualTo(2);
    }

    @Test
    void refusesWhatAFullStreamHasNoRoomFor() throws Exception {
        server.start();
        ProducerTemplate template = producer();
        String uri = uri("&maxBytes=2000");
        await().ignoreExceptions().until(() -> {
            template.sendBody(uri, TestEvents.event(1, 0));
            return true;
        });

        assertThatThrownBy(() -> IntStream.range(1, 100).forEach(i -> template.sendBody(uri, TestEvents.event(1, i))))
                .hasStackTraceContaining("does not take an event");
        long kept = inStream(STREAM);
        List<String> taken = Collections.synchronizedList(new ArrayList<>());
        consumer(
                "",
                exchange -> taken.add(
                        exchange.getMessage().getBody(CloudEvent.class).id()));

        await().until(() -> taken.size() >= kept);
        assertThat(taken).contains("1-0");
    }

    @Test
    void triesAgainAndKeepsTheOrderOfAStudyButHoldsNoOther() throws Exception {
        server.start();
        Map<String, List<String>> taken = new ConcurrentHashMap<>();
        AtomicInteger failures = new AtomicInteger();
        AtomicBoolean otherStudyDone = new AtomicBoolean();
        ProducerTemplate template = producer();
        for (int i = 0; i < 20; i++) {
            sendUntilTaken(template, TestEvents.event(i % 2, i));
        }
        consumer("&maxAttempts=100000", exchange -> {
            CloudEvent event = exchange.getMessage().getBody(CloudEvent.class);
            if (event.id().equals("0-4") && !otherStudyDone.get()) {
                failures.incrementAndGet();
                throw new IllegalStateException("not yet");
            }
            taken.computeIfAbsent(event.partitionKey(), key -> Collections.synchronizedList(new ArrayList<>()))
                    .add(event.id());
        });

        await().until(() -> taken.getOrDefault("default/1.1", List.of()).size() == 10);
        assertThat(taken.get("default/1.0")).containsExactly("0-0", "0-2");
        otherStudyDone.set(true);
        await().until(() -> taken.get("default/1.0").size() == 10);
        assertThat(failures).hasPositiveValue();
        assertThat(taken.get("default/1.0"))
                .containsExactly("0-0", "0-2", "0-4", "0-6", "0-8", "0-10", "0-12", "0-14", "0-16", "0-18");
        assertThat(taken.get("default/1.1"))
                .containsExactly("1-1", "1-3", "1-5", "1-7", "1-9", "1-11", "1-13", "1-15", "1-17", "1-19");
    }

    @Test
    void putsWhatCannotEverBeProcessedAsideWithTheReason() throws Exception {
        server.start();
        ProducerTemplate template = producer();
        AtomicInteger attempts = new AtomicInteger();
        CountDownLatch next = new CountDownLatch(1);
        consumer("&maxAttempts=3", exchange -> {
            switch (exchange.getMessage().getBody(CloudEvent.class).id()) {
                case "1-1" -> throw new DicomException(DicomStatus.CANNOT_UNDERSTAND, "It is no instance");
                case "1-2" -> {
                    attempts.incrementAndGet();
                    throw new IllegalStateException("Doe^Jane");
                }
                case "Zo\u00eb\u20ac" -> throw new DicomException(
                        DicomStatus.CANNOT_UNDERSTAND, "No ASCII: \u00eb\r\n");
                default -> next.countDown();
            }
        });
        sendUntilTaken(template, TestEvents.event(1, 1));
        send(template, TestEvents.withId(1, "Zo\u00eb\u20ac"));
        send(template, TestEvents.event(1, 2));
        send(template, TestEvents.event(1, 3));
        try (Connection client = server.client()) {
            client.publish("imaging.events.ImageStoredEvent", "nonsense".getBytes());
            client.flush(Duration.ofSeconds(1));
        }

        assertThat(next.await(20, TimeUnit.SECONDS)).isTrue();
        await().until(() -> inStream("imaging-events-dead") == 4);
        await().until(() -> inStream(STREAM) == 0);
        assertThat(attempts).hasValue(3);
        Map<String, String> reasons = dead();
        assertThat(reasons)
                .containsEntry("CANNOT_UNDERSTAND: It is no instance", "imaging.events.dead.ImageStoredEvent")
                .containsKeys(
                        "CANNOT_UNDERSTAND: No ASCII: ???",
                        "java.lang.IllegalStateException",
                        "CloudEvent is not well-formed or beyond a limit at line 1, column 9");
    }

    @Test
    void sendsAgainOnlyWhatWasRefusedOfSeveral() throws Exception {
        server.start();
        ProducerTemplate template = producer();
        sendUntilTaken(template, TestEvents.event(0, 0));
        for (int i = 1; i < 5; i++) {
            sendUntilTaken(template, TestEvents.event(1, i));
        }
        List<List<String>> taken = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch isFilled = new CountDownLatch(1);
        CamelContext context = consumer("&batchSize=3&concurrentConsumers=1", exchange -> {
            List<?> events = exchange.getMessage().getBody() instanceof List<?> several
                    ? several
                    : List.of(exchange.getMessage().getBody());
            List<String> ids =
                    events.stream().map(event -> ((CloudEvent) event).id()).toList();
            if (ids.contains("0-0")) {
                isFilled.await(20, TimeUnit.SECONDS);
            }
            taken.add(ids);
            if (ids.size() == 3) {
                exchange.setProperty(ServiceHeaders.TAKEN, Set.of("1"));
            }
            if (ids.contains("1-2")) {
                throw new DicomException(DicomStatus.CANNOT_UNDERSTAND, "Never");
            }
        });
        JetStreamConsumer consumer =
                (JetStreamConsumer) context.getRoutes().get(0).getConsumer();
        await().until(() -> consumer.inFlight() == 5);
        isFilled.countDown();

        await().until(() -> inStream(STREAM) == 0);
        assertThat(taken)
                .containsExactly(
                        List.of("0-0"), List.of("1-1", "1-2", "1-3"), List.of("1-2"), List.of("1-3"), List.of("1-4"));
        assertThat(inStream("imaging-events-dead")).isOne();
    }

    @Test
    void givesNoEventUpThatFailedAmongOthersOnly() throws Exception {
        server.start();
        ProducerTemplate template = producer();
        sendUntilTaken(template, TestEvents.event(0, 0));
        for (int i = 1; i < 4; i++) {
            sendUntilTaken(template, TestEvents.event(1, i));
        }
        List<String> taken = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger together = new AtomicInteger();
        CountDownLatch isFilled = new CountDownLatch(1);
        CamelContext context = consumer("&batchSize=3&maxAttempts=1&concurrentConsumers=1", exchange -> {
            if (!(exchange.getMessage().getBody() instanceof CloudEvent event)) {
                together.incrementAndGet();
                throw new IllegalStateException("One of them");
            }
            if (event.id().equals("0-0")) {
                isFilled.await(20, TimeUnit.SECONDS);
            }
            taken.add(event.id());
        });
        JetStreamConsumer consumer =
                (JetStreamConsumer) context.getRoutes().get(0).getConsumer();
        await().until(() -> consumer.inFlight() == 4);
        isFilled.countDown();

        await().until(() -> inStream(STREAM) == 0);
        assertThat(together).hasValue(1);
        assertThat(taken).containsExactly("0-0", "1-1", "1-2", "1-3");
    }

    private Map<String, String> dead() throws Exception {
        Map<String, String> reasons = new ConcurrentHashMap<>();
        try (Connection client = server.client()) {
            var subscription = client.jetStream()
                    .subscribe(
                            "imaging.events.dead.>",
                            PushSubscribeOptions.builder().ordered(true).build());
            for (int i = 0; i < 4; i++) {
                Message message = subscription.nextMessage(Duration.ofSeconds(5));
                reasons.put(message.getHeaders().getFirst("imaging-reason"), message.getSubject());
            }
        }
        return reasons;
    }

    @Test
    void triesUntilAnOutageIsOver() throws Exception {
        server.start();
        AtomicBoolean down = new AtomicBoolean(true);
        AtomicInteger attempts = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(1);
        consumer("&maxAttempts=2&ackWait=600", exchange -> {
            attempts.incrementAndGet();
            if (down.get()) {
                throw new DicomException(DicomStatus.OUT_OF_RESOURCES, "The database is away");
            }
            done.countDown();
        });
        sendUntilTaken(producer(), TestEvents.event(1, 1));

        await().until(() -> attempts.get() > 4);
        down.set(false);

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        await().until(() -> inStream(STREAM) == 0);
    }

    @Test
    void holdsNoMoreThanItMay() throws Exception {
        server.start();
        ProducerTemplate template = producer();
        for (int i = 0; i < 50; i++) {
            sendUntilTaken(template, TestEvents.event(i, i));
        }
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger at = new AtomicInteger();
        consumer("&maxInFlight=10&concurrentConsumers=4", exchange -> {
            at.incrementAndGet();
            go.await();
        });

        await().until(() -> at.get() == 4);
        assertThat(consumerState().getNumAckPending()).isLessThanOrEqualTo(10);
        go.countDown();
        await().until(() -> at.get() == 50);
    }

    @Test
    void holdsNoMoreBytesThanItMay() throws Exception {
        server.start();
        ProducerTemplate template = producer();
        int length = 500_000;
        for (int i = 0; i < 20; i++) {
            sendUntilTaken(template, TestEvents.withLength(i, length));
        }
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger at = new AtomicInteger();
        consumer("&maxBytesInFlight=3000000", exchange -> {
            at.incrementAndGet();
            go.await();
        });

        await().until(() -> at.get() > 2);
        await().during(Duration.ofSeconds(1)).until(() -> at.get() * (long) length < 3_500_000);
        go.countDown();
        await().atMost(Duration.ofSeconds(30)).until(() -> at.get() == 20);
    }

    private ConsumerInfo consumerState() throws Exception {
        try (Connection client = server.client()) {
            return client.jetStreamManagement().getConsumerInfo(STREAM, "test");
        }
    }

    @Test
    void leavesWhatItDidNotFinishToAnother() throws Exception {
        server.start();
        ProducerTemplate template = producer();
        for (int i = 0; i < 20; i++) {
            sendUntilTaken(template, TestEvents.event(1, i));
        }
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch reached = new CountDownLatch(1);
        CamelContext first = consumer("", exchange -> {
            reached.countDown();
            stuck.await();
        });
        reached.await();
        Thread stop = new Thread(first::stop);
        stop.start();
        await().until(() -> first.getStatus().isStopping());
        stuck.countDown();
        stop.join();
        Set<String> taken = ConcurrentHashMap.newKeySet();

        consumer(
                "",
                exchange -> taken.add(
                        exchange.getMessage().getBody(CloudEvent.class).id()));

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(inStream(STREAM))
                .as("of %s, not %s", consumerState(), taken)
                .isZero());
    }

    @Test
    void makesAgainAStreamAndAConsumerThatAreGone() throws Exception {
        server.start();
        Set<String> taken = ConcurrentHashMap.newKeySet();
        consumer(
                "",
                exchange -> taken.add(
                        exchange.getMessage().getBody(CloudEvent.class).id()));
        ProducerTemplate template = producer();
        sendUntilTaken(template, TestEvents.event(1, 1));
        await().until(() -> taken.contains("1-1"));
        try (Connection client = server.client()) {
            client.jetStreamManagement().deleteStream(STREAM);
        }

        sendUntilTaken(template, TestEvents.event(1, 2));

        await().atMost(Duration.ofSeconds(30)).until(() -> taken.contains("1-2"));
    }

    @Test
    void keepsEventsOnDiskUntilTheyAreProcessed() throws Exception {
        server.start();
        sendUntilTaken(producer(), TestEvents.event(1, 1));
        try (Connection client = server.client()) {
            StreamInfo info = client.jetStreamManagement().getStreamInfo(STREAM);
            assertThat(info.getConfiguration().getStorageType()).hasToString("file");
            assertThat(info.getConfiguration().getRetentionPolicy()).hasToString("workqueue");
            assertThat(info.getConfiguration().getDiscardPolicy()).hasToString("new");
        }
    }

    @Test
    void givesTheRevisionOfAStudyThatIsLongerThanAMessage() throws Exception {
        server.start();
        List<CloudEvent> taken = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger attempts = new AtomicInteger();
        CamelContext context = context();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(uri("&type=StudyRevisionEvent&durable=test&retryDelay=50")).process(exchange -> {
                    if (attempts.incrementAndGet() == 1) {
                        throw new IllegalStateException("not yet");
                    }
                    taken.add(exchange.getMessage().getBody(CloudEvent.class));
                });
            }
        });
        context.start();
        CloudEvent sent = TestEvents.revision(10_000);
        assertThat(sent.data().length).isGreaterThan(3 << 19);

        sendUntilTaken(producer(), sent);

        await().until(() -> taken.size() == 1);
        assertSame(taken.get(0), sent);
        try (Connection client = server.client()) {
            MessageInfo message = client.jetStreamManagement().getMessage("imaging-events-StudyRevisionEvent", 1);
            assertThat(message.getHeaders().getFirst("content-encoding")).isEqualTo("gzip");
            assertSame(
                    CloudEventHttp.readStructured(
                            new GZIPInputStream(new ByteArrayInputStream(message.getData())).readAllBytes()),
                    sent);
        }
    }

    /** Byte by byte a comparison of so many would take all memory. */
    private static void assertSame(CloudEvent taken, CloudEvent sent) {
        assertThat(taken).usingRecursiveComparison().ignoringFields("data").isEqualTo(sent);
        assertThat(Arrays.equals(taken.data(), sent.data())).isTrue();
    }

    @Test
    void sendsWhatFitsAsItIs() throws Exception {
        server.start();
        ProducerTemplate template = producer();
        sendUntilTaken(template, TestEvents.withLength(1, 1_000_000));

        try (Connection client = server.client()) {
            MessageInfo message = client.jetStreamManagement().getMessage(STREAM, 1);
            assertThat(message.getHeaders().getFirst("content-encoding")).isNull();
            assertThat(message.getData()).startsWith('{').hasSizeGreaterThan(1_000_000);
        }
        // of so many bytes that only the headers are too much
        send(template, TestEvents.withLength(2, (1 << 20) - 300));
        assertThat(inStream(STREAM)).isEqualTo(2);
    }

    @Test
    void sendsTheTraceOfTheExchange() throws Exception {
        server.start();
        ProducerTemplate template = producer();
        sendUntilTaken(template, TestEvents.event(1, 1));
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        template.sendBodyAndHeader(uri(""), TestEvents.event(1, 2), "traceparent", trace);

        try (Connection client = server.client()) {
            assertThat(client.jetStreamManagement()
                            .getMessage(STREAM, 2)
                            .getHeaders()
                            .get("traceparent"))
                    .containsExactly(trace);
            assertThat(client.jetStreamManagement()
                            .getMessage(STREAM, 1)
                            .getHeaders()
                            .get("traceparent"))
                    .isNull();
        }
    }

    @Test
    void saysWhatIsTooLongEvenCompressed() throws Exception {
        server = new NatsServer(folder, "max_payload: 65536").start();
        ProducerTemplate template = producer();
        sendUntilTaken(template, TestEvents.event(1, 1));

        assertThatThrownBy(() -> send(template, TestEvents.revision(2000)))
                .rootCause()
                .isInstanceOfSatisfying(DicomException.class, e -> assertThat(e.status())
                        .isEqualTo(DicomStatus.INVALID_OBJECT_INSTANCE))
                .hasMessageContaining("max_payload")
                .hasMessageContaining("65536");
    }

    @Test
    void takesDeadLettersAgainWhenTheyAreReplayed() throws Exception {
        server.start();
        Set<String> taken = ConcurrentHashMap.newKeySet();
        AtomicBoolean mended = new AtomicBoolean();
        consumer("&maxAttempts=1", exchange -> {
            if (!mended.get()) {
                throw new DicomException(DicomStatus.CANNOT_UNDERSTAND, "It is no instance:\n\u00e9");
            }
            taken.add(exchange.getMessage().getBody(CloudEvent.class).id());
        });
        ProducerTemplate template = producer();
        await().ignoreExceptions().until(() -> deadLetters(template).isEmpty());
        assertThat(replay(template, "")).isZero();
        sendUntilTaken(template, TestEvents.event(1, 1));
        // goes compressed, and comes back so
        CloudEvent large = TestEvents.withLength(2, 2_000_000);
        send(template, large);
        await().ignoreExceptions().until(() -> inStream("imaging-events-dead") == 2);

        List<DeadLetter> letters = deadLetters(template);
        assertThat(letters).extracting(DeadLetter::id).containsExactlyInAnyOrder("1-1", "2-2");
        assertThat(letters).allSatisfy(letter -> {
            assertThat(letter.type()).isEqualTo("ImageStoredEvent");
            assertThat(letter.subject()).startsWith("/studies/1.");
            assertThat(letter.reason()).isEqualTo("CANNOT_UNDERSTAND: It is no instance:??");
        });
        assertThat(replay(template, "&type=StudyRevisionEvent")).isZero();
        // what cannot be processed still is a dead letter again
        assertThat(replay(template, "&type=ImageStoredEvent")).isEqualTo(2);
        await().until(() -> inStream("imaging-events-dead") == 2);
        mended.set(true);
        assertThat(replay(template, "")).isEqualTo(2);

        await().until(() -> taken.equals(Set.of("1-1", "2-2")));
        await().until(() -> inStream(STREAM) == 0);
        assertThat(deadLetters(template)).isEmpty();
    }

    @Test
    void tellsAgainOnlyTheSubscriptionThatIsNamed() throws Exception {
        server.start();
        List<String> one = new CopyOnWriteArrayList<>();
        List<String> other = new CopyOnWriteArrayList<>();
        AtomicBoolean mended = new AtomicBoolean();
        subscriber("one", exchange -> {
            if (!mended.get()) {
                throw new DicomException(DicomStatus.SOP_CLASS_NOT_SUPPORTED, "Not here");
            }
            one.add(exchange.getMessage().getBody(CloudEvent.class).id());
        });
        subscriber(
                "other",
                exchange -> other.add(
                        exchange.getMessage().getBody(CloudEvent.class).id()));
        ProducerTemplate template = producer();
        for (int study = 1; study <= 2; study++) {
            sendUntilTaken(template, TestEvents.event(study, 1, "DicomAvailableEvent"));
        }
        await().until(() -> other.size() == 2);
        await().ignoreExceptions().until(() -> deadLetters(template).size() == 2);

        assertThat(deadLetters(template)).extracting(DeadLetter::subscription).containsOnly("one");
        assertThat(again(template, "other")).isZero();
        mended.set(true);
        assertThat(again(template, "one")).isEqualTo(2);
        await().until(() -> one.size() == 2);
        assertThat(again(template, "one", EventConstants.STUDY_INSTANCE_UID, "1.2"))
                .isEqualTo(1);
        await().until(() -> one.size() == 3);
        assertThat(one.get(2)).isEqualTo("2-1");
        assertThat(again(template, "one", EventConstants.TO, "2020-01-01T00:00:00Z"))
                .isZero();
        assertThat(again(template, "one", EventConstants.FROM, "2020-01-01T00:00:00Z"))
                .isEqualTo(2);
        await().until(() -> one.size() == 5);
        assertThatThrownBy(() -> again(template, "nobody", EventConstants.STUDY_INSTANCE_UID, "1.2"))
                .hasRootCauseMessage("The broker has no such subscription");
        assertThatThrownBy(() -> again(template, "one", EventConstants.FROM, "yesterday"))
                .rootCause()
                .hasMessageContaining("is not a time with its zone");
        assertThatThrownBy(() -> again(template, null, EventConstants.STUDY_INSTANCE_UID, "1.2"))
                .rootCause()
                .hasMessageContaining("A subscription is to be named");
        // what is for one does not stay with the others
        await().until(() -> statistics("other").pending() == 0);
        assertThat(other).hasSize(2);
        assertThat(statistics("one").delivered()).isEqualTo(5);
        assertThat(statistics("one").dead()).isEqualTo(2);
        assertThat(statistics("one").lastError()).isEqualTo("SOP_CLASS_NOT_SUPPORTED: Not here");
    }

    private void subscriber(String name, Processor work) throws Exception {
        CamelContext context = context();
        context.getShutdownStrategy().setTimeout(5);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(uri("&type=DicomAvailableEvent&durable=" + name)).process(work);
            }
        });
        context.start();
    }

    private DeliveryStatistics statistics(String subscription) {
        return contexts.stream()
                .flatMap(context -> context.getRoutes().stream())
                .map(Route::getConsumer)
                .filter(EventSubscription.class::isInstance)
                .map(EventSubscription.class::cast)
                .filter(consumer -> consumer.subscription().equals(subscription))
                .findFirst()
                .orElseThrow()
                .statistics();
    }

    private long again(ProducerTemplate template, String subscription, String... header) {
        Map<String, Object> headers = new HashMap<>();
        headers.put(EventConstants.SUBSCRIPTION, subscription);
        if (header.length > 0) {
            headers.put(header[0], header[1]);
        }
        return template.requestBodyAndHeaders(uri("&operation=replay"), null, headers, Long.class);
    }

    @Test
    void leavesWhoeverAsksForItAlone() throws Exception {
        server.start();
        List<Long> attempts = new CopyOnWriteArrayList<>();
        consumer("&maxAttempts=1", exchange -> {
            attempts.add(System.nanoTime());
            if (attempts.size() == 1) {
                throw new DicomException(DicomStatus.OUT_OF_RESOURCES, "Later") {
                    @Override
                    public long retryAfter() {
                        return 1_000;
                    }
                };
            }
        });
        ProducerTemplate template = producer();
        sendUntilTaken(template, TestEvents.event(1, 1));
        await().until(() -> !attempts.isEmpty());
        // of another study, and not told of either
        sendUntilTaken(template, TestEvents.event(2, 1));

        await().until(() -> attempts.size() == 3);
        assertThat(attempts.get(1) - attempts.get(0)).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(1_000));
        assertThat(deadLetters(template)).isEmpty();
    }

    @SuppressWarnings("unchecked")
    private List<DeadLetter> deadLetters(ProducerTemplate template) {
        return template.requestBody(uri("&operation=deadLetters"), null, List.class);
    }

    private long replay(ProducerTemplate template, String options) {
        return template.requestBody(uri("&operation=replay" + options), null, Long.class);
    }
}
