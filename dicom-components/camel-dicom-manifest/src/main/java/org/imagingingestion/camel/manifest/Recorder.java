package org.imagingingestion.camel.manifest;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

import javax.sql.DataSource;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.service.RecordOutcome;
import org.imagingingestion.dicom.service.StoredInstance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records instances for any number of threads in few transactions: each writer takes what has come while it wrote the batch
 * before. Where little comes nothing waits. All of a study goes to one writer, so that writers seldom wait for each other.
 */
final class Recorder {
    private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);
    private static final int MOST_ATTEMPTS_AT_CONFLICTS = 20;
    /** As long is tried to reach a database that is away; a pool may first have to give up all its broken connections. */
    private static final long MOST_NANOS_WITHOUT_DATABASE = TimeUnit.SECONDS.toNanos(2);

    private static final int MOST_PAUSE = 100;

    /** A writer that has had nothing to write for so long gives its connection back. */
    private static final long KEEP_CONNECTION_MILLIS = 1000;

    private final DataSource dataSource;
    private final AvailableEvents events;
    private final Templates templates;
    private final Appender appender;
    private final BatchWriter writer;
    private final ConflictResolver conflicts;
    private final int maxBatchSize;
    private final Runnable onEvents;
    private final List<LinkedBlockingQueue<Pending>> queues = new ArrayList<>();
    private final Pending end = new Pending(null, null, null);
    private final LongAdder batches = new LongAdder();
    private final LongAdder recorded = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private volatile boolean stopped;

    /** @param onEvents told when events were appended */
    Recorder(DataSource dataSource, Templates templates, AvailableEvents events, int maxBatchSize, Runnable onEvents) {
        this.dataSource = dataSource;
        this.events = events;
        this.maxBatchSize = maxBatchSize;
        this.onEvents = onEvents;
        this.templates = templates;
        appender = new Appender(templates);
        writer = new BatchWriter(templates);
        conflicts = new ConflictResolver(writer, templates);
    }

    void start(ExecutorService executor, int writers) {
        for (int i = 0; i < writers; i++) {
            LinkedBlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
            queues.add(queue);
            executor.execute(() -> write(queue));
        }
    }

    /** Lets the writers finish what they have been given. */
    void stop() {
        stopped = true;
        queues.forEach(queue -> queue.add(end));
    }

    /**
     * Records an instance and waits until that is durable.
     *
     * @param traceparent of the request that it came with; {@code null} for none
     * @param timeout how long it may wait in milliseconds until a writer takes it, and as long again until it is written
     * @throws DicomException OUT_OF_RESOURCES where the database does not answer; it may be that the instance is recorded
     *     all the same, but not where no writer had taken it
     */
    RecordOutcome record(StoredInstance stored, ConflictPolicy policy, String traceparent, long timeout)
            throws DicomException {
        return await(begin(stored, policy, traceparent), timeout);
    }

    /** Hands an instance to its writer. @throws DicomException where it cannot be recorded */
    Pending begin(StoredInstance stored, ConflictPolicy policy, String traceparent) throws DicomException {
        PreparedInstance prepared = PreparedInstance.of(stored);
        Pending pending = new Pending(prepared, policy, events.of(prepared, traceparent));
        int queue = Math.floorMod(pending.instance().studyInstanceUID().hashCode(), queues.size());
        queues.get(queue).add(pending);
        if (stopped && pending.claim()) {
            throw new DicomException(DicomStatus.OUT_OF_RESOURCES, "The manifest is being stopped");
        }
        return pending;
    }

    /** Waits until an instance is recorded durably, as {@link #record} does. */
    RecordOutcome await(Pending pending, long timeout) throws DicomException {
        try {
            return outcome(pending, timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            pending.claim();
            throw new DicomException(DicomStatus.OUT_OF_RESOURCES, "Interrupted while an instance was being recorded");
        }
    }

    private static RecordOutcome outcome(Pending pending, long timeout) throws DicomException, InterruptedException {
        try {
            return pending.outcome().get(timeout, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            if (pending.claim()) {
                throw new DicomException(DicomStatus.OUT_OF_RESOURCES, "The manifest has too much to record");
            }
        } catch (ExecutionException e) {
            throw failure(e);
        }
        try {
            return pending.outcome().get(timeout, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new DicomException(DicomStatus.OUT_OF_RESOURCES, "The manifest's database does not answer in time");
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private static DicomException failure(ExecutionException e) {
        return e.getCause() instanceof DicomException dicom
                ? dicom
                : new DicomException(DicomStatus.PROCESSING_FAILURE, "An instance could not be recorded", e.getCause());
    }

    private void write(LinkedBlockingQueue<Pending> queue) {
        WriterConnection connection = new WriterConnection(dataSource, appender::clear);
        List<Pending> taken = new ArrayList<>(maxBatchSize);
        boolean isLast = false;
        try {
            while (!isLast) {
                taken.add(take(queue, connection));
                queue.drainTo(taken, maxBatchSize - 1);
                isLast = taken.remove(end);
                taken.removeIf(pending -> !pending.claim());
                try {
                    writeDistinct(connection, taken);
                } catch (RuntimeException | Error e) {
                    // whatever it is, the studies that come to this queue have no other writer
                    LOG.error("A batch could not be recorded: {}", e.getClass().getName());
                    connection.release();
                    taken.forEach(this::giveUp);
                }
                taken.clear();
                onEvents.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connection.release();
        }
    }

    private void giveUp(Pending pending) {
        DicomException failure =
                new DicomException(DicomStatus.OUT_OF_RESOURCES, "The manifest could not record the instance");
        if (pending.outcome().completeExceptionally(failure)) {
            failed.increment();
        }
    }

    private static Pending take(LinkedBlockingQueue<Pending> queue, WriterConnection connection)
            throws InterruptedException {
        Pending next = queue.poll(KEEP_CONNECTION_MILLIS, TimeUnit.MILLISECONDS);
        if (next == null) {
            connection.release();
            next = queue.take();
        }
        return next;
    }

    /** The second of two under one SOP Instance UID is looked at when the first is recorded. */
    private void writeDistinct(WriterConnection connection, List<Pending> taken) {
        List<Pending> left = taken;
        while (!left.isEmpty()) {
            List<Pending> now = new ArrayList<>(left.size());
            List<Pending> later = new ArrayList<>();
            Set<String> uids = new HashSet<>();
            for (Pending pending : left) {
                PreparedInstance instance = pending.instance();
                boolean isFirst = uids.add(instance.stored().provider() + '\n' + instance.sopInstanceUID());
                (isFirst ? now : later).add(pending);
            }
            writeBatch(connection, now);
            left = later;
        }
    }

    private void writeBatch(WriterConnection connection, List<Pending> batch) {
        if (append(connection, batch)) {
            return;
        }
        BatchWriter.Written written;
        try {
            written = retrying(connection, opened -> writer.write(opened, batch));
        } catch (SQLException | RuntimeException e) {
            if (batch.size() == 1 || e instanceof SQLException sql && SqlFailures.isTemporary(sql)) {
                batch.forEach(pending -> fail(pending, e));
            } else {
                // one that cannot be written must not fail the others
                batch.forEach(pending -> writeBatch(connection, List.of(pending)));
            }
            return;
        }
        batches.increment();
        appender.remember(written.added());
        templates.remember(written.added());
        for (int i = 0; i < batch.size(); i++) {
            RecordOutcome outcome = written.outcomes().get(i);
            if (outcome == null) {
                resolve(connection, batch.get(i));
            } else {
                succeed(batch.get(i), outcome);
            }
        }
    }

    /** @return {@code false} where that does not do; nothing was written then, or it is not known whether it was */
    private boolean append(WriterConnection connection, List<Pending> pendings) {
        Batch batch = appender.batch(pendings);
        if (batch == null) {
            return false;
        }
        try {
            connection.statement(opened -> {
                appender.write(opened, batch);
                return null;
            });
        } catch (SQLException | RuntimeException e) {
            LOG.debug(
                    "Instances are not added in one statement: {}", e.getClass().getName());
            appender.forget(pendings);
            return false;
        }
        batches.increment();
        pendings.forEach(pending -> succeed(pending, BatchWriter.ADDED));
        return true;
    }

    private void resolve(WriterConnection connection, Pending pending) {
        try {
            RecordOutcome outcome = retrying(connection, opened -> conflicts.resolve(opened, pending));
            if (outcome == null) {
                writeBatch(connection, List.of(pending));
            } else {
                succeed(pending, outcome);
            }
        } catch (SQLException | RuntimeException e) {
            fail(pending, e);
        }
    }

    private <T> T retrying(WriterConnection connection, Transaction.Work<T> work) throws SQLException {
        long start = System.nanoTime();
        for (int attempt = 1; ; attempt++) {
            try {
                return connection.transaction(work);
            } catch (SQLException e) {
                if (SqlFailures.isTemporary(e)) {
                    // a database that comes back may be an earlier one, which gives its ids anew
                    templates.clear();
                }
                boolean again = SqlFailures.isConflict(e) && attempt < MOST_ATTEMPTS_AT_CONFLICTS
                        || SqlFailures.isTemporary(e) && System.nanoTime() - start < MOST_NANOS_WITHOUT_DATABASE;
                if (!again) {
                    throw e;
                }
                retries.increment();
                int most = Math.min(SqlFailures.isConflict(e) ? attempt : 5 * attempt, MOST_PAUSE);
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(TimeUnit.MILLISECONDS.toNanos(most)));
            }
        }
    }

    private void succeed(Pending pending, RecordOutcome outcome) {
        recorded.increment();
        pending.outcome().complete(outcome);
    }

    private void fail(Pending pending, Exception e) {
        failed.increment();
        if (e instanceof SQLException sql) {
            pending.outcome().completeExceptionally(SqlFailures.toDicom("Recording an instance", sql));
        } else {
            LOG.error("An instance could not be recorded: {}", e.getClass().getName());
            pending.outcome()
                    .completeExceptionally(
                            new DicomException(DicomStatus.PROCESSING_FAILURE, "An instance could not be recorded"));
        }
    }

    /** Instances that wait for a writer. */
    int queueLength() {
        return queues.stream().mapToInt(LinkedBlockingQueue::size).sum();
    }

    long batches() {
        return batches.sum();
    }

    long recorded() {
        return recorded.sum();
    }

    long failed() {
        return failed.sum();
    }

    long retries() {
        return retries.sum();
    }
}
