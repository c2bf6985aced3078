package org.imagingingestion.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.imagingingestion.benchmarks.BenchFailure;

/** The load tool wrk, for many small answers; it walks through a list of requests made before it starts. */
public final class Wrk {
    private static final String SCRIPT =
            """
            local made = {}
            local i = 0
            init = function(args)
            %s
            end
            request = function()
              i = i %% #made + 1
              return made[i]
            end
            done = function(summary, latency, requests)
              local e = summary.errors
              io.write(string.format("RESULT %%d %%d %%d %%d %%d %%d\\n", summary.requests, summary.bytes, summary.duration,
                e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50), latency:percentile(99)))
            end
            """;
    private static final int LONGEST_HEAD = 2048;

    private Wrk() {}

    /**
     * Asks until the time is over.
     *
     * @param lengths the body length of each request's right answer
     * @param folder  where the script is written
     * @throws BenchFailure when an answer is not 2xx, or the answers are on average not of the right length
     */
    public static LoadResult run(
            int port, List<Get> requests, long[] lengths, int connections, Duration time, Path folder) {
        String seconds = Long.toString(Math.max(1, time.toSeconds()));
        List<String> command = List.of(
                "wrk",
                "-t1",
                "-c" + connections,
                "-d" + seconds,
                "-T20s",
                "-s",
                script(requests, folder).toString(),
                "http://127.0.0.1:" + port);
        long[] numbers = result(run(command, time.plusSeconds(40)));
        double mean = (double) numbers[1] / numbers[0];
        double expected = Arrays.stream(lengths).average().orElse(0);
        if (numbers[3] > 0 || mean < 0.98 * expected || mean > 1.02 * expected + LONGEST_HEAD) {
            throw new BenchFailure("%d answers failed, and the mean length was %.0f instead of %.0f bytes"
                    .formatted(numbers[3], mean, expected));
        }
        return new LoadResult(numbers[0], numbers[1], numbers[2] / 1e6, numbers[4] / 1e3, numbers[5] / 1e3);
    }

    private static Path script(List<Get> requests, Path folder) {
        String made = requests.stream()
                .map(get ->
                        "  made[#made + 1] = wrk.format(\"GET\", %s, {%s})".formatted(quoted(get.path()), table(get)))
                .collect(Collectors.joining("\n"));
        try {
            Files.createDirectories(folder);
            return Files.writeString(folder.resolve("wrk.lua"), SCRIPT.formatted(made));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String table(Get get) {
        return get.headers().entrySet().stream()
                .map(entry -> "[" + quoted(entry.getKey()) + "]=" + quoted(entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String quoted(String text) {
        return " [[" + text + "]] ";
    }

    private static String run(List<String> command, Duration limit) {
        Process process = null;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
            // what it prints fits into the pipe
            if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                throw new BenchFailure("wrk did not end within " + limit.toSeconds() + " s");
            }
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new BenchFailure("wrk could not be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailure("interrupted", e);
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }

    private static long[] result(String output) {
        return output.lines()
                .filter(line -> line.startsWith("RESULT "))
                .findFirst()
                .map(line -> Arrays.stream(line.substring(7).split(" "))
                        .mapToLong(Long::parseLong)
                        .toArray())
                .orElseThrow(() -> new BenchFailure("wrk printed no result: " + output));
    }
}
