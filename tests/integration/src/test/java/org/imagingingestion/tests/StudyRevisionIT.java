package org.imagingingestion.tests;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Studies are announced by the application, whichever of its processes is there. */
class StudyRevisionIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private DatabaseServer database;

    @BeforeEach
    void start() throws Exception {
        database = DatabaseServer.start(folder.resolve("database"));
    }

    @AfterEach
    void stop() throws Exception {
        database.close();
    }

    private ImagingIngestion.Builder application(String data) {
        return ImagingIngestion.on(folder.resolve(data))
                .environment("DB_HOST", "127.0.0.1")
                .environment("DB_PORT", Integer.toString(database.port()))
                .environment("DB_NAME", "postgres")
                .environment("DB_USER", DatabaseServer.USER)
                .environment("DB_PASS", DatabaseServer.PASSWORD)
                .environment("WADO_EXTERNAL_ENDPOINT", "https://archive.example.org/wado-rs")
                .property("imaging.storage.folder", folder.resolve("storage").toString())
                .property("imaging.dicomweb.deletion", "true");
    }

    private List<JsonNode> revisions(String study) throws Exception {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + database.port() + "/postgres",
                        DatabaseServer.USER,
                        DatabaseServer.PASSWORD);
                PreparedStatement select = connection.prepareStatement("SELECT data FROM manifest.event"
                        + " WHERE type = 'StudyRevisionEvent' AND subject = ? ORDER BY seq")) {
            select.setString(1, "/studies/" + study);
            List<JsonNode> revisions = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    revisions.add(JSON.readTree(row.getBytes(1)));
                }
            }
            return revisions;
        }
    }

    private JsonNode awaitRevision(String study, int number) {
        await().atMost(SOON).until(() -> revisions(study).size() > number);
        try {
            return revisions(study).get(number);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    @Test
    void tellsSubscribersWhatAStudyHasAndWhatIsNewInIt() throws Exception {
        String study = Samples.uid();
        String series = Samples.uid();
        DataSet first = Samples.header(study, series);
        DataSet second = Samples.header(study, series);
        String firstPath = series + "/" + first.string(Tag.SOPInstanceUID);
        String secondPath = series + "/" + second.string(Tag.SOPInstanceUID);
        try (ImagingIngestion server = application("data")
                .environment("IMAGING_INGESTION_STUDY_AGGREGATION_TIMEOUTSECONDS", "1")
                .start()) {
            DicomwebClient client = new DicomwebClient(server.dicomWeb());

            client.storeAll(Samples.file(first));
            JsonNode added = awaitRevision(study, 0);
            client.storeAll(Samples.file(second));
            JsonNode more = awaitRevision(study, 1);
            client.send(client.request("studies/" + study).DELETE());
            JsonNode gone = awaitRevision(study, 2);

            assertThat(added.at("/revision").asInt()).isZero();
            assertThat(added.at("/study/studyDate").asText()).isEqualTo("20240229");
            assertThat(added.at("/study/series/0/endpoint").asText())
                    .isEqualTo("https://archive.example.org/wado-rs/studies/" + study + "/series/" + series);
            assertThat(added.at("/study/series/0/providerName").asText()).isEqualTo("default");
            assertThat(texts(added.at("/changeSet/additions"))).containsExactly(firstPath);
            assertThat(texts(more.at("/changeSet/additions"))).containsExactly(secondPath);
            assertThat(more.at("/study/series/0/instances")).hasSize(2);
            assertThat(texts(gone.at("/changeSet/deletions"))).containsExactlyInAnyOrder(firstPath, secondPath);
            assertThat(gone.at("/study/series")).isEmpty();
        }
    }

    @Test
    void isAnnouncedByWhoeverIsThereNextWhenItIsWoken() throws Exception {
        String study = Samples.uid();
        try (ImagingIngestion server = application("one")
                .property("imaging.revisions.delay", "86400")
                .property("imaging.revisions.period", "3600000")
                .start()) {
            new DicomwebClient(server.dicomWeb()).storeAll(Samples.file(Samples.header(study, Samples.uid())));
            server.kill();
        }
        assertThat(revisions(study)).isEmpty();

        try (ImagingIngestion other = application("two")
                .property("imaging.revisions.delay", "86400")
                .property("imaging.revisions.longest-wait", "0")
                .property("imaging.revisions.period", "3600000")
                .start()) {
            HttpResponse<String> answer = other.send(
                    HttpRequest.newBuilder(other.uri("/imaging/revisions")).POST(HttpRequest.BodyPublishers.noBody()));

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).matches("\\{\"revisions\":[01]}");
            assertThat(revisions(study)).hasSize(1);
            assertThat(other.get("/imaging/revisions").statusCode()).isIn(404, 405);
        }
    }

    @Test
    void isAnnouncedOnceThoughTwoProcessesLook() throws Exception {
        List<String> studies = new ArrayList<>();
        try (ImagingIngestion one = application("one")
                        .property("imaging.revisions.delay", "2")
                        .property("imaging.revisions.period", "50")
                        .start();
                ImagingIngestion two = application("two")
                        .property("imaging.revisions.delay", "2")
                        .property("imaging.revisions.period", "50")
                        .start()) {
            for (int i = 0; i < 10; i++) {
                studies.add(Samples.uid());
                String series = Samples.uid();
                for (ImagingIngestion server : List.of(one, two)) {
                    new DicomwebClient(server.dicomWeb())
                            .storeAll(Samples.file(Samples.header(studies.get(i), series)));
                }
            }

            for (String study : studies) {
                await().atMost(SOON)
                        .until(() -> revisions(study).stream()
                                        .mapToInt(each ->
                                                each.at("/changeSet/additions").size())
                                        .sum()
                                >= 2);
            }
            for (String study : studies) {
                List<JsonNode> revisions = revisions(study);
                List<String> additions = new ArrayList<>();
                revisions.forEach(revision -> additions.addAll(texts(revision.at("/changeSet/additions"))));
                assertThat(additions).hasSize(2).doesNotHaveDuplicates();
                for (int i = 0; i < revisions.size(); i++) {
                    assertThat(revisions.get(i).at("/revision").asInt()).isEqualTo(i);
                }
            }
        }
    }
}
