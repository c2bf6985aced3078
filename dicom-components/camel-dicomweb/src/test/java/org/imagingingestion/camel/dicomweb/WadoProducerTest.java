package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.apache.camel.builder.RouteBuilder;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.RemoteResults;
import org.imagingingestion.dicom.service.Retrieval;
import org.imagingingestion.dicom.service.SenderException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class WadoProducerTest {
    private static final String MULTIPART =
            "Content-Type: multipart/related; type=\"application/dicom\"; boundary=b\r\n";

    @TempDir
    Path folder;

    private final TestProducer producer = new TestProducer();

    @AfterEach
    void stop() {
        producer.close();
    }

    private static Retrieval study() {
        return new Retrieval("x", "1.2", null, null, Retrieval.Content.LOCATIONS);
    }

    private static Retrieval instance() {
        return new Retrieval("x", "1.2", "1.2.9", "1.2.3.1", Retrieval.Content.LOCATIONS);
    }

    private List<byte[]> files(String uri, Retrieval retrieval) throws Exception {
        List<byte[]> files = new ArrayList<>();
        try (RemoteResults<InputStream> results = producer.results(uri, retrieval)) {
            for (InputStream file = results.poll(); file != null; file = results.poll()) {
                files.add(file.readAllBytes());
            }
        }
        return files;
    }

    @Test
    void retrievesFromOneOfOurOwn() throws Exception {
        TestArchive archive = new TestArchive("wado:/dicom-web", folder);
        for (int i = 1; i <= 3; i++) {
            DataSet dataSet = StoredObject.dataSet("1.2", i < 3 ? "1.2.9" : "1.2.8", "1.2.3." + i)
                    .setBytes(Tag.PixelData, VR.OW, StoredObject.noise(100_000 * i, i));
            archive.objects.add(StoredObject.store(folder, dataSet, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
        }
        List<byte[]> stored = archive.objects.stream().map(StoredObject::bytes).toList();
        try (DicomwebTestServer server = new DicomwebTestServer(archive)) {
            String uri = "wado:" + server.uri("/dicom-web/");

            assertThat(files(uri, study())).containsExactlyElementsOf(stored);
            assertThat(files(uri, new Retrieval("x", "1.2", "1.2.8", null, Retrieval.Content.LOCATIONS)))
                    .containsExactly(stored.get(2));
            assertThat(files(uri, instance())).containsExactly(stored.get(0));
            try (RemoteResults<DataSet> metadata =
                    producer.results(uri, new Retrieval("x", "1.2", null, null, Retrieval.Content.METADATA))) {
                assertThat(metadata)
                        .toIterable()
                        .extracting(dataSet -> dataSet.string(Tag.SOPInstanceUID))
                        .containsExactly("1.2.3.1", "1.2.3.2", "1.2.3.3");
            }
            assertThatThrownBy(() -> files(uri, new Retrieval("x", "9.9", null, null, Retrieval.Content.LOCATIONS)))
                    .isInstanceOfSatisfying(DicomwebException.class, failure -> {
                        assertThat(failure.status()).isEqualTo(DicomStatus.NO_SUCH_OBJECT_INSTANCE);
                        assertThat(failure.httpStatus()).isEqualTo(404);
                    })
                    .message()
                    .doesNotContain("9.9");
        }
    }

    @Test
    void asksForObjectsAsTheyAreStored() throws Exception {
        byte[] file = TestProducer.file("1.2", "1.2.3.1", 10);
        try (ScriptedServer server =
                new ScriptedServer(call -> call.answer(200, "Content-Type: application/dicom\r\n", file))) {
            assertThat(files("wado:" + server.url(), instance())).containsExactly(file);

            assertThat(server.targets()).containsExactly("GET /dicom-web/studies/1.2/series/1.2.9/instances/1.2.3.1");
            assertThat(server.calls.get(0).headers)
                    .containsEntry("Accept", "multipart/related; type=\"application/dicom\"; transfer-syntax=*");
        }
        try (ScriptedServer server = new ScriptedServer(
                call -> call.answer(406), call -> call.answer(200, "Content-Type: application/dicom\r\n", file))) {
            assertThat(files("wado:" + server.url(), instance())).containsExactly(file);
            assertThat(server.calls.get(1).headers).containsEntry("Accept", "application/dicom; transfer-syntax=*");
        }
    }

    @Test
    void goesThroughARouteThatSplits() throws Exception {
        List<byte[]> sent = List.of(
                TestProducer.file("1.2", "1.2.3.1", 10),
                TestProducer.file("1.2", "1.2.3.2", 300_000),
                TestProducer.file("1.2", "1.2.3.3", 10));
        List<byte[]> received = new ArrayList<>();
        try (ScriptedServer server = new ScriptedServer(call -> call.answer(200, MULTIPART, multipart(sent)))) {
            producer.camelContext.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:get")
                            .streamCache("false")
                            .to("wado:" + server.url())
                            .split(body())
                            .streaming()
                            .process(exchange -> received.add(exchange.getMessage()
                                    .getBody(InputStream.class)
                                    .readAllBytes()));
                }
            });

            producer.camelContext.createProducerTemplate().sendBody("direct:get", study());

            assertThat(received).containsExactlyElementsOf(sent);
        }
    }

    @Test
    void handsOnToAnotherServerWithoutHoldingAnything() throws Exception {
        List<byte[]> sent = List.of(
                TestProducer.file("1.2", "1.2.3.1", 2_000_000),
                TestProducer.file("1.2", "1.2.3.2", 10),
                TestProducer.file("1.2", "1.2.3.3", 300_000));
        try (ScriptedServer from = new ScriptedServer(call -> call.answer(200, MULTIPART, multipart(sent)));
                ScriptedServer to = new ScriptedServer(call -> call.answer(200));
                RemoteResults<InputStream> results = producer.results("wado:" + from.url(), study())) {
            assertThat(producer.store("stow:" + to.url(), results).instances()).hasSize(3);

            ScriptedServer.Call call = to.calls.get(0);
            MediaType type = MediaType.parse(call.headers.get("Content-Type"));
            assertThat(TestParts.read(call.body, type.parameter("boundary")))
                    .extracting(TestParts.Part::body)
                    .containsExactlyElementsOf(sent);
            assertThat(to.calls).hasSize(1);
        }
    }

    @Test
    void readsOnlyAsFastAsItIsRead() throws Exception {
        long[] sent = {0};
        try (ScriptedServer server = new ScriptedServer(call -> {
                    call.say("HTTP/1.1 200 OK\r\n" + MULTIPART + "\r\n--b\r\nContent-Type: application/dicom\r\n\r\n");
                    byte[] chunk = new byte[100_000];
                    for (int i = 0; i < 5_000; i++) {
                        call.out.write(chunk);
                        sent[0] += chunk.length;
                    }
                });
                RemoteResults<InputStream> results = producer.results("wado:" + server.url(), study())) {
            InputStream file = results.next();
            assertThat(file.readNBytes(1_000_000)).hasSize(1_000_000);
            await().during(Duration.ofMillis(500)).until(() -> sent[0] < 20_000_000);
        }
    }

    @Test
    void cutsTheConnectionWhereItIsClosedEarly() throws Exception {
        boolean[] cut = {false};
        try (ScriptedServer server = new ScriptedServer(call -> {
            call.say("HTTP/1.1 200 OK\r\n" + MULTIPART + "\r\n--b\r\n\r\n");
            try {
                for (OutputStream out = call.out; true; ) {
                    out.write(new byte[100_000]);
                }
            } catch (IOException e) {
                cut[0] = true;
            }
        })) {
            RemoteResults<InputStream> results = producer.results("wado:" + server.url(), study());
            InputStream file = results.next();
            file.readNBytes(1000);
            results.close();

            await().until(() -> cut[0]);
            assertThatThrownBy(file::readAllBytes).isInstanceOf(IOException.class);
        }
    }

    @Test
    void usesAConnectionAgainThatWasReadToItsEnd() throws Exception {
        byte[] file = TestProducer.file("1.2", "1.2.3.1", 10);
        try (ScriptedServer server =
                new ScriptedServer(call -> call.answer(200, MULTIPART, multipart(List.of(file, file))))) {
            for (int i = 0; i < 5; i++) {
                assertThat(files("wado:" + server.url(), study())).containsExactly(file, file);
            }
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void tellsWhoReadsThatTheServerBrokeOff() throws Exception {
        byte[] body = multipart(List.of(TestProducer.file("1.2", "1.2.3.1", 500_000)));
        for (String length : new String[] {"Content-Length: " + body.length + "\r\n", "Connection: close\r\n"}) {
            try (ScriptedServer server = new ScriptedServer(call -> {
                        call.say("HTTP/1.1 200 OK\r\n" + MULTIPART + length + "\r\n");
                        call.out.write(body, 0, body.length / 2);
                        call.in.close();
                    });
                    RemoteResults<InputStream> results = producer.results("wado:" + server.url(), study())) {
                InputStream file = results.next();

                assertThatThrownBy(file::readAllBytes).isInstanceOf(SenderException.class);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'Content-Type: text/html', '<html>'",
        "'Content-Type: multipart/related; type=\"application/dicom\"', '--b'",
        "'Content-Type: multipart/related; boundary=b', 'no part'",
        "'Content-Type: multipart/related; boundary=b', '--b\r\nContent-Type: image/jpeg\r\n\r\n'"
    })
    void refusesWhatIsNoDicom(String header, String content) throws Exception {
        try (ScriptedServer server =
                new ScriptedServer(call -> call.answer(200, header + "\r\n", content.getBytes()))) {
            assertThatThrownBy(() -> producer.send("wado:" + server.url(), study()))
                    .isInstanceOf(DicomException.class);
        }
    }

    @Test
    void stopsAtEndlessHeadersOfAPart() throws Exception {
        try (ScriptedServer server = new ScriptedServer(call -> {
            call.say("HTTP/1.1 200 OK\r\n" + MULTIPART + "\r\n--b\r\n");
            while (true) {
                call.say("X-More: x\r\n".repeat(1000));
            }
        })) {
            assertThatThrownBy(() -> producer.send("wado:" + server.url(), study()))
                    .isInstanceOf(DicomwebException.class)
                    .hasMessageContaining("headers of a part");
        }
    }

    @Test
    void givesUpOnAServerThatFallsSilent() throws Exception {
        try (ScriptedServer server = new ScriptedServer(call -> {
                    call.say("HTTP/1.1 200 OK\r\n" + MULTIPART + "\r\n--b\r\n\r\nsome bytes, and then");
                    Thread.sleep(20_000);
                });
                RemoteResults<InputStream> results =
                        producer.results("wado:" + server.url() + "?idleTimeout=500", study())) {
            InputStream file = results.next();

            assertThatThrownBy(file::readAllBytes)
                    .isInstanceOf(SenderException.class)
                    .hasRootCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void endsWhenTheThreadThatReadsIsInterrupted() throws Exception {
        try (ScriptedServer server = new ScriptedServer(call -> {
                    call.say("HTTP/1.1 200 OK\r\n" + MULTIPART + "\r\n--b\r\n\r\nsome bytes, and then");
                    Thread.sleep(20_000);
                });
                RemoteResults<InputStream> results = producer.results("wado:" + server.url(), study())) {
            InputStream file = results.next();

            assertThat(TestProducer.interrupt(file::readAllBytes, () -> true)).isInstanceOf(SenderException.class);
        }
    }

    @Test
    void triesAgainUntilAnAnswerBegins() throws Exception {
        byte[] file = TestProducer.file("1.2", "1.2.3.1", 10);
        try (ScriptedServer server = new ScriptedServer(
                call -> call.in.close(),
                call -> call.answer(503),
                call -> call.answer(200, "Content-Type: application/dicom\r\n", file))) {
            assertThat(files("wado:" + server.url() + "?retryDelay=1", instance()))
                    .containsExactly(file);
        }
    }

    @Test
    void followsARedirectOnTheSameServerOnly() throws Exception {
        byte[] file = TestProducer.file("1.2", "1.2.3.1", 10);
        try (ScriptedServer other = new ScriptedServer(call -> call.answer(200));
                ScriptedServer server = new ScriptedServer(
                        call -> call.answer(307, "Location: /elsewhere\r\n", new byte[0]),
                        call -> call.answer(200, "Content-Type: application/dicom\r\n", file),
                        call -> call.answer(307, "Location: " + other.url() + "\r\n", new byte[0]))) {
            String uri = "wado:" + server.url() + "?bearerToken=secret";
            assertThat(files(uri, instance())).containsExactly(file);
            assertThatThrownBy(() -> files(uri, instance()))
                    .isInstanceOfSatisfying(DicomwebException.class, failure -> assertThat(failure.httpStatus())
                            .isEqualTo(307));
            assertThat(other.calls).isEmpty();
        }
    }

    private static byte[] multipart(List<byte[]> files) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] file : files) {
            body.writeBytes("\r\n--b\r\nContent-Type: application/dicom\r\n\r\n".getBytes());
            body.writeBytes(file);
        }
        body.writeBytes("\r\n--b--\r\n".getBytes());
        return body.toByteArray();
    }
}
