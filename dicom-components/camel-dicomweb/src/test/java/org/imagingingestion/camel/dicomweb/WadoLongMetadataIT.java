package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.GZIPInputStream;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.service.InstanceLocation;
import org.imagingingestion.dicom.service.Retrieval;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Metadata that are too much to be put together before they are sent. */
class WadoLongMetadataIT {
    private static final String METADATA = "/dicom-web/studies/1.2/metadata";
    private static final String XML = "multipart/related; type=\"application/dicom+xml\"";
    private static final String XML_ROW = "'" + XML + "', ''";
    private static final String XML_GZIP_ROW = "'" + XML + "', gzip";
    private static final int CLIENTS = 24;
    private static final int DOCUMENT = 23_000;

    @TempDir
    static Path folder;

    private static TestArchive archive;
    private static DicomwebTestServer server;

    @BeforeAll
    static void start() throws Exception {
        archive = new TestArchive("wado:/dicom-web?concurrentRequests=" + CLIENTS + "&idleTimeout=600000", folder);
        server = new DicomwebTestServer(archive);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void empty() {
        archive.reset();
        archive.version = Long.toString(System.nanoTime());
    }

    /** Instances of which nothing but metadata is there, each of that length. */
    private static void fill(int count, int length) {
        List<StoredObject> objects = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            String uid = "1.2.3." + i;
            String json = "{\"00080018\":{\"vr\":\"UI\",\"Value\":[\"" + uid
                    + "\"]},\"00204000\":{\"vr\":\"LT\",\"Value\":[\"\"]}}";
            int at = json.length() - 4;
            String padded = json.substring(0, at) + "x".repeat(length - json.length()) + json.substring(at);
            InstanceLocation location = new InstanceLocation(
                    "1.2", "1.2.3", uid, StoredObject.CT, "1.2.840.10008.1.2.1", uid, 0, new byte[32], new byte[0]);
            objects.add(new StoredObject(location, new byte[0], padded.getBytes(StandardCharsets.US_ASCII)));
        }
        archive.objects.addAll(objects);
    }

    private static byte[] array() {
        StringBuilder array = new StringBuilder("[");
        for (StoredObject object : archive.objects) {
            array.append(array.length() > 1 ? "," : "");
            array.append(new String(object.metadata(), StandardCharsets.US_ASCII));
        }
        return array.append(']').toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static HttpRequest request(String method, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.uri(METADATA)).method(method, BodyPublishers.noBody());
        return (headers.length > 0 ? request.headers(headers) : request).build();
    }

    private static HttpResponse<byte[]> get(String... headers) throws Exception {
        return server.client.send(request("GET", headers), BodyHandlers.ofByteArray());
    }

    @Test
    void givesAllToManySlowClientsThoughItCouldNotHoldWhatTheyGet() throws Exception {
        long each = Runtime.getRuntime().maxMemory() * 3 / 2 / CLIENTS;
        fill((int) (each / DOCUMENT), DOCUMENT);
        archive.portion = 40;
        CRC32 expected = new CRC32();
        byte[] whole = array();
        expected.update(whole);
        int length = whole.length;
        whole = null;

        List<CompletableFuture<HttpResponse<InputStream>>> begun = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            begun.add(server.client.sendAsync(request("GET"), BodyHandlers.ofInputStream()));
        }
        for (CompletableFuture<HttpResponse<InputStream>> one : begun) {
            assertThat(one.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }

        // each waits for those before it, in the middle of its answer
        for (CompletableFuture<HttpResponse<InputStream>> one : begun) {
            try (CheckedInputStream body = new CheckedInputStream(one.get().body(), new CRC32())) {
                assertThat(body.transferTo(OutputStream.nullOutputStream())).isEqualTo(length);
                assertThat(body.getChecksum().getValue()).isEqualTo(expected.getValue());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"application/dicom+json, ''", "application/dicom+json, gzip", XML_ROW, XML_GZIP_ROW})
    void givesTheSameInPortionsAsAtOnce(String accept, String encoding) throws Exception {
        fill(600, 200);
        HttpResponse<byte[]> atOnce = get("Accept", accept, "Accept-Encoding", encoding);
        archive.version += "b";
        archive.portion = 7;

        HttpResponse<byte[]> inPortions = get("Accept", accept, "Accept-Encoding", encoding);

        assertThat(archive.retrievals).hasSizeGreaterThan(80);
        assertThat(inPortions.headers().firstValue("Content-Encoding"))
                .isEqualTo(atOnce.headers().firstValue("Content-Encoding"));
        assertThat(inPortions.headers().firstValue("ETag")).isPresent();
        assertThat(withoutBoundary(inPortions)).isEqualTo(withoutBoundary(atOnce));
    }

    private static String withoutBoundary(HttpResponse<byte[]> response) throws Exception {
        boolean gzip = response.headers().firstValue("Content-Encoding").isPresent();
        byte[] plain =
                gzip ? new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes() : response.body();
        String boundary = MediaType.parse(
                        response.headers().firstValue("Content-Type").orElseThrow())
                .parameter("boundary");
        String text = new String(plain, StandardCharsets.UTF_8);
        return boundary == null ? text : text.replace(boundary, "boundary");
    }

    @Test
    void passesOverWhatIsDeletedMeanwhile() throws Exception {
        fill(20, 200);
        archive.portion = 3;
        archive.before = exchange -> {
            if (archive.retrievals.size() == 3) {
                archive.objects.removeIf(object -> List.of("1.2.3.2", "1.2.3.9", "1.2.3.20")
                        .contains(object.location().sopInstanceUID()));
            }
        };

        String body = new String(get().body(), StandardCharsets.UTF_8);

        assertThat(body).contains("\"1.2.3.2\"").doesNotContain("\"1.2.3.9\"", "\"1.2.3.20\"");
        assertThat(body.split("00080018", -1)).hasSize(19);
        assertThat(body).doesNotContain(",,").endsWith("}]");
    }

    private static void failAfter(int retrievals) {
        archive.before = exchange -> {
            if (archive.retrievals.size() == retrievals) {
                throw new DicomException(DicomStatus.OUT_OF_RESOURCES, "The database does not answer");
            }
        };
    }

    @ParameterizedTest
    @CsvSource({"identity", "gzip"})
    void endsTheConnectionWhereTheRestCannotBeGiven(String encoding) throws Exception {
        fill(100, DOCUMENT);
        for (StoredObject object : archive.objects) {
            // so that compressed it is more than one buffer, and on its way
            byte[] noise = StoredObject.noise(
                    DOCUMENT / 2, object.location().sopInstanceUID().hashCode());
            byte[] hex = HexFormat.of().formatHex(noise).getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(hex, 0, object.metadata(), 200, DOCUMENT - 400);
        }
        archive.portion = 20;
        failAfter(4);

        assertThatThrownBy(() -> get("Accept-Encoding", encoding)).isInstanceOf(IOException.class);
        assertThat(archive.retrievals).hasSize(4);
    }

    @Test
    void saysWhatFailedWhereNothingIsOnItsWay() throws Exception {
        fill(10, 200);
        archive.portion = 2;
        failAfter(2);

        HttpResponse<byte[]> response = get();

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("ETag")).isEmpty();
    }

    @Test
    void keepsWhatIsShortWhenItIsCompressed() throws Exception {
        fill(200, DOCUMENT);
        archive.portion = 20;
        byte[] first = get("Accept-Encoding", "gzip").body();
        archive.retrievals.clear();

        assertThat(get("Accept-Encoding", "gzip").body()).isEqualTo(first);

        assertThat(archive.retrievals).extracting(Retrieval::content).containsExactly(Retrieval.Content.VERSION);
        assertThat(get().body()).isEqualTo(array());
        archive.retrievals.clear();
        assertThat(get().body()).isEqualTo(array());
        assertThat(archive.retrievals).hasSize(11);
    }

    @Test
    void answersHeadFromTheFirstPortion() throws Exception {
        fill(20, 200);
        archive.portion = 3;

        HttpResponse<byte[]> head = server.client.send(request("HEAD"), BodyHandlers.ofByteArray());

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("ETag")).isPresent();
        assertThat(archive.retrievals).hasSize(2);
        String tag = head.headers().firstValue("ETag").orElseThrow();
        assertThat(get("If-None-Match", tag).statusCode()).isEqualTo(304);
    }
}
