package org.imagingingestion.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.tests.servers.FhirServer;
import org.imagingingestion.tests.servers.S3Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The whole way of two studies, every part a process of its own: one comes by C-STORE, the other by STOW-RS, into S3; Orthanc has them by
 * STOW-RS, dcmtk by C-STORE, a FHIR server as ImagingStudy. Each part is killed once while instances are added.
 */
class EndToEndIT {
    private static final Duration AT_MOST = Duration.ofMinutes(5);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> ROLES = List.of("event-processor", "stow", "dimse", "wado", "binding", "fhir");

    @TempDir
    Path folder;

    private final List<AutoCloseable> started = new ArrayList<>();
    private final Map<String, ImagingIngestion.Builder> builders = new LinkedHashMap<>();
    private final Map<String, ImagingIngestion> roles = new HashMap<>();
    /** What was acknowledged, by SOP Instance UID. */
    private final Map<String, DataSet> stored = new LinkedHashMap<>();

    private FhirServer fhir;
    private Orthanc orthanc;
    private Dcmtk.Server pacs;

    private <T extends AutoCloseable> T started(T server) {
        started.add(server);
        return server;
    }

    @AfterEach
    void end() throws Exception {
        for (ImagingIngestion role : roles.values()) {
            role.terminate();
        }
        for (ImagingIngestion role : roles.values()) {
            role.close();
        }
        for (int i = started.size() - 1; i >= 0; i--) {
            started.get(i).close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"NATS_URL", "K_SINK"})
    void bringsStudiesToAllWhoWantThemThoughEachPartIsKilled(String transport) throws Exception {
        start(transport);
        DataSet byDimse = header();
        DataSet byStow = header();
        storeByDimse(byDimse);
        storeByStow(byStow);
        assertDelivered(byDimse, byStow);

        for (String role : ROLES) {
            roles.get(role).kill();
            DataSet killed = next(role.equals("dimse") ? byStow : byDimse);
            if (role.equals("dimse")) {
                storeByStow(killed);
            } else {
                storeByDimse(killed);
            }
            roles.put(role, builders.get(role).start());
        }
        assertDelivered(byDimse, byStow);

        storeByDimse(next(byDimse));
        storeByStow(next(byStow));
        assertDelivered(byDimse, byStow);
        for (String role : ROLES) {
            assertThat(roles.get(role).output() + roles.get(role).errors())
                    .as(role)
                    .doesNotContain("Doe", "\tat ");
        }
    }

    private void start(String transport) throws Exception {
        fhir = FhirServer.shared();
        DatabaseServer database = started(DatabaseServer.start(folder.resolve("database")));
        String broker = broker(transport);
        int pacsPort = ImagingIngestion.freePort();
        pacs = started(new Dcmtk(folder, pacsPort).storescp(pacsPort));
        for (String role : ROLES) {
            ImagingIngestion.Builder builder = ImagingIngestion.on(folder.resolve(role))
                    .jvm("-Xmx256m")
                    .environment("ROLE", role)
                    .environment(transport, broker)
                    .environment("BUCKET_HOST", "http://127.0.0.1")
                    .environment(
                            "BUCKET_PORT", Integer.toString(S3Server.shared().port()))
                    .environment("BUCKET_REGION", "us-east-1")
                    .environment("BUCKET_NAME", S3Server.BUCKET)
                    .environment("AWS_ACCESS_KEY_ID", "key")
                    .environment("AWS_SECRET_ACCESS_KEY", "secret");
            if (role.equals("event-processor") || role.equals("wado")) {
                builder.environment("DB_HOST", "127.0.0.1")
                        .environment("DB_PORT", Integer.toString(database.port()))
                        .environment("DB_NAME", "postgres")
                        .environment("DB_USER", DatabaseServer.USER)
                        .environment("DB_PASS", DatabaseServer.PASSWORD)
                        .property("imaging.revisions.delay", "1");
            }
            builders.put(role, builder);
        }
        roles.put("event-processor", builders.get("event-processor").start());
        roles.put("wado", builders.get("wado").start());
        URI archive = roles.get("wado").dicomWeb();
        orthanc = started(Orthanc.in(folder.resolve("orthanc"), archive));
        builders.get("binding")
                .environment("STOW_ENDPOINT", orthanc.dicomWeb() + "/studies")
                .environment("DIMSE_TARGET_HOST", "127.0.0.1")
                .environment("DIMSE_TARGET_PORT", Integer.toString(pacsPort))
                .environment("DIMSE_TARGET_AE", "PACS")
                .property("imaging.bindings.wado-address", archive.toString());
        builders.get("fhir").environment("FHIR_ENDPOINT", fhir.address().toString());
        for (String role : List.of("stow", "dimse", "binding", "fhir")) {
            roles.put(role, builders.get(role).start());
        }
        if (started.get(1) instanceof KnativeBrokerStandIn knative) {
            knative.trigger("ImageStoredEvent", roles.get("event-processor").uri("/events"));
            knative.trigger(
                    "DicomAvailableEvent",
                    roles.get("binding").uri("/events/stow"),
                    roles.get("binding").uri("/events/cstore"));
            knative.trigger("StudyRevisionEvent", roles.get("fhir").uri("/events/fhir"));
        }
    }

    private String broker(String transport) throws Exception {
        return transport.equals("NATS_URL")
                ? started(NatsServer.start(folder.resolve("nats"))).url()
                : started(KnativeBrokerStandIn.start()).url().toString();
    }

    private static DataSet header() {
        return Samples.header(Samples.uid(), Samples.uid()).setString(Tag.Modality, VR.CS, "CT");
    }

    /** Another instance of the same series. */
    private static DataSet next(DataSet dataSet) {
        return Samples.header(dataSet.string(Tag.StudyInstanceUID), dataSet.string(Tag.SeriesInstanceUID))
                .setString(Tag.Modality, VR.CS, "CT");
    }

    private void storeByStow(DataSet instance) {
        byte[] file = Samples.file(instance);
        await().atMost(AT_MOST)
                .until(() -> new DicomwebClient(roles.get("stow").dicomWeb())
                                .store(List.of(file))
                                .statusCode()
                        == 200);
        stored.put(instance.string(Tag.SOPInstanceUID), instance);
    }

    private void storeByDimse(DataSet instance) throws IOException {
        Path file = Files.write(Files.createTempFile(folder, "instance", ".dcm"), Samples.file(instance));
        String port = Integer.toString(roles.get("dimse").dimsePort());
        // storescu says by its output alone whether it was taken
        await().atMost(AT_MOST).until(() -> new Dcmtk(folder, 0)
                .attempt("storescu", "-v", "-aec", "DICOM-INGEST", "127.0.0.1", port, file.toString())
                .output()
                .contains("Received Store Response (Success)"));
        stored.put(instance.string(Tag.SOPInstanceUID), instance);
    }

    private void assertDelivered(DataSet... studies) {
        // a file that is just being written is no file yet
        await().atMost(AT_MOST).ignoreExceptions().untilAsserted(() -> assertThat(inPacs().keySet())
                .isEqualTo(stored.keySet()));
        await().atMost(AT_MOST)
                .untilAsserted(() -> assertThat(inOrthanc().keySet()).isEqualTo(stored.keySet()));
        Map<String, byte[]> pacsHas = inPacs();
        Map<String, byte[]> orthancHas = inOrthanc();
        stored.forEach((uid, instance) -> {
            byte[] dataSet = Part10.of(Samples.file(instance)).dataSet();
            assertThat(pacsHas.get(uid)).isEqualTo(dataSet);
            assertThat(orthancHas.get(uid)).isEqualTo(dataSet);
        });
        for (DataSet study : studies) {
            await().atMost(AT_MOST).untilAsserted(() -> assertPublished(study.string(Tag.StudyInstanceUID)));
        }
    }

    /** The ImagingStudy has what was stored, once, and each of its versions a later revision with no less in it. */
    private void assertPublished(String study) {
        JsonNode found = json(fhir.address() + "/ImagingStudy?identifier=urn:dicom:uid%7Curn:oid:" + study);
        assertThat(found.path("entry")).hasSize(1);
        JsonNode resource = found.at("/entry/0/resource");
        Set<String> instances = new TreeSet<>();
        resource.path("series").forEach(series -> series.path("instance")
                .forEach(instance -> instances.add(instance.path("uid").asText())));
        Set<String> expected = stored.values().stream()
                .filter(instance -> instance.string(Tag.StudyInstanceUID).equals(study))
                .map(instance -> instance.string(Tag.SOPInstanceUID))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(instances).isEqualTo(expected);
        assertThat(resource.path("numberOfInstances").asInt()).isEqualTo(expected.size());

        List<Integer> revisions = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        JsonNode history =
                json(fhir.address() + "/ImagingStudy/" + resource.path("id").asText() + "/_history");
        history.path("entry").forEach(version -> {
            JsonNode extension = version.at("/resource/extension");
            extension.forEach(each -> {
                each.path("extension").forEach(part -> {
                    if (part.path("url").asText().equals("revision")) {
                        revisions.add(0, part.path("valueUnsignedInt").asInt());
                    }
                });
            });
            counts.add(0, version.at("/resource/numberOfInstances").asInt());
        });
        assertThat(revisions).hasSameSizeAs(counts).doesNotHaveDuplicates().isSorted();
        assertThat(counts).isSorted();
    }

    private static JsonNode json(String address) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .header("Accept", "application/fhir+json")
                .header("Cache-Control", "no-cache")
                .build();
        try {
            return JSON.readTree(HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofInputStream())
                    .body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Data sets that storescp has, by SOP Instance UID. */
    private Map<String, byte[]> inPacs() {
        try (Stream<Path> files = Files.list(pacs.folder())) {
            return byUid(files.map(EndToEndIT::read).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, byte[]> inOrthanc() {
        return byUid(orthanc.instances().stream().map(orthanc::file).toList());
    }

    private static Map<String, byte[]> byUid(List<byte[]> files) {
        return files.stream().map(Part10::of).collect(Collectors.toMap(Part10::sopInstanceUID, Part10::dataSet));
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
