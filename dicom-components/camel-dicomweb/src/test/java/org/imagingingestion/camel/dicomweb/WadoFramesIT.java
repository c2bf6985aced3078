package org.imagingingestion.camel.dicomweb;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.Fragments;
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

class WadoFramesIT {
    private static final String SERIES = "/dicom-web/studies/1.2/series/1.2.3/instances/";
    private static final String NATIVE = SERIES + "1.2.3.1";
    private static final String COMPRESSED = SERIES + "1.2.3.2";
    private static final String EXPLICIT = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid();
    private static final String JPEG_LS = "1.2.840.10008.1.2.4.80";
    private static final String VIEWER = "multipart/related; type=application/octet-stream; transfer-syntax=*";
    private static final int FRAME = 200 * 300 * 2;

    @TempDir
    static Path folder;

    private static TestArchive archive;
    private static DicomwebTestServer server;

    private final byte[] pixels = StoredObject.noise(3 * FRAME, 1);
    private final byte[][] fragments = {
        StoredObject.noise(90_000, 2), StoredObject.noise(1000, 3), StoredObject.noise(90_002, 4)
    };

    @BeforeAll
    static void start() throws Exception {
        archive = new TestArchive("wado:/dicom-web", folder);
        server = new DicomwebTestServer(archive);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void fill() throws Exception {
        archive.reset();
        DataSet image = StoredObject.image("1.2.3.1", 200, 300, 16, 3);
        image.put(new Element.Value(Tag.PixelData, VR.OW, pixels));
        archive.objects.add(StoredObject.store(folder, image, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
        Fragments pixelData = new Fragments(Tag.PixelData, VR.OB);
        pixelData.add(0, 0, new byte[0]);
        for (byte[] fragment : fragments) {
            pixelData.add(0, fragment.length, fragment);
        }
        DataSet compressed = StoredObject.image("1.2.3.2", 200, 300, 16, 3);
        compressed.put(pixelData);
        archive.objects.add(StoredObject.store(folder, compressed, TransferSyntax.of(JPEG_LS)));
    }

    private byte[] nativeFrame(int number) {
        return Arrays.copyOfRange(pixels, (number - 1) * FRAME, number * FRAME);
    }

    private static HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        return send("GET", path, headers);
    }

    private static HttpResponse<byte[]> send(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.uri(path)).method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return server.client.send(request.build(), BodyHandlers.ofByteArray());
    }

    @ParameterizedTest
    @CsvSource({"1, true", "2, true", "3, true", "2, false"})
    void givesANativeFrameToAViewer(int number, boolean asFiles) throws Exception {
        archive.asFiles = asFiles;
        HttpResponse<byte[]> response = get(NATIVE + "/frames/" + number, "Accept", VIEWER);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("multipart/related; type=\"application/octet-stream\"; boundary=");
        assertThat(TestParts.read(response)).singleElement().satisfies(part -> {
            assertThat(part.body()).isEqualTo(nativeFrame(number));
            assertThat(part.header("Content-Type")).isEqualTo("application/octet-stream; transfer-syntax=" + EXPLICIT);
            assertThat(part.header("Content-Location"))
                    .isEqualTo(server.uri(NATIVE + "/frames/" + number).toString());
        });
    }

    @Test
    void givesAListOfFramesInItsOrder() throws Exception {
        for (String list : new String[] {"1,3,2", "1%2C3%2C2"}) {
            List<TestParts.Part> parts = TestParts.read(get(NATIVE + "/frames/" + list, "Accept", VIEWER));

            assertThat(parts).hasSize(3);
            assertThat(parts.get(0).body()).isEqualTo(nativeFrame(1));
            assertThat(parts.get(1).body()).isEqualTo(nativeFrame(3));
            assertThat(parts.get(2).body()).isEqualTo(nativeFrame(2));
        }
    }

    @Test
    void givesAllFramesAsPixelData() throws Exception {
        List<TestParts.Part> parts = TestParts.read(get(NATIVE + "/pixeldata", "Accept", VIEWER));

        assertThat(parts)
                .extracting(TestParts.Part::body)
                .containsExactly(nativeFrame(1), nativeFrame(2), nativeFrame(3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                VIEWER + "|application/octet-stream",
                "multipart/related; type=\"application/octet-stream\"; transfer-syntax=\"*\"|application/octet-stream",
                "multipart/related; type=\"image/jls\"|image/jls",
                "*/*|image/jls"
            })
    void givesCompressedFramesAsTheyAreStored(String accept, String mediaType) throws Exception {
        HttpResponse<byte[]> response = get(COMPRESSED + "/frames/3", "Accept", accept);

        assertThat(TestParts.read(response)).singleElement().satisfies(part -> {
            assertThat(part.body()).isEqualTo(fragments[2]);
            assertThat(part.header("Content-Type")).isEqualTo(mediaType + "; transfer-syntax=" + JPEG_LS);
        });
    }

    @Test
    void saysThatCompressedFramesAreNotDecoded() throws Exception {
        HttpResponse<byte[]> response =
                get(COMPRESSED + "/frames/1", "Accept", "multipart/related; type=\"application/octet-stream\"");

        assertThat(response.statusCode()).isEqualTo(406);
        assertThat(new String(response.body(), StandardCharsets.UTF_8))
                .contains("image/jls")
                .contains(JPEG_LS);
    }

    @Test
    void givesOneFrameByItself() throws Exception {
        HttpResponse<byte[]> octets = get(NATIVE + "/frames/2", "Accept", "application/octet-stream");
        HttpResponse<byte[]> jls = get(COMPRESSED + "/frames/2", "Accept", "image/jls");

        assertThat(octets.body()).isEqualTo(nativeFrame(2));
        assertThat(octets.headers().firstValue("Content-Type"))
                .hasValue("application/octet-stream; transfer-syntax=" + EXPLICIT);
        assertThat(jls.body()).isEqualTo(fragments[1]);
        assertThat(get(NATIVE + "/frames/1,2", "Accept", "application/octet-stream")
                        .statusCode())
                .isEqualTo(406);
    }

    @Test
    void givesAPartOfAFrame() throws Exception {
        HttpResponse<byte[]> response =
                get(NATIVE + "/frames/2", "Accept", "application/octet-stream", "Range", "bytes=100-199");

        assertThat(response.statusCode()).isEqualTo(206);
        assertThat(response.body()).isEqualTo(Arrays.copyOfRange(nativeFrame(2), 100, 200));
        assertThat(response.headers().firstValue("Content-Range")).hasValue("bytes 100-199/" + FRAME);
    }

    @ParameterizedTest
    @CsvSource({"0, 404", "4, 404", "1%2C4, 404", "x, 400", "1%2C, 400", "-1, 400", "%20, 400"})
    void refusesFramesThatAreNotThereOrNoNumbers(String list, int status) throws Exception {
        assertThat(get(NATIVE + "/frames/" + list, "Accept", VIEWER).statusCode())
                .isEqualTo(status);
    }

    @Test
    void hasNoFramesOfWhatIsNoImage() throws Exception {
        DataSet dataSet = StoredObject.dataSet("1.2", "1.2.3", "1.2.3.3");
        archive.objects.add(StoredObject.store(folder, dataSet, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));

        assertThat(get(SERIES + "1.2.3.3/frames/1").statusCode()).isEqualTo(404);
        assertThat(get(SERIES + "1.2.3.3/pixeldata").statusCode()).isEqualTo(404);
        assertThat(get(SERIES + "1.2.3.9/frames/1").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {VIEWER, "application/octet-stream"})
    void saysNothingNewToWhoHasIt(String accept) throws Exception {
        String tag = get(NATIVE + "/frames/1", "Accept", accept)
                .headers()
                .firstValue("ETag")
                .orElseThrow();

        HttpResponse<byte[]> again = get(NATIVE + "/frames/1", "Accept", accept, "If-None-Match", tag);
        assertThat(again.statusCode()).isEqualTo(304);
        HttpResponse<byte[]> head = send("HEAD", NATIVE + "/frames/1", "Accept", accept);
        assertThat(head.headers().firstValue("ETag")).hasValue(tag);
        assertThat(head.headers().firstValueAsLong("Content-Length").orElseThrow())
                .isGreaterThanOrEqualTo(FRAME);
    }

    @Test
    void givesFramesOfADeflatedObject() throws Exception {
        DataSet image = StoredObject.image("1.2.3.3", 200, 300, 16, 3);
        image.put(new Element.Value(Tag.PixelData, VR.OW, pixels));
        archive.objects.add(StoredObject.store(folder, image, TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN));

        HttpResponse<byte[]> response = get(SERIES + "1.2.3.3/frames/3", "Accept", VIEWER);
        assertThat(TestParts.read(response)).extracting(TestParts.Part::body).containsExactly(nativeFrame(3));
    }

    @Test
    void givesFramesOfABigEndianObjectInLittleEndian() throws Exception {
        DataSet image = StoredObject.image("1.2.3.3", 200, 300, 16, 3);
        image.put(new Element.Value(Tag.PixelData, VR.OW, pixels));
        archive.objects.add(StoredObject.store(folder, image, TransferSyntax.EXPLICIT_VR_BIG_ENDIAN));

        HttpResponse<byte[]> response = get(SERIES + "1.2.3.3/frames/3", "Accept", VIEWER);
        assertThat(TestParts.read(response)).singleElement().satisfies(part -> {
            assertThat(part.body()).isEqualTo(nativeFrame(3));
            assertThat(part.header("Content-Type")).endsWith(EXPLICIT);
        });
    }
}
