package org.imagingingestion.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Other implementations at both ends: dcmtk's archive, and dcmjs-dimse for Node.js. */
class DimsePeersIT {
    /** Who calls by this name is the last that the script answers. */
    private static final String LAST = "LAST";

    @TempDir
    static Path folder;

    private static int archivePort;
    private static int nodePort;
    private static ImagingIngestion server;
    private static Dcmtk dcmtk;

    @BeforeAll
    static void start() {
        archivePort = ImagingIngestion.freePort();
        nodePort = ImagingIngestion.freePort();
        server = ImagingIngestion.on(folder.resolve("data"))
                .environment(
                        "ENV_AETS_JSON",
                        "[{\"name\":\"ARCHIVE\",\"host\":\"127.0.0.1\",\"port\":" + archivePort
                                + "},{\"name\":\"DCMJS\",\"host\":\"127.0.0.1\",\"port\":" + nodePort + "}]")
                .start();
        dcmtk = new Dcmtk(folder, server.dimsePort());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static List<DataSet> study(String patient) {
        String study = Samples.uid();
        String series = Samples.uid();
        List<DataSet> instances = new ArrayList<>();
        for (int number = 1; number <= 3; number++) {
            DataSet instance = Samples.image(Samples.header(study, series), 64, 64, 1)
                    .setString(Tag.PatientID, VR.LO, patient)
                    .setInt(Tag.InstanceNumber, VR.IS, number);
            instances.add(Samples.pixels(instance, Samples.bytes(64 * 64, number)));
        }
        return instances;
    }

    private static String uid(List<DataSet> study) {
        return study.get(0).string(Tag.StudyInstanceUID);
    }

    private static List<Path> files(List<DataSet> study) throws IOException {
        List<Path> files = new ArrayList<>();
        for (DataSet instance : study) {
            files.add(Files.write(Files.createTempFile(folder, "instance", ".dcm"), Samples.file(instance)));
        }
        return files;
    }

    private static byte[] retrieved(DataSet instance) {
        return new DicomwebClient(server.dicomWeb())
                .get(
                        "studies/" + instance.string(Tag.StudyInstanceUID) + "/series/"
                                + instance.string(Tag.SeriesInstanceUID) + "/instances/"
                                + instance.string(Tag.SOPInstanceUID),
                        "application/dicom; transfer-syntax=*")
                .body();
    }

    private static void assertKept(List<DataSet> study) {
        assertThat(study).allSatisfy(instance -> assertThat(
                        Part10.of(retrieved(instance)).dataSet())
                .isEqualTo(Part10.of(Samples.file(instance)).dataSet()));
    }

    private static DataSet byPatient(String patient) {
        return new DataSet().setString(Tag.PatientID, VR.LO, patient).setString(Tag.StudyInstanceUID, VR.UI, "");
    }

    private static String[] retrieval(List<DataSet> study, String... before) {
        List<String> arguments = new ArrayList<>(List.of(before));
        arguments.addAll(List.of("-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=" + uid(study)));
        return arguments.toArray(String[]::new);
    }

    @Test
    void takesWhatAnArchiveSendsWhenItIsAskedTo() throws IOException {
        List<DataSet> study = study("ARCHIVED");
        try (Dcmtk.Server archive = dcmtk.dcmqrscp("ARCHIVE", archivePort, server.dimsePort())) {
            List<String> arguments =
                    new ArrayList<>(List.of("-xe", "-aec", "ARCHIVE", "127.0.0.1", Integer.toString(archivePort)));
            files(study).forEach(file -> arguments.add(file.toString()));
            dcmtk.run("storescu", arguments.toArray(String[]::new));

            try (ServiceClassUser scu = ServiceClassUser.of(
                    archivePort,
                    "ARCHIVE",
                    ServiceClassUser.contexts(
                            List.of(ServiceClassUser.STUDY_ROOT_FIND, ServiceClassUser.STUDY_ROOT_MOVE),
                            TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid()))) {
                assertThat(scu.find(byPatient("ARCHIVED")))
                        .extracting(match -> match.string(Tag.StudyInstanceUID))
                        .containsExactly(uid(study));
                assertThat(scu.move(uid(study), "DICOM-INGEST").isSuccess()).isTrue();
            }
        }
        assertKept(study);
    }

    @Test
    void sendsToAnArchiveThatFindsAndGivesItAgain() throws IOException {
        List<DataSet> study = study("SENT");
        new DicomwebClient(server.dicomWeb())
                .storeAll(study.stream().map(Samples::file).toArray(byte[][]::new));
        try (Dcmtk.Server archive = dcmtk.dcmqrscp("ARCHIVE", archivePort, server.dimsePort())) {
            dcmtk.run("movescu", retrieval(study, "-S", "-aem", "ARCHIVE", "SERVER"));

            Dcmtk.Run get = dcmtk.run(
                    "getscu",
                    retrieval(study, "-S", "+B", "+xe", "-aec", "ARCHIVE", "127.0.0.1", Integer.toString(archivePort)));
            Map<String, byte[]> got = new TreeMap<>();
            for (Path file : get.files()) {
                Part10 part10 = Part10.of(Files.readAllBytes(file));
                got.put(part10.sopInstanceUID(), part10.dataSet());
            }
            assertThat(study).allSatisfy(instance -> assertThat(got.get(instance.string(Tag.SOPInstanceUID)))
                    .isEqualTo(Part10.of(Samples.file(instance)).dataSet()));
        }
    }

    @Test
    void servesDcmjsAndIsServedByIt() throws Exception {
        List<DataSet> study = study("DCMJS");
        List<Object> arguments = new ArrayList<>(List.of(server.dimsePort(), nodePort, uid(study)));
        arguments.addAll(files(study));
        CompletableFuture<JsonNode> script =
                CompletableFuture.supplyAsync(() -> Script.node("dimse.mjs", arguments.toArray()));

        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> script.isDone()
                        || dcmtk.attempt("echoscu", "127.0.0.1", Integer.toString(nodePort))
                                        .exitCode()
                                == 0);
        if (!script.isDone()) {
            try (ServiceClassUser scu = ServiceClassUser.of(
                    nodePort,
                    LAST,
                    List.of(ServiceClassUser.STUDY_ROOT_FIND),
                    TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid())) {
                assertThat(scu.find(byPatient("P1")))
                        .extracting(match -> match.string(Tag.StudyInstanceUID))
                        .containsExactly("1.2.3", "1.2.4");
            }
        }

        assertServed(study, script.get(60, TimeUnit.SECONDS));
        assertThat(study).allSatisfy(instance -> assertThat(Dcmtk.dataSet(
                                Files.write(Files.createTempFile(folder, "retrieved", ".dcm"), retrieved(instance)))
                        .bytes(Tag.PixelData))
                .isEqualTo(instance.bytes(Tag.PixelData)));
    }

    private static void assertServed(List<DataSet> study, JsonNode result) {
        Map<String, String> pixels = new TreeMap<>();
        study.forEach(instance ->
                pixels.put(instance.string(Tag.SOPInstanceUID), Samples.sha256(instance.bytes(Tag.PixelData))));
        assertThat(result.get("echo")).hasSize(1).allMatch(status -> status.asInt() == 0);
        assertThat(result.get("stored")).hasSize(3).allMatch(status -> status.asInt() == 0);
        assertThat(result.get("found")).hasSize(1);
        assertThat(result.get("found").get(0).get("PatientID").asText()).isEqualTo("DCMJS");
        for (String retrieval : List.of("get", "move")) {
            JsonNode statuses = result.get(retrieval);
            assertThat(statuses.get(statuses.size() - 1).asInt()).as(retrieval).isZero();
        }
        ObjectMapper json = new ObjectMapper();
        assertThat(json.convertValue(result.get("got"), Map.class)).isEqualTo(pixels);
        assertThat(json.convertValue(result.get("received"), Map.class)).isEqualTo(pixels);
    }
}
