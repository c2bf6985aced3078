package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomJson;
import org.imagingingestion.dicom.DicomReader;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.DicomWriter;
import org.imagingingestion.dicom.NativeXml;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.RecordOutcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class StowConsumerTest {
    private static final String MULTIPART = "multipart/related; type=\"application/dicom\"; boundary=b";
    private static final String CT = "1.2.840.10008.5.1.4.1.1.2";

    private final Map<String, byte[]> stored = new ConcurrentHashMap<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private volatile RecordOutcome.Kind outcome = RecordOutcome.Kind.ADDED;
    private volatile RecordOutcome.Place place;
    private volatile Exception failure;
    private volatile boolean gated;
    private DicomwebTestServer server;

    @BeforeEach
    void start() throws Exception {
        server = new DicomwebTestServer(new RouteBuilder() {
            @Override
            public void configure() {
                from("stow:/stow-rs,/dicom-web?retrieveAddress=/wado-rs&concurrentRequests=2&waitingRequests=3"
                                + "&maxRequestSize=20000000&idleTimeout=2000")
                        .process(StowConsumerTest.this::keep);
            }
        });
    }

    @AfterEach
    void stop() {
        gate.countDown();
        server.close();
    }

    private void keep(Exchange exchange) throws Exception {
        if (gated) {
            gate.await();
        }
        InstanceBody body = exchange.getIn().getBody(InstanceBody.class);
        byte[] bytes = body.stream().readAllBytes();
        if (failure != null) {
            throw failure;
        }
        stored.put(body.dataSet().string(Tag.SOPInstanceUID), bytes);
        exchange.getMessage().setBody(new RecordOutcome(outcome, null).at(place));
    }

    @Test
    void storesEachInstanceOfAMultipartAsReceived() throws Exception {
        byte[] one = file("1.2", "1.2.3.1", 10);
        byte[] two = file("1.2", "1.2.3.2", 3_000_000);

        HttpResponse<byte[]> response = post("/stow-rs/studies", MULTIPART, multipart(one, two));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/dicom+json");
        assertThat(stored).containsOnlyKeys("1.2.3.1", "1.2.3.2");
        assertThat(stored.get("1.2.3.2")).isEqualTo(two);
        DataSet answer = json(response);
        String wado = "http://127.0.0.1:" + server.port + "/wado-rs/studies/1.2";
        assertThat(answer.string(Tag.RetrieveURL)).isEqualTo(wado);
        assertThat(answer.items(Tag.ReferencedSOPSequence))
                .extracting(item -> item.string(Tag.RetrieveURL))
                .containsExactly(wado + "/series/1.2.9/instances/1.2.3.1", wado + "/series/1.2.9/instances/1.2.3.2");
        assertThat(answer.contains(Tag.FailedSOPSequence)).isFalse();
    }

    @Test
    void storesASinglePart() throws Exception {
        byte[] file = file("1.2", "1.2.3.1", 10);

        assertThat(post("/dicom-web/studies/1.2", "application/dicom", file).statusCode())
                .isEqualTo(200);
        assertThat(stored.get("1.2.3.1")).isEqualTo(file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/related;type=application/dicom;boundary=b",
                "Multipart/Related; boundary=\"b\"; type=\"application/dicom\"",
                "multipart/related; boundary=b",
                "multipart/related; start=x; boundary=b; type=application/dicom; charset=utf-8"
            })
    void takesParametersAsClientsWriteThem(String contentType) throws Exception {
        assertThat(post("/stow-rs/studies", contentType, multipart(file("1.2", "1.2.3.1", 10)))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void storesTheRestWhenOneInstanceIsBroken() throws Exception {
        byte[] good = file("1.2", "1.2.3.1", 100);
        byte[] cut = java.util.Arrays.copyOf(good, good.length - 50);
        byte[] otherStudy = file("1.3", "1.2.3.2", 100);
        byte[] noUID = file("1.2", null, 100);
        byte[] badUID = file("1.2", "1.2.x", 100);

        HttpResponse<byte[]> response = post(
                "/stow-rs/studies/1.2",
                MULTIPART,
                multipart("rubbish".getBytes(), cut, otherStudy, noUID, badUID, new byte[0], good));

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(stored).containsOnlyKeys("1.2.3.1");
        DataSet answer = json(response);
        assertThat(answer.items(Tag.ReferencedSOPSequence)).hasSize(1);
        assertThat(answer.items(Tag.FailedSOPSequence))
                .extracting(item -> item.integer(Tag.FailureReason, 0))
                .containsExactlyInAnyOrder(0xC000, 0xA900, 0xC000);
        assertThat(answer.items(Tag.OtherFailuresSequence)).hasSize(3);
    }

    @Test
    void refusesAnInstanceUnlikeItsMetaInformation() throws Exception {
        DataSet dataSet = dataSet("1.2", "1.2.3.1", 10);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(DicomWriter.fileHeader("1.2.840.10008.5.1.4.1.1.4", "1.2.3.1", "1.2.840.10008.1.2.1"));
        new DicomWriter(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN).writeDataSet(dataSet, out);

        HttpResponse<byte[]> response = post("/stow-rs/studies", "application/dicom", out.toByteArray());

        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(json(response).items(Tag.FailedSOPSequence).get(0).integer(Tag.FailureReason, 0))
                .isEqualTo(0xA900);
    }

    @Test
    void storesAnInstanceThatItsMetaInformationNamesOtherwiseWithAWarning() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(DicomWriter.fileHeader(CT, "1.2.3.77", "1.2.840.10008.1.2.1"));
        new DicomWriter(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN).writeDataSet(dataSet("1.2", "1.2.3.1", 10), out);

        HttpResponse<byte[]> response = post("/stow-rs/studies", "application/dicom", out.toByteArray());

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(stored.get("1.2.3.1")).isEqualTo(out.toByteArray());
    }

    @Test
    void storesAnInvalidOptionalAttributeWithAWarning() throws Exception {
        DataSet dataSet = dataSet("1.2", "1.2.3.1", 10).setString(Tag.StudyDate, VR.DA, "2020-13-45");

        HttpResponse<byte[]> response = post("/stow-rs/studies", "application/dicom", file(dataSet));

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(json(response).items(Tag.ReferencedSOPSequence).get(0).integer(Tag.WarningReason, 0))
                .isEqualTo(0xB007);
    }

    @Test
    void tellsWhatBecameOfOtherBytesUnderAKnownUID() throws Exception {
        outcome = RecordOutcome.Kind.KEPT_FIRST;
        HttpResponse<byte[]> kept = post("/stow-rs/studies", "application/dicom", file("1.2", "1.2.3.1", 10));
        outcome = RecordOutcome.Kind.REFUSED;
        HttpResponse<byte[]> refused = post("/stow-rs/studies", "application/dicom", file("1.2", "1.2.3.1", 10));

        assertThat(kept.statusCode()).isEqualTo(202);
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(json(refused).items(Tag.FailedSOPSequence).get(0).integer(Tag.FailureReason, 0))
                .isEqualTo(0x0111);
    }

    @Test
    void tellsWhereTheInstanceIsThatIsKept() throws Exception {
        outcome = RecordOutcome.Kind.KEPT_FIRST;
        place = new RecordOutcome.Place("1.7", "1.7.1");

        HttpResponse<byte[]> response = post("/stow-rs/studies", "application/dicom", file("1.2", "1.2.3.1", 10));

        assertThat(json(response).items(Tag.ReferencedSOPSequence).get(0).string(Tag.RetrieveURL))
                .endsWith("/studies/1.7/series/1.7.1/instances/1.2.3.1");
    }

    @Test
    void answersInXmlWhenAsked() throws Exception {
        HttpResponse<byte[]> response = server.client.send(
                request("/stow-rs/studies", "application/dicom", file("1.2", "1.2.3.1", 10))
                        .header("Accept", "application/dicom+xml")
                        .build(),
                BodyHandlers.ofByteArray());

        assertThat(response.headers().firstValue("Content-Type")).contains("application/dicom+xml");
        assertThat(NativeXml.read(new ByteArrayInputStream(response.body())).items(Tag.ReferencedSOPSequence))
                .hasSize(1);
    }

    @Test
    void putsMetadataAndBulkDataTogether() throws Exception {
        String metadata = "[{\"00080016\":{\"vr\":\"UI\",\"Value\":[\"" + CT + "\"]},"
                + "\"00080018\":{\"vr\":\"UI\",\"Value\":[\"1.2.3.7\"]},"
                + "\"00100010\":{\"vr\":\"PN\",\"Value\":[{\"Alphabetic\":\"A^B\"}]},"
                + "\"0020000D\":{\"vr\":\"UI\",\"Value\":[\"1.2\"]},\"0020000E\":{\"vr\":\"UI\",\"Value\":[\"1.2.9\"]},"
                + "\"7FE00010\":{\"vr\":\"OW\",\"BulkDataURI\":\"pixels/1\"}}]";
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(("--b\r\nContent-Type: application/dicom+json\r\n\r\n" + metadata
                        + "\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Location: pixels/1\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        body.writeBytes(new byte[] {1, 2, 3});
        body.writeBytes("\r\n--b--".getBytes(StandardCharsets.UTF_8));

        HttpResponse<byte[]> response = post(
                "/stow-rs/studies",
                "multipart/related; type=\"application/dicom+json\"; boundary=b",
                body.toByteArray());

        assertThat(response.statusCode()).isEqualTo(200);
        DataSet dataSet = DicomReader.read(new ByteArrayInputStream(stored.get("1.2.3.7")), ParseLimits.WHOLE)
                .dataSet();
        assertThat(dataSet.string(Tag.PatientName)).isEqualTo("A^B");
        assertThat(dataSet.bytes(Tag.PixelData)).containsExactly(1, 2, 3, 0);
    }

    @Test
    void refusesMetadataWithoutItsBulkData() throws Exception {
        String metadata =
                "[{\"00080016\":{\"vr\":\"UI\",\"Value\":[\"1.2\"]},\"00080018\":{\"vr\":\"UI\",\"Value\":[\"1.2.3\"]},"
                        + "\"7FE00010\":{\"vr\":\"OW\",\"BulkDataURI\":\"nowhere\"}}]";
        String body = "--b\r\nContent-Type: application/dicom+json\r\n\r\n" + metadata + "\r\n--b--";

        HttpResponse<byte[]> response = post(
                "/stow-rs/studies", "multipart/related; type=\"application/dicom+json\"; boundary=b", body.getBytes());

        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(json(response).items(Tag.FailedSOPSequence).get(0).string(Tag.ReferencedSOPInstanceUID))
                .isEqualTo("1.2.3");
    }

    @Test
    void tellsWhatIsStoredThoughMetadataCannotBeRead() throws Exception {
        String metadata = "[{\"00080016\":{\"vr\":\"UI\",\"Value\":[\"" + CT + "\"]},"
                + "\"00080018\":{\"vr\":\"UI\",\"Value\":[\"1.2.3.7\"]},"
                + "\"0020000D\":{\"vr\":\"UI\",\"Value\":[\"1.2\"]},\"0020000E\":{\"vr\":\"UI\",\"Value\":[\"1.2.9\"]}}]";
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes("--b\r\nContent-Type: application/dicom\r\n\r\n".getBytes());
        body.writeBytes(file("1.2", "1.2.3.1", 10));
        for (String json : List.of("[{\"00080016\":", metadata)) {
            body.writeBytes(("\r\n--b\r\nContent-Type: application/dicom+json\r\n\r\n" + json).getBytes());
        }
        body.writeBytes("\r\n--b--".getBytes());

        HttpResponse<byte[]> response = post("/stow-rs/studies", MULTIPART, body.toByteArray());

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(stored).containsOnlyKeys("1.2.3.1", "1.2.3.7");
        assertThat(json(response).items(Tag.ReferencedSOPSequence)).hasSize(2);
        assertThat(json(response).items(Tag.OtherFailuresSequence)).hasSize(1);
    }

    @Test
    void asksForABodyThatItTakesAndForNoOther() throws Exception {
        byte[] file = file("1.2", "1.2.3.1", 10);
        try (Socket socket = new Socket("127.0.0.1", server.port)) {
            send(socket, "application/dicom", "Expect: 100-continue\r\n", file.length);
            assertThat(new String(socket.getInputStream().readNBytes(25))).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            socket.getOutputStream().write(file);
            assertThat(new String(socket.getInputStream().readNBytes(15))).isEqualTo("HTTP/1.1 200 OK");
        }
        try (Socket socket = new Socket("127.0.0.1", server.port)) {
            send(socket, "text/plain", "Expect: 100-continue\r\n", file.length);
            assertThat(new String(socket.getInputStream().readNBytes(12))).isEqualTo("HTTP/1.1 415");
        }
    }

    @Test
    void doesNotWaitForAClientThatSendsHardlyAnything() throws Exception {
        byte[] file = file("1.2", "1.2.3.1", 10_000);
        try (Socket socket = new Socket("127.0.0.1", server.port)) {
            send(socket, "application/dicom", "", file.length);
            InputStream in = socket.getInputStream();
            for (int i = 0; in.available() == 0; i++) {
                assertThat(i).as("bytes sent, one each 50 ms").isLessThan(200);
                socket.getOutputStream().write(file[i]);
                Thread.sleep(50);
            }
            assertThat(new String(in.readNBytes(12))).startsWith("HTTP/1.1 4");
        }
        assertThat(stored).isEmpty();
    }

    @Test
    void tellsThatMoreWasLostThanTheInstanceThatFailed() throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] part : List.of(file("1.2", "1.2.3.1", 10), "no DICOM".getBytes())) {
            body.writeBytes("--b\r\nContent-Type: application/dicom\r\n\r\n".getBytes());
            body.writeBytes(part);
            body.writeBytes("\r\n".getBytes());
        }
        body.writeBytes(("--b\r\nX: " + "a".repeat(20_000) + "\r\n\r\n").getBytes());
        body.writeBytes(multipart(file("1.2", "1.2.3.3", 10)));

        HttpResponse<byte[]> response = post("/stow-rs/studies", MULTIPART, body.toByteArray());

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(json(response).items(Tag.OtherFailuresSequence)).hasSize(2);
    }

    @Test
    void answersWhereTheEndOfARequestDoesNotCome() throws Exception {
        byte[] body = multipart(file("1.2", "1.2.3.1", 10));
        try (Socket socket = new Socket("127.0.0.1", server.port)) {
            send(socket, MULTIPART, "", body.length + 10);
            socket.getOutputStream().write(body);
            assertThat(new String(socket.getInputStream().readNBytes(15))).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    private static void send(Socket socket, String contentType, String header, int length) throws IOException {
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write(("POST /stow-rs/studies HTTP/1.1\r\nHost: x\r\nContent-Type: " + contentType + "\r\n" + header
                                + "Content-Length: " + length + "\r\n\r\n")
                        .getBytes());
    }

    @Test
    void answersEachWrongRequestWithItsStatus() throws Exception {
        byte[] file = file("1.2", "1.2.3.1", 10);

        assertThat(post("/stow-rs/studies", "text/plain", file).statusCode()).isEqualTo(415);
        assertThat(post("/stow-rs/studies", "multipart/form-data; boundary=b", file)
                        .statusCode())
                .isEqualTo(415);
        assertThat(post("/stow-rs/studies", "multipart/related; type=application/dicom", file)
                        .statusCode())
                .isEqualTo(400);
        assertThat(post("/stow-rs/studies", MULTIPART, new byte[0]).statusCode())
                .isEqualTo(400);
        assertThat(post("/stow-rs/studies", MULTIPART, "--b--".getBytes()).statusCode())
                .isEqualTo(400);
        assertThat(post("/stow-rs/studies", MULTIPART, file).statusCode()).isEqualTo(400);
        assertThat(post("/stow-rs/studies", "application/dicom", new byte[0]).statusCode())
                .isEqualTo(409);
        assertThat(post("/stow-rs/studies/x", "application/dicom", file).statusCode())
                .isEqualTo(400);
        assertThat(post("/stow-rs/elsewhere", "application/dicom", file).statusCode())
                .isEqualTo(404);
        HttpRequest png = request("/stow-rs/studies", "application/dicom", file)
                .header("Accept", "image/png")
                .build();
        assertThat(server.client.send(png, BodyHandlers.ofByteArray()).statusCode())
                .isEqualTo(406);
        HttpRequest get = HttpRequest.newBuilder(server.uri("/stow-rs/studies")).build();
        assertThat(server.client.send(get, BodyHandlers.discarding()).statusCode())
                .isEqualTo(405);
        assertThat(stored).isEmpty();
    }

    @Test
    void refusesARequestThatIsTooLarge() throws Exception {
        byte[] small = file("1.2", "1.2.3.1", 10);
        byte[] large = file("1.2", "1.2.3.2", 21_000_000);
        HttpRequest chunked = HttpRequest.newBuilder(server.uri("/stow-rs/studies"))
                .header("Content-Type", MULTIPART)
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(multipart(small, large))))
                .build();

        assertThat(server.client.send(chunked, BodyHandlers.ofByteArray()).statusCode())
                .isEqualTo(413);
        assertThat(stored).containsOnlyKeys("1.2.3.1");
    }

    @Test
    void tellsASenderToComeAgainWhenTheStoreIsFull() throws Exception {
        failure = new DicomException(DicomStatus.OUT_OF_RESOURCES, "The storage space cannot store");

        HttpResponse<byte[]> response = post("/stow-rs/studies", "application/dicom", file("1.2", "1.2.3.1", 10));

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertThat(json(response).items(Tag.FailedSOPSequence).get(0).integer(Tag.FailureReason, 0))
                .isEqualTo(0xA700);
    }

    @Test
    void showsNothingOfAnErrorInside() throws Exception {
        failure = new IllegalStateException("secret of Doe^John");

        HttpResponse<byte[]> response = post("/stow-rs/studies", "application/dicom", file("1.2", "1.2.3.1", 10));

        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(new String(response.body())).doesNotContain("secret").doesNotContain("Exception");
    }

    @Test
    void letsSomeWaitAndSendsTheRestAway() throws Exception {
        gated = true;
        byte[] file = file("1.2", "1.2.3.1", 10);
        List<java.util.concurrent.CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            answers.add(server.client.sendAsync(
                    request("/stow-rs/studies", "application/dicom", file).build(), BodyHandlers.ofByteArray()));
        }
        await().until(() -> answers.stream().filter(answer -> answer.isDone()).count() == 7);
        gate.countDown();

        List<Integer> statuses =
                answers.stream().map(answer -> answer.join().statusCode()).toList();
        assertThat(statuses.stream().filter(status -> status == 503)).hasSize(7);
        assertThat(statuses.stream().filter(status -> status == 200)).hasSize(5);
    }

    @Test
    void goesOnWhenAClientBreaksOffOrFallsSilent() throws Exception {
        byte[] file = file("1.2", "1.2.3.1", 1_000_000);
        for (int i = 0; i < 4; i++) {
            Socket socket = new Socket("127.0.0.1", server.port);
            OutputStream out = socket.getOutputStream();
            out.write(
                    ("POST /stow-rs/studies HTTP/1.1\r\nHost: x\r\nContent-Type: application/dicom\r\nContent-Length: "
                                    + file.length + "\r\n\r\n")
                            .getBytes());
            out.write(file, 0, file.length / 2);
            out.flush();
            if (i % 2 == 0) {
                socket.close();
            }
        }

        HttpResponse<byte[]> response = post("/stow-rs/studies", "application/dicom", file("1.2", "1.2.3.2", 10));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(stored).containsOnlyKeys("1.2.3.2");
    }

    @Test
    void readsOnlyAsFastAsItStores() throws Exception {
        gated = true;
        byte[] file = file("1.2", "1.2.3.1", 19_000_000);
        try (Socket socket = new Socket("127.0.0.1", server.port)) {
            socket.setSendBufferSize(64 << 10);
            OutputStream out = socket.getOutputStream();
            out.write(
                    ("POST /stow-rs/studies HTTP/1.1\r\nHost: x\r\nContent-Type: application/dicom\r\nContent-Length: "
                                    + file.length + "\r\n\r\n")
                            .getBytes());
            int[] sent = {0};
            Thread sender = new Thread(() -> {
                try {
                    for (; sent[0] < file.length; sent[0] += 100_000) {
                        out.write(file, sent[0], Math.min(100_000, file.length - sent[0]));
                    }
                } catch (IOException e) {
                    sent[0] = -1;
                }
            });
            sender.start();
            await().during(Duration.ofMillis(700)).atMost(Duration.ofSeconds(5)).until(() -> sent[0] < 12_000_000);
            gate.countDown();

            InputStream in = socket.getInputStream();
            assertThat(new String(in.readNBytes(15))).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    private HttpResponse<byte[]> post(String path, String contentType, byte[] body) throws Exception {
        return server.client.send(request(path, contentType, body).build(), BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request(String path, String contentType, byte[] body) {
        return HttpRequest.newBuilder(server.uri(path))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofByteArray(body));
    }

    private static DataSet json(HttpResponse<byte[]> response) throws Exception {
        return DicomJson.read(new ByteArrayInputStream(response.body()));
    }

    private static byte[] multipart(byte[]... files) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] file : files) {
            body.writeBytes("--b\r\nContent-Type: application/dicom\r\n\r\n".getBytes());
            body.writeBytes(file);
            body.writeBytes("\r\n".getBytes());
        }
        body.writeBytes("--b--\r\n".getBytes());
        return body.toByteArray();
    }

    private static DataSet dataSet(String study, String instance, int pixels) {
        DataSet dataSet = new DataSet()
                .setString(Tag.SOPClassUID, VR.UI, CT)
                .setString(Tag.StudyInstanceUID, VR.UI, study)
                .setString(Tag.SeriesInstanceUID, VR.UI, "1.2.9")
                .setBytes(Tag.PixelData, VR.OW, new byte[pixels]);
        return instance == null ? dataSet : dataSet.setString(Tag.SOPInstanceUID, VR.UI, instance);
    }

    private static byte[] file(String study, String instance, int pixels) throws Exception {
        return file(dataSet(study, instance, pixels));
    }

    private static byte[] file(DataSet dataSet) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(DicomWriter.fileHeader(
                CT, dataSet.string(Tag.SOPInstanceUID, "1.2.3.99"), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid()));
        new DicomWriter(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN).writeDataSet(dataSet, out);
        return out.toByteArray();
    }
}
