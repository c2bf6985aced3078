package org.imagingingestion.tests;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** The query service that services of the original ask, answered by the application. */
class QueryServiceIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STUDY = Samples.uid();
    private static final String SERIES = Samples.uid();

    @TempDir
    static Path folder;

    private static final DataSet FIRST = Samples.header(STUDY, SERIES);
    private static final DataSet SECOND = Samples.header(STUDY, SERIES)
            .setString(Tag.InstanceNumber, VR.IS, "2")
            .setString(Tag.PatientName, VR.PN, "Doe^Jane");
    private static ImagingIngestion server;

    @BeforeAll
    static void start() {
        server = ImagingIngestion.on(folder).start();
        new DicomwebClient(server.dicomWeb())
                .storeAll(
                        Samples.file(FIRST),
                        Samples.file(SECOND),
                        Samples.file(
                                Samples.header(Samples.uid(), Samples.uid()).setString(Tag.PatientID, VR.LO, "P2")));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private static JsonNode get(String path) throws IOException {
        return json(server.get("/query/studies/" + path));
    }

    private static JsonNode post(String source, String query) throws IOException {
        return json(server.send(HttpRequest.newBuilder(server.uri("/query/studies?source=" + source))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(query))));
    }

    @Test
    void saysWhichObjectsHoldAStudy() throws IOException {
        JsonNode found = get(STUDY + "?source=default");

        assertThat(found).hasSize(2);
        for (JsonNode instance : found) {
            assertThat(Files.isRegularFile(folder.resolve("storage")
                            .resolve(instance.at("/resource/objectName").asText())))
                    .isTrue();
            assertThat(Instant.parse(instance.at("/lastModified").asText()))
                    .isBetween(
                            Instant.now().minus(Duration.ofHours(1)),
                            Instant.now().plus(Duration.ofHours(1)));
        }
        String second = STUDY + "/series/" + SERIES + "/instances/" + SECOND.string(Tag.SOPInstanceUID);
        assertThat(get(second + "?source=default")).hasSize(1);
    }

    @Test
    void showsATenantNothingOfAnother() throws IOException {
        String instance = STUDY + "/series/" + SERIES + "/instances/" + FIRST.string(Tag.SOPInstanceUID);
        for (String path : new String[] {STUDY, STUDY + "/series/" + SERIES, instance}) {
            assertThat(get(path + "?source=other")).isEmpty();
            assertThat(server.get("/query/studies/" + path).statusCode()).isEqualTo(400);
        }
        for (String scope : new String[] {"STUDY", "SERIES", "INSTANCE"}) {
            assertThat(post("other", "{\"scope\":\"" + scope + "\"}")).isEmpty();
        }
    }

    @Test
    void searchesByAllKeysAtOnce() throws IOException {
        // PatientName, PatientID and Modality, which the original mixed up
        String keys = "\"queryAttributes\":{\"1048592\":\"DOE*\",\"1048608\":\"P1\",\"524384\":\"CT\"}";
        JsonNode series = post("default", "{\"scope\":\"SERIES\"," + keys + "}");
        assertThat(series).hasSize(1);
        assertThat(series.at("/0/attributes/0020000E/Value/0").asText()).isEqualTo(SERIES);
        assertThat(series.at("/0/attributes/0020000D/Value/0").asText()).isEqualTo(STUDY);
        assertThat(series.at("/0/attributes/00081190/Value/0").asText())
                .isEqualTo(server.dicomWeb() + "/studies/" + STUDY + "/series/" + SERIES);
        assertThat(series.at("/0/resource").isNull()).isTrue();

        JsonNode second = post("default", "{\"scope\":\"INSTANCE\",\"limit\":1,\"offset\":1," + keys + "}");
        assertThat(second).hasSize(1);
        assertThat(second.at("/0/attributes/00200013/Value/0").asText()).isEqualTo("2");
        assertThat(second.at("/0/attributes/00020010/Value/0").asText()).isEqualTo("1.2.840.10008.1.2.1");

        assertThat(post("default", "{\"scope\":\"STUDY\",\"queryAttributes\":{\"1048608\":\"P2\"}}"))
                .hasSize(1);
    }
}
