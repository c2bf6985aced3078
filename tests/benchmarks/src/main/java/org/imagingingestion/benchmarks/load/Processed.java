package org.imagingingestion.benchmarks.load;

import java.time.Duration;

import org.imagingingestion.benchmarks.BenchFailure;
import org.imagingingestion.benchmarks.server.Server;

/** How many events of a broker the application has processed, by its metrics. */
final class Processed {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration STANDSTILL = Duration.ofSeconds(30);

    private Processed() {}

    /** Waits until it is so many. */
    static void await(Server processor, long wanted) {
        long seen = -1;
        long since = System.nanoTime();
        for (long now = by(processor); now < wanted; now = by(processor)) {
            if (now > seen) {
                seen = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > STANDSTILL.toNanos()) {
                throw new BenchFailure("only " + now + " of " + wanted + " events are processed");
            }
            try {
                Thread.sleep(POLL.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BenchFailure("interrupted", e);
            }
        }
    }

    static long by(Server processor) {
        return Metrics.sum(processor, "imaging_broker_events_total", "outcome=\"processed\"");
    }
}
