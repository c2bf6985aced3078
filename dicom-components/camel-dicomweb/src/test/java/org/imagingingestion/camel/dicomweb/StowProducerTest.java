package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.apache.camel.Exchange;
import org.apache.camel.converter.stream.InputStreamCache;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomJson;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.NativeXml;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.InstanceSource;
import org.imagingingestion.dicom.service.RetrievalResult;
import org.imagingingestion.dicom.service.StoreResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

class StowProducerTest {
    private static final String JSON = "application/dicom+json";
    private static final String FAST = "?retryDelay=1";

    @TempDir
    Path folder;

    private final TestProducer producer = new TestProducer();

    @AfterEach
    void stop() {
        producer.close();
    }

    @Test
    void sendsAMultipartOfDicomByteForByte() throws Exception {
        byte[] file = TestProducer.file("1.2", "1.2.3.1", 70_000);
        try (ScriptedServer server = new ScriptedServer(call -> call.answer(200))) {
            Exchange exchange = producer.send(
                    "stow:" + server.url(),
                    file,
                    Map.of("Authorization", "secret", "CamelHttpPath", "/elsewhere", "X-Patient", "Doe"));

            ScriptedServer.Call call = server.calls.get(0);
            assertThat(server.targets()).containsExactly("POST /dicom-web/studies");
            assertThat(call.headers)
                    .containsEntry("Accept", JSON)
                    .containsKey("Content-Length")
                    .doesNotContainKeys("Authorization", "X-Patient", "CamelHttpPath", "Expect");
            MediaType type = MediaType.parse(call.headers.get("Content-Type"));
            assertThat(type.type()).isEqualTo("multipart/related");
            assertThat(type.parameter("type")).isEqualTo("application/dicom");
            List<TestParts.Part> parts = TestParts.read(call.body, type.parameter("boundary"));
            assertThat(parts).hasSize(1);
            assertThat(parts.get(0).header("Content-Type")).isEqualTo("application/dicom");
            assertThat(parts.get(0).body()).isEqualTo(file);
            assertThat(exchange.getMessage().getHeaders())
                    .containsEntry(DicomwebConstants.HTTP_STATUS, 200)
                    .doesNotContainKeys("Content-Length", "Content-Type");
        }
    }

    @Test
    void sendsWhateverAnInstanceMayBe() throws Exception {
        byte[] file = TestProducer.file("1.2", "1.2.3.1", 1000);
        Path path = Files.write(folder.resolve("a.dcm"), file);
        try (ScriptedServer server = new ScriptedServer(call -> call.answer(200))) {
            for (Object body : new Object[] {
                file,
                path,
                path.toFile(),
                new ByteArrayInputStream(file),
                InstanceBody.receive(new ByteArrayInputStream(file), ParseLimits.STREAMING),
                (InstanceSource) () -> new ByteArrayInputStream(file),
                new InputStreamCache(file)
            }) {
                StoreResult result = producer.store("stow:" + server.url(), body);

                assertThat(result.instances())
                        .containsExactly(new StoreResult.Instance(StoredObject.CT, "1.2.3.1", true, 0, null));
                ScriptedServer.Call call = server.calls.get(server.calls.size() - 1);
                assertThat(parts(call)).hasSize(1).first().isEqualTo(file);
            }
        }
    }

    @Test
    void isPartOfTheTraceOfTheExchange() throws Exception {
        byte[] file = TestProducer.file("1.2", "1.2.3.1", 10);
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        try (ScriptedServer server = new ScriptedServer(call -> call.answer(200))) {
            producer.send("stow:" + server.url(), file, Map.of("traceparent", trace));
            producer.send("stow:" + server.url(), file, Map.of("traceparent", "Doe"));

            assertThat(server.calls.get(0).headers).containsEntry("traceparent", trace);
            assertThat(server.calls.get(1).headers).doesNotContainKey("traceparent");
        }
    }

    @Test
    void asksForOneStudyByHeader() throws Exception {
        byte[] file = TestProducer.file("1.2", "1.2.3.1", 10);
        try (ScriptedServer server = new ScriptedServer(call -> call.answer(200))) {
            producer.send("stow:" + server.url(), file, Map.of(DicomwebConstants.STUDY_INSTANCE_UID, "1.2"));

            assertThat(server.targets()).containsExactly("POST /dicom-web/studies/1.2");
            assertThatThrownBy(() -> producer.send(
                            "stow:" + server.url(), file, Map.of(DicomwebConstants.STUDY_INSTANCE_UID, "../x")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(DicomwebConstants.STUDY_INSTANCE_UID);
        }
    }

    @Test
    void splitsManyInstancesIntoRequests() throws Exception {
        List<byte[]> files = List.of(
                TestProducer.file("1.2", "1.2.3.1", 10),
                TestProducer.file("1.2", "1.2.3.2", 10),
                TestProducer.file("1.2", "1.2.3.3", 10));
        try (ScriptedServer server = new ScriptedServer(call -> call.answer(200))) {
            assertThat(producer.store("stow:" + server.url() + "?batchSize=2", files.iterator())
                            .instances())
                    .hasSize(3);
            assertThat(server.calls).extracting(call -> parts(call).size()).containsExactly(2, 1);

            server.calls.clear();
            producer.store("stow:" + server.url() + "?batchBytes=1", files);
            assertThat(server.calls).hasSize(3);

            server.calls.clear();
            assertThat(producer.store("stow:" + server.url(), List.of()).instances())
                    .isEmpty();
            assertThat(server.calls).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsAnAnswerInstanceByInstance(boolean xml) throws Exception {
        DataSet answer = new DataSet()
                .setItems(
                        Tag.ReferencedSOPSequence,
                        reference("1.2.3.1")
                                .setString(Tag.RetrieveURL, VR.UR, "http://a/studies/1.2")
                                .setInt(Tag.WarningReason, VR.US, 0xB000),
                        reference("1.2.3.2"))
                .setItems(Tag.FailedSOPSequence, reference("1.2.3.3").setInt(Tag.FailureReason, VR.US, 0xC123));
        byte[] content = xml
                ? NativeXml.toBytes(answer, DicomJson.BulkDataUri.NONE)
                : DicomJson.toBytes(answer, DicomJson.BulkDataUri.NONE);
        String type = "Content-Type: " + (xml ? "application/dicom+xml" : JSON) + "\r\n";
        try (ScriptedServer server = new ScriptedServer(call -> call.answer(202, type, content))) {
            List<byte[]> files = List.of(
                    TestProducer.file("1.2", "1.2.3.1", 10),
                    TestProducer.file("1.2", "1.2.3.2", 10),
                    TestProducer.file("1.2", "1.2.3.3", 10),
                    TestProducer.file("1.2", "1.2.3.4", 10));

            StoreResult result = producer.store("stow:" + server.url(), files);

            assertThat(result.instances())
                    .containsExactly(
                            new StoreResult.Instance(StoredObject.CT, "1.2.3.1", true, 0xB000, "http://a/studies/1.2"),
                            new StoreResult.Instance(StoredObject.CT, "1.2.3.2", true, 0, null),
                            new StoreResult.Instance(StoredObject.CT, "1.2.3.3", false, 0xC123, null),
                            new StoreResult.Instance(StoredObject.CT, "1.2.3.4", false, 0x0110, null));
            assertThat(result.failed())
                    .extracting(StoreResult.Instance::status)
                    .containsExactly(DicomStatus.CANNOT_UNDERSTAND, DicomStatus.PROCESSING_FAILURE);
            assertThatThrownBy(() -> producer.store("stow:" + server.url() + "?failWhenIncomplete=true", files))
                    .isInstanceOfSatisfying(StoreFailedException.class, failure -> {
                        assertThat(failure.result().instances()).hasSize(4);
                        assertThat(failure.taken()).containsExactlyInAnyOrder("1.2.3.1", "1.2.3.2");
                    })
                    .hasMessageContaining("2 of 4 instances are not stored");
        }
    }

    @Test
    void takesForAnOutageWhatCannotBeReadNow() throws Exception {
        InstanceSource away = () -> {
            throw new IOException("The storage space does not answer");
        };
        byte[] file = TestProducer.file("1.2", "1.2.3.1", 100_000);
        InstanceSource breaking =
                () -> new SequenceInputStream(new ByteArrayInputStream(file, 0, 50_000), new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("The storage space does not answer any more");
                    }
                });
        for (InstanceSource source : List.of(away, breaking)) {
            try (ScriptedServer server = new ScriptedServer(call -> answer(call, 200, "", ""))) {
                assertThatThrownBy(() -> producer.store("stow:" + server.url() + "?maximumRetries=0", source))
                        .isInstanceOfSatisfying(StoreFailedException.class, failure -> assertThat(failure.isOutage())
                                .isTrue());
            }
        }
    }

    private static DataSet reference(String instance) {
        return new DataSet()
                .setString(Tag.ReferencedSOPClassUID, VR.UI, StoredObject.CT)
                .setString(Tag.ReferencedSOPInstanceUID, VR.UI, instance);
    }

    @ParameterizedTest
    @CsvSource({
        "200, '', ''",
        "200, text/html, <html>stored</html>",
        "200, application/dicom+json, {",
        "201, '', ''",
        "204, '', ''"
    })
    void takesASuccessAtItsWord(int status, String type, String content) throws Exception {
        try (ScriptedServer server = new ScriptedServer(call -> answer(call, status, type, content))) {
            StoreResult result = producer.store("stow:" + server.url(), TestProducer.file("1.2", "1.2.3.1", 10));

            assertThat(result.isComplete()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "202, 0110",
        "400, 0110",
        "401, 0124",
        "403, 0124",
        "404, 0112",
        "409, 0111",
        "413, 0117",
        "415, 0110",
        "429, A700",
        "500, 0110",
        "503, A700",
        "507, A700"
    })
    void endsWithTheStatusThatTheAnswerStandsFor(int status, String expected) throws Exception {
        try (ScriptedServer server =
                new ScriptedServer(call -> answer(call, status, "text/plain", "Doe^John 1.2.3.1 is not wanted"))) {
            StoreFailedException failure = catchThrowableOfType(
                    StoreFailedException.class,
                    () -> producer.store(
                            "stow:" + server.url() + "?maximumRetries=0", TestProducer.file("1.2", "1.2.3.1", 10)));

            assertThat(failure.status().code()).isEqualTo(Integer.parseInt(expected, 16));
            assertThat(failure.httpStatus()).isEqualTo(status);
            assertThat(failure)
                    .hasMessageContaining(Integer.toString(status))
                    .hasMessageContaining(failure.status().meaning());
            assertThat(failure.getMessage()).doesNotContain("Doe").doesNotContain("1.2.3.1");
            assertThat(failure.result().isComplete()).isFalse();
        }
    }

    @Test
    void quotesTheServerWhereThatIsAllowed() throws Exception {
        try (ScriptedServer server = new ScriptedServer(call -> call.answer(400, "text/plain", "Doe^John"))) {
            assertThatThrownBy(() -> producer.store(
                            "stow:" + server.url() + "?logPhi=true", TestProducer.file("1.2", "1.2.3.1", 10)))
                    .hasMessageContaining("Doe^John");
        }
    }

    @Test
    void givesTheReasonOfTheServer() throws Exception {
        String content =
                "{\"00081198\":{\"vr\":\"SQ\",\"Value\":[{\"00081155\":{\"vr\":\"UI\",\"Value\":[\"1.2.3.1\"]},"
                        + "\"00081197\":{\"vr\":\"US\",\"Value\":[43264]}}]}}";
        try (ScriptedServer server = new ScriptedServer(call -> call.answer(409, JSON, content))) {
            assertThatThrownBy(() -> producer.store("stow:" + server.url(), TestProducer.file("1.2", "1.2.3.1", 10)))
                    .isInstanceOfSatisfying(DicomException.class, failure -> assertThat(failure.status())
                            .isEqualTo(DicomStatus.DATA_SET_DOES_NOT_MATCH_SOP_CLASS))
                    .hasMessage(
                            "The instance is not stored, the server answered 409: data set does not match SOP class (A900H)");
        }
    }

    @Test
    void goesOnWithoutAnInstanceThatCannotBeRead() throws Exception {
        byte[] good = TestProducer.file("1.2", "1.2.3.1", 10);
        byte[] cutOff = Arrays.copyOf(TestProducer.file("1.2", "1.2.3.2", 300_000), 200_000);
        byte[] last = TestProducer.file("1.2", "1.2.3.3", 10);
        List<Object> files = List.of(
                "no DICOM at all".getBytes(StandardCharsets.US_ASCII), good, cutOff, folder.resolve("missing"), last);
        try (ScriptedServer server = new ScriptedServer(call -> call.answer(200))) {
            StoreResult result = producer.store("stow:" + server.url(), files);

            assertThat(result.instances())
                    .extracting(StoreResult.Instance::stored, StoreResult.Instance::reason)
                    .containsExactly(
                            tuple(false, 0xC000),
                            tuple(true, 0),
                            tuple(false, 0xC000),
                            tuple(false, 0x0110),
                            tuple(true, 0));
            // the server hears of a connection that is cut in its own time
            assertThat(server.calls.stream().filter(call -> call.body != null))
                    .as("a request that is cut off must not look complete")
                    .singleElement()
                    .satisfies(call -> assertThat(parts(call)).containsExactly(good, last));
        }
    }

    @Test
    void refusesABodyThatIsNoInstance() throws Exception {
        assertThatThrownBy(() -> producer.store("stow:http://127.0.0.1:1/dicom-web", new DataSet()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("InstanceBody");
        assertThatThrownBy(() -> producer.store("stow:http://127.0.0.1:1/dicom-web", "text".getBytes()))
                .isInstanceOf(StoreFailedException.class)
                .hasMessageContaining("cannot understand");
    }

    @Test
    void deletesWhatIsInTheWayWhereItMay() throws Exception {
        byte[] file = TestProducer.file("1.2", "1.2.3.1", 10);
        try (ScriptedServer server =
                new ScriptedServer(call -> call.answer(409), call -> call.answer(204), call -> call.answer(200))) {
            StoreResult result = producer.store("stow:" + server.url() + "?overwrite=true", file);

            assertThat(result.isComplete()).isTrue();
            assertThat(server.targets())
                    .containsExactly(
                            "POST /dicom-web/studies",
                            "DELETE /dicom-web/studies/1.2/series/1.2.9/instances/1.2.3.1",
                            "POST /dicom-web/studies");
            assertThat(parts(server.calls.get(2))).containsExactly(file);
        }
        try (ScriptedServer server = new ScriptedServer(call -> call.answer(409))) {
            assertThatThrownBy(() ->
                            producer.store("stow:" + server.url() + "?overwrite=true", new ByteArrayInputStream(file)))
                    .isInstanceOf(StoreFailedException.class);
            assertThat(server.calls).as("a stream is gone").hasSize(1);
        }
    }

    @Test
    void deletesOnlyWhatIsInTheWayOfSeveral() throws Exception {
        List<byte[]> files = List.of(TestProducer.file("1.2", "1.2.3.1", 10), TestProducer.file("1.2", "1.2.3.2", 10));
        DataSet answer = new DataSet()
                .setItems(Tag.ReferencedSOPSequence, reference("1.2.3.1"))
                .setItems(Tag.FailedSOPSequence, reference("1.2.3.2").setInt(Tag.FailureReason, VR.US, 0x0111));
        String content = new String(DicomJson.toBytes(answer, DicomJson.BulkDataUri.NONE), StandardCharsets.UTF_8);
        try (ScriptedServer server = new ScriptedServer(
                call -> call.answer(202, JSON, content), call -> call.answer(200), call -> call.answer(200))) {
            assertThat(producer.store("stow:" + server.url() + "?overwrite=true", files)
                            .isComplete())
                    .isTrue();
            assertThat(server.targets().get(1))
                    .isEqualTo("DELETE /dicom-web/studies/1.2/series/1.2.9/instances/1.2.3.2");
            assertThat(parts(server.calls.get(2))).containsExactly(files.get(1));
        }
        try (ScriptedServer server =
                new ScriptedServer(call -> call.answer(202, JSON, content), call -> call.answer(405))) {
            StoreResult result = producer.store("stow:" + server.url() + "?overwrite=true", files);

            assertThat(result.failed())
                    .extracting(StoreResult.Instance::status)
                    .containsExactly(DicomStatus.DUPLICATE_SOP_INSTANCE);
        }
    }

    @Test
    void storesWhatAStorageSpaceHas() throws Exception {
        StoredObject one = StoredObject.store(
                folder, StoredObject.dataSet("1.2", "1.2.9", "1.2.3.1"), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        StoredObject two = StoredObject.store(
                folder, StoredObject.dataSet("1.2", "1.2.9", "1.2.3.2"), TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN);
        RetrievalResult located = new RetrievalResult("1", List.of(one.location(), two.location()), List.of(), null);
        try (ScriptedServer server = new ScriptedServer(call -> call.answer(500), call -> call.answer(200))) {
            StoreResult result = producer.store(
                    "stow:" + server.url() + FAST,
                    located.withObjects((name, offset, length) -> Files.newInputStream(folder.resolve(name))));

            assertThat(result.isComplete()).isTrue();
            assertThat(parts(server.calls.get(1))).containsExactly(one.bytes(), two.bytes());
            assertThatThrownBy(() -> producer.store("stow:" + server.url(), located))
                    .hasMessageContaining("storage space");
        }
    }

    @Test
    void beginsAgainWithTheFirstInstanceOfARequest() throws Exception {
        List<byte[]> files = List.of(
                TestProducer.file("1.2", "1.2.3.1", 10),
                TestProducer.file("1.2", "1.2.3.2", 30_000_000),
                TestProducer.file("1.2", "1.2.3.3", 10));
        ScriptedServer.Script breaksOff = call -> {
            call.in.readNBytes(1_000_000);
            call.in.close();
        };
        try (ScriptedServer server = new ScriptedServer(breaksOff, breaksOff, call -> call.answer(200))) {
            assertThat(producer.store("stow:" + server.url() + FAST, files.iterator())
                            .instances())
                    .extracting(StoreResult.Instance::sopInstanceUID)
                    .containsExactly("1.2.3.1", "1.2.3.2", "1.2.3.3");
            assertThat(parts(server.calls.get(2))).containsExactlyElementsOf(files);
        }
        try (ScriptedServer server = new ScriptedServer(breaksOff, call -> call.answer(200))) {
            List<Object> withAStream = List.of(files.get(0), new ByteArrayInputStream(files.get(1)), files.get(2));
            assertThatThrownBy(() -> producer.store("stow:" + server.url() + FAST, withAStream))
                    .isInstanceOfSatisfying(StoreFailedException.class, failure -> {
                        assertThat(failure.httpStatus()).isZero();
                        assertThat(failure.result().failed()).hasSize(2);
                    });
            assertThat(server.calls).as("a stream is gone").hasSize(1);
        }
    }

    @Test
    void triesAgainWhatCanBeReadAgain() throws Exception {
        byte[] file = TestProducer.file("1.2", "1.2.3.1", 10);
        try (ScriptedServer server = new ScriptedServer(
                call -> call.answer(500),
                call -> call.in.close(),
                call -> call.answer(503, "Retry-After: 1\r\n", new byte[0]),
                call -> call.answer(200))) {
            long start = System.nanoTime();
            assertThat(producer.store("stow:" + server.url() + FAST, file).isComplete())
                    .isTrue();

            assertThat(server.calls).hasSize(4);
            assertThat(System.nanoTime() - start).isGreaterThan(1_000_000_000L);
            assertThat(parts(server.calls.get(3))).containsExactly(file);
        }
        try (ScriptedServer server = new ScriptedServer(call -> call.answer(503))) {
            assertThatThrownBy(() -> producer.store("stow:" + server.url() + FAST, new ByteArrayInputStream(file)))
                    .isInstanceOf(StoreFailedException.class);
            assertThat(server.calls).as("a stream is gone").hasSize(1);
        }
    }

    @Test
    void triesAgainOnlyWhereItMayHelp() throws Exception {
        byte[] file = TestProducer.file("1.2", "1.2.3.1", 10);
        try (ScriptedServer server = new ScriptedServer(call -> call.answer(404), call -> call.answer(200))) {
            assertThatThrownBy(() -> producer.store("stow:" + server.url() + FAST, file))
                    .isInstanceOf(StoreFailedException.class);
        }
        try (ScriptedServer server = new ScriptedServer(call -> call.answer(404), call -> call.answer(200))) {
            assertThat(producer.store("stow:" + server.url() + FAST + "&httpErrorCodesToRetry=404,425", file)
                            .isComplete())
                    .isTrue();
        }
        try (ScriptedServer server = new ScriptedServer(
                call -> call.answer(503, "Retry-After: 31\r\n", new byte[0]), call -> call.answer(200))) {
            assertThatThrownBy(() -> producer.store("stow:" + server.url() + FAST, file))
                    .as("longer than maximumRetryDelay")
                    .isInstanceOf(StoreFailedException.class);
        }
    }

    @Test
    void waitsForTheServerToTakeIt() throws Exception {
        byte[] file = TestProducer.file("1.2", "1.2.3.1", 500_000);
        try (ScriptedServer server = new ScriptedServer(
                call -> call.say("HTTP/1.1 503 Later\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), call -> {
                    call.say("HTTP/1.1 100 Continue\r\n\r\n");
                    call.answer(200);
                })) {
            StoreResult result = producer.store(
                    "stow:" + server.url() + FAST + "&expectContinue=true", new ByteArrayInputStream(file));

            assertThat(result.isComplete())
                    .as("a stream that has not been touched is sent to the second one")
                    .isTrue();
            assertThat(server.calls.get(0).headers).containsEntry("Expect", "100-continue");
            assertThat(parts(server.calls.get(1))).containsExactly(file);
        }
    }

    @Test
    void readsAnAnswerThatComesBeforeTheEndOfTheRequest() throws Exception {
        try (ScriptedServer server = new ScriptedServer(call -> {
            call.say("HTTP/1.1 413 Too large\r\nContent-Length: 0\r\n\r\n");
            call.in.readNBytes(50_000_000);
        })) {
            assertThatThrownBy(() -> producer.store(
                            "stow:" + server.url(), TestProducer.generated("1.2.3.1", 200_000_000, n -> {})))
                    .isInstanceOfSatisfying(StoreFailedException.class, failure -> assertThat(failure.httpStatus())
                            .isEqualTo(413));
        }
    }

    @Test
    void givesUpOnAServerThatDoesNotAnswerOrDoesNotRead() throws Exception {
        byte[] file = TestProducer.file("1.2", "1.2.3.1", 10);
        String limits = "?maximumRetries=0&responseTimeout=500&idleTimeout=500";
        try (ScriptedServer server = new ScriptedServer(call -> {
            call.readBody();
            Thread.sleep(20_000);
        })) {
            assertThatThrownBy(() -> producer.store("stow:" + server.url() + limits, file))
                    .isInstanceOfSatisfying(StoreFailedException.class, failure -> assertThat(failure.status())
                            .isEqualTo(DicomStatus.PROCESSING_FAILURE))
                    .hasMessageContaining("in time");
        }
        try (ScriptedServer server = new ScriptedServer(call -> Thread.sleep(20_000))) {
            assertThatThrownBy(() -> producer.store(
                            "stow:" + server.url() + limits, TestProducer.generated("1.2.3.1", 100_000_000, n -> {})))
                    .isInstanceOf(StoreFailedException.class)
                    .hasMessageContaining("in time");
        }
    }

    @Test
    void stopsAtAnEndlessHeader() throws Exception {
        for (String piece : new String[] {"x", "X-More: x\r\n"}) {
            try (ScriptedServer server = new ScriptedServer(call -> {
                call.readBody();
                call.say("HTTP/1.1 200 OK\r\nX-Endless: ");
                while (true) {
                    call.say(piece.repeat(1000));
                }
            })) {
                assertThatThrownBy(() -> producer.store(
                                "stow:" + server.url() + "?maximumRetries=0", TestProducer.file("1.2", "1.2.3.1", 10)))
                        .isInstanceOf(StoreFailedException.class);
            }
        }
    }

    @Test
    void doesNotFollowARedirect() throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                call -> call.answer(307, "Location: /other/studies\r\n", new byte[0]), call -> call.answer(200))) {
            assertThatThrownBy(() -> producer.store("stow:" + server.url(), TestProducer.file("1.2", "1.2.3.1", 10)))
                    .isInstanceOfSatisfying(StoreFailedException.class, failure -> assertThat(failure.httpStatus())
                            .isEqualTo(307));
            assertThat(server.calls).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100_000_000})
    void endsWhenItsThreadIsInterrupted(int length) throws Exception {
        try (ScriptedServer server = new ScriptedServer(call -> Thread.sleep(20_000))) {
            InputStream instance = TestProducer.generated("1.2.3.1", length, n -> {});

            assertThat(TestProducer.interrupt(
                            () -> producer.store("stow:" + server.url(), instance), () -> !server.calls.isEmpty()))
                    .isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void givesUpOnAServerThatDoesNotAnswerInTls() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> producer.store(
                            "stow:https://127.0.0.1:" + silent.getLocalPort() + "?maximumRetries=0&connectTimeout=500",
                            TestProducer.file("1.2", "1.2.3.1", 10)))
                    .isInstanceOf(StoreFailedException.class);
            assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Slow: ", "Content-Type: application/dicom+json\r\n\r\n{"})
    void givesUpOnAnAnswerThatDrips(String beginning) throws Exception {
        try (ScriptedServer server = new ScriptedServer(call -> {
            call.readBody();
            call.say("HTTP/1.1 202 OK\r\n" + beginning);
            while (true) {
                call.say(" ");
                Thread.sleep(50);
            }
        })) {
            assertThatThrownBy(() -> producer.store(
                            "stow:" + server.url() + "?maximumRetries=0&responseTimeout=700",
                            TestProducer.file("1.2", "1.2.3.1", 10)))
                    .isInstanceOf(StoreFailedException.class);
        }
    }

    @Test
    void readsAnAnswerOfAnyLengthOnlySoFar() throws Exception {
        try (ScriptedServer server = new ScriptedServer(call -> {
            call.readBody();
            call.say(
                    "HTTP/1.1 202 OK\r\nContent-Type: application/dicom+json\r\n\r\n{\"00081199\":{\"vr\":\"SQ\",\"Value\":[");
            while (true) {
                call.say("{},".repeat(10_000));
            }
        })) {
            assertThatThrownBy(() -> producer.store("stow:" + server.url(), TestProducer.file("1.2", "1.2.3.1", 10)))
                    .isInstanceOf(StoreFailedException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "stow:/dicom-web, address",
        "stow:ftp://host/dicom-web, address",
        "stow:https://user@host/dicom-web, address",
        "stow:https://host/#part, address",
        "stow:https://host/?connectTimeout=0, connectTimeout",
        "stow:https://host/?proxyHost=a, proxyPort",
        "stow:https://host/?httpErrorCodesToRetry=x, httpErrorCodesToRetry",
        "stow:https://host/?username=a, password",
        "stow:https://host/?bearerToken=a&username=a&password=b, bearerToken",
        "stow:https://host/?tokenUrl=x&clientId=a&clientSecret=b, tokenUrl",
        "stow:https://host/?batchSize=0, batchSize"
    })
    void saysWhichOptionCannotBe(String uri, String option) {
        assertThatThrownBy(() -> producer.store(uri, new byte[0])).hasMessageContaining(option);
    }

    private static void answer(ScriptedServer.Call call, int status, String type, String content) throws Exception {
        if (status == 204) {
            call.readBody();
            call.say("HTTP/1.1 204 Nothing\r\n\r\n");
        } else {
            call.answer(status, type, content);
        }
    }

    private static List<byte[]> parts(ScriptedServer.Call call) {
        try {
            MediaType type = MediaType.parse(call.headers.get("Content-Type"));
            return TestParts.read(call.body, type.parameter("boundary")).stream()
                    .map(TestParts.Part::body)
                    .toList();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
