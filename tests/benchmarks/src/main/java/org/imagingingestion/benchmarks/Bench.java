package org.imagingingestion.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.imagingingestion.benchmarks.report.Picture;
import org.imagingingestion.benchmarks.report.Report;
import org.imagingingestion.benchmarks.server.Servers;

/** Measures the project beside its peers and writes a table and a picture of the ratios. */
public final class Bench {
    private static final Duration GRACE = Duration.ofSeconds(90);

    private Bench() {}

    /** Runs the jobs; exit code 1 when one of them could not be measured or was answered wrongly. */
    public static void main(String[] args) throws IOException {
        Settings settings = settings();
        Files.createDirectories(settings.target());
        boolean standIn = settings.project() == Settings.Project.ORTHANC;
        Servers servers = new Servers(settings.repository(), settings.target().resolve("servers"), standIn);
        if (settings.project() == Settings.Project.APPLICATION && !Files.exists(servers.jar())) {
            System.err.println("not built: " + servers.jar());
            System.exit(2);
        }
        Run run = new Run(settings, servers, new Report(), System.nanoTime());
        endIn(settings.budget().plus(GRACE));
        part(run, "store", () -> new Store(run).run());
        part(run, "DIMSE", () -> new Dimse(run).run());
        part(run, "large objects", () -> new LargeObjects(run).run());
        part(run, "headers", () -> new HeaderRate(run).run());
        part(run, "search and read", () -> new SearchAndRead(run).run());
        part(run, "events", () -> new Events(run).run());
        part(run, "roles", () -> new Roles(run).run());
        part(run, "forwarding", () -> new Forwarding(run).run());
        part(run, "FHIR", () -> new Fhir(run).run());
        write(run);
        System.exit(run.report().complete() ? 0 : 1);
    }

    private static Settings settings() {
        try {
            return Settings.of(System.getenv());
        } catch (IllegalArgumentException e) {
            System.err.println("a setting is not understood: " + e.getMessage());
            System.exit(2);
            throw e;
        }
    }

    /** A part whose servers do not start does not keep the others from running. */
    private static void part(Run run, String name, Runnable part) {
        try {
            part.run();
        } catch (BenchFailure e) {
            System.err.println("FAILED: " + e.getMessage());
            run.report().failure(name, e.getMessage());
        }
    }

    private static void write(Run run) throws IOException {
        Settings settings = run.settings();
        String title = "Benchmarks, %d round%s of %d s, %d cores"
                .formatted(
                        settings.rounds(),
                        settings.rounds() == 1 ? "" : "s",
                        settings.sample().toSeconds(),
                        Runtime.getRuntime().availableProcessors());
        String markdown = run.report().markdown(title);
        System.out.println(markdown);
        Files.writeString(settings.target().resolve("bench.md"), markdown);
        Path picture = settings.target().resolve("bench.png");
        Picture.write(title, run.report().goals(), picture);
        System.err.println("written: " + settings.target().resolve("bench.md") + ", " + picture);
    }

    /** Whatever hangs, the run ends; servers are ended by the shutdown hook. */
    private static void endIn(Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        Thread watchdog = new Thread(() -> {
            while (System.nanoTime() < deadline) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            }
            System.err.println("FAILED: the run took longer than " + time.toMinutes() + " min");
            System.exit(3);
        });
        watchdog.setDaemon(true);
        watchdog.start();
    }
}
