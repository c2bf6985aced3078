package org.imagingingestion.benchmarks.load;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.imagingingestion.benchmarks.corpus.InstanceName;

/** Hands out studies to connections, each once, and knows how many instances of each were acknowledged. */
public final class Studies {
    private final AtomicInteger next;
    private final int end;
    private final int perStudy;
    private final Map<Integer, Integer> acknowledged = new ConcurrentHashMap<>();

    private Studies(int first, int end, int perStudy) {
        next = new AtomicInteger(first);
        this.end = end;
        this.perStudy = perStudy;
    }

    /** The studies from first (inclusive) to end (exclusive). */
    public static Studies range(int first, int end) {
        return new Studies(first, end, InstanceName.PER_STUDY);
    }

    /** The studies from first (inclusive) to end (exclusive), with only some of their instances. */
    public static Studies range(int first, int end, int perStudy) {
        return new Studies(first, end, perStudy);
    }

    /** As many studies as there is time for, from the given number on. */
    public static Studies from(int first) {
        return new Studies(first, Integer.MAX_VALUE, InstanceName.PER_STUDY);
    }

    /** Studies of which something was acknowledged, with the number of instances. */
    public Map<Integer, Integer> acknowledged() {
        return Map.copyOf(acknowledged);
    }

    /** Walks through the instances of one study after another. */
    final class Walk {
        private int study = -1;
        private int n = perStudy;

        /** The next instance, or null at the end. */
        InstanceName take() {
            if (n == perStudy) {
                study = next.getAndIncrement();
                n = 0;
            }
            return study >= end ? null : InstanceName.of(study, n++);
        }

        void acknowledge(InstanceName name) {
            acknowledged.merge(name.study(), 1, Integer::sum);
        }
    }
}
