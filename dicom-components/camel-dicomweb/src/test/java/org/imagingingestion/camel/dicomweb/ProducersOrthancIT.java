package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomWriter;
import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.MatchingKey;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryLevel;
import org.imagingingestion.dicom.service.RemoteResults;
import org.imagingingestion.dicom.service.Retrieval;
import org.imagingingestion.dicom.service.StoreResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** The producers against Debian's Orthanc with its DICOMweb plugin. */
class ProducersOrthancIT {
    @TempDir
    static Path folder;

    private static final TestProducer PRODUCER = new TestProducer();
    private static final List<byte[]> FILES = new ArrayList<>();
    private static Process orthanc;
    private static String url;

    @BeforeAll
    static void start() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Path configuration = Files.writeString(
                folder.resolve("orthanc.json"),
                """
                {"StorageDirectory": "%1$s/storage", "IndexDirectory": "%1$s/index", "HttpPort": %2$d,
                 "Plugins": ["/usr/share/orthanc/plugins/libOrthancDicomWeb.so"], "DicomServerEnabled": false,
                 "RemoteAccessAllowed": false, "AuthenticationEnabled": true, "RegisteredUsers": {"me": "secret"},
                 "TcpNoDelay": true, "DicomWeb": {"Enable": true}}
                """
                        .formatted(folder, port));
        orthanc = new ProcessBuilder("/usr/sbin/Orthanc", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                return socket.isConnected();
            }
        });
        url = "http://127.0.0.1:" + port + "/dicom-web";
        for (int i = 0; i < 6; i++) {
            DataSet dataSet = StoredObject.dataSet("1.2." + i % 2, "1.2." + i % 2 + ".1", "1.2.3." + i)
                    .setString(Tag.PatientID, VR.LO, "P" + i % 2)
                    .setString(Tag.PatientName, VR.PN, i % 2 == 0 ? "Doe^Jane" : "Roe^Max")
                    .setString(Tag.StudyDate, VR.DA, "2024010" + (1 + i % 2))
                    .setBytes(Tag.PixelData, VR.OW, StoredObject.noise(10_000, i));
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            new DicomWriter(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN).writeFile(dataSet, file);
            FILES.add(file.toByteArray());
        }
        StoreResult result = PRODUCER.store("stow:" + url + credentials() + "&batchSize=4", FILES);
        assertThat(result.isComplete()).isTrue();
        assertThat(result.instances())
                .allMatch(instance -> instance.retrieveUrl() != null)
                .extracting(StoreResult.Instance::sopInstanceUID)
                .containsExactly("1.2.3.0", "1.2.3.1", "1.2.3.2", "1.2.3.3", "1.2.3.4", "1.2.3.5");
    }

    @AfterAll
    static void stop() throws Exception {
        PRODUCER.close();
        orthanc.destroy();
        if (!orthanc.waitFor(30, TimeUnit.SECONDS)) {
            orthanc.destroyForcibly();
        }
    }

    private static String credentials() {
        return "?username=me&password=secret";
    }

    private static List<String> find(QueryLevel level, int tag, int pageSize, MatchingKey... keys) throws Exception {
        Query query = new Query(
                "x",
                level,
                List.of(keys),
                List.of(List.of(Tag.PatientID), List.of(Tag.StudyDescription)),
                false,
                false,
                1000,
                0);
        List<String> found = new ArrayList<>();
        try (RemoteResults<DataSet> results =
                PRODUCER.results("qido:" + url + credentials() + "&pageSize=" + pageSize, query)) {
            results.forEachRemaining(match -> found.add(match.string(tag)));
        }
        return found;
    }

    private static MatchingKey key(int tag, String... values) {
        return new MatchingKey(List.of(tag), Dictionary.vrOf(tag), List.of(values));
    }

    @Test
    void isLetInByItsPasswordOnly() throws Exception {
        assertThatThrownBy(() -> PRODUCER.store("stow:" + url + "?username=me&password=wrong", FILES.get(0)))
                .isInstanceOfSatisfying(StoreFailedException.class, failure -> assertThat(failure.httpStatus())
                        .isEqualTo(401));
    }

    @Test
    void searches() throws Exception {
        for (int pageSize : new int[] {1, 2, 3, 200}) {
            assertThat(find(QueryLevel.STUDY, Tag.StudyInstanceUID, pageSize))
                    .containsExactlyInAnyOrder("1.2.0", "1.2.1");
            assertThat(find(QueryLevel.IMAGE, Tag.SOPInstanceUID, pageSize))
                    .containsExactlyInAnyOrder("1.2.3.0", "1.2.3.1", "1.2.3.2", "1.2.3.3", "1.2.3.4", "1.2.3.5");
            assertThat(find(QueryLevel.IMAGE, Tag.SOPInstanceUID, pageSize, key(Tag.StudyInstanceUID, "1.2.0")))
                    .containsExactlyInAnyOrder("1.2.3.0", "1.2.3.2", "1.2.3.4");
        }
        // this version does not decode what is percent-encoded
        assertThat(find(QueryLevel.STUDY, Tag.StudyInstanceUID, 10, key(Tag.PatientName, "Doe*")))
                .containsExactly("1.2.0");
        assertThat(find(QueryLevel.STUDY, Tag.StudyInstanceUID, 10, key(Tag.StudyDate, "20240102-")))
                .containsExactly("1.2.1");
        assertThat(find(QueryLevel.STUDY, Tag.StudyInstanceUID, 10, key(Tag.StudyDate, "20250102-")))
                .isEmpty();
        assertThat(find(QueryLevel.SERIES, Tag.SeriesInstanceUID, 10, key(Tag.StudyInstanceUID, "1.2.1")))
                .containsExactly("1.2.1.1");
        assertThat(find(QueryLevel.PATIENT, Tag.PatientID, 10)).containsExactlyInAnyOrder("P0", "P1");
        assertThat(find(QueryLevel.STUDY, Tag.StudyInstanceUID, 10, key(Tag.ModalitiesInStudy, "CT", "MR")))
                .containsExactlyInAnyOrder("1.2.0", "1.2.1");
    }

    @Test
    void retrieves() throws Exception {
        String uri = "wado:" + url + credentials();
        List<byte[]> files = new ArrayList<>();
        try (RemoteResults<InputStream> results =
                PRODUCER.results(uri, new Retrieval("x", "1.2.0", null, null, Retrieval.Content.LOCATIONS))) {
            for (InputStream file = results.poll(); file != null; file = results.poll()) {
                files.add(file.readAllBytes());
            }
        }
        assertThat(files).containsExactlyInAnyOrder(FILES.get(0), FILES.get(2), FILES.get(4));
        try (RemoteResults<InputStream> results =
                PRODUCER.results(uri, new Retrieval("x", "1.2.1", "1.2.1.1", "1.2.3.5", Retrieval.Content.LOCATIONS))) {
            assertThat(results.next().readAllBytes()).isEqualTo(FILES.get(5));
            assertThat(results.hasNext()).isFalse();
        }
        try (RemoteResults<DataSet> results =
                PRODUCER.results(uri, new Retrieval("x", "1.2.1", "1.2.1.1", null, Retrieval.Content.METADATA))) {
            assertThat(results)
                    .toIterable()
                    .extracting(dataSet -> dataSet.string(Tag.SOPInstanceUID))
                    .containsExactlyInAnyOrder("1.2.3.1", "1.2.3.3", "1.2.3.5");
        }
        assertThatThrownBy(
                        () -> PRODUCER.results(uri, new Retrieval("x", "9.9", null, null, Retrieval.Content.LOCATIONS)))
                .isInstanceOf(DicomwebException.class);
    }
}
