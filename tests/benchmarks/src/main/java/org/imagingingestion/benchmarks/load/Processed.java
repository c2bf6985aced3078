package org.imagingingestion.benchmarks.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import org.imagingingestion.benchmarks.BenchFailure;
import org.imagingingestion.benchmarks.server.Server;

/** How many events of a broker the application has processed, by its metrics. */
final class Processed {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
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
        double sum = 0;
        for (String line : metrics(processor).split("\n")) {
            if (line.startsWith("imaging_broker_events_total") && line.contains("outcome=\"processed\"")) {
                sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            }
        }
        return Math.round(sum);
    }

    private static String metrics(Server processor) {
        URI address = URI.create("http://127.0.0.1:" + processor.port() + "/q/metrics");
        try {
            return HTTP.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new BenchFailure("no metrics: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailure("interrupted", e);
        }
    }
}
