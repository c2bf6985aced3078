package org.imagingingestion.benchmarks.report;

import java.util.List;
import java.util.function.ToDoubleFunction;

import org.imagingingestion.benchmarks.load.LoadResult;

/**
 * What one contender reached in one job.
 *
 * @param perSecond          items a second
 * @param megabytesPerSecond of bodies
 * @param p50                median latency of a request in milliseconds
 * @param p99                99th percentile in milliseconds
 * @param cpuMillis          CPU time of all the server's processes for one item, in milliseconds
 * @param peakMegabytes      highest resident memory of the server, in MiB
 */
public record Figure(
        double perSecond, double megabytesPerSecond, double p50, double p99, double cpuMillis, double peakMegabytes) {

    /** A single sample. */
    public static Figure of(LoadResult result, double cpuMillis, double peakMegabytes) {
        return new Figure(
                result.perSecond(), result.megabytesPerSecond(), result.p50(), result.p99(), cpuMillis, peakMegabytes);
    }

    /** The median of each number, but the highest of the memory. */
    public static Figure median(List<Figure> samples) {
        return new Figure(
                median(samples, Figure::perSecond),
                median(samples, Figure::megabytesPerSecond),
                median(samples, Figure::p50),
                median(samples, Figure::p99),
                median(samples, Figure::cpuMillis),
                samples.stream().mapToDouble(Figure::peakMegabytes).max().orElse(0));
    }

    private static double median(List<Figure> samples, ToDoubleFunction<Figure> number) {
        double[] sorted = samples.stream().mapToDouble(number).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
