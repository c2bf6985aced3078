package org.imagingingestion.tests;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What the adapter promises of instances that it passes on, set as users of the adapter of Google set theirs. */
class AdapterIT {
    private static final Duration TO_DELIVER = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Path spool() {
        return folder.resolve("spool");
    }

    private ImagingIngestion.Builder adapter(String dicomWeb) {
        return ImagingIngestion.on(folder.resolve("adapter"))
                .environment("DICOMWEB_ADDRESS", dicomWeb)
                .environment("DIMSE_AET", "ADAPTER");
    }

    private Dcmtk.Run store(ImagingIngestion adapter, DataSet... instances) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "-v", "-aet", "SCANNER", "-aec", "ADAPTER", "127.0.0.1", Integer.toString(adapter.dimsePort())));
        for (DataSet instance : instances) {
            arguments.add(Files.write(Files.createTempFile(folder, "instance", ".dcm"), Samples.file(instance))
                    .toString());
        }
        return new Dcmtk(folder, 0).attempt("storescu", arguments.toArray(String[]::new));
    }

    private static DataSet instance(String modality) {
        DataSet instance = Samples.image(Samples.header(Samples.uid(), Samples.uid()), 64, 64, 1)
                .setString(Tag.Modality, VR.CS, modality);
        return Samples.pixels(instance, Samples.bytes(64 * 64, 1));
    }

    private List<Path> spooled(String kind) {
        return new StorageFolder(spool().resolve(kind)).objects();
    }

    @Test
    void deliversWhatItAcknowledgedThoughTheArchiveWasAwayAndItWasKilled() throws Exception {
        int archivePort = ImagingIngestion.freePort();
        ImagingIngestion.Builder adapter = adapter("http://127.0.0.1:" + archivePort + "/dicom-web")
                .environment("PERSISTENT_FILE_STORAGE_LOCATION", spool().toString())
                .environment("AUTO_ACK_CSTORE", "true");
        DataSet[] instances = Stream.generate(() -> instance("CT")).limit(10).toArray(DataSet[]::new);

        ProcessHandle postgres;
        try (ImagingIngestion first = adapter.start()) {
            postgres = first.postgres().orElseThrow();
            assertThat(store(first, instances).output().split("\\(Success\\)", -1))
                    .hasSize(11);
            first.kill();
        }
        Promise.awaitEnd(postgres);
        assertThat(spooled("waiting")).hasSize(10);

        try (ImagingIngestion second = adapter.start();
                ImagingIngestion archive = ImagingIngestion.on(folder.resolve("archive"))
                        .environment("HTTP_PORT", Integer.toString(archivePort))
                        .start()) {
            DicomwebClient client = new DicomwebClient(archive.dicomWeb());
            await().atMost(TO_DELIVER).until(() -> spooled("waiting").isEmpty());

            for (DataSet instance : instances) {
                List<DicomwebClient.Part> parts = client.parts(
                        "/studies/" + instance.string(Tag.StudyInstanceUID),
                        "multipart/related; type=application/dicom");
                assertThat(parts).hasSize(1);
                assertThat(Part10.of(parts.get(0).bytes()).dataSet())
                        .isEqualTo(Part10.of(Samples.file(instance)).dataSet());
            }
            assertThat(spooled("failed")).isEmpty();
            assertThat(second.get("/q/metrics").body())
                    .contains("imaging_forward_delivered_total{destination=\"http://127.0.0.1:" + archivePort
                            + "/dicom-web\"} 10.0");
        }
    }

    @Test
    void sendsToEveryDestinationThatTakesIt() throws Exception {
        int storescpPort = ImagingIngestion.freePort();
        String destinations =
                "[{\"filter\":\"Modality=MR&AETitle=SCANNER\",\"name\":\"PACS\",\"host\":\"127.0.0.1\",\"port\":%d,"
                                .formatted(storescpPort)
                        + "\"options\":\"callingAE=ROUTER\"},{\"filter\":\"\",\"dicomweb_destination\":\"%s\"}]";
        try (ImagingIngestion archive =
                        ImagingIngestion.on(folder.resolve("archive")).start();
                Dcmtk.Server storescp = new Dcmtk(folder, 0).storescp(storescpPort);
                ImagingIngestion adapter = adapter("http://127.0.0.1:1/unused")
                        .environment("ENV_DESTINATION_CONFIG_JSON", destinations.formatted(archive.dicomWeb()))
                        .environment("SEND_TO_ALL_MATCHING_DESTINATIONS", "true")
                        .environment("PERSISTENT_FILE_STORAGE_LOCATION", spool().toString())
                        .start()) {
            DataSet mr = instance("MR");
            DataSet ct = instance("CT");

            assertThat(store(adapter, mr, ct).output().split("\\(Success\\)", -1))
                    .hasSize(3);

            DicomwebClient client = new DicomwebClient(archive.dicomWeb());
            assertThat(client.json("/studies")).hasSize(2);
            assertThat(new Dcmtk.Run(0, "", storescp.folder()).dataSets())
                    .extracting(received -> received.string(Tag.SOPInstanceUID))
                    .containsExactly(mr.string(Tag.SOPInstanceUID));
            assertThat(spooled("passing")).isEmpty();
        }
    }

    @Test
    void triesAgainAndShowsItsToken() throws Exception {
        Queue<Integer> answers = new ConcurrentLinkedQueue<>(List.of(503, 404, 200));
        Queue<String> tokens = new ConcurrentLinkedQueue<>();
        HttpServer archive = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        archive.createContext("/", exchange -> answer(exchange, answers, tokens));
        archive.start();
        try (ImagingIngestion adapter = adapter(
                        "http://127.0.0.1:" + archive.getAddress().getPort() + "/dicomWeb")
                .environment("PERSISTENT_FILE_STORAGE_LOCATION", spool().toString())
                .environment("PERSISTENT_FILE_UPLOAD_RETRY_AMOUNT", "2")
                .environment("MIN_UPLOAD_DELAY", "10")
                .environment("MAX_WAITING_TIME_BETWEEN_UPLOADS", "20")
                .environment("HTTP_ERROR_CODES_TO_RETRY", "404")
                .environment("IMAGING_ADAPTER_BEARER_TOKEN", "a+b/c&d=%20")
                .start()) {
            assertThat(store(adapter, instance("CT")).output()).contains("(Success)");
            assertThat(tokens).containsExactly("Bearer a+b/c&d=%20", "Bearer a+b/c&d=%20", "Bearer a+b/c&d=%20");

            answers.add(404);
            answers.add(404);
            answers.add(401);
            assertThat(store(adapter, instance("CT")).output()).contains("0x124");
            assertThat(answers).isEmpty();
        } finally {
            archive.stop(0);
        }
    }

    private static void answer(HttpExchange exchange, Queue<Integer> answers, Queue<String> tokens) throws IOException {
        try (exchange) {
            exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
            tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.sendResponseHeaders(answers.remove(), -1);
        }
    }

    @Test
    void sendsOnWhatEventsName() throws Exception {
        int storescpPort = ImagingIngestion.freePort();
        try (ImagingIngestion archive =
                        ImagingIngestion.on(folder.resolve("archive")).start();
                Dcmtk.Server storescp = new Dcmtk(folder, 0).storescp(storescpPort);
                ImagingIngestion export = ImagingIngestion.on(folder.resolve("export"))
                        .environment("DICOMWEB_ADDR", archive.uri("").toString())
                        .environment("PEER_DIMSE_AET", "PEER")
                        .environment("PEER_DIMSE_IP", "127.0.0.1")
                        .environment("PEER_DIMSE_PORT", Integer.toString(storescpPort))
                        .start()) {
            DataSet instance = instance("CT");
            String path = "/studies/" + instance.string(Tag.StudyInstanceUID) + "/series/"
                    + instance.string(Tag.SeriesInstanceUID) + "/instances/" + instance.string(Tag.SOPInstanceUID);
            new DicomwebClient(archive.dicomWeb()).storeAll(Samples.file(instance));
            String endpoint = archive.dicomWeb() + path;

            assertThat(tell(export, "{\"provider\":\"default\",\"endpoint\":\"" + endpoint + "\"}"))
                    .isBetween(200, 299);
            assertThat(tell(export, "dicom-web" + path)).isBetween(200, 299);
            assertThat(tell(export, "dicom-web" + path + "9")).isEqualTo(400);
            assertThat(tell(export, "http://127.0.0.1:1/dicom-web" + path)).isEqualTo(400);
            assertThat(tell(export, "nothing of the kind")).isEqualTo(400);

            List<DataSet> received = new Dcmtk.Run(0, "", storescp.folder()).dataSets();
            assertThat(received).hasSize(1);
            assertThat(received.get(0).bytes(Tag.PixelData)).isEqualTo(instance.bytes(Tag.PixelData));
        }
    }

    private static int tell(ImagingIngestion export, String data) {
        return export.send(HttpRequest.newBuilder(export.uri("/export"))
                        .header("ce-specversion", "1.0")
                        .header("ce-id", Samples.uid())
                        .header("ce-source", "archive")
                        .header("ce-type", "DicomAvailableEvent")
                        .POST(HttpRequest.BodyPublishers.ofString(data)))
                .statusCode();
    }

    @Test
    void saysAtItsStartWhatIsWrongWithItsSettings() {
        ImagingIngestion.Failure failure = adapter("http://127.0.0.1:1/dicomWeb")
                .environment(
                        "ENV_DESTINATION_CONFIG_JSON",
                        "[{\"filter\":\"Modlity=MR\",\"dicomweb_destination\":\"http://a\"}]")
                .startInVain();

        assertThat(failure.exitCode()).isNotZero();
        assertThat(failure.errors() + failure.output()).contains("Modlity");
    }
}
