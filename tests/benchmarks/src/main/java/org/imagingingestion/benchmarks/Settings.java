package org.imagingingestion.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a run is to do, from environment variables.
 *
 * @param repository   root of this project
 * @param target       where results go
 * @param quick        QUICK=1: one round of little, to see that everything works
 * @param rounds       BENCH_ROUNDS, 3
 * @param sample       how long one contender is measured in one round
 * @param studies      studies of 100 tiny instances in the smaller archive
 * @param manyStudies  and in the larger one
 * @param project      BENCH_PROJECT: who plays the project's part
 * @param javaOptions  JAVA_OPTIONS of the application, those of make run
 * @param jobs         BENCH_JOBS, a regular expression: only jobs whose name contains it
 * @param budget       BENCH_MINUTES, 35: no job begins later
 */
public record Settings(
        Path repository,
        Path target,
        boolean quick,
        int rounds,
        Duration sample,
        int studies,
        int manyStudies,
        Project project,
        String javaOptions,
        Pattern jobs,
        Duration budget) {

    /** Who plays the project's part. */
    public enum Project {
        /** The application. */
        APPLICATION,
        /** Nobody: the peers alone. */
        NONE,
        /** Orthanc, which makes the ratios a test of the harness: they should be 1. */
        ORTHANC
    }

    /** Reads the settings of this run. */
    public static Settings of(Map<String, String> env) {
        boolean quick = env.getOrDefault("QUICK", "0").equals("1");
        Path repository = Path.of(System.getProperty("bench.repository", "."))
                .toAbsolutePath()
                .normalize();
        return new Settings(
                repository,
                repository.resolve("tests/benchmarks/target"),
                quick,
                Integer.parseInt(env.getOrDefault("BENCH_ROUNDS", quick ? "1" : "3")),
                Duration.ofSeconds(quick ? 1 : 4),
                quick ? 20 : 70,
                quick ? 100 : 1000,
                Project.valueOf(env.getOrDefault("BENCH_PROJECT", "application").toUpperCase(Locale.ROOT)),
                env.getOrDefault("JAVA_OPTIONS", ""),
                Pattern.compile(env.getOrDefault("BENCH_JOBS", "")),
                Duration.ofMinutes(Long.parseLong(env.getOrDefault("BENCH_MINUTES", quick ? "5" : "35"))));
    }

    /** Whether anybody plays the project's part. */
    public boolean withProject() {
        return project != Project.NONE;
    }

    /** Whether a job of this name is to be run. */
    public boolean wants(String job) {
        return jobs.matcher(job).find();
    }

    /** The most samples of half the length that a contender is warmed up with. */
    public int warmUps() {
        return quick ? 2 : 14;
    }

    /** The number of instances in the smaller archive. */
    public int instances() {
        return studies * 100;
    }

    /** The number of instances in the larger archive. */
    public int manyInstances() {
        return manyStudies * 100;
    }
}
