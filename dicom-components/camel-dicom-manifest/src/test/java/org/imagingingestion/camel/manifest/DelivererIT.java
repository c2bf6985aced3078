package org.imagingingestion.camel.manifest;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.event.DeliveryStatistics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.agroal.api.AgroalDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Deliveries by one process and by several, each with connections of its own. */
class DelivererIT {
    private final String database = TestServer.newDatabase();
    private final AgroalDataSource dataSource = TestServer.pool(database, 6);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Runnable> closing = new ArrayList<>();

    @BeforeEach
    void create() {
        Migrations.run(dataSource);
    }

    @AfterEach
    void close() {
        closing.forEach(Runnable::run);
        threads.shutdownNow();
        dataSource.close();
    }

    private Deliverer start(Deliverer.Handler handler) throws Exception {
        return start(handler, 3, 4);
    }

    private Deliverer start(Deliverer.Handler handler, int maxAttempts, int parallel) throws Exception {
        AgroalDataSource own = TestServer.pool(database, 2);
        return start(
                handler,
                new Deliverer.Options(
                        "a", List.of("T"), Providers.of("*"), maxAttempts, new Backoff(10, 100), parallel, 1),
                own);
    }

    private Deliverer start(Deliverer.Handler handler, Deliverer.Options options, AgroalDataSource own)
            throws Exception {
        return start(handler, options, own, threads);
    }

    private Deliverer start(
            Deliverer.Handler handler, Deliverer.Options options, AgroalDataSource own, Executor workers)
            throws Exception {
        Transaction.run(own, connection -> Subscriptions.register(connection, options));
        Deliverer deliverer = new Deliverer(own, options, workers, handler);
        Future<?> run = threads.submit(deliverer);
        closing.add(() -> {
            deliverer.stop();
            try {
                run.get(20, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException("It does not end", e);
            }
            own.close();
        });
        return deliverer;
    }

    private static CloudEvent event(int partition, int number) {
        return new CloudEvent(
                partition + "-" + number,
                "test",
                "T",
                "/studies/" + partition,
                Instant.now(),
                "p/" + partition,
                null,
                "{}".getBytes(StandardCharsets.UTF_8));
    }

    private void append(CloudEvent... events) throws SQLException {
        Transaction.run(dataSource, connection -> {
            EventLog.append(connection, List.of(events));
            return null;
        });
    }

    private List<String> rows(String sql) {
        return TestServer.rows(dataSource, sql);
    }

    private void awaitNothingPending() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> rows("SELECT seq FROM manifest.delivery").isEmpty());
    }

    /** Takes batches, and refuses some events for good, alone or among others. */
    private static class Batches implements Deliverer.Handler {
        final List<List<String>> taken = Collections.synchronizedList(new ArrayList<>());
        private final String refused;
        private final DicomStatus status;

        Batches(String refused, DicomStatus status) {
            this.refused = refused;
            this.status = status;
        }

        @Override
        public void deliver(CloudEvent event, int attempts) throws Exception {
            deliver(List.of(event));
        }

        @Override
        public void deliver(List<CloudEvent> events) throws Exception {
            List<String> ids = events.stream().map(CloudEvent::id).toList();
            taken.add(ids);
            if (ids.contains(refused)) {
                throw new DicomException(status, "No");
            }
        }
    }

    /** Delivers events that lie there already, three at a time. */
    private void startWithBatches(Deliverer.Handler handler, CloudEvent... events) throws Exception {
        Deliverer.Options options =
                new Deliverer.Options("a", List.of("T"), Providers.of("*"), 3, new Backoff(10, 100), 4, 3);
        Transaction.run(dataSource, connection -> Subscriptions.register(connection, options));
        append(events);
        start(handler, options, TestServer.pool(database, 2));
    }

    @Test
    void deliversSeveralOfAPartitionAtOnceInOrder() throws Exception {
        Batches batches = new Batches(null, null);
        startWithBatches(batches, event(1, 1), event(1, 2), event(2, 1), event(1, 3), event(1, 4), event(1, 5));

        awaitNothingPending();
        assertThat(batches.taken)
                .containsExactlyInAnyOrder(List.of("1-1", "1-2", "1-3"), List.of("1-4", "1-5"), List.of("2-1"))
                .containsSubsequence(List.of("1-1", "1-2", "1-3"), List.of("1-4", "1-5"));
    }

    @Test
    void deliversEachAloneWhereSomeOfABatchAreRefused() throws Exception {
        Batches batches = new Batches("1-2", DicomStatus.CANNOT_UNDERSTAND);
        startWithBatches(batches, event(1, 1), event(1, 2), event(1, 3), event(1, 4));

        awaitNothingPending();
        assertThat(batches.taken)
                .containsExactly(
                        List.of("1-1", "1-2", "1-3"), List.of("1-1"), List.of("1-2"), List.of("1-3"), List.of("1-4"));
        assertThat(rows("SELECT e.id FROM manifest.dead_letter l JOIN manifest.event e USING (seq)"))
                .containsExactly("1-2");
    }

    @Test
    void triesABatchAgainFromItsFirstWhereWhoTakesItIsAway() throws Exception {
        AtomicBoolean isAway = new AtomicBoolean(true);
        List<List<String>> taken = Collections.synchronizedList(new ArrayList<>());
        startWithBatches(
                new Deliverer.Handler() {
                    @Override
                    public void deliver(CloudEvent event, int attempts) {
                        taken.add(List.of(event.id()));
                    }

                    @Override
                    public void deliver(List<CloudEvent> events) throws Exception {
                        taken.add(events.stream().map(CloudEvent::id).toList());
                        if (isAway.getAndSet(false)) {
                            throw new DicomException(DicomStatus.OUT_OF_RESOURCES, "Away");
                        }
                    }
                },
                event(1, 1),
                event(1, 2),
                event(1, 3));

        awaitNothingPending();
        assertThat(taken).containsExactly(List.of("1-1", "1-2", "1-3"), List.of("1-1"), List.of("1-2"), List.of("1-3"));
        assertThat(rows("SELECT count(*) FROM manifest.dead_letter")).containsExactly("0");
    }

    /** Takes what it is told, but for some instances, and tells which of several it has taken. */
    private static final class Sorting extends Batches {
        final Map<String, DicomException> refusals;
        final List<String> delivered = Collections.synchronizedList(new ArrayList<>());

        Sorting(Map<String, DicomException> refusals) {
            super(null, null);
            this.refusals = new ConcurrentHashMap<>(refusals);
        }

        @Override
        public void deliver(List<CloudEvent> events) throws Exception {
            super.deliver(events);
            Set<String> good = new HashSet<>();
            DicomException first = null;
            for (CloudEvent event : events) {
                DicomException refusal = refusals.get(event.sopInstanceUID());
                first = first == null ? refusal : first;
                if (refusal == null) {
                    good.add(event.sopInstanceUID());
                    delivered.add(event.sopInstanceUID());
                }
            }
            if (first != null) {
                throw good.isEmpty() ? first : new Deliverer.PartlyDelivered(good, first);
            }
        }
    }

    private static CloudEvent instance(int number) {
        CloudEvent event = event(1, number);
        return new CloudEvent(
                event.id(),
                event.source(),
                event.type(),
                "/studies/1/series/1/instances/" + number,
                event.time(),
                event.partitionKey(),
                null,
                event.data());
    }

    @Test
    void sendsAgainOnlyWhatWasRefused() throws Exception {
        Sorting target = new Sorting(Map.of(
                "1", new DicomException(DicomStatus.CANNOT_UNDERSTAND, "Never"),
                "3", new DicomException(DicomStatus.PROCESSING_FAILURE, "Perhaps later")));
        startWithBatches(target, instance(1), instance(2), instance(3), instance(4));

        await().until(() -> rows("SELECT attempts FROM manifest.delivery WHERE attempts > 0")
                .equals(List.of("1")));
        target.refusals.remove("3");
        awaitNothingPending();
        assertThat(target.taken)
                .startsWith(List.of("1-1", "1-2", "1-3"), List.of("1-1"), List.of("1-3"))
                .endsWith(List.of("1-4"));
        assertThat(target.delivered).containsExactly("2", "3", "4");
        assertThat(rows("SELECT e.id FROM manifest.dead_letter l JOIN manifest.event e USING (seq)"))
                .containsExactly("1-1");
    }

    @Test
    void sendsEachAloneThatWasRefusedForNow() throws Exception {
        DicomException full = new DicomException(DicomStatus.OUT_OF_RESOURCES, "Full");
        Sorting target = new Sorting(Map.of("2", full, "3", full));
        startWithBatches(target, instance(1), instance(2), instance(3), instance(4), instance(5));

        await().until(() -> target.taken.size() > 2);
        target.refusals.remove("3");
        target.refusals.remove("2");
        awaitNothingPending();
        assertThat(target.taken)
                .startsWith(List.of("1-1", "1-2", "1-3"), List.of("1-2"))
                .endsWith(List.of("1-2"), List.of("1-3"), List.of("1-4", "1-5"));
        assertThat(target.delivered).containsExactly("1", "2", "3", "4", "5");
        assertThat(rows("SELECT count(*) FROM manifest.dead_letter")).containsExactly("0");
    }

    @Test
    void leavesAloneWhoAsksForIt() throws Exception {
        List<String> calls = Collections.synchronizedList(new ArrayList<>());
        List<Long> times = Collections.synchronizedList(new ArrayList<>());
        start(
                (event, attempts) -> {
                    times.add(System.nanoTime());
                    calls.add(event.id());
                    if (calls.size() == 1) {
                        throw new DicomException(
                                DicomStatus.PROCESSING_FAILURE,
                                "The route failed",
                                new BusyException(Duration.ofSeconds(2).toMillis()));
                    }
                },
                3,
                1);

        append(event(1, 1));
        await().until(() -> calls.size() == 1);
        // of another study, which would be due at once
        append(event(2, 1));
        awaitNothingPending();

        assertThat(calls).hasSize(3).startsWith("1-1").contains("2-1");
        assertThat(Duration.ofNanos(times.get(1) - times.get(0))).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void tellsOfOneProviderOnlyAlsoOfWhatWaitedBefore() throws Exception {
        Set<String> delivered = ConcurrentHashMap.newKeySet();
        Deliverer.Options all =
                new Deliverer.Options("a", List.of("T"), Providers.of("*"), 3, new Backoff(10, 100), 4, 1);
        Transaction.run(dataSource, connection -> Subscriptions.register(connection, all));
        append(of("p", 1), of("q", 1), of("p/q", 1));
        Deliverer.Options limited =
                new Deliverer.Options("a", List.of("T"), Providers.of("q"), 3, new Backoff(10, 100), 4, 1);

        start((event, attempts) -> delivered.add(event.id()), limited, TestServer.pool(database, 2));
        append(of("p", 2), of("q", 2), of("p/q", 2), of("q/r", 2));
        awaitNothingPending();

        assertThat(delivered).containsExactlyInAnyOrder("q-1", "q-2");
        new Subscriptions(dataSource).replay(Providers.of("*"), new Replay("a", null, null, Instant.EPOCH, null));
        awaitNothingPending();
        assertThat(delivered).hasSize(2);
        assertThat(rows("SELECT provider FROM manifest.subscription")).containsExactly("q");
    }

    @Test
    void leavesToATenantWhatIsItsOwn() throws Exception {
        Deliverer.Options ofOne =
                new Deliverer.Options("a", List.of(), Providers.of("p"), 3, new Backoff(10, 100), 4, 1);
        Deliverer.Options ofOther =
                new Deliverer.Options("a", List.of(), Providers.of("q"), 3, new Backoff(10, 100), 4, 1);
        int id = Transaction.run(dataSource, connection -> Subscriptions.register(connection, ofOne));
        append(of("p", 1), of("p", 2));
        TestServer.execute(
                dataSource,
                "INSERT INTO manifest.dead_letter (subscription, seq, attempts, failing_since, last_error)"
                        + " SELECT subscription, min(seq), 1, now(), 'x' FROM manifest.delivery GROUP BY 1");
        Subscriptions subscriptions = new Subscriptions(dataSource);
        Providers others = Providers.of("q, p/q, r");

        assertThatThrownBy(() -> Transaction.run(dataSource, connection -> Subscriptions.register(connection, ofOther)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another provider");
        assertThat(subscriptions.statistics(others)).isEmpty();
        assertThat(subscriptions.deadLetters(others, null)).isEmpty();
        assertThat(subscriptions.deadLetters(others, "a")).isEmpty();
        for (Replay replay : List.of(
                new Replay("a", null, "p", null, null),
                new Replay("a", "1", "p", null, null),
                new Replay("a", null, "p", Instant.EPOCH, null))) {
            assertThatThrownBy(() -> subscriptions.replay(others, replay))
                    .isInstanceOfSatisfying(DicomException.class, e -> assertThat(e.status())
                            .isEqualTo(DicomStatus.NO_SUCH_OBJECT_INSTANCE));
        }
        assertThatThrownBy(() -> subscriptions.unsubscribe(others, "a"))
                .isInstanceOfSatisfying(DicomException.class, e -> assertThat(e.status())
                        .isEqualTo(DicomStatus.NO_SUCH_OBJECT_INSTANCE));

        Providers theirs = Providers.of("q, p");
        int again = Transaction.run(dataSource, connection -> Subscriptions.register(connection, ofOne));
        assertThat(again).isEqualTo(id);
        assertThat(rows("SELECT provider FROM manifest.subscription")).containsExactly("p");
        assertThat(subscriptions.statistics(theirs)).hasSize(1);
        assertThat(subscriptions.deadLetters(theirs, null)).hasSize(1);
        assertThat(subscriptions.unsubscribe(theirs, "a")).isEqualTo(2);
    }

    @Test
    void replaysOfASubscriptionOfAllWhatIsAskedForOnly() throws Exception {
        Deliverer.Options all =
                new Deliverer.Options("a", List.of(), Providers.of("p, q"), 3, new Backoff(10, 100), 4, 1);
        Transaction.run(dataSource, connection -> Subscriptions.register(connection, all));
        append(of("p", 1), of("q", 1));
        TestServer.execute(dataSource, "DELETE FROM manifest.delivery");

        assertThat(new Subscriptions(dataSource)
                        .replay(Providers.of("q, p, r"), new Replay("a", null, null, Instant.EPOCH, null)))
                .isEqualTo(2);
        assertThat(rows("SELECT e.id FROM manifest.delivery d JOIN manifest.event e ON e.seq = d.seq ORDER BY 1"))
                .containsExactly("p-1", "q-1");
    }

    private static CloudEvent of(String provider, int number) {
        return new CloudEvent(
                provider + "-" + number,
                "test",
                "T",
                "/studies/1",
                Instant.now(),
                provider + "/1",
                null,
                "{}".getBytes(StandardCharsets.UTF_8));
    }

    private static final class BusyException extends DicomException {
        private static final long serialVersionUID = 1L;

        private final long retryAfter;

        BusyException(long retryAfter) {
            super(DicomStatus.OUT_OF_RESOURCES, "made up");
            this.retryAfter = retryAfter;
        }

        @Override
        public long retryAfter() {
            return retryAfter;
        }
    }

    @Test
    void deliversAPartitionInItsOrderThoughItsEventsFailAtFirst() throws Exception {
        List<String> delivered = Collections.synchronizedList(new ArrayList<>());
        start((event, attempts) -> {
            if (attempts < 2 && event.id().endsWith("3")) {
                throw new DicomException(DicomStatus.OUT_OF_RESOURCES, "made up");
            }
            delivered.add(event.id());
        });

        append(IntStream.range(0, 100).mapToObj(i -> event(1, i)).toArray(CloudEvent[]::new));
        awaitNothingPending();

        assertThat(delivered)
                .containsExactlyElementsOf(
                        IntStream.range(0, 100).mapToObj(i -> "1-" + i).toList());
        assertThat(rows("SELECT delivered FROM manifest.progress")).containsExactly("100");
    }

    @Test
    void letsOnePartitionWaitForAnother() throws Exception {
        AtomicBoolean isDown = new AtomicBoolean(true);
        Set<String> delivered = ConcurrentHashMap.newKeySet();
        start(
                (event, attempts) -> {
                    if (isDown.get() && event.partitionKey().equals("p/1")) {
                        throw new IllegalStateException("Doe^Jane");
                    }
                    delivered.add(event.id());
                },
                0,
                4);

        append(event(1, 1), event(1, 2), event(2, 1), event(3, 1), event(1, 3));
        await().until(() -> delivered.size() == 2);
        await().until(() -> Integer.parseInt(
                        rows("SELECT max(attempts) FROM manifest.delivery").get(0))
                > 3);

        DeliveryStatistics statistics =
                new Subscriptions(dataSource).statistics(Providers.of("*")).get(0);
        assertThat(statistics)
                .usingRecursiveComparison()
                .ignoringFields("latest", "failingSince", "lag")
                .isEqualTo(new DeliveryStatistics(
                        "a", List.of("T"), null, 2, null, 3, null, 0, 1, null, "java.lang.IllegalStateException"));
        assertThat(statistics.failingSince()).isBefore(Instant.now());
        assertThat(statistics.lag()).isPositive();

        isDown.set(false);
        awaitNothingPending();
        assertThat(delivered).hasSize(5);
    }

    @Test
    void buriesWhatIsNotTakenAndGoesOn() throws Exception {
        Set<String> delivered = ConcurrentHashMap.newKeySet();
        AtomicBoolean isRepaired = new AtomicBoolean();
        start((event, attempts) -> {
            if (!isRepaired.get() && event.id().equals("1-1")) {
                throw new DicomException(DicomStatus.INVALID_ATTRIBUTE_VALUE, "no good\0");
            }
            if (!isRepaired.get() && event.id().equals("2-1")) {
                throw new DicomException(DicomStatus.PROCESSING_FAILURE, "x".repeat(10_000));
            }
            delivered.add(event.id());
        });
        Subscriptions subscriptions = new Subscriptions(dataSource);

        append(event(1, 1), event(1, 2), event(2, 1), event(2, 2));
        awaitNothingPending();

        assertThat(delivered).containsExactlyInAnyOrder("1-2", "2-2");
        assertThat(subscriptions.deadLetters(Providers.of("*"), "a"))
                .extracting(DeadLetter::id, DeadLetter::attempts, letter -> letter.lastError()
                        .substring(0, 18))
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("1-1", 1, "INVALID_ATTRIBUTE_"),
                        org.assertj.core.groups.Tuple.tuple("2-1", 3, "PROCESSING_FAILURE"));
        assertThat(subscriptions.deadLetters(Providers.of("*"), "b")).isEmpty();
        assertThat(subscriptions.statistics(Providers.of("*")).get(0).dead()).isEqualTo(2);
        assertThat(subscriptions.statistics(Providers.of("*")).get(0).delivered())
                .isEqualTo(2);

        isRepaired.set(true);
        assertThat(subscriptions.replay(Providers.of("*"), new Replay("a", null, "p", null, null)))
                .isEqualTo(2);
        awaitNothingPending();

        assertThat(delivered).hasSize(4);
        assertThat(subscriptions.deadLetters(Providers.of("*"), null)).isEmpty();
    }

    @Test
    void goesOnWhateverIsThrown() throws Exception {
        List<String> delivered = new CopyOnWriteArrayList<>();
        AtomicBoolean isBroken = new AtomicBoolean(true);
        start((event, attempts) -> {
            if (isBroken.getAndSet(false)) {
                throw new AssertionError("Doe^Jane");
            }
            delivered.add(event.id());
        });

        append(event(1, 1), event(1, 2));
        awaitNothingPending();

        assertThat(delivered).containsExactly("1-1", "1-2");
    }

    @Test
    void goesOnWhereItsWorkersDoNot() throws Exception {
        Set<String> delivered = ConcurrentHashMap.newKeySet();
        AtomicInteger refusals = new AtomicInteger(3);
        AgroalDataSource own = TestServer.pool(database, 2);
        Deliverer.Options options =
                new Deliverer.Options("a", List.of("T"), Providers.of("*"), 3, new Backoff(10, 100), 4, 1);
        start((event, attempts) -> delivered.add(event.id()), options, own, work -> {
            if (refusals.getAndDecrement() > 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            threads.execute(work);
        });

        append(event(1, 1), event(2, 1));
        awaitNothingPending();

        assertThat(delivered).containsExactlyInAnyOrder("1-1", "2-1");
    }

    @Test
    void sparesADestinationThatIsAway() throws Exception {
        AtomicBoolean isDown = new AtomicBoolean(true);
        Set<String> delivered = ConcurrentHashMap.newKeySet();
        Set<String> tried = ConcurrentHashMap.newKeySet();
        start(
                (event, attempts) -> {
                    tried.add(event.id());
                    if (isDown.get()) {
                        throw new DicomException(DicomStatus.OUT_OF_RESOURCES, "made up");
                    }
                    delivered.add(event.id());
                },
                0,
                2);

        append(IntStream.range(0, 500).mapToObj(i -> event(i, 1)).toArray(CloudEvent[]::new));
        await().until(() -> tried.size() >= 8);
        assertThat(tried).hasSizeLessThan(100);

        isDown.set(false);
        awaitNothingPending();
        assertThat(delivered).hasSize(500);
    }

    @Test
    void waitsForItsDatabase() throws Exception {
        Set<String> delivered = ConcurrentHashMap.newKeySet();
        CountDownLatch isDelivering = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<String> attempts = Collections.synchronizedList(new ArrayList<>());
        start((event, attempt) -> {
            attempts.add(event.id());
            isDelivering.countDown();
            goOn.await();
            delivered.add(event.id());
        });
        append(event(1, 1));
        isDelivering.await();

        try (AgroalDataSource other = TestServer.pool("postgres", 1)) {
            TestServer.rows(
                    other, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + database + "'");
        }
        goOn.countDown();
        await().ignoreExceptions().atMost(Duration.ofSeconds(20)).until(() -> {
            append(event(1, 2));
            return true;
        });
        await().ignoreExceptions()
                .until(() -> rows("SELECT seq FROM manifest.delivery").isEmpty());

        // what was delivered while the connection broke is known when there is another
        assertThat(attempts).containsExactly("1-1", "1-2");
    }

    @Test
    void finishesWhatItIsAtWhenItIsStopped() throws Exception {
        List<String> delivered = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch isDelivering = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Deliverer deliverer = start((event, attempts) -> {
            isDelivering.countDown();
            goOn.await();
            delivered.add(event.id());
        });
        append(event(1, 1), event(1, 2));
        isDelivering.await();

        deliverer.stop();
        goOn.countDown();
        closing.remove(0).run();

        assertThat(delivered).containsExactly("1-1");
        assertThat(rows("SELECT e.id FROM manifest.delivery d JOIN manifest.event e ON e.seq = d.seq"))
                .containsExactly("1-2");
        start((event, attempts) -> delivered.add(event.id()));
        awaitNothingPending();
        assertThat(delivered).containsExactly("1-1", "1-2");
    }

    @Test
    void sharesTheWorkWithOthersAndTakesItOver() throws Exception {
        Map<String, Set<Integer>> partitions = new ConcurrentHashMap<>();
        List<Deliverer> deliverers = new ArrayList<>();
        for (String name : new String[] {"one", "two"}) {
            partitions.put(name, ConcurrentHashMap.newKeySet());
            deliverers.add(start((event, attempts) -> partitions
                    .get(name)
                    .add(Integer.valueOf(event.partitionKey().substring(2)))));
        }
        String shards = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid < 16 AND objsubid = 2"
                + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) GROUP BY pid";
        await().until(() -> rows(shards).equals(List.of("8", "8")));

        append(IntStream.range(0, 200).mapToObj(i -> event(i, 1)).toArray(CloudEvent[]::new));
        awaitNothingPending();
        assertThat(partitions.get("one")).hasSizeGreaterThan(20).doesNotContainAnyElementsOf(partitions.get("two"));
        assertThat(partitions.get("one").size() + partitions.get("two").size()).isEqualTo(200);

        closing.remove(0).run();
        await().until(() -> rows(shards).equals(List.of("16")));
        append(IntStream.range(200, 300).mapToObj(i -> event(i, 1)).toArray(CloudEvent[]::new));
        awaitNothingPending();
        assertThat(partitions.get("two"))
                .containsAll(IntStream.range(200, 300).boxed().toList());
    }

    /** Each event of a partition has its number; what was delivered, each event once, is in the order of these. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void losesNothingAndKeepsTheOrderWhateverBreaks(long seed) throws Exception {
        int count = 20;
        int each = 80;
        Map<String, LinkedHashSet<Integer>> firsts = new ConcurrentHashMap<>();
        List<Deliverer> deliverers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Random random = new Random(seed + i);
            deliverers.add(start(
                    (event, attempts) -> {
                        synchronized (random) {
                            if (random.nextInt(10) == 0) {
                                throw new DicomException(DicomStatus.OUT_OF_RESOURCES, "made up");
                            }
                        }
                        LinkedHashSet<Integer> numbers =
                                firsts.computeIfAbsent(event.partitionKey(), key -> new LinkedHashSet<>());
                        synchronized (numbers) {
                            numbers.add(Integer.valueOf(
                                    event.id().substring(event.id().indexOf('-') + 1)));
                        }
                    },
                    0,
                    4));
        }
        AtomicBoolean isOver = new AtomicBoolean();
        Random random = new Random(seed);
        Future<?> breaking = threads.submit(() -> {
            try (AgroalDataSource other = TestServer.pool("postgres", 1)) {
                while (!isOver.get()) {
                    TestServer.rows(
                            other,
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + database
                                    + "' AND random() < 0.3");
                    TimeUnit.MILLISECONDS.sleep(50 + random.nextInt(200));
                }
            }
            return null;
        });
        List<Future<?>> appending = new ArrayList<>();
        for (int t = 0; t < 2; t++) {
            int thread = t;
            appending.add(threads.submit(() -> {
                Map<Integer, Integer> next = new HashMap<>();
                Random order = new Random(seed * 31 + thread);
                while (next.values().stream().mapToInt(n -> n).sum() < count / 2 * each) {
                    int partition = 2 * order.nextInt(count / 2) + thread;
                    int from = next.getOrDefault(partition, 0);
                    int to = Math.min(each, from + 1 + order.nextInt(3));
                    CloudEvent[] events = IntStream.range(from, to)
                            .mapToObj(number -> event(partition, number))
                            .toArray(CloudEvent[]::new);
                    await().pollDelay(Duration.ZERO).ignoreExceptions().until(() -> {
                        append(events);
                        return true;
                    });
                    next.put(partition, to);
                }
                return null;
            }));
        }
        for (Future<?> future : appending) {
            future.get(120, TimeUnit.SECONDS);
        }
        isOver.set(true);
        breaking.get(10, TimeUnit.SECONDS);
        await().ignoreExceptions().atMost(Duration.ofSeconds(30)).until(() -> rows("SELECT seq FROM manifest.delivery")
                .isEmpty());

        assertThat(firsts).hasSize(count);
        firsts.forEach((partition, numbers) -> assertThat(numbers)
                .as(partition)
                .containsExactlyElementsOf(IntStream.range(0, each).boxed().toList()));
        assertThat(new HashSet<>(rows("SELECT id FROM manifest.event"))).hasSize(count * each);
    }
}
