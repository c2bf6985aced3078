package org.imagingingestion.benchmarks.load;

import java.util.Arrays;

/**
 * What a load amounted to.
 *
 * @param items   instances stored or answers received
 * @param bytes   of bodies, in the direction that matters
 * @param seconds from the first request to the last answer
 * @param p50     median latency of a request in milliseconds
 * @param p99     99th percentile of the latency in milliseconds
 */
public record LoadResult(long items, long bytes, double seconds, double p50, double p99) {
    /** Computes the percentiles from latencies in nanoseconds; the array is sorted. */
    static LoadResult of(long items, long bytes, double seconds, long[] latencies) {
        Arrays.sort(latencies);
        return new LoadResult(items, bytes, seconds, percentile(latencies, 0.5), percentile(latencies, 0.99));
    }

    /** Items a second. */
    public double perSecond() {
        return items / seconds;
    }

    /** Megabytes (10^6) a second. */
    public double megabytesPerSecond() {
        return bytes / seconds / 1e6;
    }

    private static double percentile(long[] sorted, double p) {
        if (sorted.length == 0) {
            return 0;
        }
        return sorted[(int) Math.min(sorted.length - 1, Math.round(p * (sorted.length - 1)))] / 1e6;
    }
}
