package org.imagingingestion.camel.dicomweb;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

import static org.assertj.core.api.Assertions.assertThat;

class WadoBulkdataIT {
    private static final String SERIES = "/dicom-web/studies/1.2/series/1.2.3";
    private static final String INSTANCE = SERIES + "/instances/1.2.3.1";
    private static final int RED_PALETTE = 0x00281201;
    private static final String JPEG = "1.2.840.10008.1.2.4.50";

    @TempDir
    static Path folder;

    private static TestArchive archive;
    private static DicomwebTestServer server;

    private final byte[] palette = StoredObject.noise(131_072, 1);
    private final byte[] waveform = StoredObject.noise(5000, 2);
    private final byte[] pixels = StoredObject.noise(20_000, 3);

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
        add(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
    }

    private void add(TransferSyntax transferSyntax) throws Exception {
        DataSet image = StoredObject.image("1.2.3.1", 100, 100, 16, 1);
        image.put(new Element.Value(RED_PALETTE, VR.OW, palette));
        DataSet channel = new DataSet();
        channel.put(new Element.Value(0x54001010, VR.OW, waveform));
        image.setItems(0x54000100, channel);
        image.put(new Element.Value(Tag.PixelData, VR.OW, pixels));
        archive.objects.add(StoredObject.store(folder, image, transferSyntax));
    }

    private static HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri("/").resolve(URI.create(path)));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return server.client.send(request.build(), BodyHandlers.ofByteArray());
    }

    @Test
    void givesWhatTheMetadataRefersTo() throws Exception {
        String metadata = new String(get(SERIES + "/metadata").body(), StandardCharsets.UTF_8);
        Matcher uris = Pattern.compile("\"BulkDataURI\":\"([^\"]*)\"").matcher(metadata);

        assertThat(uris.results().map(uri -> uri.group(1)).toList()).hasSize(3).allSatisfy(uri -> {
            byte[] expected = uri.endsWith("00281201") ? palette : uri.endsWith("7FE00010") ? pixels : waveform;
            HttpResponse<byte[]> response = get(uri, "Accept", "*/*");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("application/octet-stream");
            assertThat(response.body()).isEqualTo(expected);
        });
    }

    @ParameterizedTest
    @CsvSource({"00281201", "54000100/0/54001010", "54000100%2F0%2F54001010"})
    void givesAValueAsMultipartWhereThatIsAsked(String path) throws Exception {
        HttpResponse<byte[]> response =
                get(INSTANCE + "/bulkdata/" + path, "Accept", "multipart/related; type=\"application/octet-stream\"");

        assertThat(TestParts.read(response)).singleElement().satisfies(part -> assertThat(part.body())
                .isEqualTo(path.startsWith("0028") ? palette : waveform));
    }

    @Test
    void givesNumbersInLittleEndian() throws Exception {
        archive.reset();
        add(TransferSyntax.EXPLICIT_VR_BIG_ENDIAN);

        assertThat(get(INSTANCE + "/bulkdata/00281201").body()).isEqualTo(palette);
        assertThat(get(INSTANCE + "/bulkdata/54000100/0/54001010").body()).isEqualTo(waveform);
    }

    @Test
    void givesAPartOfAValue() throws Exception {
        HttpResponse<byte[]> response = get(INSTANCE + "/bulkdata/00281201", "Range", "bytes=100000-");

        assertThat(response.statusCode()).isEqualTo(206);
        assertThat(response.body()).isEqualTo(Arrays.copyOfRange(palette, 100_000, palette.length));
    }

    @ParameterizedTest
    @CsvSource({"00281202", "0028", "54000100/1/54001010", "..%2F..%2Fmetadata", "00281201/0"})
    void hasNothingAtOtherPaths(String path) throws Exception {
        assertThat(get(INSTANCE + "/bulkdata/" + path).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "application/pdf, application/pdf, true",
        "text/html, text/html, false",
        "rubbish, application/octet-stream, true"
    })
    void callsADocumentByItsType(String declared, String given, boolean harmless) throws Exception {
        byte[] document = StoredObject.noise(70_000, 4);
        DataSet dataSet = StoredObject.dataSet("1.2", "1.2.3", "1.2.3.1")
                .setString(Tag.MIMETypeOfEncapsulatedDocument, VR.LO, declared);
        dataSet.put(new Element.Value(Tag.EncapsulatedDocument, VR.OB, document));
        archive.reset();
        archive.objects.add(StoredObject.store(folder, dataSet, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
        HttpResponse<byte[]> response = get(INSTANCE + "/bulkdata/00420011", "Accept", "*/*");

        assertThat(response.headers().firstValue("Content-Type")).hasValue(given);
        assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(response.headers().firstValue("Content-Security-Policy").isEmpty())
                .isEqualTo(harmless);
        assertThat(response.body()).isEqualTo(document);
        assertThat(get(INSTANCE + "/bulkdata/00420011", "Accept", "application/octet-stream")
                        .body())
                .isEqualTo(document);
    }

    @Test
    void givesCompressedPixelDataOfOneFrameAsAnImage() throws Exception {
        compressed(1, JPEG, pixels);
        HttpResponse<byte[]> response = get(INSTANCE + "/bulkdata/7FE00010", "Accept", "*/*");

        assertThat(response.headers().firstValue("Content-Type")).hasValue("image/jpeg; transfer-syntax=" + JPEG);
        assertThat(response.body()).isEqualTo(pixels);
    }

    @Test
    void givesCompressedPixelDataOfManyFramesInParts() throws Exception {
        compressed(2, JPEG, pixels, waveform);
        HttpResponse<byte[]> response = get(INSTANCE + "/bulkdata/7FE00010", "Accept", "*/*");

        assertThat(TestParts.read(response)).extracting(TestParts.Part::body).containsExactly(pixels, waveform);
    }

    @Test
    void givesAVideoAsOneStreamWithRanges() throws Exception {
        compressed(2, "1.2.840.10008.1.2.4.102", pixels, waveform);
        HttpResponse<byte[]> response =
                get(INSTANCE + "/bulkdata/7FE00010", "Accept", "video/*", "Range", "bytes=19990-20009");

        assertThat(response.statusCode()).isEqualTo(206);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("video/mp4");
        assertThat(response.body()).startsWith(Arrays.copyOfRange(pixels, 19_990, 20_000));
        assertThat(response.body()).endsWith(Arrays.copyOfRange(waveform, 0, 10));
    }

    private void compressed(int frames, String transferSyntax, byte[]... fragments) throws Exception {
        DataSet image = StoredObject.image("1.2.3.1", 100, 100, 8, frames);
        Fragments pixelData = new Fragments(Tag.PixelData, VR.OB);
        pixelData.add(0, 0, new byte[0]);
        for (byte[] fragment : fragments) {
            pixelData.add(0, fragment.length, fragment);
        }
        image.put(pixelData);
        archive.reset();
        archive.objects.add(StoredObject.store(folder, image, TransferSyntax.of(transferSyntax)));
    }
}
