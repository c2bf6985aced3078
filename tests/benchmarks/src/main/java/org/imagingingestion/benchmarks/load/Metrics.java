package org.imagingingestion.benchmarks.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

import org.imagingingestion.benchmarks.BenchFailure;
import org.imagingingestion.benchmarks.server.Server;

/** What the application counts. */
final class Metrics {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Metrics() {}

    /** The sum of a counter. @param label such as outcome="processed" that it is to have, empty for any */
    static long sum(Server application, String counter, String label) {
        double sum = 0;
        for (String line : read(application).split("\n")) {
            if (line.startsWith(counter) && line.contains(label)) {
                sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            }
        }
        return Math.round(sum);
    }

    private static String read(Server application) {
        URI address = URI.create("http://127.0.0.1:" + application.port() + "/q/metrics");
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
