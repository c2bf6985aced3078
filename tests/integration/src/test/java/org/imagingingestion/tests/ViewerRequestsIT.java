package org.imagingingestion.tests;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imagingingestion.tests.DicomwebClient.values;

/** The requests that viewers in browsers were seen to send, each to the letter. */
class ViewerRequestsIT {
    private static final String VIEWER = "http://viewer.example.org";
    private static final String UNQUOTED = "multipart/related; type=application/octet-stream; transfer-syntax=*";
    private static final String QUOTED = "multipart/related; type=\"application/octet-stream\"; transfer-syntax=\"*\"";
    private static final int FRAMES = 20;
    private static final byte[] PALETTE = Samples.bytes(512, 1);
    private static final byte[] DOCUMENT = Samples.bytes(3000, 2);
    private static final byte[][] JPEGS = new byte[FRAMES][];

    private static final String STUDY = Samples.uid();
    private static final String SERIES = Samples.uid();
    private static final String STUDY_PATH = "studies/" + STUDY;
    private static final String SERIES_PATH = STUDY_PATH + "/series/" + SERIES;

    @TempDir
    static Path folder;

    private static ImagingIngestion server;
    private static DicomwebClient client;
    private static String image;
    private static String document;

    @BeforeAll
    static void start() {
        for (int i = 0; i < FRAMES; i++) {
            JPEGS[i] = Samples.bytes(500 + 2 * i, i);
        }
        server = ImagingIngestion.on(folder)
                .property("imaging.cors.origins", VIEWER)
                .start();
        client = new DicomwebClient(server.dicomWeb());
        image = store(
                Samples.fragments(
                        Samples.image(header(), 8, 8, FRAMES)
                                .setString(Tag.PhotometricInterpretation, VR.CS, "PALETTE COLOR")
                                .setBytes(0x00281201, VR.OW, PALETTE),
                        JPEGS),
                Samples.JPEG_BASELINE);
        document = store(
                header().setString(Tag.SOPClassUID, VR.UI, "1.2.840.10008.5.1.4.1.1.104.1")
                        .setBytes(Tag.EncapsulatedDocument, VR.OB, DOCUMENT)
                        .setString(Tag.MIMETypeOfEncapsulatedDocument, VR.LO, "application/pdf"),
                "1.2.840.10008.1.2.1");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static DataSet header() {
        return Samples.header(STUDY, SERIES)
                .setString(Tag.SeriesDescription, VR.LO, "Thin")
                .setString(Tag.SeriesDate, VR.DA, "20240229");
    }

    private static String store(DataSet dataSet, String transferSyntaxUID) {
        client.storeAll(Samples.file(dataSet, transferSyntaxUID));
        return SERIES_PATH + "/instances/" + dataSet.string(Tag.SOPInstanceUID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fuzzymatching=true",
                "fuzzymatching=false",
                "PatientName=*doe*&fuzzymatching=false",
                "PatientName=%2Adoe%2A&fuzzymatching=true",
                "AccessionNumber=*A1*&fuzzymatching=true",
                "StudyDescription=*Hea*&fuzzymatching=true",
                "00100020=P1&fuzzymatching=true",
                "StudyInstanceUID={study}&fuzzymatching=true"
            })
    void listsStudies(String keys) {
        JsonNode studies = client.json("studies?limit=101&offset=0&"
                + keys.replace("{study}", STUDY)
                + "&includefield=00081030%2C00080060%2C00080090%2C00100030");

        assertThat(studies).singleElement().satisfies(study -> {
            assertThat(values(study, "0020000D")).containsExactly(STUDY);
            assertThat(values(study, "00081030")).containsExactly("Head");
            assertThat(values(study, "00080061")).containsExactly("CT");
            assertThat(study.has("00100030")).isTrue();
        });
    }

    @Test
    void listsNoStudyWhereNoneMatches() {
        assertThat(client.json("studies?limit=101&offset=0&fuzzymatching=true&PatientName=*nobody*"))
                .isEmpty();
        assertThat(client.json("studies?limit=101&offset=101&fuzzymatching=true"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0008103E%2C00080021", "00080021%2C00080031%2C0008103E%2C00200011"})
    void listsSeries(String fields) {
        assertThat(client.json(STUDY_PATH + "/series?includefield=" + fields))
                .singleElement()
                .satisfies(series -> {
                    assertThat(values(series, "0020000E")).containsExactly(SERIES);
                    assertThat(values(series, "0008103E")).containsExactly("Thin");
                    assertThat(values(series, "00080021")).containsExactly("20240229");
                });
    }

    @Test
    void givesTheMetadataOfASeries() {
        assertThat(client.json(SERIES_PATH + "/metadata")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {UNQUOTED, QUOTED, "multipart/related; type=\"application/octet-stream\""})
    void givesManyFramesAtOnce(String accept) {
        List<CompletableFuture<HttpResponse<byte[]>>> asked = new ArrayList<>();
        for (int number = 1; number <= FRAMES; number++) {
            String path = image + "/frames/" + number;
            asked.add(CompletableFuture.supplyAsync(() -> client.get(path, accept)));
        }

        for (int i = 0; i < FRAMES; i++) {
            HttpResponse<byte[]> response = asked.get(i).join();
            if (!accept.contains("*")) {
                // decompressing comes later: until then what is stored is given only to whom it suits
                assertThat(response.statusCode()).isEqualTo(406);
                continue;
            }
            assertThat(response.statusCode()).isEqualTo(200);
            List<DicomwebClient.Part> parts = DicomwebClient.parts(response);
            assertThat(parts).hasSize(1);
            assertThat(parts.get(0).bytes()).isEqualTo(JPEGS[i]);
            assertThat(parts.get(0).contentType()).contains("transfer-syntax=" + Samples.JPEG_BASELINE);
        }
    }

    @Test
    void givesBulkDataByTheURIThatMetadataGave() {
        assertBulkData(image, "00281201", PALETTE);
        assertBulkData(document, "00420011", DOCUMENT);
    }

    private static void assertBulkData(String instance, String tag, byte[] bytes) {
        String uri = client.json(instance + "/metadata")
                .get(0)
                .get(tag)
                .get("BulkDataURI")
                .asText();

        assertThat(URI.create(uri).isAbsolute()).isTrue();
        HttpResponse<byte[]> alone = client.get(uri, "*/*");
        assertThat(alone.statusCode()).isEqualTo(200);
        assertThat(alone.body()).isEqualTo(bytes);
        assertThat(client.parts(uri, "multipart/related; type=\"application/octet-stream\""))
                .singleElement()
                .satisfies(part -> assertThat(part.bytes()).isEqualTo(bytes));
        HttpResponse<byte[]> range =
                client.send(client.request(uri).header("Accept", "*/*").header("Range", "bytes=10-19"));
        assertThat(range.statusCode()).isEqualTo(206);
        assertThat(range.body()).isEqualTo(Arrays.copyOfRange(bytes, 10, 20));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{series}/thumbnail?viewport=256%2C256",
                "{instance}/thumbnail?viewport=256%2C256",
                "{instance}/thumbnail?accept=image/jpeg",
                "{instance}/frames/1/thumbnail",
                "{series}/rendered?accept=image/jpeg",
                "{instance}/rendered?accept=image/jpeg",
                "{instance}/frames/1/rendered",
                "studies/{study}/thumbnail"
            })
    void saysThatItDoesNotRender(String path) {
        String address = path.replace("{series}", SERIES_PATH)
                .replace("{instance}", image)
                .replace("{study}", STUDY);

        for (String accept : List.of("image/jpeg", "image/avif,image/webp,image/*,*/*;q=0.8", "*/*")) {
            HttpResponse<byte[]> response = client.get(address, accept);
            assertThat(response.statusCode()).as(address).isIn(406, 501);
            assertThat(DicomwebClient.contentType(response)).startsWith("text/plain");
        }
    }

    @Test
    void saysThatItHasNoWadoUri() {
        String path = "?requestType=WADO&studyUID=" + STUDY + "&contentType=application/dicom&transferSyntax=*";

        assertThat(client.get(server.dicomWeb() + path, UNQUOTED).statusCode()).isIn(404, 501);
    }

    @ParameterizedTest
    @ValueSource(strings = {"studies", "{series}/metadata", "{image}/frames/1", "{image}/bulkdata/00281201"})
    void answersPreflightsOfTheViewer(String path) {
        String address = path.replace("{series}", SERIES_PATH).replace("{image}", image);
        for (String method : List.of("GET", "POST")) {
            HttpResponse<byte[]> response = client.send(client.request(address)
                    .method("OPTIONS", BodyPublishers.noBody())
                    .header("Origin", VIEWER)
                    .header("Access-Control-Request-Method", method)
                    .header("Access-Control-Request-Headers", "accept,authorization,content-type"));

            assertThat(response.statusCode()).isIn(200, 204);
            assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo(VIEWER);
            assertThat(header(response, "Access-Control-Allow-Methods")).contains(method);
            assertThat(header(response, "Access-Control-Allow-Headers"))
                    .contains("accept", "authorization", "content-type");
            assertThat(Integer.parseInt(header(response, "Access-Control-Max-Age")))
                    .isPositive();
        }
    }

    @Test
    void allowsNoOtherOrigin() {
        HttpResponse<byte[]> response = client.send(client.request("studies")
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", "http://elsewhere.example.org")
                .header("Access-Control-Request-Method", "GET"));

        assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void letsTheViewerReadAnswersAndFailures() {
        for (String path : List.of("studies", image + "/frames/1", image + "/rendered", "studies/1.2.3/metadata")) {
            HttpRequest.Builder request =
                    client.request(path).header("Origin", VIEWER).header("Accept", "*/*");

            assertThat(header(client.send(request), "Access-Control-Allow-Origin"))
                    .isEqualTo(VIEWER);
        }
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
