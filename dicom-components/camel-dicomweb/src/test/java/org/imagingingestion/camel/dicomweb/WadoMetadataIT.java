package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomJson;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.NativeXml;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.Retrieval;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class WadoMetadataIT {
    private static final String STUDY = "/dicom-web/studies/1.2";
    private static final String SERIES = STUDY + "/series/1.2.3";
    private static final String XML = "multipart/related; type=\"application/dicom+xml\"";

    @TempDir
    static Path folder;

    private static TestArchive archive;
    private static TestArchive uncached;
    private static DicomwebTestServer server;

    @BeforeAll
    static void start() throws Exception {
        archive = new TestArchive("wado:/dicom-web", folder);
        uncached = new TestArchive("wado:/uncached?metadataCacheSize=0", folder);
        server = new DicomwebTestServer(archive);
        server.camelContext.addRoutes(uncached);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void fill() throws Exception {
        archive.reset();
        uncached.reset();
        // what was kept for another test must not be taken for this one's
        archive.version = Long.toString(System.nanoTime());
        for (int i = 1; i <= 3; i++) {
            DataSet dataSet = StoredObject.image("1.2.3." + i, 50, 50, 16, 1)
                    .setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 192")
                    .setString(Tag.PatientName, VR.PN, "Müller^Jörg");
            dataSet.put(new Element.Value(Tag.PixelData, VR.OW, StoredObject.noise(5000, i)));
            StoredObject object = StoredObject.store(folder, dataSet, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
            archive.objects.add(object);
            uncached.objects.add(object);
        }
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

    private static List<DataSet> dataSets(byte[] json) throws Exception {
        List<DataSet> dataSets = new ArrayList<>();
        DicomJson.readArray(new ByteArrayInputStream(json), dataSets::add);
        return dataSets;
    }

    @ParameterizedTest
    @CsvSource({STUDY + ", 3", SERIES + ", 3", SERIES + "/instances/1.2.3.2, 1"})
    void givesTheMetadataOfEachLevelAndOpensNoObject(String path, int count) throws Exception {
        HttpResponse<byte[]> response = get(path + "/metadata", "Accept", "application/dicom+json");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/dicom+json");
        List<DataSet> dataSets = dataSets(response.body());
        assertThat(dataSets).hasSize(count);
        assertThat(dataSets.get(0).personName(Tag.PatientName).alphabetic()).isEqualTo("Müller^Jörg");
        assertThat(new String(response.body(), StandardCharsets.UTF_8))
                .contains("\"BulkDataURI\":\"" + server.uri("/dicom-web")
                        + "/studies/1.2/series/1.2.3/instances/1.2.3.2/bulkdata/7FE00010\"")
                .doesNotContain("\u0001");
        assertThat(archive.opened).hasValue(0);
    }

    @Test
    void namesTheServiceAsTheClientDoes() throws Exception {
        String local = "http://localhost:" + server.port + "/dicom-web/studies/1.2/series/1.2.3/metadata";
        HttpResponse<String> response = server.client.send(
                HttpRequest.newBuilder(java.net.URI.create(local)).build(), BodyHandlers.ofString());

        assertThat(get(SERIES + "/metadata").body())
                .isNotEqualTo(response.body().getBytes(StandardCharsets.UTF_8));
        assertThat(response.body()).contains("\"http://localhost:" + server.port + "/dicom-web/studies/1.2/");
    }

    @ParameterizedTest
    @CsvSource({"/dicom-web, ''", "/dicom-web, gzip", "/uncached, ''", "/uncached, gzip"})
    void givesMetadataInXml(String root, String encoding) throws Exception {
        HttpResponse<byte[]> response = get(root + "/studies/1.2/metadata", "Accept", XML, "Accept-Encoding", encoding);

        assertThat(response.statusCode()).isEqualTo(200);
        byte[] body = plain(response);
        MediaType contentType =
                MediaType.parse(response.headers().firstValue("Content-Type").orElseThrow());
        List<TestParts.Part> parts = TestParts.read(body, contentType.parameter("boundary"));
        assertThat(parts).hasSize(3);
        assertThat(parts.get(2).header("Content-Type")).isEqualTo("application/dicom+xml");
        DataSet dataSet = NativeXml.read(new ByteArrayInputStream(parts.get(2).body()));
        assertThat(dataSet.string(Tag.SOPInstanceUID)).isEqualTo("1.2.3.3");
        assertThat(new String(parts.get(2).body(), StandardCharsets.UTF_8))
                .contains(server.uri(root) + "/studies/1.2/series/1.2.3/instances/1.2.3.3/bulkdata/7FE00010");
    }

    private static byte[] plain(HttpResponse<byte[]> response) throws Exception {
        boolean gzip = response.headers().firstValue("Content-Encoding").isPresent();
        return gzip ? new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes() : response.body();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dicom-web", "/uncached"})
    void givesTheSameCompressed(String root) throws Exception {
        String path = root + "/studies/1.2/series/1.2.3/metadata";
        HttpResponse<byte[]> zipped = get(path, "Accept-Encoding", "gzip, deflate, br");
        HttpResponse<byte[]> unzipped = get(path);

        assertThat(zipped.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(zipped.headers().firstValue("Vary")).hasValue("Accept, Accept-Encoding, Origin");
        assertThat(zipped.body().length).isLessThan(unzipped.body().length / 2);
        assertThat(plain(zipped)).isEqualTo(unzipped.body());
        assertThat(zipped.headers().firstValue("ETag"))
                .isNotEqualTo(unzipped.headers().firstValue("ETag"));
    }

    @Test
    void putsMetadataTogetherOnce() throws Exception {
        byte[] first = get(SERIES + "/metadata").body();
        archive.retrievals.clear();
        byte[] second = get(SERIES + "/metadata").body();

        assertThat(second).isEqualTo(first);
        assertThat(archive.retrievals).extracting(Retrieval::content).containsExactly(Retrieval.Content.VERSION);
    }

    @Test
    void putsMetadataTogetherAgainWhenTheyHaveChanged() throws Exception {
        byte[] first = get(SERIES + "/metadata").body();
        archive.objects.remove(2);
        archive.version += "b";

        assertThat(dataSets(get(SERIES + "/metadata").body())).hasSize(2);
        assertThat(dataSets(first)).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dicom-web", "/uncached"})
    void saysNothingNewToWhoHasIt(String root) throws Exception {
        String path = root + "/studies/1.2/metadata";
        String tag = get(path).headers().firstValue("ETag").orElseThrow();

        HttpResponse<byte[]> again = get(path, "If-None-Match", "\"x\", " + tag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.headers().firstValue("ETag")).hasValue(tag);
        archive.version += "b";
        uncached.version += "b";
        assertThat(get(path, "If-None-Match", tag).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dicom-web", "/uncached"})
    void answersHeadWithTheLengthAlone(String root) throws Exception {
        String path = root + "/studies/1.2/series/1.2.3/metadata";
        HttpResponse<byte[]> head = send("HEAD", path);

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValueAsLong("Content-Length"))
                .hasValue(get(path).body().length);
    }

    @Test
    void givesJsonByItsPlainNameToo() throws Exception {
        HttpResponse<byte[]> response = get(SERIES + "/metadata", "Accept", "application/json");

        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(dataSets(response.body())).hasSize(3);
    }

    @Test
    void refusesWhatItDoesNotHave() throws Exception {
        assertThat(get(SERIES + "/metadata", "Accept", "text/html").statusCode())
                .isEqualTo(406);
        assertThat(get("/dicom-web/studies/9/metadata").statusCode()).isEqualTo(404);
        assertThat(get(STUDY + "/series/9/metadata").statusCode()).isEqualTo(404);
        assertThat(get(SERIES + "/instances/9/metadata").statusCode()).isEqualTo(404);
        assertThat(get("/dicom-web/studies/x/metadata").statusCode()).isEqualTo(400);
    }
}
