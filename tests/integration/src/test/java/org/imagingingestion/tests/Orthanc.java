package org.imagingingestion.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Debian's Orthanc with its DICOMweb plugin, on a free port, as a client of another server, and as its peer. */
final class Orthanc implements AutoCloseable {
    /** The name that it knows the other server by. */
    private static final String SERVER = "us";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Process process;
    private final Path log;
    private final String root;

    private Orthanc(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.root = "http://127.0.0.1:" + port;
    }

    /** Starts one and waits until it answers. @param folder for all it keeps @param dicomWeb of the other server */
    static Orthanc in(Path folder, URI dicomWeb) throws IOException {
        return in(
                folder,
                Map.of(
                        "DicomServerEnabled",
                        false,
                        "DicomWeb",
                        Map.of("Enable", true, "Servers", Map.of(SERVER, List.of(dicomWeb + "/")))));
    }

    /** Starts one that speaks DIMSE, and waits until it answers. @param port for DIMSE @param serverPort of the other server */
    static Orthanc in(Path folder, int port, int serverPort) throws IOException {
        return in(
                folder,
                Map.ofEntries(
                        Map.entry("DicomServerEnabled", true),
                        Map.entry("DicomAet", "ORTHANC"),
                        Map.entry("DicomPort", port),
                        Map.entry("DicomAlwaysAllowEcho", true),
                        Map.entry("DicomAlwaysAllowFind", true),
                        Map.entry("DicomAlwaysAllowGet", true),
                        Map.entry("DicomAlwaysAllowMove", true),
                        Map.entry("DicomAlwaysAllowStore", true),
                        Map.entry(
                                "DicomModalities",
                                Map.of(
                                        SERVER,
                                        Map.of(
                                                "AET",
                                                "DICOM-INGEST",
                                                "Host",
                                                "127.0.0.1",
                                                "Port",
                                                serverPort,
                                                "AllowStorageCommitment",
                                                true)))));
    }

    private static Orthanc in(Path folder, Map<String, ?> more) throws IOException {
        Files.createDirectories(folder);
        int port = ImagingIngestion.freePort();
        Path configuration = folder.resolve("orthanc.json");
        Map<String, Object> options = new TreeMap<>(more);
        options.put("StorageDirectory", folder.resolve("storage").toString());
        options.put("IndexDirectory", folder.resolve("index").toString());
        options.put("Plugins", List.of("/usr/share/orthanc/plugins/libOrthancDicomWeb.so"));
        options.put("HttpPort", port);
        options.put("RemoteAccessAllowed", false);
        options.put("AuthenticationEnabled", false);
        options.put("TcpNoDelay", true);
        JSON.writeValue(configuration.toFile(), options);
        Path log = folder.resolve("log");
        ProcessBuilder builder = new ProcessBuilder("/usr/sbin/Orthanc", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("TCP_NODELAY", "1");
        Orthanc orthanc = new Orthanc(builder.start(), log, port);
        try {
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(200))
                    .until(orthanc::answers);
        } catch (RuntimeException e) {
            orthanc.close();
            throw new IllegalStateException(orthanc.log(), e);
        }
        return orthanc;
    }

    private boolean answers() {
        assertThat(process.isAlive()).as("Orthanc runs").isTrue();
        try {
            return send(HttpRequest.newBuilder(URI.create(root + "/system"))).statusCode() == 200;
        } catch (UncheckedIOException e) {
            // does not listen yet
            return false;
        }
    }

    /** The root of its DICOMweb services. */
    URI dicomWeb() {
        return URI.create(root + "/dicom-web");
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts a file into it. @return what it calls the instance */
    String put(byte[] file) {
        return json(HttpRequest.newBuilder(URI.create(root + "/instances")).POST(BodyPublishers.ofByteArray(file)))
                .get("ID")
                .asText();
    }

    /** The file of an instance. */
    byte[] file(String id) {
        return body(HttpRequest.newBuilder(URI.create(root + "/instances/" + id + "/file")));
    }

    /** What it calls its instances. */
    List<String> instances() {
        return JSON.convertValue(
                json(HttpRequest.newBuilder(URI.create(root + "/instances"))), new TypeReference<List<String>>() {});
    }

    /** The study of an instance. */
    JsonNode study(String instance) {
        return json(HttpRequest.newBuilder(URI.create(root + "/instances/" + instance + "/study")));
    }

    void delete(String id) {
        body(HttpRequest.newBuilder(URI.create(root + "/instances/" + id)).DELETE());
    }

    /** Has it send instances to the other server by STOW-RS. */
    JsonNode stow(List<String> ids) {
        return ask("stow", Map.of("Resources", ids, "Synchronous", true));
    }

    /** Has it search the other server by QIDO-RS. */
    JsonNode qido(String path, Map<String, String> arguments) {
        return ask("qido", Map.of("Uri", path, "Arguments", arguments));
    }

    /** Has it take a study, or a part of one, from the other server by WADO-RS. */
    JsonNode retrieve(Map<String, String> uids) {
        return ask("retrieve", Map.of("Resources", List.of(uids), "Synchronous", true));
    }

    /** Has it ask the other server by DIMSE. @param verb echo, store, query, storage-commitment */
    JsonNode dimse(String verb, Map<String, ?> what) {
        return post("/modalities/" + SERVER + "/" + verb, what);
    }

    /** What a path of its answers. */
    JsonNode get(String path) {
        return json(HttpRequest.newBuilder(URI.create(root + path)));
    }

    private JsonNode ask(String verb, Map<String, ?> what) {
        return post("/dicom-web/servers/" + SERVER + "/" + verb, what);
    }

    /** What a path of its answers to this. */
    JsonNode post(String path, Map<String, ?> what) {
        try {
            return json(HttpRequest.newBuilder(URI.create(root + path))
                    .POST(BodyPublishers.ofString(JSON.writeValueAsString(what))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode json(HttpRequest.Builder request) {
        try {
            return JSON.readTree(body(request));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] body(HttpRequest.Builder request) {
        HttpResponse<byte[]> response = send(request);
        assertThat(response.statusCode())
                .as(() -> response.uri() + ": " + DicomwebClient.text(response) + log())
                .isEqualTo(200);
        return response.body();
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return client.send(
                    request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
