package org.imagingingestion.tests;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What the application's HTTP server does around its services: headers, limits, health, metrics, log. */
class HttpIT {
    private static final String VIEWER = "http://viewer.example.org";

    @TempDir
    static Path folder;

    private static ImagingIngestion server;

    @BeforeAll
    static void start() {
        server = ImagingIngestion.on(folder)
                .property("imaging.cors.origins", VIEWER)
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void sendsSecurityHeaders() {
        HttpResponse<String> page = server.get("/");

        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
    }

    @Test
    void answersTheViewersThatAreAllowed() {
        HttpResponse<String> answer = server.send(
                HttpRequest.newBuilder(server.uri("/dicom-web/studies")).header("Origin", VIEWER));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue(VIEWER);
        assertThat(answer.headers().firstValue("Access-Control-Expose-Headers").orElseThrow())
                .contains("ETag", "Warning");
    }

    @Test
    void answersThePreflightOfAViewer() {
        HttpResponse<String> answer = server.send(HttpRequest.newBuilder(server.uri("/dicom-web/studies"))
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", VIEWER)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "content-type"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Methods").orElseThrow())
                .contains("POST");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Headers").orElseThrow())
                .contains("content-type");
    }

    @Test
    void refusesWhatAnotherSitesPageSends() {
        HttpResponse<String> answer =
                server.send(Instances.storing(server.dicomWeb(), Instances.file(Instances.image()))
                        .header("Origin", "http://evil.example.org"));

        assertThat(answer.statusCode()).isEqualTo(403);
    }

    @Test
    void takesALongListOfUIDs() {
        String uids = "1.2.840.113619.2.1,".repeat(3000);

        assertThat(server.get("/dicom-web/studies?StudyInstanceUID=" + uids + "1.2")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void takesNoBodyWhereNoneIsExpected() {
        HttpResponse<String> answer = server.send(HttpRequest.newBuilder(server.uri("/imaging/statistics"))
                .POST(BodyPublishers.ofByteArray(new byte[1 << 20])));

        assertThat(answer.statusCode()).isEqualTo(405);
    }

    @Test
    void tellsItsHealth() {
        assertThat(server.get("/q/health/live").statusCode()).isEqualTo(200);
        assertThat(server.get("/q/health/ready").body()).contains("Storage space", "freeMegabytes", "Database");
    }

    @Test
    void isNotReadyWithoutRoom() {
        try (ImagingIngestion full = ImagingIngestion.on(folder.resolve("full"))
                .property("imaging.storage.least-free-megabytes", "999999999")
                .startUnready()) {
            HttpResponse<String> ready = full.get("/q/health/ready");

            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains("Storage space", "DOWN");
            assertThat(full.get("/q/health/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void measuresWhatItDoes() {
        double before = metric("imaging_instances_stored_total{outcome=\"ADDED\"}");
        byte[] file = Instances.file(Instances.image());

        server.send(Instances.storing(server.dicomWeb(), file));
        server.get("/dicom-web/studies");
        server.get("/dicom-web/studies/1.2/metadata");

        assertThat(metric("imaging_instances_stored_total{outcome=\"ADDED\"}")).isEqualTo(before + 1);
        assertThat(metric("imaging_bytes_stored_total{outcome=\"ADDED\"}")).isGreaterThanOrEqualTo(file.length);
        double refused = metric("imaging_store_failures_total{reason=\"CANNOT_UNDERSTAND\"}");
        server.send(Instances.storing(server.dicomWeb(), "no DICOM".getBytes(StandardCharsets.US_ASCII)));
        assertThat(metric("imaging_store_failures_total{reason=\"CANNOT_UNDERSTAND\"}"))
                .isEqualTo(refused + 1);
        assertThat(metric("imaging_store_seconds_count")).isPositive();
        assertThat(metric("imaging_search_seconds_count")).isPositive();
        assertThat(metric("imaging_retrieve_seconds_count")).isPositive();
        assertThat(metric("imaging_manifest_queue")).isZero();
        assertThat(metric("imaging_requests_waiting{service=\"stow\"}")).isZero();
        assertThat(metric("imaging_requests_waiting{service=\"qido\"}")).isZero();
        assertThat(metric("imaging_requests_waiting{service=\"wado\"}")).isZero();
    }

    @Test
    void writesNoPatientDataToItsLog() {
        DataSet image = Instances.image().setString(Tag.PatientName, VR.PN, "Unspeakable^Name");
        server.send(Instances.storing(server.dicomWeb(), Instances.file(image)));
        server.send(Instances.storing(server.dicomWeb(), "Unspeakable".getBytes(StandardCharsets.US_ASCII)));
        server.get("/dicom-web/studies?PatientName=Unspeakable*");
        server.get("/dicom-web/studies?StudyDate=Unspeakable");
        server.get("/dicom-web/studies/Unspeakable/metadata");

        assertThat(server.output() + server.errors()).doesNotContain("Unspeakable");
    }

    private static double metric(String name) {
        return server.get("/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("There is no metric " + name));
    }
}
