package org.imagingingestion.tests;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Orthanc as a peer: it stores, finds, has moved and has confirmed, and it answers when it is asked. */
class DimseOrthancIT {
    @TempDir
    static Path folder;

    private static int port;
    private static ImagingIngestion server;
    private static DicomwebClient client;
    private static Orthanc orthanc;

    @BeforeAll
    static void start() throws IOException {
        port = ImagingIngestion.freePort();
        server = ImagingIngestion.on(folder.resolve("data"))
                .environment("ENV_AETS_JSON", "[{\"name\":\"ORTHANC\",\"host\":\"127.0.0.1\",\"port\":" + port + "}]")
                .start();
        client = new DicomwebClient(server.dicomWeb());
        orthanc = Orthanc.in(folder.resolve("orthanc"), port, server.dimsePort());
    }

    @AfterAll
    static void stop() {
        try (ImagingIngestion closed = server;
                Orthanc alsoClosed = orthanc) {}
    }

    @AfterEach
    void forget() {
        orthanc.instances().forEach(orthanc::delete);
    }

    /** A study of three instances, one of them compressed. */
    private static List<DataSet> study(String patient) {
        String study = Samples.uid();
        String series = Samples.uid();
        List<DataSet> instances = new ArrayList<>();
        for (int number = 1; number <= 3; number++) {
            DataSet instance = Samples.image(Samples.header(study, series), 64, 64, 1)
                    .setString(Tag.PatientID, VR.LO, patient)
                    .setInt(Tag.InstanceNumber, VR.IS, number);
            instances.add(
                    isCompressed(number)
                            ? Samples.fragments(instance, Samples.bytes(1000, number))
                            : Samples.pixels(instance, Samples.bytes(64 * 64, number)));
        }
        return instances;
    }

    private static boolean isCompressed(int number) {
        return number == 3;
    }

    private static byte[] file(DataSet instance) {
        return isCompressed(instance.integer(Tag.InstanceNumber, 0))
                ? Samples.file(instance, Samples.JPEG_BASELINE)
                : Samples.file(instance);
    }

    private static byte[] retrieved(DataSet instance) {
        return client.get(
                        "studies/" + instance.string(Tag.StudyInstanceUID) + "/series/"
                                + instance.string(Tag.SeriesInstanceUID) + "/instances/"
                                + instance.string(Tag.SOPInstanceUID),
                        "application/dicom; transfer-syntax=*")
                .body();
    }

    private static void assertSame(byte[] got, DataSet sent) {
        assertThat(Part10.of(got).transferSyntaxUID())
                .isEqualTo(Part10.of(file(sent)).transferSyntaxUID());
        assertThat(Part10.of(got).dataSet()).isEqualTo(Part10.of(file(sent)).dataSet());
    }

    /** Orthanc's names of instances that it is given. */
    private static List<String> put(List<DataSet> study) {
        return study.stream().map(each -> orthanc.put(file(each))).toList();
    }

    @Test
    void isAnsweredAnEcho() {
        orthanc.dimse("echo", Map.of());
    }

    @Test
    void storesWhatIsThenRetrieved() {
        List<DataSet> study = study("STORES");

        orthanc.dimse("store", Map.of("Resources", put(study), "Synchronous", true));

        assertThat(study).allSatisfy(instance -> assertSame(retrieved(instance), instance));
    }

    @Test
    void findsAStudyAndHasItMovedToItself() {
        List<DataSet> study = study("FINDS");
        client.storeAll(study.stream().map(DimseOrthancIT::file).toArray(byte[][]::new));

        String query = orthanc.dimse(
                        "query",
                        Map.of(
                                "Level",
                                "Study",
                                "Query",
                                Map.of("PatientID", "FIN*", "StudyDescription", "", "ModalitiesInStudy", "")))
                .get("Path")
                .asText();
        assertThat(orthanc.get(query + "/answers")).hasSize(1);
        JsonNode answer = orthanc.get(query + "/answers/0/content?simplify");
        assertThat(answer.path("PatientID").asText()).isEqualTo("FINDS");
        assertThat(answer.path("StudyDescription").asText()).isEqualTo("Head");
        assertThat(answer.path("ModalitiesInStudy").asText()).isEqualTo("CT");

        orthanc.post(query + "/retrieve", Map.of("TargetAet", "ORTHANC", "Synchronous", true));

        assertKeptByOrthanc(study);
    }

    private static void assertKeptByOrthanc(List<DataSet> study) {
        Map<String, byte[]> kept = new TreeMap<>();
        orthanc.instances().stream()
                .map(orthanc::file)
                .forEach(file -> kept.put(Part10.of(file).sopInstanceUID(), file));
        assertThat(kept).hasSameSizeAs(study);
        study.forEach(instance -> assertSame(kept.get(instance.string(Tag.SOPInstanceUID)), instance));
    }

    @Test
    void hasConfirmedWhatItStored() {
        List<DataSet> study = study("COMMITS");
        List<String> resources = put(study);
        orthanc.dimse("store", Map.of("Resources", resources, "Synchronous", true));

        JsonNode confirmed = confirmation(Map.of("Resources", resources));

        assertThat(confirmed.path("Status").asText()).isEqualTo("Success");
        assertThat(confirmed.path("Success")).hasSize(study.size());
    }

    @Test
    void hearsWhatIsNotKept() {
        List<DataSet> study = study("UNKNOWN");

        JsonNode confirmed = confirmation(Map.of("Resources", put(study)));

        assertThat(confirmed.path("Status").asText()).isEqualTo("Failure");
        assertThat(confirmed.path("Failures")).hasSize(study.size());
        assertThat(confirmed.path("Failures").get(0).path("FailureReason").asInt())
                .isEqualTo(0x0112);
    }

    private static JsonNode confirmation(Map<String, ?> what) {
        String path = orthanc.dimse("storage-commitment", what).get("Path").asText();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !orthanc.get(path).path("Status").asText().equals("Pending"));
        return orthanc.get(path);
    }

    @Test
    void isSentAStudyByWhoIsTold() {
        List<DataSet> study = study("SENT");
        client.storeAll(study.stream().map(DimseOrthancIT::file).toArray(byte[][]::new));

        new Dcmtk(folder, server.dimsePort())
                .run(
                        "movescu",
                        "-S",
                        "-aem",
                        "ORTHANC",
                        "SERVER",
                        "-k",
                        "QueryRetrieveLevel=STUDY",
                        "-k",
                        "StudyInstanceUID=" + study.get(0).string(Tag.StudyInstanceUID));

        assertKeptByOrthanc(study);
    }

    @Test
    void answersOurSearchesAndSendsToUs() {
        List<DataSet> study = study("ANSWERS");
        put(study);
        try (ServiceClassUser scu = ServiceClassUser.of(
                port,
                "DICOM-INGEST",
                List.of(ServiceClassUser.STUDY_ROOT_FIND, ServiceClassUser.STUDY_ROOT_MOVE),
                TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid())) {
            List<DataSet> found = scu.find(
                    new DataSet().setString(Tag.PatientID, VR.LO, "ANSW*").setString(Tag.StudyInstanceUID, VR.UI, ""));
            assertThat(found).hasSize(1);
            String uid = found.get(0).string(Tag.StudyInstanceUID);
            assertThat(uid).isEqualTo(study.get(0).string(Tag.StudyInstanceUID));

            assertThat(scu.move(uid, "DICOM-INGEST").isSuccess()).isTrue();
        }
        assertThat(study).allSatisfy(instance -> assertSame(retrieved(instance), instance));
    }

    @Test
    void givesAStudyToUs() {
        List<DataSet> study = study("GIVES");
        put(study);

        Map<String, byte[]> got;
        try (ServiceClassUser scu = ServiceClassUser.getting(
                port, study.stream().map(each -> Part10.of(file(each))).toList())) {
            got = scu.get(List.of(study.get(0).string(Tag.StudyInstanceUID)));
        }

        assertThat(study).allSatisfy(instance -> assertThat(got.get(instance.string(Tag.SOPInstanceUID)))
                .isEqualTo(Part10.of(file(instance)).dataSet()));
    }
}
