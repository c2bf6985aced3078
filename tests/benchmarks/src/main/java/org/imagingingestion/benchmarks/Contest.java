package org.imagingingestion.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.imagingingestion.benchmarks.load.LoadResult;
import org.imagingingestion.benchmarks.report.Figure;
import org.imagingingestion.benchmarks.server.Server;

/** One job done by several servers in turn, each of them warm. */
final class Contest {
    private static final Duration SETTLE = Duration.ofSeconds(10);
    private static final double STILL_WARMING = 1.05;
    private static final int SAMPLES_TO_BE_WARM = 2;

    private record Contender(String name, Server server, Function<Duration, LoadResult> load, Runnable afterwards) {}

    private final Settings settings;
    private final List<Contender> contenders = new ArrayList<>();

    Contest(Settings settings) {
        this.settings = settings;
    }

    /** Adds a contender; a null server, one that does not take part in this run, is left out. */
    Contest with(String name, Server server, Function<Duration, LoadResult> load) {
        return with(name, server, load, () -> {});
    }

    /** Adds a contender with something to do after each of its samples, out of the time that counts. */
    Contest with(String name, Server server, Function<Duration, LoadResult> load, Runnable afterwards) {
        if (server != null) {
            contenders.add(new Contender(name, server, load, afterwards));
        }
        return this;
    }

    /** Runs all rounds and returns the medians by name. */
    Map<String, Figure> run() {
        contenders.forEach(this::warmUp);
        Map<String, List<Figure>> samples = new LinkedHashMap<>();
        for (int round = 0; round < settings.rounds(); round++) {
            for (Contender contender : contenders) {
                samples.computeIfAbsent(contender.name, name -> new ArrayList<>())
                        .add(sample(contender, settings.sample()));
            }
        }
        Map<String, Figure> medians = new LinkedHashMap<>();
        samples.forEach((name, figures) -> medians.put(name, Figure.median(figures)));
        return medians;
    }

    /** Code that is compiled while it runs is measured when that is done: when a contender no longer becomes faster. */
    private void warmUp(Contender contender) {
        double best = 0;
        int asBefore = 0;
        for (int i = 0; i < settings.warmUps() && asBefore < SAMPLES_TO_BE_WARM; i++) {
            double rate = sample(contender, settings.sample().dividedBy(2)).perSecond();
            asBefore = rate < best * STILL_WARMING ? asBefore + 1 : 0;
            best = Math.max(best, rate);
        }
    }

    private Figure sample(Contender contender, Duration time) {
        Server server = contender.server;
        sync();
        Server.settle(contenders.stream().map(Contender::server).toList(), SETTLE);
        server.resetPeak();
        long cpu = server.cpuMillis();
        LoadResult result;
        try {
            result = contender.load.apply(time);
        } catch (BenchFailure e) {
            throw new BenchFailure(contender.name + ": " + e.getMessage(), e);
        }
        double cpuPerItem = (double) (server.cpuMillis() - cpu) / Math.max(1, result.items());
        Figure figure = Figure.of(result, cpuPerItem, server.peakMegabytes());
        contender.afterwards.run();
        return figure;
    }

    /** What one contender left unwritten must not slow down the next. */
    private static void sync() {
        try {
            Process sync = new ProcessBuilder("sync").start();
            if (!sync.waitFor(60, TimeUnit.SECONDS)) {
                sync.destroyForcibly();
            }
        } catch (IOException e) {
            throw new BenchFailure("sync could not be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailure("interrupted", e);
        }
    }
}
