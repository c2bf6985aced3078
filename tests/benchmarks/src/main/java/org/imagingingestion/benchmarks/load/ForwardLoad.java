package org.imagingingestion.benchmarks.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.imagingingestion.benchmarks.BenchFailure;
import org.imagingingestion.benchmarks.corpus.InstanceName;
import org.imagingingestion.benchmarks.corpus.InstanceTemplate;
import org.imagingingestion.benchmarks.corpus.ObjectKind;
import org.imagingingestion.benchmarks.server.Server;

/** Has studies sent on to another archive, some at once, until the other has all of them. */
public final class ForwardLoad {
    private static final Pattern ID = Pattern.compile("\"ID\"\\s*:\\s*\"([0-9a-f-]+)\"");
    private static final Pattern STATE = Pattern.compile("\"State\"\\s*:\\s*\"(\\w+)\"");
    private static final Pattern RECEIVED = Pattern.compile("Received Store Request");
    private static final Duration STANDSTILL = Duration.ofSeconds(60);

    private ForwardLoad() {}

    /** Instances that the project's application has been sent and has. */
    public static long arrivedAtArchive(Server archive) {
        return Metrics.sum(archive, "imaging_instances_stored_total", "");
    }

    /** Instances that a storescp that tells of each was sent. */
    public static long arrivedAtStorescp(Server storescp) {
        try (Stream<String> lines = Files.lines(storescp.log())) {
            // those who write it do not wait for each other at the end of a line
            return lines.flatMap(line -> RECEIVED.matcher(line).results()).count();
        } catch (IOException e) {
            throw new BenchFailure("no log of " + storescp.name(), e);
        }
    }

    /** Tells the project's bindings of all instances of studies once more, and waits until they are delivered. */
    public static LoadResult byBinding(
            Server project, String subscription, Studies studies, Duration time, LongSupplier arrived) {
        return run(studies, time, arrived, numbers -> {
            for (int study : numbers) {
                String events = post(
                        project,
                        "/imaging/deliveries/replay?subscription=" + subscription + "&study=" + uid(study),
                        "");
                if (!events.strip().equals(Integer.toString(InstanceName.PER_STUDY))) {
                    throw new BenchFailure("told of " + events + " events of a study");
                }
            }
            awaitDelivered(project, subscription);
        });
    }

    /** Waits until nothing waits for these subscriptions, and that nothing was given up. */
    public static void awaitDelivered(Server project, String... subscriptions) {
        long end = System.nanoTime() + STANDSTILL.toNanos();
        for (String subscription : subscriptions) {
            while (figure(project, subscription, "pending") > 0) {
                if (System.nanoTime() > end) {
                    throw new BenchFailure("the subscription " + subscription + " is not delivered");
                }
                pause();
            }
            if (figure(project, subscription, "dead") > 0) {
                throw new BenchFailure("the subscription " + subscription + " has dead letters");
            }
        }
    }

    private static long figure(Server project, String subscription, String name) {
        String deliveries = send(project, HttpRequest.newBuilder(address(project, "/imaging/deliveries")));
        for (String one : deliveries.split("\\}")) {
            Matcher value = Pattern.compile("\"" + name + "\":(\\d+)").matcher(one);
            if (one.contains("\"subscription\":\"" + subscription + "\"") && value.find()) {
                return Long.parseLong(value.group(1));
            }
        }
        throw new BenchFailure("there is no subscription " + subscription);
    }

    /** Has Orthanc know an archive, as {@code archive}. */
    public static void introduce(Server orthanc, Server archive) {
        String url = "http://127.0.0.1:" + archive.port() + archive.path("/");
        send(
                orthanc,
                HttpRequest.newBuilder(address(orthanc, "/dicom-web/servers/archive"))
                        .PUT(BodyPublishers.ofString("{\"Url\":\"" + url + "\"}")));
    }

    /** Has Orthanc's DICOMweb client send them. */
    public static LoadResult byOrthancToArchive(Server orthanc, Studies studies, Duration time, LongSupplier arrived) {
        return byOrthanc(orthanc, "/dicom-web/servers/archive/stow", studies, time, arrived);
    }

    /** Has Orthanc send them by C-STORE. */
    public static LoadResult byOrthancToPeer(Server orthanc, Studies studies, Duration time, LongSupplier arrived) {
        return byOrthanc(orthanc, "/modalities/sink/store", studies, time, arrived);
    }

    /** Each study is a job of its own, of which Orthanc does as many at once as it is configured to. */
    private static LoadResult byOrthanc(
            Server orthanc, String path, Studies studies, Duration time, LongSupplier arrived) {
        return run(studies, time, arrived, numbers -> numbers.stream()
                .map(study -> begin(orthanc, path, study))
                .toList()
                .forEach(job -> await(orthanc, job)));
    }

    /** @return the job */
    private static String begin(Server orthanc, String path, int study) {
        String resource = id(post(orthanc, "/tools/lookup", uid(study)));
        return id(post(orthanc, path, "{\"Resources\":[\"" + resource + "\"],\"Synchronous\":false}"));
    }

    private static String id(String answer) {
        Matcher id = ID.matcher(answer);
        if (!id.find()) {
            throw new BenchFailure("Orthanc names no study or no job");
        }
        return id.group(1);
    }

    private static void await(Server orthanc, String job) {
        long end = System.nanoTime() + STANDSTILL.toNanos();
        while (true) {
            String answer = send(orthanc, HttpRequest.newBuilder(address(orthanc, "/jobs/" + job)));
            Matcher state = STATE.matcher(answer);
            if (state.find() && state.group(1).equals("Success")) {
                return;
            }
            if (answer.contains("\"Failure\"") || System.nanoTime() > end) {
                throw new BenchFailure("Orthanc's job does not succeed: " + answer);
            }
            pause();
        }
    }

    private static void pause() {
        // to be asked takes some milliseconds
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(60));
    }

    /**
     * Which studies.
     *
     * @param number how many there are
     * @param atOnce how many of them are sent on at once
     */
    public record Studies(int number, int atOnce) {}

    /** @param arrived counts at the other archive: what a sender says does not tell that all came there */
    private static LoadResult run(
            Studies studies, Duration time, LongSupplier arrived, Consumer<List<Integer>> forward) {
        long before = arrived.getAsLong();
        long start = System.nanoTime();
        long items = 0;
        for (int study = 0;
                System.nanoTime() - start < time.toNanos();
                study = (study + studies.atOnce) % studies.number) {
            int first = study;
            forward.accept(IntStream.range(0, studies.atOnce)
                    .mapToObj(i -> (first + i) % studies.number)
                    .toList());
            items += (long) studies.atOnce * InstanceName.PER_STUDY;
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        long came = arrived.getAsLong() - before;
        if (came < items) {
            throw new BenchFailure("only " + came + " of " + items + " instances arrived");
        }
        return new LoadResult(items, items * InstanceTemplate.of(ObjectKind.CT).length(), seconds, 0, 0);
    }

    private static String uid(int study) {
        return InstanceName.of(study, 0).studyUid();
    }

    private static String post(Server server, String path, String body) {
        return send(
                server,
                HttpRequest.newBuilder(address(server, path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body)));
    }

    private static URI address(Server server, String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private static String send(Server server, HttpRequest.Builder request) {
        try {
            // Orthanc closes connections that it said to keep
            HttpResponse<String> response = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .build()
                    .send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new BenchFailure(server.name() + " answered " + response.statusCode() + ": " + response.body());
            }
            return response.body();
        } catch (IOException e) {
            throw new BenchFailure(server.name() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailure("interrupted", e);
        }
    }
}
