package org.imagingingestion.tests;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

/** The database server that {@code DB_HOST} names is away for a while, in each way in which it can be. */
class DatabaseDownIT {
    private static final Duration AT_MOST = Duration.ofSeconds(50);
    private static final int OUT_OF_RESOURCES = 0xA700;

    @TempDir
    Path folder;

    private final Load load = new Load(4711);
    private DatabaseServer database;
    private ImagingIngestion server;
    private DicomwebClient client;

    @BeforeEach
    void start() throws Exception {
        database = DatabaseServer.start(folder.resolve("database"));
        server = ImagingIngestion.on(folder.resolve("data"))
                .environment("DB_HOST", "127.0.0.1")
                .environment("DB_PORT", Integer.toString(database.port()))
                .environment("DB_NAME", "postgres")
                .environment("DB_USER", DatabaseServer.USER)
                .environment("DB_PASS", DatabaseServer.PASSWORD)
                .property("imaging.manifest.record-timeout", "5000")
                .property("imaging.manifest.query-timeout", "5")
                .property("imaging.manifest.silence-timeout", "8")
                .start();
        client = new DicomwebClient(server.dicomWeb());
    }

    @AfterEach
    void stop() throws Exception {
        try {
            server.close();
        } finally {
            database.close();
        }
        assertThat(server.output() + server.errors()).doesNotContain("Doe", "\tat ");
    }

    @Test
    void answersThatItCannotWhileTheDatabaseIsStopped() throws Exception {
        try (Load.Running running = load.start(server.dicomWeb())) {
            await().atMost(AT_MOST).until(() -> load.acknowledged().size() > 50);
            database.stop();
            await().atMost(AT_MOST).until(() -> load.answers().containsKey(503));
        }
        assertDown();

        database.start();

        assertUp();
    }

    @Test
    void answersThatItCannotWhileTheDatabaseDoesNotAnswer() throws Exception {
        try (Load.Running running = load.start(server.dicomWeb())) {
            await().atMost(AT_MOST).until(() -> load.acknowledged().size() > 50);
            database.freeze();
            await().atMost(AT_MOST).until(() -> load.answers().containsKey(503));
        }
        assertDown();

        database.thaw();

        assertUp();
    }

    @Test
    void retriesWhenItsConnectionsAreCut() throws Exception {
        try (Load.Running running = load.start(server.dicomWeb())) {
            await().atMost(AT_MOST).until(() -> load.acknowledged().size() > 50);
            database.cutConnections();
            int before = load.acknowledged().size();
            await().atMost(AT_MOST).until(() -> load.acknowledged().size() > before + 50);
        }

        assertUp();
    }

    private void assertDown() throws IOException {
        HttpResponse<byte[]> stored = client.store(List.of(Samples.file(Samples.header(Samples.uid(), Samples.uid()))));
        assertThat(stored.statusCode()).isEqualTo(503);
        assertThat(stored.headers().firstValue("Retry-After")).isPresent();
        assertThat(DicomwebClient.values(
                        DicomwebClient.json(stored)
                                .path("00081198")
                                .path("Value")
                                .get(0),
                        "00081197"))
                .containsExactly(Integer.toString(OUT_OF_RESOURCES));

        String known = load.path(load.acknowledged().iterator().next());
        for (String path :
                List.of("studies", "studies?PatientID=P1", known, known + "/metadata", known + "/frames/1")) {
            HttpResponse<byte[]> response = client.get(path, "*/*");
            assertThat(response.statusCode()).as(path).isEqualTo(503);
            assertThat(response.headers().firstValue("Retry-After")).as(path).isPresent();
            assertThat(DicomwebClient.text(response)).as(path).doesNotContain("Exception", "SELECT");
        }
        assertThat(server.get("/q/health/ready").statusCode()).isEqualTo(503);
        assertThat(server.get("/q/health/live").statusCode()).isEqualTo(200);
    }

    private void assertUp() {
        await().atMost(AT_MOST).until(() -> server.get("/q/health/ready").statusCode() == 200);
        assertThat(load.answers().keySet()).isSubsetOf(200, 202, 503);
        assertThatCode(() -> await().atMost(AT_MOST).untilAsserted(() -> assertThat(
                                client.get("studies", "*/*").statusCode())
                        .isEqualTo(200)))
                .doesNotThrowAnyException();
        for (int number : load.acknowledged()) {
            assertThat(client.get(load.path(number), "application/dicom; transfer-syntax=*")
                            .body())
                    .isEqualTo(load.file(number));
        }
        IntStream rest = load.sent().filter(number -> !load.acknowledged().contains(number));
        rest.forEach(number -> assertThat(load.send(client, List.of(number))).isEqualTo(200));
        assertThat(Files.exists(folder.resolve("data/postgres"))).isFalse();
    }
}
