package org.imagingingestion.benchmarks.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.LongStream;

import org.imagingingestion.benchmarks.BenchFailure;

/**
 * Runs workers side by side, each with one request in flight, until the time is over; what is in flight then is waited
 * for and counts.
 */
final class ClosedLoop {
    private static final Duration GRACE = Duration.ofSeconds(60);

    private record Part(long items, long bytes, long end, long[] latencies) {}

    private ClosedLoop() {}

    static LoadResult run(int connections, Duration time, Supplier<Worker> workers) {
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            long start = System.nanoTime();
            long deadline = start + time.toNanos();
            List<Future<Part>> parts = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                parts.add(threads.submit(() -> part(workers.get(), deadline)));
            }
            return sum(start, parts, time.plus(GRACE));
        } finally {
            threads.shutdownNow();
        }
    }

    private static Part part(Worker worker, long deadline) throws Exception {
        LongStream.Builder latencies = LongStream.builder();
        long items = 0;
        try (worker) {
            long before = System.nanoTime();
            while (before < deadline) {
                int done = worker.step();
                long after = System.nanoTime();
                if (done == 0) {
                    break;
                }
                items += done;
                latencies.add(after - before);
                before = after;
            }
            return new Part(items, worker.bytes(), before, latencies.build().toArray());
        }
    }

    private static LoadResult sum(long start, List<Future<Part>> futures, Duration limit) {
        long items = 0;
        long bytes = 0;
        long end = start;
        LongStream latencies = LongStream.empty();
        for (Future<Part> future : futures) {
            Part part = get(future, limit);
            items += part.items;
            bytes += part.bytes;
            end = Math.max(end, part.end);
            latencies = LongStream.concat(latencies, LongStream.of(part.latencies));
        }
        return LoadResult.of(items, bytes, (end - start) / 1e9, latencies.toArray());
    }

    private static Part get(Future<Part> future, Duration limit) {
        try {
            return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof BenchFailure failure
                    ? failure
                    : new BenchFailure("load broke off: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new BenchFailure("no answer within " + limit.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailure("interrupted", e);
        }
    }
}
