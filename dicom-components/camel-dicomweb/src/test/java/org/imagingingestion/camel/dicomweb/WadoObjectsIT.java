package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class WadoObjectsIT {
    private static final String STUDY = "/dicom-web/studies/1.2";
    private static final String SERIES = STUDY + "/series/1.2.3";
    private static final String INSTANCE = SERIES + "/instances/1.2.3.1";
    private static final String EXPLICIT = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid();
    private static final String MULTIPART = "multipart/related; type=\"application/dicom\"";

    @TempDir
    static Path folder;

    private static TestArchive archive;
    private static DicomwebTestServer server;

    @BeforeAll
    static void start() throws Exception {
        archive = new TestArchive("wado:/wado-rs,/dicom-web?idleTimeout=2000", folder);
        server = new DicomwebTestServer(archive);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void fill() throws Exception {
        archive.reset();
        // one below and two above what is sent in one piece
        add("1.2.3.1", 100_000);
        add("1.2.3.2", 10);
        add("1.2.3.3", 3_000_000);
    }

    private void add(String instance, int length) throws Exception {
        DataSet dataSet = StoredObject.dataSet("1.2", "1.2.3", instance);
        dataSet.put(new Element.Value(Tag.PixelData, VR.OW, StoredObject.noise(length, length)));
        archive.objects.add(StoredObject.store(folder, dataSet, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        return send("GET", path, headers);
    }

    private HttpResponse<byte[]> send(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.uri(path)).method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return server.client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static List<TestParts.Part> parts(HttpResponse<byte[]> response) throws Exception {
        return TestParts.read(response);
    }

    @ParameterizedTest
    @CsvSource({"/dicom-web, true", "/dicom-web, false", "/wado-rs, true"})
    void givesAStudyInOnePartForEachInstance(String root, boolean asFiles) throws Exception {
        archive.asFiles = asFiles;
        HttpResponse<byte[]> response = get(root + "/studies/1.2", "Accept", MULTIPART);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(response.body().length);
        List<TestParts.Part> parts = parts(response);
        assertThat(parts).hasSize(3);
        for (int i = 0; i < 3; i++) {
            StoredObject object = archive.objects.get(i);
            assertThat(parts.get(i).body()).isEqualTo(object.bytes());
            assertThat(parts.get(i).header("Content-Type")).isEqualTo("application/dicom; transfer-syntax=" + EXPLICIT);
            assertThat(parts.get(i).header("Content-Location"))
                    .isEqualTo(server.uri(root) + "/studies/1.2/series/1.2.3/instances/"
                            + object.location().sopInstanceUID());
        }
    }

    @Test
    void givesASeriesAndAnInstanceAsMultipart() throws Exception {
        assertThat(parts(get(SERIES, "Accept", MULTIPART))).hasSize(3);
        assertThat(parts(get(INSTANCE, "Accept", MULTIPART))).singleElement().satisfies(part -> assertThat(part.body())
                .isEqualTo(archive.objects.get(0).bytes()));
    }

    @ParameterizedTest
    @CsvSource({"1.2.3.1, true", "1.2.3.1, false", "1.2.3.2, true", "1.2.3.3, true", "1.2.3.3, false"})
    void givesAnInstanceByItself(String instance, boolean asFiles) throws Exception {
        archive.asFiles = asFiles;
        StoredObject object = archive.objects.stream()
                .filter(o -> o.location().sopInstanceUID().equals(instance))
                .findFirst()
                .orElseThrow();
        HttpResponse<byte[]> response = get(SERIES + "/instances/" + instance, "Accept", "application/dicom");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValue("application/dicom; transfer-syntax=" + EXPLICIT);
        assertThat(response.body()).isEqualTo(object.bytes());
    }

    @Test
    void keepsAConnectionThroughManyAnswersOfAllKinds() throws Exception {
        for (int round = 0; round < 30; round++) {
            StoredObject object = archive.objects.get(round % 3);
            String path = SERIES + "/instances/" + object.location().sopInstanceUID();
            archive.asFiles = round % 4 != 0;
            assertThat(get(path, "Accept", "application/dicom").body()).isEqualTo(object.bytes());
            assertThat(parts(get(path)).get(0).body()).isEqualTo(object.bytes());
            assertThat(parts(get(STUDY))).hasSize(3);
        }
    }

    @ParameterizedTest
    @CsvSource({"bytes=0-9, 0, 10", "bytes=1000-, 1000, -1", "bytes=-5, -5, 5", "bytes=70000-90000, 70000, 20001"})
    void givesAPartOfAnInstance(String range, int offset, int length) throws Exception {
        byte[] all = archive.objects.get(0).bytes();
        int from = offset < 0 ? all.length + offset : offset;
        int to = length < 0 ? all.length : from + length;
        for (boolean asFiles : new boolean[] {true, false}) {
            archive.asFiles = asFiles;
            HttpResponse<byte[]> response = get(INSTANCE, "Accept", "application/dicom", "Range", range);

            assertThat(response.statusCode()).isEqualTo(206);
            assertThat(response.headers().firstValue("Content-Range"))
                    .hasValue("bytes " + from + "-" + (to - 1) + "/" + all.length);
            assertThat(response.body()).isEqualTo(Arrays.copyOfRange(all, from, to));
        }
    }

    @Test
    void givesARangeOfTheSameRepresentationOnly() throws Exception {
        String tag = get(INSTANCE, "Accept", "application/dicom")
                .headers()
                .firstValue("ETag")
                .orElseThrow();

        assertThat(get(INSTANCE, "Accept", "application/dicom", "Range", "bytes=0-1", "If-Range", tag)
                        .statusCode())
                .isEqualTo(206);
        assertThat(get(INSTANCE, "Accept", "application/dicom", "Range", "bytes=0-1", "If-Range", "\"x\"")
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<byte[]> beyond = get(INSTANCE, "Accept", "application/dicom", "Range", "bytes=9999999-");
        assertThat(beyond.statusCode()).isEqualTo(416);
        assertThat(beyond.headers().firstValue("Content-Range"))
                .hasValue("bytes */" + archive.objects.get(0).bytes().length);
    }

    @ParameterizedTest
    @ValueSource(strings = {STUDY, SERIES, INSTANCE})
    void saysNothingNewToWhoHasIt(String path) throws Exception {
        HttpResponse<byte[]> first = get(path, "Accept", MULTIPART);
        String tag = first.headers().firstValue("ETag").orElseThrow();
        HttpResponse<byte[]> second = get(path, "Accept", MULTIPART, "If-None-Match", tag);

        assertThat(first.headers().firstValue("Cache-Control")).hasValue("private, no-cache");
        assertThat(second.statusCode()).isEqualTo(304);
        assertThat(second.body()).isEmpty();
        assertThat(second.headers().firstValue("ETag")).hasValue(tag);
        assertThat(get(path, "Accept", MULTIPART).body()).isEqualTo(first.body());
    }

    @Test
    void tellsOneRepresentationOfAnInstanceFromAnother() throws Exception {
        String single = get(INSTANCE, "Accept", "application/dicom")
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        String multipart =
                get(INSTANCE, "Accept", MULTIPART).headers().firstValue("ETag").orElseThrow();

        assertThat(single).isNotEqualTo(multipart);
        assertThat(get(INSTANCE, "Accept", MULTIPART, "If-None-Match", single).statusCode())
                .isEqualTo(200);
    }

    @Test
    void givesAStudyAgainWhenItHasChanged() throws Exception {
        String tag =
                get(STUDY, "Accept", MULTIPART).headers().firstValue("ETag").orElseThrow();
        archive.version = "8";

        assertThat(get(STUDY, "Accept", MULTIPART, "If-None-Match", tag).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {STUDY, SERIES, INSTANCE})
    void answersHeadWithTheLengthAlone(String path) throws Exception {
        int length = get(path).body().length;
        HttpResponse<byte[]> head = send("HEAD", path);

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(length);
        assertThat(head.headers().firstValue("ETag")).isPresent();
        assertThat(head.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/dicom-web/studies/9",
                STUDY + "/series/9",
                SERIES + "/instances/9",
                SERIES + "/instances/1.2.3.1/frames",
                "/dicom-web/study/1.2"
            })
    void hasNothingWhereNothingIs(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "/dicom-web/studies/abc, studies",
        "/dicom-web/studies/1.2/series/..%2F..%2Fetc, series",
        "/dicom-web/studies/1.2/series/1..2, series",
        SERIES + "/instances/11111111111111111111111111111111111111111111111111111111111111111, instances",
        SERIES + "/instances/1%00, instances"
    })
    void namesThePartOfThePathThatIsNoUid(String path, String named) throws Exception {
        HttpResponse<byte[]> response = get(path);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains(named + "/");
        assertThat(archive.retrievals).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html",
                "multipart/related; type=\"application/octet-stream\"",
                "multipart/related; type=\"application/dicom\"; transfer-syntax=1.2.840.10008.1.2.4.50",
                "application/dicom; q=0"
            })
    void saysWhatCanBeHad(String accept) throws Exception {
        for (String path : new String[] {STUDY, INSTANCE}) {
            HttpResponse<byte[]> response = get(path, "Accept", accept);

            assertThat(response.statusCode()).isEqualTo(406);
            assertThat(new String(response.body(), StandardCharsets.UTF_8))
                    .contains("multipart/related; type=\"application/dicom\"; transfer-syntax=" + EXPLICIT);
        }
    }

    @Test
    void takesASeriesOfMixedSyntaxesOnlyWhereEachIsAccepted() throws Exception {
        DataSet dataSet = StoredObject.dataSet("1.2", "1.2.3", "1.2.3.4");
        archive.objects.add(StoredObject.store(folder, dataSet, TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN));
        String explicit = MULTIPART + "; transfer-syntax=" + EXPLICIT;
        String implicit = MULTIPART + "; transfer-syntax=1.2.840.10008.1.2";

        assertThat(get(SERIES, "Accept", explicit).statusCode()).isEqualTo(406);
        assertThat(get(SERIES, "Accept", explicit + ", " + implicit).statusCode())
                .isEqualTo(200);
        assertThat(get(SERIES, "Accept", MULTIPART).statusCode()).isEqualTo(200);
    }

    @Test
    void takesTheAcceptQueryParameter() throws Exception {
        HttpResponse<byte[]> response = get(INSTANCE + "?accept=application/dicom", "Accept", "text/html");

        assertThat(response.body()).isEqualTo(archive.objects.get(0).bytes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                STUDY + "/rendered",
                SERIES + "/rendered?accept=image/jpeg",
                INSTANCE + "/rendered",
                INSTANCE + "/frames/1/rendered",
                STUDY + "/thumbnail",
                SERIES + "/thumbnail?viewport=256%2C256",
                INSTANCE + "/thumbnail?accept=image/jpeg",
                INSTANCE + "/frames/1/thumbnail"
            })
    void saysThatNothingIsRendered(String path) throws Exception {
        HttpResponse<byte[]> response = get(path, "Accept", "image/jpeg");

        assertThat(response.statusCode()).isEqualTo(501);
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("not rendered");
    }

    @ParameterizedTest
    @CsvSource({"1.2.3.1, true", "1.2.3.2, true", "1.2.3.3, true", "1.2.3.3, false"})
    void failsInWordsWhereAnObjectIsLost(String instance, boolean asFiles) throws Exception {
        archive.asFiles = asFiles;
        Files.delete(folder.resolve(instance + ".dcm"));
        HttpResponse<byte[]> response = get(SERIES + "/instances/" + instance, "Accept", "application/dicom");

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.headers().firstValue("ETag")).isEmpty();
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo("A stored object cannot be read\n");
        assertThat(get(SERIES + "/metadata").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cutsTheConnectionWhereAnObjectIsLostOnTheWay(boolean asFiles) throws Exception {
        archive.asFiles = asFiles;
        Files.delete(folder.resolve("1.2.3.3.dcm"));
        try (Socket socket = new Socket("127.0.0.1", server.port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET " + STUDY + " HTTP/1.1\r\nHost: h\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            byte[] read = readToEnd(socket.getInputStream());
            assertThat(new String(read, StandardCharsets.ISO_8859_1)).doesNotContain("--\r\n");
        }
    }

    /** What comes before the connection ends, however it does. */
    private static byte[] readToEnd(InputStream in) {
        List<byte[]> chunks = new ArrayList<>();
        int total = 0;
        byte[] chunk = new byte[64 << 10];
        try {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                chunks.add(Arrays.copyOf(chunk, n));
                total += n;
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("The connection stays open", e);
        } catch (IOException e) {
            // reset is an end too
        }
        byte[] all = new byte[total];
        int at = 0;
        for (byte[] one : chunks) {
            System.arraycopy(one, 0, all, at, one.length);
            at += one.length;
        }
        return all;
    }

    @Test
    void givesBackTheMemoryThatItSendsFrom() throws Exception {
        archive.asFiles = false;
        String path = SERIES + "/instances/1.2.3.3";
        // more than this process may have
        long enough = Runtime.getRuntime().maxMemory() * 5 / 4;
        for (long sent = 0; sent < enough; ) {
            HttpResponse<Long> response =
                    server.client.send(HttpRequest.newBuilder(server.uri(path)).build(), TestParts.counting());
            assertThat(response.body()).isGreaterThan(3_000_000);
            sent += response.body();
        }
    }

    @Test
    void servesOthersWhileAClientReadsNothing() throws Exception {
        List<Socket> idle = new ArrayList<>();
        add("1.2.3.9", 30_000_000);
        for (int i = 0; i < 40; i++) {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress("127.0.0.1", server.port));
            socket.getOutputStream()
                    .write(("GET " + SERIES + "/instances/1.2.3.9 HTTP/1.1\r\nHost: h\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            idle.add(socket);
        }
        assertThat(get(INSTANCE, "Accept", "application/dicom").statusCode()).isEqualTo(200);
        for (Socket socket : idle) {
            socket.close();
        }
        assertThat(get(INSTANCE, "Accept", "application/dicom").statusCode()).isEqualTo(200);
    }

    @Test
    void endsAConnectionThatTakesNothing() throws Exception {
        add("1.2.3.9", 30_000_000);
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress("127.0.0.1", server.port));
            socket.getOutputStream()
                    .write(("GET " + SERIES + "/instances/1.2.3.9 HTTP/1.1\r\nHost: h\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            await().ignoreExceptions()
                    .pollInterval(Duration.ofMillis(20))
                    .untilAsserted(() -> assertThat(openDescriptors("1.2.3.9")).isOne());
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(openDescriptors("1.2.3.9")).isZero());
        }
    }

    /** How often this process has the file of an instance open. */
    private static long openDescriptors(String instance) throws Exception {
        long open = 0;
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                if (Files.isSymbolicLink(descriptor)
                        && Files.readSymbolicLink(descriptor).toString().endsWith("/" + instance + ".dcm")) {
                    open++;
                }
            }
        }
        return open;
    }
}
