package org.imagingingestion.tests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** What patients are called is told to nobody who did not ask for it: not by the log, not by an error. */
class PrivacyIT {
    private static final String MARKER = "Unspeakable";

    @TempDir
    static Path folder;

    private static ImagingIngestion server;
    private static DicomwebClient client;

    @BeforeAll
    static void start() {
        server = ImagingIngestion.on(folder)
                .property("imaging.sweep.delay", "0")
                .property("imaging.sweep.period", "200")
                .property("imaging.sweep.minimum-age", "0")
                .start();
        client = new DicomwebClient(server.dicomWeb());
    }

    @AfterAll
    static void stopAndReadAllThatItWrote() throws IOException {
        server.close();
        assertSilent(server.output());
        assertSilent(server.errors());
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertSilent(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        try (Stream<Path> files = Files.walk(folder.resolve("postgres"))) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".log"));
        }
    }

    private static void assertSilent(String text) {
        assertThat(text).doesNotContainIgnoringCase(MARKER);
    }

    static Stream<Named<byte[]>> brokenFiles() {
        byte[] file = Samples.file(image());
        byte[] garbled = file.clone();
        Arrays.fill(garbled, file.length - 300, file.length - 200, (byte) 0xFF);
        return Stream.of(
                Named.of("cut off", Arrays.copyOf(file, file.length - 20)),
                Named.of("cut off early", Arrays.copyOf(file, 400)),
                Named.of("garbled", garbled),
                Named.of("no DICOM", (MARKER + " is no DICOM file").getBytes(StandardCharsets.US_ASCII)),
                Named.of("empty", new byte[0]),
                with(Tag.SOPInstanceUID, VR.UI, MARKER),
                with(Tag.StudyInstanceUID, VR.UI, "../" + MARKER),
                with(Tag.SeriesInstanceUID, VR.UI, ""),
                with(Tag.SpecificCharacterSet, VR.CS, MARKER),
                with(Tag.PatientBirthDate, VR.DA, MARKER),
                with(Tag.Rows, VR.US, MARKER),
                with(Tag.NumberOfFrames, VR.IS, MARKER),
                with(Tag.PatientID, VR.LO, endless()),
                with(Tag.PatientName, VR.PN, MARKER + "\0^=\\^=" + endless()));
    }

    private static Named<byte[]> with(int tag, VR vr, String value) {
        return Named.of(
                Dictionary.keywordOf(tag) + " " + value.length(), Samples.file(image().setString(tag, vr, value)));
    }

    /** Longer than an index of the database takes. */
    private static String endless() {
        StringBuilder value = new StringBuilder(MARKER);
        for (byte b : Samples.bytes(20_000, 1)) {
            value.append((char) ('A' + (b & 15))).append((char) ('a' + (b >> 4 & 15)));
        }
        return value.toString();
    }

    private static DataSet image() {
        DataSet header = Samples.header(Samples.uid(), Samples.uid())
                .setString(Tag.PatientName, VR.PN, MARKER + "^A")
                .setString(Tag.PatientID, VR.LO, MARKER + "-1")
                .setString(Tag.AccessionNumber, VR.SH, MARKER)
                .setString(Tag.StudyDescription, VR.LO, MARKER)
                .setString(Tag.PatientComments, VR.LT, MARKER);
        return Samples.pixels(Samples.image(header, 4, 4, 1), Samples.bytes(16, 1));
    }

    @Test
    void isSilentAboutWhatItStoresAndFinds() throws Exception {
        DataSet image = image();
        client.storeAll(Samples.file(image));
        client.storeAll(Samples.file(image));
        String study = image.string(Tag.StudyInstanceUID);

        assertThat(client.json("studies?PatientName=" + MARKER + "*")).isNotEmpty();
        assertThat(client.get("studies/" + study + "/metadata", "*/*").statusCode())
                .isEqualTo(200);
        assertThat(client.store(List.of(Samples.file(image.setString(Tag.PatientName, VR.PN, MARKER + "^B"))))
                        .statusCode())
                .isEqualTo(202);
        assertThat(server.get("/").body()).doesNotContain(MARKER);
    }

    @ParameterizedTest
    @MethodSource("brokenFiles")
    void isSilentAboutWhatItCannotStore(byte[] file) {
        HttpResponse<byte[]> alone = client.send(client.request("studies")
                .header("Content-Type", "application/dicom")
                .header("Accept", "application/dicom+json")
                .POST(BodyPublishers.ofByteArray(file)));
        HttpResponse<byte[]> amongOthers = client.store(List.of(Samples.file(image()), file));

        // the answer names the instance as its sender did
        assertThat(alone.statusCode()).isNotEqualTo(500);
        assertThat(amongOthers.statusCode()).isIn(200, 202);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "studies?StudyDate=" + MARKER,
                "studies?PatientBirthDate=" + MARKER + "-",
                "studies?StudyTime=" + MARKER,
                "studies?StudyInstanceUID=" + MARKER,
                "studies?PatientName=" + MARKER + "%FF%25",
                "studies?PatientName=" + MARKER + "%00",
                "studies?PatientName=" + MARKER + "*&limit=x",
                "studies?PatientID=" + MARKER + "&limit=-1",
                "studies?PatientID=" + MARKER + "&includefield=nothing",
                "studies?PatientID=" + MARKER + "&NoSuchKeyword=1",
                "studies?fuzzymatching=" + MARKER,
                "studies?limit=" + MARKER,
                "studies?offset=" + MARKER,
                "series?SeriesNumber=" + MARKER,
                "instances?InstanceNumber=" + MARKER + "&Modality=CT",
                "studies?RequestAttributesSequence.ScheduledProcedureStepID.x=" + MARKER,
                "studies/" + MARKER + "/metadata",
                "studies/1.2/series/" + MARKER,
                "studies/1.2/series/1.3/instances/1.4/frames/" + MARKER,
                "studies/1.2/series/1.3/instances/1.4/bulkdata/" + MARKER,
                "studies/1.2/series/1.3/instances/1.4/rendered?annotation=" + MARKER,
                MARKER
            })
    void isSilentAboutWhatIsAskedFor(String path) {
        assertSilentAnswer(client.get(path, "*/*"));
    }

    @Test
    void isSilentAboutRequestsThatAreNoneOfItsKind() {
        for (String type : List.of(
                MARKER,
                "multipart/related; type=\"application/dicom\"",
                "multipart/related; boundary=" + MARKER,
                "multipart/related; type=\"application/dicom+json\"; boundary=b",
                "multipart/related; type=\"application/dicom+xml\"; boundary=b",
                "application/json")) {
            for (String body : List.of(
                    MARKER,
                    "--b\r\n" + MARKER + "\r\n\r\n" + MARKER + "\r\n--b--",
                    "--b\r\nContent-Type: application/dicom+json\r\n\r\n[{\"00100010\":{\"vr\":\"PN\",\"Value\":[\""
                            + MARKER + "\"]}}]\r\n--b--",
                    "--b\r\nContent-Type: application/dicom+json\r\n\r\n{\"00100010\": " + MARKER + "\r\n--b--",
                    "--b\r\nContent-Type: application/dicom+xml\r\n\r\n<NativeDicomModel><" + MARKER + "</\r\n--b--")) {
                assertSilentAnswer(client.send(
                        client.request("studies").header("Content-Type", type).POST(BodyPublishers.ofString(body))));
            }
        }
        assertSilentAnswer(client.get("studies", MARKER));
        assertSilentAnswer(client.get("studies", "application/" + MARKER));
        assertSilentAnswer(client.send(client.request("studies").header("Range", MARKER)));
    }

    @Test
    void isSilentWhenAClientBreaksOff() {
        byte[] file = Samples.file(image().setBytes(Tag.PixelData, VR.OB, new byte[1 << 20]));
        ByteArrayOutputStream half = new ByteArrayOutputStream();
        half.write(file, 0, file.length / 2);
        HttpRequest request = client.request("studies")
                .header("Content-Type", "application/dicom")
                .POST(BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(half.toByteArray()), file.length))
                .build();

        assertThatThrownBy(() -> HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void isSilentWhileItsDatabaseIsAway() {
        server.postgres().orElseThrow().destroyForcibly();

        for (int i = 0; i < 10; i++) {
            assertSilentAnswer(client.store(List.of(Samples.file(image()))));
            assertSilentAnswer(client.get("studies?PatientName=" + MARKER + "&PatientID=" + MARKER, "*/*"));
        }

        await().atMost(Duration.ofSeconds(60))
                .until(() -> server.get("/q/health/ready").statusCode() == 200);
    }

    private static void assertSilentAnswer(HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).as(DicomwebClient.text(response)).isNotEqualTo(500);
        assertSilent(DicomwebClient.text(response));
        assertSilent(response.headers().map().toString());
    }
}
