package org.imagingingestion.camel.forward;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

import org.apache.camel.Exchange;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the instances that wait for one destination there, several at once. One that fails for now is tried again, with all others
 * held back meanwhile as mostly it is the destination that fails; one that the destination does not take is put aside.
 */
final class Delivery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final int MOST_IN_MEMORY = 10_000;
    private static final long LOOK_AGAIN_MILLIS = 10_000;
    private static final long LONGEST_WAIT_MILLIS = 200;
    private static final long LONGEST_RETRY_AFTER_MILLIS = TimeUnit.HOURS.toMillis(1);
    private static final long MOST_SECONDS_TO_FINISH = 20;
    private static final long SECONDS_TO_BREAK_OFF = 2;

    /** An instance that is to be sent. */
    private static final class Waiting implements Delayed {
        private final String objectName;
        private int failures;
        private long due = System.nanoTime();

        Waiting(String objectName) {
            this.objectName = objectName;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(due - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }

    private final DicomForwardEndpoint endpoint;
    private final Spool spool;
    private final Sender sender;
    private final ExecutorService threads;
    private final DelayQueue<Waiting> queue = new DelayQueue<>();
    /** Those in the queue or being sent. */
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    private final LongAdder delivered = new LongAdder();
    private final LongAdder putAside = new LongAdder();
    private final LongAdder failedAttempts = new LongAdder();
    private final AtomicInteger failuresInARow = new AtomicInteger();
    private volatile long heldUntil = System.nanoTime();
    private volatile boolean stopped;

    Delivery(DicomForwardEndpoint endpoint, Spool spool, Sender sender) {
        this.endpoint = endpoint;
        this.spool = spool;
        this.sender = sender;
        threads = endpoint.getCamelContext()
                .getExecutorServiceManager()
                .newFixedThreadPool(this, "dicom-forward", endpoint.getParallel() + 1);
    }

    /** Begins with what is there from before. */
    void start() {
        threads.execute(this::look);
        for (int i = 0; i < endpoint.getParallel(); i++) {
            threads.execute(this::work);
        }
    }

    String name() {
        return sender.destination().name();
    }

    /** Takes an instance that is kept for this destination. */
    void add(SpooledInstance instance) {
        add(instance.objectName());
    }

    private boolean add(String objectName) {
        if (known.size() >= MOST_IN_MEMORY) {
            return false;
        }
        if (known.add(objectName)) {
            queue.add(new Waiting(objectName));
        }
        return true;
    }

    /** Looks for files now and then: from before the start, that did not find room in memory, or that somebody moved there. */
    private void look() {
        while (!stopped) {
            try (Stream<String> names = spool.waiting(sender.destination())) {
                names.takeWhile(name -> !stopped && add(name)).forEach(name -> {});
            } catch (IOException | RuntimeException | Error e) {
                LOG.warn(
                        "The folder of what waits cannot be read now: {}",
                        e.getClass().getSimpleName());
            }
            pauseUntil(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOOK_AGAIN_MILLIS));
        }
    }

    private void work() {
        while (!stopped) {
            try {
                pauseUntil(heldUntil);
                Waiting next = queue.poll(LONGEST_WAIT_MILLIS, TimeUnit.MILLISECONDS);
                // it may have come while this was waiting for it
                pauseUntil(heldUntil);
                if (next != null && !stopped) {
                    deliverOrKeep(next);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Whatever goes wrong, neither the instance is forgotten nor the thread lost. */
    private void deliverOrKeep(Waiting next) {
        try {
            deliver(next);
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "An instance that waits could not be sent: {}", e.getClass().getName());
            again(next);
        }
    }

    private void pauseUntil(long nanos) {
        try {
            for (long left = nanos - System.nanoTime(); left > 0 && !stopped; left = nanos - System.nanoTime()) {
                TimeUnit.NANOSECONDS.sleep(Math.min(left, TimeUnit.MILLISECONDS.toNanos(LONGEST_WAIT_MILLIS)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped = true;
        }
    }

    private void deliver(Waiting next) {
        Exchange attempt = endpoint.createExchange();
        SpooledInstance instance;
        try {
            instance = spool.instance(next.objectName);
        } catch (NoSuchFileException e) {
            known.remove(next.objectName);
            return;
        } catch (IOException e) {
            LOG.warn("An instance that waits cannot be read: {}", e.getClass().getSimpleName());
            again(next);
            return;
        } catch (DicomException e) {
            putAside(next, e);
            return;
        }
        try {
            attempt.getIn().setBody(instance);
            sender.send(attempt);
            succeeded(next, instance);
        } catch (Exception e) {
            failed(next, attempt, e);
        }
    }

    private void succeeded(Waiting next, SpooledInstance instance) {
        delivered.increment();
        if (failuresInARow.getAndSet(0) > 0) {
            LOG.info("{} takes instances again", name());
        }
        try {
            spool.remove(instance);
            known.remove(next.objectName);
        } catch (IOException e) {
            // it stays known, so that it is not sent again before the next start
            LOG.warn(
                    "An instance that was sent cannot be removed: {}",
                    e.getClass().getSimpleName());
        }
    }

    private void failed(Waiting next, Exchange attempt, Exception problem) {
        if (stopped || endpoint.getCamelContext().isStopping()) {
            // it says nothing of the instance, which waits for the next start
            return;
        }
        failedAttempts.increment();
        DicomException meaning = Failures.meaning(problem);
        boolean isTemporary =
                endpoint.failures().isTemporary(attempt, problem) || meaning.status() == DicomStatus.NOT_AUTHORIZED;
        if (isTemporary && next.failures < endpoint.mostRetries()) {
            if (failuresInARow.getAndIncrement() == 0) {
                LOG.warn("{} does not take instances now, they wait: {}", name(), meaning.getMessage());
            }
            long delay = endpoint.backoff().delay(Math.max(1, failuresInARow.get() / endpoint.getParallel()));
            hold(Math.max(delay, Math.min(LONGEST_RETRY_AFTER_MILLIS, meaning.retryAfter())));
            again(next);
        } else {
            putAside(next, meaning);
        }
    }

    /** Others that fail a moment later do not make it shorter. */
    private synchronized void hold(long millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        if (until - heldUntil > 0) {
            heldUntil = until;
        }
    }

    private void putAside(Waiting next, DicomException reason) {
        try {
            spool.putAside(next.objectName);
            known.remove(next.objectName);
            putAside.increment();
            LOG.warn("An instance for {} is put aside: {}", name(), reason.getMessage());
        } catch (IOException e) {
            LOG.warn("An instance cannot be put aside: {}", e.getClass().getSimpleName());
            again(next);
        }
    }

    private void again(Waiting next) {
        next.failures++;
        next.due = System.nanoTime()
                + TimeUnit.MILLISECONDS.toNanos(endpoint.backoff().delay(next.failures));
        queue.add(next);
    }

    ForwardStatistics statistics() {
        return new ForwardStatistics(
                name(), known.size(), delivered.sum(), failedAttempts.sum(), putAside.sum(), failuresInARow.get() > 0);
    }

    /** Begins nothing any more. */
    void end() {
        stopped = true;
        threads.shutdown();
    }

    /** Lets what is being sent end, for a while. */
    @Override
    public void close() {
        end();
        try {
            if (!threads.awaitTermination(MOST_SECONDS_TO_FINISH, TimeUnit.SECONDS)) {
                threads.shutdownNow();
                threads.awaitTermination(SECONDS_TO_BREAK_OFF, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
