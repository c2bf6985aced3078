package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import org.imagingingestion.camel.manifest.DeliveryQueue.Head;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.event.DeliveryFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the events of a subscription, at least once, those of a partition one after the other in their order. One thread has
 * the connection, whose locks say which shards are its; others deliver. An event is done when its delivery is deleted on that
 * very connection, so that who has lost the locks knows.
 */
final class Deliverer implements Runnable {
    /** Delivers an event. */
    @FunctionalInterface
    interface Handler {
        /** @throws Exception where it was not delivered */
        void deliver(CloudEvent event, int attempts) throws Exception;

        /**
         * Delivers several of a partition at once.
         *
         * @throws PartlyDelivered where those of some instances are delivered, and others not
         * @throws Exception where it may be that none is delivered
         */
        default void deliver(List<CloudEvent> events) throws Exception {
            for (CloudEvent event : events) {
                deliver(event, 0);
            }
        }
    }

    /** Some of several events are delivered, and others not. */
    static final class PartlyDelivered extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Set<String> taken;

        /** @param taken SOP Instance UIDs of those that are delivered */
        PartlyDelivered(Set<String> taken, Exception cause) {
            super(cause);
            this.taken = taken;
        }

        Set<String> taken() {
            return taken;
        }
    }

    /**
     * @param types of events, all where there are none
     * @param providers whose events are delivered
     * @param maxAttempts after which an event is a dead letter, 0 for none
     * @param parallel partitions at once
     * @param batchSize most events of a partition at once
     */
    record Options(
            String subscription,
            Collection<String> types,
            Providers providers,
            int maxAttempts,
            Backoff backoff,
            int parallel,
            int batchSize) {}

    /** What became of a delivery; without one, all that was loaded of the partition is through. */
    private record Outcome(long partition, Delivery delivery, DeliveryFailure failure) {}

    private static final Logger LOG = LoggerFactory.getLogger(Deliverer.class);

    /** So often it is looked for events that other processes appended. */
    private static final long POLL_MILLIS = 100;

    private static final long BALANCE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** A connection that was good for so long does not count as a failure in a row. */
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Backoff RECONNECT = new Backoff(100, 2_000);

    /** So many partitions fail without a success in between where it is not the events that are to blame. */
    private static final int MOST_FAILING = 5;

    private static final long LONGEST_PAUSE = 30_000;

    /** What is delivered may be lost with the server: it is delivered again then. */
    private static final String SET = WriterConnection.SET + "; SET synchronous_commit = off";

    private static final String RESET =
            "SELECT pg_advisory_unlock_all(); RESET synchronous_commit; " + WriterConnection.RESET;

    private static final Outcome WAKE = new Outcome(0, null, null);

    private final DataSource dataSource;
    private final Options options;
    private final Executor workers;
    private final Handler handler;
    private final Backoff pauses;

    private final LinkedBlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    private final AtomicBoolean isAwake = new AtomicBoolean();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile boolean isStopped;
    private volatile boolean isOwner;

    /** Partitions that a worker is at, and their shards. */
    private final Map<Long, Integer> active = new HashMap<>();

    /** The last event of each partition that failed among others. */
    private final Map<Long, Long> alone = new ConcurrentHashMap<>();

    private final List<Outcome> toWrite = new ArrayList<>();
    private final ArrayDeque<Head> candidates = new ArrayDeque<>();
    private final Map<Integer, Long> after = new HashMap<>();
    private final Set<Long> failing = new HashSet<>();
    private int failuresInRow;
    private long pausedUntil = System.nanoTime();

    /** Before that, whoever takes the events does not want to hear of any. */
    private volatile long leftAloneUntil = System.nanoTime();

    Deliverer(DataSource dataSource, Options options, Executor workers, Handler handler) {
        this.dataSource = dataSource;
        this.options = options;
        this.workers = workers;
        this.handler = handler;
        pauses = new Backoff(
                options.backoff().first(),
                Math.min(LONGEST_PAUSE, options.backoff().most()));
    }

    /** There may be something to deliver. */
    void wake() {
        if (isAwake.compareAndSet(false, true)) {
            outcomes.add(WAKE);
        }
    }

    /** Ends it when what is being delivered is. */
    void stop() {
        isStopped = true;
        isOwner = false;
        wake();
    }

    /** Events delivered since the start. */
    long delivered() {
        return delivered.sum();
    }

    /** Attempts that failed since the start. */
    long failed() {
        return failed.sum();
    }

    @Override
    public void run() {
        int failures = 0;
        while (!isStopped) {
            long start = System.nanoTime();
            try (Connection connection = dataSource.getConnection()) {
                serve(connection);
            } catch (Throwable e) {
                // without this thread nobody is told any more, and its locks keep others from it
                failures = System.nanoTime() - start > LONG_NANOS ? 1 : failures + 1;
                tell(e);
                pause(RECONNECT.after(failures));
            }
        }
    }

    private void tell(Throwable e) {
        if (e instanceof SQLException sql) {
            LOG.warn("Subscription {} waits for its database{}", options.subscription(), SqlFailures.describe(sql));
        } else {
            LOG.error(
                    "Subscription {} fails: {}",
                    options.subscription(),
                    e.getClass().getName());
        }
    }

    private void pause(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!isStopped && System.nanoTime() < end) {
            await(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
        }
    }

    private void serve(Connection connection) throws SQLException {
        try {
            execute(connection, SET);
            int subscription = Subscriptions.register(connection, options);
            deliver(new DeliveryQueue(connection, subscription), new ShardLocks(connection, subscription));
        } finally {
            giveBack(connection);
        }
    }

    private static void giveBack(Connection connection) {
        try {
            execute(connection, RESET);
        } catch (SQLException e) {
            // it is broken, its locks are free, and the pool gives it up
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void deliver(DeliveryQueue queue, ShardLocks shards) throws SQLException {
        isOwner = !isStopped;
        candidates.clear();
        after.clear();
        try {
            // what was delivered while an earlier connection broke
            write(queue);
            long balanced = System.nanoTime() - BALANCE_NANOS;
            while (!isStopped) {
                if (System.nanoTime() - balanced >= BALANCE_NANOS) {
                    shards.balance(new HashSet<>(active.values()));
                    balanced = System.nanoTime();
                }
                boolean isMore = start(queue, shards.held());
                await(isMore ? 0 : POLL_MILLIS);
                write(queue);
            }
        } finally {
            isOwner = false;
            while (!active.isEmpty()) {
                await(POLL_MILLIS);
            }
        }
        write(queue);
    }

    /** Gives workers that are free something to do. @return whether there may be more at once */
    private boolean start(DeliveryQueue queue, Set<Integer> shards) throws SQLException {
        int room = room();
        if (room <= 0 || shards.isEmpty()) {
            return false;
        }
        boolean isMore = !candidates.isEmpty() || look(queue, shards);
        Map<Long, Head> chosen = new LinkedHashMap<>();
        while (chosen.size() < room && !candidates.isEmpty()) {
            Head head = candidates.poll();
            if (shards.contains(head.shard()) && !active.containsKey(head.partition())) {
                chosen.put(head.partition(), head);
            }
        }
        if (chosen.isEmpty()) {
            return false;
        }
        Map<Long, List<Delivery>> loaded = queue.load(chosen.values()).stream()
                .collect(Collectors.groupingBy(Delivery::partition, LinkedHashMap::new, Collectors.toList()));
        loaded.forEach((partition, deliveries) -> {
            active.put(partition, deliveries.get(0).shard());
            try {
                workers.execute(() -> work(partition, deliveries));
            } catch (Throwable e) {
                active.remove(partition);
                throw e;
            }
        });
        return isMore && active.size() < options.parallel();
    }

    /** Partitions that may be started: one to try whether it goes again, where nothing went. */
    private int room() {
        if (isLeftAlone()) {
            return 0;
        }
        if (failing.size() < MOST_FAILING) {
            return options.parallel() - active.size();
        }
        return System.nanoTime() - pausedUntil >= 0 ? 1 - active.size() : 0;
    }

    private boolean isLeftAlone() {
        return System.nanoTime() - leftAloneUntil < 0;
    }

    /** Looks for partitions that are due, from where it stopped. @return whether there are more than were looked at */
    private boolean look(DeliveryQueue queue, Set<Integer> shards) throws SQLException {
        after.keySet().retainAll(shards);
        shards.forEach(shard -> after.putIfAbsent(shard, Long.MIN_VALUE));
        Map<Integer, Integer> counts = new HashMap<>();
        Map<Integer, Long> last = new HashMap<>();
        for (Head head : queue.heads(after)) {
            counts.merge(head.shard(), 1, Integer::sum);
            last.put(head.shard(), head.partition());
            if (head.isDue()) {
                candidates.add(head);
            }
        }
        boolean isMore = false;
        for (int shard : shards) {
            boolean isFull = counts.getOrDefault(shard, 0) == DeliveryQueue.PAGE && last.get(shard) < Long.MAX_VALUE;
            after.put(shard, isFull ? last.get(shard) + 1 : Long.MIN_VALUE);
            isMore |= isFull;
        }
        return isMore;
    }

    private void work(long partition, List<Delivery> deliveries) {
        List<Delivery> left = new ArrayList<>(deliveries);
        try {
            boolean isStuck = false;
            while (!isStuck && !left.isEmpty() && isOwner && !isLeftAlone()) {
                List<Outcome> over = deliver(List.copyOf(batch(left)));
                outcomes.addAll(over);
                left.removeAll(over.stream().map(Outcome::delivery).toList());
                isStuck = over.stream().anyMatch(outcome -> !isOver(outcome));
            }
        } finally {
            alone.computeIfPresent(
                    partition, (key, last) -> left.stream().anyMatch(delivery -> delivery.seq() <= last) ? last : null);
            outcomes.add(new Outcome(partition, null, null));
        }
    }

    /** Those that are delivered together: one that has failed, by itself or among others, comes alone. */
    private List<Delivery> batch(List<Delivery> deliveries) {
        int size = 1;
        while (size < deliveries.size()
                && size < options.batchSize()
                && !isAlone(deliveries.get(size - 1))
                && !isAlone(deliveries.get(size))) {
            size++;
        }
        return deliveries.subList(0, size);
    }

    private boolean isAlone(Delivery delivery) {
        Long last = alone.get(delivery.partition());
        if (last != null && delivery.seq() > last) {
            alone.remove(delivery.partition());
            last = null;
        }
        return last != null || delivery.attempts() > 0;
    }

    /** Has the route take them. @return what became of them, without those that are to be tried again by themselves or behind others */
    private List<Outcome> deliver(List<Delivery> batch) {
        // one from before the subscription was limited is done with: nobody is to be told of it any more
        List<Delivery> wanted = batch.stream()
                .filter(delivery ->
                        options.providers().haveEventOf(delivery.event().partitionKey()))
                .toList();
        try {
            if (wanted.size() == 1) {
                handler.deliver(wanted.get(0).event(), wanted.get(0).attempts());
            } else if (!wanted.isEmpty()) {
                handler.deliver(wanted.stream().map(Delivery::event).toList());
            }
            return batch.stream().map(delivery -> outcome(delivery, null)).toList();
        } catch (Throwable e) {
            LOG.debug("Event {} is not delivered", wanted.get(0).event().id(), e);
            boolean isPartly = e instanceof PartlyDelivered;
            DeliveryFailure failure = DeliveryFailure.of(isPartly ? e.getCause() : e);
            return batch.size() == 1
                    ? List.of(outcome(batch.get(0), failure))
                    : sort(batch, isPartly ? ((PartlyDelivered) e).taken() : Set.of(), failure);
        }
    }

    /**
     * Those that were taken are over. Which of the others it is shows when each comes alone: at once where the failure is final,
     * else the first of them is to be tried again.
     */
    private List<Outcome> sort(List<Delivery> batch, Set<String> taken, DeliveryFailure failure) {
        List<Outcome> over = new ArrayList<>();
        // to fail among others is no event's last attempt
        boolean isStuck = isLast(batch.get(0), failure);
        for (Delivery delivery : batch) {
            if (taken.contains(delivery.event().sopInstanceUID())) {
                over.add(outcome(delivery, null));
            } else {
                alone.put(delivery.partition(), delivery.seq());
                if (!isStuck) {
                    over.add(outcome(delivery, failure));
                    isStuck = true;
                }
            }
        }
        return over;
    }

    private static Outcome outcome(Delivery delivery, DeliveryFailure failure) {
        return new Outcome(delivery.partition(), delivery, failure);
    }

    private boolean isOver(Outcome outcome) {
        return outcome.failure() == null || isLast(outcome.delivery(), outcome.failure());
    }

    /** Whether the event is not tried again, so that those behind it may go on. */
    private boolean isLast(Delivery delivery, DeliveryFailure failure) {
        boolean isTired = options.maxAttempts() > 0 && delivery.attempts() + 1 >= options.maxAttempts();
        return failure.isFinal() || isTired && !failure.isOutage();
    }

    /** Takes what has come, and waits for it where there is nothing. */
    private void await(long millis) {
        try {
            Outcome first = outcomes.poll(millis, TimeUnit.MILLISECONDS);
            for (Outcome outcome = first; outcome != null; outcome = outcomes.poll()) {
                take(outcome);
            }
        } catch (InterruptedException e) {
            // whoever wants it to end says so by stop
            Thread.interrupted();
        }
    }

    private void take(Outcome outcome) {
        if (outcome == WAKE) {
            isAwake.set(false);
        } else if (outcome.delivery() == null) {
            active.remove(outcome.partition());
        } else {
            toWrite.add(outcome);
            count(outcome);
        }
    }

    private void count(Outcome outcome) {
        DeliveryFailure failure = outcome.failure();
        if (failure == null) {
            delivered.increment();
        } else {
            failed.increment();
            leaveAlone(failure.retryAfter());
        }
        if (failure == null || failure.isFinal()) {
            failing.clear();
            failuresInRow = 0;
        } else if (failing.size() < MOST_FAILING) {
            failing.add(outcome.partition());
            failuresInRow = 0;
            pausedUntil = System.nanoTime();
        } else if (System.nanoTime() - pausedUntil >= 0) {
            // those that were under way together fail together, and count as one
            pausedUntil = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pauses.after(++failuresInRow));
        }
    }

    private void leaveAlone(long millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        if (millis > 0 && until - leftAloneUntil > 0) {
            leftAloneUntil = until;
        }
    }

    /** Writes what became of deliveries. A partition is not looked at again before. */
    private void write(DeliveryQueue queue) throws SQLException {
        if (toWrite.isEmpty()) {
            return;
        }
        List<Delivery> completed = toWrite.stream()
                .filter(outcome -> outcome.failure() == null)
                .map(Outcome::delivery)
                .toList();
        if (!completed.isEmpty()) {
            queue.complete(completed);
        }
        for (Outcome outcome : toWrite) {
            if (outcome.failure() != null) {
                write(queue, outcome.delivery(), outcome.failure());
            }
        }
        toWrite.clear();
    }

    private void write(DeliveryQueue queue, Delivery delivery, DeliveryFailure failure) throws SQLException {
        int attempts = delivery.attempts() + 1;
        if (isLast(delivery, failure)) {
            LOG.error(
                    "Subscription {} does not take event {}, which is a dead letter after {} attempts: {}",
                    options.subscription(),
                    delivery.event().id(),
                    attempts,
                    failure.reason());
            queue.bury(delivery, failure.reason());
        } else {
            if (attempts == 1) {
                LOG.warn(
                        "Subscription {} does not take event {} now: {}",
                        options.subscription(),
                        delivery.event().id(),
                        failure.reason());
            }
            queue.postpone(
                    delivery, Math.max(failure.retryAfter(), options.backoff().after(attempts)), failure.reason());
        }
    }
}
