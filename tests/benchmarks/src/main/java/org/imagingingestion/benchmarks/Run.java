package org.imagingingestion.benchmarks;

import java.time.Duration;
import java.util.List;

import org.imagingingestion.benchmarks.report.Report;
import org.imagingingestion.benchmarks.server.Servers;

/**
 * What all parts of a run share.
 *
 * @param settings what to do
 * @param servers  the contenders
 * @param report   where results go
 * @param started  {@link System#nanoTime} at the beginning
 */
record Run(Settings settings, Servers servers, Report report, long started) {
    static final String PROJECT = "project";
    static final String ORTHANC = "orthanc";
    static final String NGINX = "nginx";
    static final String SINK = "sink (write, fsync)";

    /** Whether any of these jobs is wanted, so that it is worth starting servers. */
    boolean wantsAny(String... jobs) {
        return List.of(jobs).stream().anyMatch(settings::wants);
    }

    /** Runs one job if it is wanted and there is time; a failure is reported and the next job runs. */
    void job(String name, Runnable job) {
        if (!settings.wants(name)) {
            return;
        }
        Duration used = Duration.ofNanos(System.nanoTime() - started);
        if (used.compareTo(settings.budget()) > 0) {
            report.failure(name, "not begun, the time of the run was over");
            return;
        }
        System.err.printf("%4d s  %s%n", used.toSeconds(), name);
        try {
            job.run();
        } catch (BenchFailure e) {
            System.err.println("        FAILED: " + e.getMessage());
            report.failure(name, e.getMessage());
        }
    }
}
