package org.imagingingestion.camel.events;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import org.imagingingestion.dicom.event.DeliveryStatistics;

/** What became of the events of a subscription since the start. */
final class Tally {
    private static final int MOST_FAILING = 10_000;

    /** What is not tried again for so long is with nobody any more: the broker has given it up, or another replica has it. */
    private static final Duration FORGOTTEN = Duration.ofHours(1);

    private record Failing(Instant since, Instant last) {}

    private final LongAdder delivered = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder dead = new LongAdder();
    private final Map<String, Failing> failing = new ConcurrentHashMap<>();
    private volatile Instant latest;
    private volatile String lastError;

    void delivered(String event) {
        delivered.increment();
        latest = Instant.now();
        failing.remove(event);
    }

    void failed(String event, String reason) {
        failures.increment();
        lastError = reason;
        Instant now = Instant.now();
        if (failing.size() < MOST_FAILING || failing.containsKey(event)) {
            failing.merge(event, new Failing(now, now), (before, fresh) -> new Failing(before.since, now));
        }
    }

    /** It is not tried again here. */
    void died(String event, String reason) {
        dead.increment();
        lastError = reason;
        failing.remove(event);
    }

    long delivered() {
        return delivered.sum();
    }

    long failures() {
        return failures.sum();
    }

    long dead() {
        return dead.sum();
    }

    DeliveryStatistics statistics(String subscription, String type, long pending, Duration lag) {
        Instant old = Instant.now().minus(FORGOTTEN);
        failing.values().removeIf(each -> each.last.isBefore(old));
        Instant since = failing.values().stream()
                .map(Failing::since)
                .min(Instant::compareTo)
                .orElse(null);
        return new DeliveryStatistics(
                subscription,
                type == null ? List.of() : List.of(type),
                null,
                delivered(),
                latest,
                pending,
                lag,
                dead(),
                failing.size(),
                since,
                since == null && dead() == 0 ? null : lastError);
    }
}
