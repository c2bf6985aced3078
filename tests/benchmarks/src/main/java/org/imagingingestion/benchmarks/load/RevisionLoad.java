package org.imagingingestion.benchmarks.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.imagingingestion.benchmarks.BenchFailure;
import org.imagingingestion.benchmarks.corpus.InstanceName;
import org.imagingingestion.benchmarks.server.Server;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.event.CloudEventHttp;
import org.imagingingestion.dicom.event.StudyRevisionEvent;
import org.imagingingestion.dicom.event.StudyRevisionEvent.ChangeSet;
import org.imagingingestion.dicom.event.StudyRevisionEvent.Instance;
import org.imagingingestion.dicom.event.StudyRevisionEvent.Series;
import org.imagingingestion.dicom.event.StudyRevisionEvent.Study;

/** Publishes studies at a FHIR server, each in two revisions: half of its instances, then all of them. */
public final class RevisionLoad {
    private static final String ENDPOINT = "Endpoint/bench";
    private static final String CT = "1.2.840.10008.5.1.4.1.1.2";
    private static final int REVISIONS = 2;
    /** As many as the application publishes at once. */
    private static final int CLIENTS = 4;

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private RevisionLoad() {}

    /** Tells the application of them, and waits until it has published them. @param first the number of the first study */
    public static LoadResult byEvents(int natsPort, Server publisher, int first, int studies) {
        long before = Processed.by(publisher);
        long start = System.nanoTime();
        AtomicLong bytes = new AtomicLong();
        Publisher.publish(natsPort, StudyRevisionEvent.TYPE, publish -> {
            for (int revision = 0; revision < REVISIONS; revision++) {
                for (int study = first; study < first + studies; study++) {
                    byte[] event = CloudEventHttp.structured(
                            revision(study, revision).toCloudEvent("bench", Instant.now(), null));
                    bytes.addAndGet(event.length);
                    publish.accept(event);
                }
            }
        });
        long items = (long) studies * REVISIONS;
        Processed.await(publisher, before + items);
        return new LoadResult(items, bytes.get(), (System.nanoTime() - start) / 1e9, 0, 0);
    }

    private static StudyRevisionEvent revision(int study, int revision) {
        List<Series> series = new ArrayList<>();
        List<String> additions = new ArrayList<>();
        for (int number = 1; number <= revision + 1; number++) {
            List<Instance> instances = new ArrayList<>();
            for (int i = 0; i < InstanceName.PER_SERIES; i++) {
                InstanceName name = InstanceName.of(study, (number - 1) * InstanceName.PER_SERIES + i);
                instances.add(new Instance(name.instanceUid(), CT, name.number()));
                if (number == revision + 1) {
                    additions.add(name.seriesUid() + "/" + name.instanceUid());
                }
            }
            String uid = InstanceName.of(study, (number - 1) * InstanceName.PER_SERIES)
                    .seriesUid();
            String endpoint = "http://archive/dicom-web/studies/" + studyUid(study) + "/series/" + uid;
            series.add(new Series(uid, number, "CT", List.of(), instances, endpoint, "default"));
        }
        DataSet attributes = new DataSet()
                .setString(Tag.PatientID, VR.LO, InstanceName.of(study, 0).patientId())
                .setString(Tag.StudyDescription, VR.LO, "Benchmark");
        Study whole = new Study(studyUid(study), "20260102", List.of(), attributes, series);
        return new StudyRevisionEvent(revision, "default", whole, new ChangeSet(additions, List.of(), List.of()));
    }

    private static String studyUid(int study) {
        return InstanceName.of(study, 0).studyUid();
    }

    /** Writes them as a client that knows of nothing else: looks whether the study is there, and writes it. */
    public static LoadResult directly(Server fhir, int first, int studies) {
        makeEndpoint(fhir);
        long start = System.nanoTime();
        AtomicLong bytes = new AtomicLong();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            for (int revision = 0; revision < REVISIONS; revision++) {
                int now = revision;
                List<Future<?>> written = new ArrayList<>();
                IntStream.range(first, first + studies)
                        .forEach(study ->
                                written.add(clients.submit(() -> bytes.addAndGet(write(fhir, revision(study, now))))));
                for (Future<?> one : written) {
                    one.get();
                }
            }
        } catch (ExecutionException e) {
            throw new BenchFailure(
                    "a study could not be written: " + e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailure("interrupted", e);
        } finally {
            clients.shutdownNow();
        }
        return new LoadResult((long) studies * REVISIONS, bytes.get(), (System.nanoTime() - start) / 1e9, 0, 0);
    }

    private static long write(Server fhir, StudyRevisionEvent event) {
        String identifier = "urn:dicom:uid|urn:oid:" + event.study().studyInstanceUID();
        String search = "ImagingStudy?identifier=" + identifier.replace("|", "%7C") + "&_elements=identifier";
        send(fhir, HttpRequest.newBuilder(address(fhir, "/" + search)).header("Cache-Control", "no-cache"));
        byte[] bundle = bundle(event, identifier).getBytes(StandardCharsets.UTF_8);
        send(
                fhir,
                HttpRequest.newBuilder(address(fhir, ""))
                        .header("Content-Type", "application/fhir+json")
                        .header("Prefer", "return=minimal")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(bundle)));
        return bundle.length;
    }

    private static String bundle(StudyRevisionEvent event, String identifier) {
        StringBuilder series = new StringBuilder();
        for (Series one : event.study().series()) {
            StringBuilder instances = new StringBuilder();
            for (Instance instance : one.instances()) {
                instances
                        .append(instances.isEmpty() ? "" : ",")
                        .append(
                                """
                                {"uid":"%s","sopClass":{"system":"urn:ietf:rfc:3986","code":"urn:oid:%s"},"number":%d}"""
                                        .formatted(
                                                instance.sopInstanceUID(), instance.sopClassUID(), instance.number()));
            }
            series.append(series.isEmpty() ? "" : ",")
                    .append(
                            """
                            {"uid":"%s","number":%d,"numberOfInstances":%d,
                             "modality":{"system":"http://dicom.nema.org/resources/ontology/DCM","code":"CT"},"instance":[%s]}"""
                                    .formatted(
                                            one.seriesInstanceUID(),
                                            one.number(),
                                            one.instances().size(),
                                            instances));
        }
        return """
                {"resourceType":"Bundle","type":"transaction","entry":[
                 {"request":{"method":"PUT","url":"ImagingStudy?identifier=%s"},
                  "resource":{"resourceType":"ImagingStudy","identifier":[{"system":"urn:dicom:uid","value":"urn:oid:%s"}],
                   "status":"available","subject":{"identifier":{"value":"BENCH"}},
                   "endpoint":[{"reference":"%s"}],"series":[%s]}}]}
                """
                .formatted(identifier, event.study().studyInstanceUID(), ENDPOINT, series);
    }

    /** Once, as clients that make it at once are refused. */
    private static void makeEndpoint(Server fhir) {
        String endpoint =
                """
                {"resourceType":"Endpoint","id":"bench","status":"active","address":"http://archive/dicom-web",
                 "payloadType":[{"text":"DICOM"}],
                 "connectionType":{"system":"http://terminology.hl7.org/CodeSystem/endpoint-connection-type","code":"dicom-wado-rs"}}
                """;
        send(
                fhir,
                HttpRequest.newBuilder(address(fhir, "/" + ENDPOINT))
                        .header("Content-Type", "application/fhir+json")
                        .PUT(HttpRequest.BodyPublishers.ofString(endpoint)));
    }

    private static URI address(Server fhir, String path) {
        return URI.create("http://127.0.0.1:" + fhir.port() + fhir.path(path));
    }

    private static void send(Server fhir, HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new BenchFailure(fhir.name() + " answered " + response.statusCode() + ": " + response.body());
            }
        } catch (IOException e) {
            throw new BenchFailure(fhir.name() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailure("interrupted", e);
        }
    }
}
