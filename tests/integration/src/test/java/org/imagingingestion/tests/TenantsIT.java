package org.imagingingestion.tests;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two tenants have the same study, in one database and one storage space, and see nothing of each other: the first a version of the
 * instance that both have, the second another version, an instance more of its series, and another study.
 */
class TenantsIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String ORIGINAL = "application/dicom; transfer-syntax=*";
    private static final String STUDY = Samples.uid();
    private static final String SERIES = Samples.uid();
    private static final String OTHER_STUDY = Samples.uid();
    private static final String OTHER_SERIES = Samples.uid();
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final DataSet FIRST = image(STUDY, SERIES, "One", 1);
    private static final DataSet SECOND =
            image(STUDY, SERIES, "Two", 2).setString(Tag.SOPInstanceUID, VR.UI, FIRST.string(Tag.SOPInstanceUID));
    private static final DataSet MORE = image(STUDY, SERIES, "Two", 3);
    private static final DataSet OTHER = image(OTHER_STUDY, OTHER_SERIES, "Two", 4);

    @TempDir
    Path folder;

    private DatabaseServer database;
    private KnativeBrokerStandIn brokerOfOne;
    private KnativeBrokerStandIn brokerOfTwo;
    private ImagingIngestion one;
    private ImagingIngestion two;
    private DicomwebClient first;
    private DicomwebClient second;

    /** An image of bytes that are long enough to be bulk data. */
    private static DataSet image(String study, String series, String patient, int seed) {
        return Samples.pixels(
                Samples.image(Samples.header(study, series), 64, 64, 2)
                        .setString(Tag.PatientName, VR.PN, patient)
                        .setString(Tag.PatientID, VR.LO, patient),
                Samples.bytes(2 * 64 * 64, seed));
    }

    @BeforeEach
    void start() throws Exception {
        database = DatabaseServer.start(folder.resolve("database"));
        brokerOfOne = KnativeBrokerStandIn.start();
        brokerOfTwo = KnativeBrokerStandIn.start();
        one = tenant("one", brokerOfOne)
                .environment("ENV_AETS_JSON", "[{\"name\":\"TWO\",\"provider\":\"two\"}]")
                .property("imaging.revisions.delay", "1")
                .property("imaging.deletion.retention", "0")
                .property("imaging.deletion.period", "300")
                .start();
        two = tenant("two", brokerOfTwo)
                .property("imaging.revisions.delay", "3600")
                .property("imaging.revisions.longest-wait", "3600")
                .start();
        first = new DicomwebClient(one.dicomWeb());
        second = new DicomwebClient(two.dicomWeb());
        first.storeAll(Samples.file(FIRST));
        second.storeAll(Samples.file(SECOND), Samples.file(MORE), Samples.file(OTHER));
    }

    @AfterEach
    void stop() throws Exception {
        for (ImagingIngestion server : new ImagingIngestion[] {one, two}) {
            if (server != null) {
                server.close();
            }
        }
        brokerOfOne.close();
        brokerOfTwo.close();
        database.close();
    }

    private ImagingIngestion.Builder tenant(String name, KnativeBrokerStandIn broker) {
        return ImagingIngestion.on(folder.resolve(name))
                .environment("PROVIDER_NAME", name)
                .environment("K_SINK", broker.url().toString())
                .environment("DB_HOST", "127.0.0.1")
                .environment("DB_PORT", Integer.toString(database.port()))
                .environment("DB_NAME", "postgres")
                .environment("DB_USER", DatabaseServer.USER)
                .environment("DB_PASS", DatabaseServer.PASSWORD)
                .property("imaging.storage.folder", folder.resolve("storage").toString())
                .property("imaging.events.source", "urn:" + name)
                .property("imaging.events.administration", "true")
                .property("imaging.dicomweb.deletion", "true");
    }

    private static String path(DataSet instance) {
        return "studies/" + instance.string(Tag.StudyInstanceUID) + "/series/" + instance.string(Tag.SeriesInstanceUID)
                + "/instances/" + instance.string(Tag.SOPInstanceUID);
    }

    @Test
    void seeNothingOfEachOtherInAnyResourceAtAnyLevel() throws Exception {
        searchTheirOwn();
        retrieveTheirOwn();
        queryTheirOwn();
        speakDimseForThemselves();
        haveEventsOfTheirOwn();
        haveDeadLettersOfTheirOwn();
        deleteTheirOwn();
    }

    private void searchTheirOwn() {
        String series = "/" + STUDY + "/series";
        for (String search : List.of(
                "studies",
                "series",
                "instances",
                "studies" + series,
                "studies/" + STUDY + "/instances",
                "studies" + series + "/" + SERIES + "/instances")) {
            String all = search + "?includefield=00100010";
            assertThat(DicomwebClient.text(first.get(all, DicomwebClient.DICOM_JSON)))
                    .as(search)
                    .doesNotContain("Two", OTHER_STUDY, MORE.string(Tag.SOPInstanceUID));
            assertThat(DicomwebClient.text(second.get(all, DicomwebClient.DICOM_JSON)))
                    .as(search)
                    .doesNotContain("One");
            assertThat(first.json(search)).as(search).hasSize(1);
            assertThat(first.json(search + "?PatientName=two")).as(search).isEmpty();
            assertThat(second.json(search + "?PatientName=one")).as(search).isEmpty();
        }
        for (String search : List.of("series", "instances", "series/" + OTHER_SERIES + "/instances")) {
            assertThat(first.json("studies/" + OTHER_STUDY + "/" + search)).isEmpty();
        }
        assertThat(DicomwebClient.values(first.json("studies").get(0), "00201208"))
                .containsExactly("1");
        assertThat(DicomwebClient.values(
                        second.json("studies?StudyInstanceUID=" + STUDY).get(0), "00201208"))
                .containsExactly("2");
        assertThat(one.get("/imaging/statistics").body())
                .isNotEqualTo(two.get("/imaging/statistics").body());
    }

    private void retrieveTheirOwn() throws Exception {
        for (String level : List.of("studies/" + STUDY, "studies/" + STUDY + "/series/" + SERIES)) {
            assertThat(first.parts(level, "multipart/related; type=\"application/dicom\"; transfer-syntax=*"))
                    .extracting(DicomwebClient.Part::bytes)
                    .containsExactly(Samples.file(FIRST));
            assertThat(first.json(level + "/metadata")).hasSize(1);
            assertThat(second.json(level + "/metadata")).hasSize(2);
        }
        assertThat(first.get(path(FIRST), ORIGINAL).body()).isEqualTo(Samples.file(FIRST));
        assertThat(second.get(path(FIRST), ORIGINAL).body()).isEqualTo(Samples.file(SECOND));
        assertThat(first.get(path(FIRST) + "/frames/2", "application/octet-stream")
                        .body())
                .isEqualTo(frame(1));
        assertThat(second.get(path(FIRST) + "/frames/2", "application/octet-stream")
                        .body())
                .isEqualTo(frame(2));
        for (DataSet foreign : List.of(MORE, OTHER)) {
            String bulkData = second.json(path(foreign) + "/metadata")
                    .at("/0/7FE00010/BulkDataURI")
                    .asText();
            assertThat(bulkData).startsWith(two.dicomWeb().toString());
            assertThat(second.get(bulkData, "*/*").statusCode()).isEqualTo(200);
            for (String resource : List.of(
                    path(foreign),
                    path(foreign) + "/metadata",
                    path(foreign) + "/frames/1",
                    bulkData.replace(two.dicomWeb().toString(), one.dicomWeb().toString()))) {
                assertThat(first.get(resource, "*/*").statusCode()).as(resource).isEqualTo(404);
            }
        }
        for (String level : List.of("studies/" + OTHER_STUDY, "studies/" + OTHER_STUDY + "/series/" + OTHER_SERIES)) {
            assertThat(first.get(level, "*/*").statusCode()).isEqualTo(404);
            assertThat(first.get(level + "/metadata", DicomwebClient.DICOM_JSON).statusCode())
                    .isEqualTo(404);
        }
    }

    private static byte[] frame(int seed) {
        return Arrays.copyOfRange(Samples.bytes(2 * 64 * 64, seed), 64 * 64, 2 * 64 * 64);
    }

    private void queryTheirOwn() throws Exception {
        JsonNode ofOne = query(one, STUDY, "one");
        assertThat(ofOne).hasSize(1);
        assertThat(ofOne.at("/0/resource/objectName").asText()).startsWith("one/");
        assertThat(query(one, OTHER_STUDY, "one")).isEmpty();
        assertThat(query(two, STUDY, "two")).hasSize(2);
        for (String study : List.of(STUDY, OTHER_STUDY)) {
            assertThat(query(one, study, "two")).isEmpty();
            assertThat(query(two, study, "one")).isEmpty();
        }
    }

    private static JsonNode query(ImagingIngestion server, String study, String source) throws Exception {
        return JSON.readTree(
                server.get("/query/studies/" + study + "?source=" + source).body());
    }

    /** Of the first's server, which knows the second by its AE title. */
    private void speakDimseForThemselves() {
        assertThat(found("ANYBODY")).containsExactly("One");
        assertThat(found("TWO")).containsExactlyInAnyOrder("Two", "Two");
        try (ServiceClassUser user = getting("ANYBODY")) {
            assertThat(user.get(List.of(STUDY, OTHER_STUDY)).values())
                    .containsExactly(Part10.of(Samples.file(FIRST)).dataSet());
        }
        try (ServiceClassUser user = getting("TWO")) {
            assertThat(user.get(List.of(STUDY, OTHER_STUDY)).values())
                    .containsExactlyInAnyOrder(
                            Part10.of(Samples.file(SECOND)).dataSet(),
                            Part10.of(Samples.file(MORE)).dataSet(),
                            Part10.of(Samples.file(OTHER)).dataSet());
        }
    }

    private List<String> found(String callingAE) {
        try (ServiceClassUser user = ServiceClassUser.of(
                one.dimsePort(),
                callingAE,
                List.of(ServiceClassUser.STUDY_ROOT_FIND),
                TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid())) {
            return user
                    .find(new DataSet()
                            .setString(Tag.PatientName, VR.PN, "")
                            .setString(Tag.StudyInstanceUID, VR.UI, ""))
                    .stream()
                    .map(study -> study.string(Tag.PatientName))
                    .toList();
        }
    }

    private ServiceClassUser getting(String callingAE) {
        return ServiceClassUser.getting(one.dimsePort(), callingAE, List.of(Part10.of(Samples.file(FIRST))));
    }

    private void haveEventsOfTheirOwn() throws Exception {
        await().atMost(SOON).until(() -> revised("one").size() == 1);
        // whoever announces all that is due has announced what was stored before, too
        DataSet later = image(Samples.uid(), Samples.uid(), "One", 5);
        first.storeAll(Samples.file(later));
        await().atMost(SOON).until(() -> revised("one").size() == 2);
        assertThat(revised("two")).isEmpty();
        execute("UPDATE manifest.study_state SET first_change = first_change - interval '2h' WHERE provider = 'two'");
        await().atMost(SOON).until(() -> revised("two").size() >= 3);

        assertThat(revised("one")).containsExactlyInAnyOrder(path(FIRST), path(later));
        assertThat(revised("two")).containsExactlyInAnyOrder(path(FIRST), path(MORE), path(OTHER));
        assertThat(rows("SELECT DISTINCT split_part(partition_key, '/', 1) || ' by ' || source FROM manifest.event"
                        + " WHERE type = 'StudyRevisionEvent' ORDER BY 1"))
                .containsExactly("one by urn:one", "two by urn:two");
        await().atMost(SOON).untilAsserted(() -> assertThat(deliveries(one))
                .containsExactlyInAnyOrder("broker-one of one: 4 delivered", "undelivered-one of one: 0 delivered"));
        await().atMost(SOON).untilAsserted(() -> assertThat(deliveries(two))
                .containsExactlyInAnyOrder("broker-two of two: 5 delivered", "undelivered-two of two: 0 delivered"));
        assertThat(brokerOfOne.subjects("DicomAvailableEvent"))
                .containsExactlyInAnyOrder("/" + path(FIRST), "/" + path(later));
        assertThat(brokerOfTwo.subjects("DicomAvailableEvent"))
                .containsExactlyInAnyOrder("/" + path(FIRST), "/" + path(MORE), "/" + path(OTHER));
        assertThat(brokerOfOne.subjects("StudyRevisionEvent"))
                .containsExactlyInAnyOrder("/studies/" + STUDY, "/studies/" + later.string(Tag.StudyInstanceUID));
        assertThat(brokerOfTwo.subjects("StudyRevisionEvent"))
                .containsExactlyInAnyOrder("/studies/" + STUDY, "/studies/" + OTHER_STUDY);
        assertThat(delete("studies/" + later.string(Tag.StudyInstanceUID))).isEqualTo(204);
    }

    private static List<String> deliveries(ImagingIngestion server) throws Exception {
        List<String> deliveries = new ArrayList<>();
        for (JsonNode each : JSON.readTree(server.get("/imaging/deliveries").body())) {
            if (each.get("provider").isNull()) {
                // what a broker tells this process, whosever it is
                continue;
            }
            deliveries.add(each.get("subscription").asText() + " of "
                    + each.get("provider").asText() + ": "
                    + each.get("delivered").asText() + " delivered");
        }
        return deliveries;
    }

    private void haveDeadLettersOfTheirOwn() throws Exception {
        execute("INSERT INTO manifest.dead_letter (subscription, seq, attempts, failing_since, last_error)"
                + " SELECT s.id, max(e.seq), 1, now(), 'x' FROM manifest.subscription s, manifest.event e"
                + " WHERE s.name = 'broker-two' AND e.partition_key LIKE 'two/%' GROUP BY 1");

        assertThat(one.get("/imaging/dead-letters").body()).isEqualTo("[]");
        assertThat(JSON.readTree(two.get("/imaging/dead-letters").body())).hasSize(1);
        for (String command : List.of(
                "replay?subscription=broker-two",
                "replay?subscription=broker-two&provider=two",
                "replay?subscription=broker-two&provider=two&study=" + STUDY,
                "unsubscribe?subscription=broker-two&provider=two")) {
            assertThat(command(one, command).statusCode()).as(command).isEqualTo(404);
        }
        assertThat(command(one, "replay?subscription=broker-one&provider=two&study=" + OTHER_STUDY)
                        .body())
                .isEqualTo("0");
        assertThat(one.send(HttpRequest.newBuilder(one.uri("/imaging/statistics"))
                                .header("CamelDicomManifestProvider", "two"))
                        .body())
                .isEqualTo(one.get("/imaging/statistics").body());
        assertThat(command(two, "replay?subscription=broker-two").body()).isEqualTo("1");
    }

    private static HttpResponse<String> command(ImagingIngestion server, String command) {
        return server.send(HttpRequest.newBuilder(server.uri("/imaging/deliveries/" + command))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.noBody()));
    }

    /** The instances that revisions of a provider's studies added. */
    private Set<String> revised(String provider) throws Exception {
        Set<String> instances = new HashSet<>();
        try (Connection connection = connection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT subject, data FROM manifest.event WHERE type = 'StudyRevisionEvent'");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                JsonNode event = JSON.readTree(row.getBytes(2));
                if (event.at("/study/series/0/providerName").asText().equals(provider)) {
                    String study = row.getString(1).substring(1);
                    event.at("/changeSet/additions")
                            .forEach(addition -> instances.add(
                                    study + "/series/" + addition.asText().replace("/", "/instances/")));
                }
            }
        }
        return instances;
    }

    private Connection connection() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + database.port() + "/postgres",
                DatabaseServer.USER,
                DatabaseServer.PASSWORD);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> rows(String sql) throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                rows.add(row.getString(1));
            }
            return rows;
        }
    }

    private void deleteTheirOwn() throws Exception {
        for (String path : List.of("studies/" + OTHER_STUDY, path(MORE), path(OTHER))) {
            assertThat(delete(path)).isEqualTo(404);
        }
        assertThat(second.send(second.request(path(MORE)).DELETE()).statusCode())
                .isEqualTo(204);
        assertThat(delete("studies/" + STUDY)).isEqualTo(204);

        assertThat(first.json("instances")).isEmpty();
        assertThat(second.json("instances")).hasSize(2);
        assertThat(second.get(path(FIRST), ORIGINAL).body()).isEqualTo(Samples.file(SECOND));
        await().atMost(SOON).until(() -> objects("one").isEmpty());
        assertThat(objects("two")).hasSize(3);
        assertThat(rows("SELECT provider FROM manifest.removed_object")).containsExactly("two");
    }

    private List<Path> objects(String provider) {
        Path storage = folder.resolve("storage");
        return new StorageFolder(storage)
                .objects().stream()
                        .filter(object -> object.startsWith(storage.resolve(provider)))
                        .toList();
    }

    private int delete(String path) {
        HttpResponse<byte[]> response = first.send(first.request(path).DELETE());
        return response.statusCode();
    }
}
