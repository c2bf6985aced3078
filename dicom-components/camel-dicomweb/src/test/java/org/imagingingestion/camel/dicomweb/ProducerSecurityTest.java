package org.imagingingestion.camel.dicomweb;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.TrustManagerFactory;

import org.apache.camel.support.jsse.KeyManagersParameters;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;
import org.imagingingestion.dicom.DicomStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ProducerSecurityTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    Path folder;

    private final TestProducer producer = new TestProducer();

    @AfterEach
    void stop() {
        producer.close();
    }

    private static byte[] file() throws Exception {
        return TestProducer.file("1.2", "1.2.3.1", 1000);
    }

    private void store(String uri) throws Exception {
        assertThat(producer.store(uri, file()).isComplete()).isTrue();
    }

    private static List<String> authorizations(ScriptedServer server) {
        return server.calls.stream()
                .map(call -> call.headers.getOrDefault("Authorization", "none"))
                .toList();
    }

    @Test
    void saysNothingThatItIsNotToldTo() throws Exception {
        try (ScriptedServer server = new ScriptedServer(call -> call.answer(200))) {
            store("stow:" + server.url());
            store("stow:" + server.url() + "?bearerToken=abc.def");
            // one that has its scheme, and an address that has its resource
            store("stow:" + server.url() + "/studies?bearerToken=RAW(Token abc)");
            store("stow:" + server.url() + "?username=J%C3%BCrg&password=RAW(p:a&ss)");

            assertThat(authorizations(server))
                    .containsExactly(
                            "none",
                            "Bearer abc.def",
                            "Token abc",
                            "Basic " + Base64.getEncoder().encodeToString("Jürg:p:a&ss".getBytes("UTF-8")));
            assertThat(server.calls)
                    .extracting(call -> call.target)
                    .allMatch(target -> target.endsWith("/studies") && !target.contains("/studies/"));
        }
    }

    @Test
    void readsATokenFileAgainWhenItChanges() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "one\n");
        try (ScriptedServer server = new ScriptedServer(call -> call.answer(200))) {
            String uri = "stow:" + server.url() + "?bearerTokenFile=" + token;
            store(uri);
            Files.writeString(token, "two\n");
            Files.setLastModifiedTime(token, FileTime.fromMillis(1_000_000));
            store(uri);

            assertThat(authorizations(server)).containsExactly("Bearer one", "Bearer two");
            Files.delete(token);
            assertThatThrownBy(() -> store(uri + "&maximumRetries=0")).isInstanceOf(StoreFailedException.class);
        }
    }

    @Test
    void getsTokensForClientCredentialsAndKeepsThem() throws Exception {
        try (ScriptedServer tokens = new ScriptedServer(
                        call -> call.answer(
                                200,
                                "application/json",
                                "{\"access_token\":\"one\",\"expires_in\":3600,\"x\":{\"y\":[1]}}"),
                        call -> call.answer(
                                200, "application/json", "{\"access_token\":\"two\",\"expires_in\":\"3600\"}"));
                ScriptedServer server = new ScriptedServer(
                        call -> call.answer(200),
                        call -> call.answer(200),
                        call -> call.answer(401),
                        call -> call.answer(200))) {
            String uri = "stow:" + server.url() + "?tokenUrl=" + tokens.url()
                    + "&clientId=me&clientSecret=RAW(s&cret)&scopes=a,b";
            store(uri);
            store(uri);
            store(uri);

            assertThat(authorizations(server)).containsExactly("Bearer one", "Bearer one", "Bearer one", "Bearer two");
            assertThat(tokens.calls).hasSize(2);
            ScriptedServer.Call call = tokens.calls.get(0);
            assertThat(call.method).isEqualTo("POST");
            assertThat(new String(call.body)).isEqualTo("grant_type=client_credentials&scope=a+b");
            assertThat(call.headers)
                    .containsEntry("Authorization", Authorization.basic("me", "s%26cret"))
                    .containsEntry("Content-Type", "application/x-www-form-urlencoded; charset=ISO-8859-1");
        }
    }

    @ParameterizedTest
    @CsvSource({"RSA,2048,RS384,SHA384withRSA", "EC,384,ES384,SHA384withECDSAinP1363Format"})
    void getsTokensForWhatItSignsWithItsKey(String kind, int size, String name, String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
        generator.initialize(size);
        KeyPair keys = generator.generateKeyPair();
        Path pem = pem(keys.getPrivate());
        try (ScriptedServer tokens = new ScriptedServer(
                        call -> call.answer(200, "application/json", "{\"access_token\":\"one\",\"expires_in\":0}"));
                ScriptedServer server = new ScriptedServer(call -> call.answer(200))) {
            String uri = "stow:" + server.url() + "?tokenUrl=" + tokens.url()
                    + "&clientId=me&clientKeyId=k1&scopes=system/*.cruds&clientKey=" + pem;
            store(uri);
            store(uri);

            assertThat(authorizations(server)).containsExactly("Bearer one", "Bearer one");
            List<JsonNode> claims = new ArrayList<>();
            for (ScriptedServer.Call call : tokens.calls) {
                String form = URLDecoder.decode(new String(call.body), StandardCharsets.UTF_8);
                assertThat(call.headers).doesNotContainKey("Authorization");
                assertThat(form)
                        .startsWith("grant_type=client_credentials&scope=system/*.cruds&client_assertion_type="
                                + "urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion=");
                String[] jwt = form.substring(form.lastIndexOf('=') + 1).split("\\.");
                Signature signature = Signature.getInstance(algorithm);
                signature.initVerify(keys.getPublic());
                signature.update((jwt[0] + "." + jwt[1]).getBytes());
                assertThat(signature.verify(Base64.getUrlDecoder().decode(jwt[2])))
                        .isTrue();
                JsonNode head =
                        new ObjectMapper().readTree(Base64.getUrlDecoder().decode(jwt[0]));
                assertThat(head.toString()).isEqualTo("{\"alg\":\"" + name + "\",\"typ\":\"JWT\",\"kid\":\"k1\"}");
                claims.add(new ObjectMapper().readTree(Base64.getUrlDecoder().decode(jwt[1])));
            }
            assertThat(claims).hasSize(2).allSatisfy(claim -> {
                assertThat(claim.get("iss").asText()).isEqualTo("me");
                assertThat(claim.get("sub").asText()).isEqualTo("me");
                assertThat(claim.get("aud").asText()).isEqualTo(tokens.url());
                assertThat(claim.get("exp").asLong() - claim.get("iat").asLong())
                        .isBetween(60L, 300L);
            });
            assertThat(claims.get(0).get("jti")).isNotEqualTo(claims.get(1).get("jti"));
        }
    }

    private Path pem(PrivateKey key) throws IOException {
        return Files.writeString(
                folder.resolve("key.pem"),
                "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
    }

    @Test
    void refusesAKeyThatServersWouldNotTake() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        Path other = pem(generator.generateKeyPair().getPrivate());
        Path none = Files.writeString(folder.resolve("none.pem"), "s3cret");
        String uri = "stow:http://127.0.0.1:1?tokenUrl=http://127.0.0.1:1&clientId=me";

        assertThatThrownBy(() -> store(uri + "&clientKey=" + other)).hasStackTraceContaining("on the curve P-384");
        assertThatThrownBy(() -> store(uri + "&clientKey=" + none))
                .hasStackTraceContaining("BEGIN PRIVATE KEY")
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("s3cret"));
        assertThatThrownBy(() -> store(uri + "&clientKey=" + other + "&clientSecret=x"))
                .hasStackTraceContaining("Only one of clientSecret and clientKey");
    }

    @Test
    void trustsAndProvesItselfByFiles() throws Exception {
        Path serverKeys = keys("server");
        Path clientKeys = keys("client");
        Path authority = Files.writeString(
                folder.resolve("ca.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(load(serverKeys)
                                        .getCertificate("server")
                                        .getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        try (ScriptedServer server =
                new ScriptedServer(sockets(serverKeys, trust("client", clientKeys)), call -> call.answer(200))) {
            String url = "stow:https://localhost:" + server.port() + "/dicom-web?maximumRetries=0";
            String own = "&keyStore=" + clientKeys + "&keyStorePassword=" + PASSWORD;

            store(url + own + "&trustStore=" + authority);
            store(url + own + "&trustStore=" + trust("server", serverKeys) + "&trustStorePassword=" + PASSWORD);
            assertThatThrownBy(() -> store(url + "&trustStore=" + authority)).isInstanceOf(StoreFailedException.class);
            assertThatThrownBy(() -> store(url + own)).isInstanceOf(StoreFailedException.class);
            assertThat(server.calls).hasSize(2);
        }
    }

    @Test
    void getsANewTokenBeforeTheOldOneExpires() throws Exception {
        try (ScriptedServer tokens = new ScriptedServer(
                        call -> call.answer(200, "application/json", "{\"access_token\":\"one\",\"expires_in\":0}"),
                        call -> call.answer(503),
                        call -> call.answer(200, "application/json", "{\"access_token\":\"two\"}"));
                ScriptedServer server = new ScriptedServer(call -> call.answer(200))) {
            String uri =
                    "stow:" + server.url() + "?retryDelay=1&tokenUrl=" + tokens.url() + "&clientId=a&clientSecret=b";
            store(uri);
            store(uri);
            store(uri);

            assertThat(authorizations(server)).containsExactly("Bearer one", "Bearer two", "Bearer two");
            assertThat(tokens.calls).hasSize(3);
        }
    }

    @Test
    void keepsSecretsToItself() throws Exception {
        try (ScriptedServer tokens =
                        new ScriptedServer(call -> call.answer(400, "application/json", "{\"s3cret\":1}"));
                ScriptedServer server = new ScriptedServer(call -> call.answer(401))) {
            for (String options : new String[] {
                "tokenUrl=" + tokens.url() + "&clientId=me&clientSecret=s3cret",
                "bearerToken=s3cret",
                "username=me&password=s3cret"
            }) {
                String uri = "stow:" + server.url() + "?" + options;
                assertThatThrownBy(() -> store(uri)).isInstanceOfSatisfying(StoreFailedException.class, failure -> {
                    assertThat(failure.status()).isEqualTo(DicomStatus.NOT_AUTHORIZED);
                    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                        assertThat(cause.toString()).doesNotContain("s3cret");
                    }
                });
                assertThat(producer.camelContext.getEndpoint(uri).toString()).doesNotContain("s3cret");
            }
            assertThat(server.calls).as("once where there is no better token").hasSize(2);
        }
    }

    @Test
    void goesThroughAProxy() throws Exception {
        try (ScriptedServer proxy = new ScriptedServer(call -> call.answer(200))) {
            store("stow:http://archive.invalid/dicom-web?proxyHost=127.0.0.1&proxyPort=" + proxy.port());

            assertThat(proxy.targets()).containsExactly("POST http://archive.invalid/dicom-web/studies");
        }
        try (ScriptedServer proxy = new ScriptedServer(call -> call.answer(403))) {
            assertThatThrownBy(() -> store(
                            "stow:https://archive.invalid/dicom-web?maximumRetries=0&proxyHost=127.0.0.1&proxyPort="
                                    + proxy.port()))
                    .isInstanceOf(StoreFailedException.class);
            assertThat(proxy.targets()).containsExactly("CONNECT archive.invalid:443");
        }
    }

    @Test
    void provesWhoItIsByACertificateAndTrustsOnlyWhomItIsToldTo() throws Exception {
        Path serverKeys = keys("server");
        Path clientKeys = keys("client");
        try (ScriptedServer server =
                new ScriptedServer(sockets(serverKeys, trust("client", clientKeys)), call -> call.answer(200))) {
            String url = "stow:https://localhost:" + server.port() + "/dicom-web?maximumRetries=0";
            producer.camelContext.getRegistry().bind("both", parameters(trust("server", serverKeys), clientKeys));
            producer.camelContext.getRegistry().bind("noKey", parameters(trust("server", serverKeys), null));

            store(url + "&sslContextParameters=#both");
            assertThatThrownBy(() -> store(url + "&sslContextParameters=#noKey"))
                    .isInstanceOf(StoreFailedException.class);
            assertThatThrownBy(() -> store(url)).isInstanceOf(StoreFailedException.class);
            assertThatThrownBy(() -> store(url.replace("localhost", "127.0.0.1") + "&sslContextParameters=#both"))
                    .as("its certificate is for another name")
                    .isInstanceOf(StoreFailedException.class);
            assertThat(server.calls).hasSize(1);

            producer.camelContext.setSSLContextParameters(parameters(trust("server", serverKeys), clientKeys));
            producer.camelContext.getComponent("stow", StowComponent.class).setUseGlobalSslContextParameters(true);
            store(url + "&batchSize=3");

            try (ScriptedServer proxy = new ScriptedServer(ProducerSecurityTest::tunnel)) {
                store(url + "&proxyHost=127.0.0.1&proxyPort=" + proxy.port());
                assertThat(proxy.targets()).containsExactly("CONNECT localhost:" + server.port());
            }
            assertThat(server.calls).hasSize(3);
        }
    }

    @Test
    void givesUpOnAServerThatDoesNotReadInTls() throws Exception {
        Path keys = keys("server");
        try (ScriptedServer server =
                new ScriptedServer(sockets(keys, trust("server", keys)), call -> Thread.sleep(20_000))) {
            producer.camelContext.getRegistry().bind("both", parameters(trust("server", keys), keys));

            assertThatThrownBy(() -> producer.store(
                            "stow:https://localhost:" + server.port()
                                    + "?maximumRetries=0&idleTimeout=500&sslContextParameters=#both",
                            TestProducer.generated("1.2.3.1", 100_000_000, n -> {})))
                    .isInstanceOf(StoreFailedException.class)
                    .hasMessageContaining("in time");
        }
    }

    @Test
    void readsAnAnswerInTlsThatComesBeforeTheEndOfTheRequest() throws Exception {
        Path keys = keys("server");
        try (ScriptedServer server = new ScriptedServer(sockets(keys, trust("server", keys)), call -> {
            call.in.readNBytes(5_000_000);
            call.say("HTTP/1.1 413 Too large\r\nContent-Length: 0\r\n\r\n");
            call.in.readNBytes(50_000_000);
        })) {
            producer.camelContext.getRegistry().bind("both", parameters(trust("server", keys), keys));

            assertThatThrownBy(() -> producer.store(
                            "stow:https://localhost:" + server.port() + "?sslContextParameters=#both",
                            TestProducer.generated("1.2.3.1", 200_000_000, n -> {})))
                    .isInstanceOfSatisfying(StoreFailedException.class, failure -> assertThat(failure.httpStatus())
                            .isEqualTo(413));
        }
    }

    private static void tunnel(ScriptedServer.Call call) throws Exception {
        int port = Integer.parseInt(call.target.substring(call.target.indexOf(':') + 1));
        try (Socket target = new Socket(InetAddress.getLoopbackAddress(), port)) {
            call.say("HTTP/1.1 200 Connected\r\n\r\n");
            Thread back = new Thread(() -> {
                try {
                    target.getInputStream().transferTo(call.out);
                } catch (IOException e) {
                    // closed
                }
            });
            back.start();
            byte[] chunk = new byte[10_000];
            for (int n = call.in.read(chunk); n > 0; n = call.in.read(chunk)) {
                target.getOutputStream().write(chunk, 0, n);
            }
        }
    }

    /** A key and a certificate for localhost that signs itself. */
    private Path keys(String name) throws Exception {
        Path file = folder.resolve(name + ".p12");
        keytool(
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:localhost",
                "-keystore",
                file.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD);
        return file;
    }

    /** A store that trusts the certificate of a key. */
    private Path trust(String name, Path keys) throws Exception {
        Path file = folder.resolve(name + "-trust.p12");
        if (Files.notExists(file)) {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(name, load(keys).getCertificate(name));
            try (var out = Files.newOutputStream(file)) {
                trusted.store(out, PASSWORD.toCharArray());
            }
        }
        return file;
    }

    private static KeyStore load(Path file) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = new FileInputStream(file.toFile())) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
    }

    private static SSLServerSocketFactory sockets(Path keys, Path trusted) throws Exception {
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(load(keys), PASSWORD.toCharArray());
        TrustManagerFactory others = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        others.init(load(trusted));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), others.getTrustManagers(), null);
        return new NeedsClientCertificate(context.getServerSocketFactory());
    }

    private static SSLContextParameters parameters(Path trusted, Path keys) {
        TrustManagersParameters trust = new TrustManagersParameters();
        trust.setKeyStore(store(trusted));
        SSLContextParameters parameters = new SSLContextParameters();
        parameters.setTrustManagers(trust);
        if (keys != null) {
            KeyManagersParameters own = new KeyManagersParameters();
            own.setKeyStore(store(keys));
            own.setKeyPassword(PASSWORD);
            parameters.setKeyManagers(own);
        }
        return parameters;
    }

    private static KeyStoreParameters store(Path file) {
        KeyStoreParameters store = new KeyStoreParameters();
        store.setResource("file:" + file);
        store.setPassword(PASSWORD);
        store.setType("PKCS12");
        return store;
    }

    /** Lets nobody in without one. */
    private static final class NeedsClientCertificate extends SSLServerSocketFactory {
        private final SSLServerSocketFactory sockets;

        NeedsClientCertificate(SSLServerSocketFactory sockets) {
            this.sockets = sockets;
        }

        private static ServerSocket demanding(ServerSocket socket) {
            ((SSLServerSocket) socket).setNeedClientAuth(true);
            return socket;
        }

        @Override
        public ServerSocket createServerSocket(int port) throws IOException {
            return demanding(sockets.createServerSocket(port));
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog) throws IOException {
            return demanding(sockets.createServerSocket(port, backlog));
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
            return demanding(sockets.createServerSocket(port, backlog, address));
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return sockets.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return sockets.getSupportedCipherSuites();
        }
    }
}
