package org.imagingingestion.camel.dicomweb;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

import org.apache.camel.support.jsse.KeyManagersParameters;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The same answers whatever carries them: files go out by themselves on plain HTTP/1.1 alone. */
class WadoTransportIT {
    private static final String STUDY = "/dicom-web/studies/1.2";
    private static final String INSTANCE = STUDY + "/series/1.2.3/instances/1.2.3.1";
    private static final String PASSWORD = "changeit";

    @TempDir
    Path folder;

    private TestArchive archive;

    @BeforeEach
    void fill() throws Exception {
        archive = new TestArchive("wado:/dicom-web", folder);
        for (int i = 1; i <= 3; i++) {
            DataSet dataSet = StoredObject.dataSet("1.2", "1.2.3", "1.2.3." + i);
            dataSet.put(new Element.Value(Tag.PixelData, VR.OW, StoredObject.noise(500_000, i)));
            archive.objects.add(StoredObject.store(folder, dataSet, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
        }
    }

    private void assertGivesAll(HttpClient client, URI root, HttpClient.Version version) throws Exception {
        for (int round = 0; round < 3; round++) {
            HttpResponse<byte[]> single = get(client, root.resolve(INSTANCE), "application/dicom");
            assertThat(single.version()).isEqualTo(version);
            assertThat(single.body()).isEqualTo(archive.objects.get(0).bytes());
            HttpResponse<byte[]> study = get(client, root.resolve(STUDY), "*/*");
            assertThat(TestParts.read(study)).hasSize(3);
        }
        List<CompletableFuture<HttpResponse<byte[]>>> together = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            together.add(client.sendAsync(request(root.resolve(STUDY), "*/*"), BodyHandlers.ofByteArray()));
        }
        for (CompletableFuture<HttpResponse<byte[]>> one : together) {
            List<TestParts.Part> parts = TestParts.read(one.get(60, TimeUnit.SECONDS));
            assertThat(parts.get(2).body()).isEqualTo(archive.objects.get(2).bytes());
        }
    }

    private static HttpResponse<byte[]> get(HttpClient client, URI uri, String accept) throws Exception {
        return client.send(request(uri, accept), BodyHandlers.ofByteArray());
    }

    private static HttpRequest request(URI uri, String accept) {
        return HttpRequest.newBuilder(uri).header("Accept", accept).build();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void givesObjectsOverEachVersionOfHttp(HttpClient.Version version) throws Exception {
        try (DicomwebTestServer server = new DicomwebTestServer(archive)) {
            HttpClient client = HttpClient.newBuilder().version(version).build();

            assertGivesAll(client, server.uri("/"), version);
        }
    }

    @Test
    void givesObjectsOverTls() throws Exception {
        Path keys = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-keystore",
                        keys.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.txt").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
        try (DicomwebTestServer server =
                new DicomwebTestServer(archive, configuration -> configuration.setSslContextParameters(tls(keys)))) {
            HttpClient client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .sslContext(trusting)
                    .build();

            assertGivesAll(client, URI.create("https://127.0.0.1:" + server.port + "/"), HttpClient.Version.HTTP_1_1);
        }
    }

    private static SSLContextParameters tls(Path keys) {
        KeyStoreParameters store = new KeyStoreParameters();
        store.setResource("file:" + keys);
        store.setPassword(PASSWORD);
        store.setType("PKCS12");
        KeyManagersParameters managers = new KeyManagersParameters();
        managers.setKeyStore(store);
        managers.setKeyPassword(PASSWORD);
        SSLContextParameters tls = new SSLContextParameters();
        tls.setKeyManagers(managers);
        return tls;
    }

    @Test
    void answersBelowThePathThatTheServerHas() throws Exception {
        try (DicomwebTestServer server =
                new DicomwebTestServer(archive, configuration -> configuration.setPath("/api"))) {
            HttpResponse<byte[]> instance = get(server.client, server.uri("/api" + INSTANCE), "application/dicom");
            HttpResponse<byte[]> metadata = get(server.client, server.uri("/api" + STUDY + "/metadata"), "*/*");

            assertThat(instance.body()).isEqualTo(archive.objects.get(0).bytes());
            assertThat(new String(metadata.body(), StandardCharsets.UTF_8))
                    .contains("\"" + server.uri("/api" + INSTANCE) + "/bulkdata/7FE00010\"");
        }
    }

    @Test
    void answersAtThePathThatIsMeant() throws Exception {
        try (DicomwebTestServer server = new DicomwebTestServer(archive)) {
            for (String path :
                    new String[] {"/x/.." + INSTANCE, "/dicom-web//studies/1.2/./series/1.2.3/instances/1.2.3.1/"}) {
                assertThat(get(server.client, server.uri(path), "application/dicom")
                                .body())
                        .isEqualTo(archive.objects.get(0).bytes());
            }
        }
    }

    /** Trusts whoever it is told to; extended, so that names are not compared either. */
    private static final class Trusting extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
