package org.imagingingestion.camel.events;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.nats.client.NKey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Real servers ask who it is, each in its way. */
@Timeout(120)
class JetStreamLogOnIT {
    private static final String URI = "jetstream:imaging.events?timeout=2000";

    @TempDir
    static Path certificatesFolder;

    @TempDir
    Path folder;

    private static Certificates certificates;
    private NatsServer server;
    private final List<CamelContext> contexts = new ArrayList<>();

    @BeforeAll
    static void make() throws IOException, InterruptedException {
        certificates = Certificates.create(certificatesFolder);
    }

    @AfterEach
    void end() throws InterruptedException {
        contexts.forEach(CamelContext::stop);
        if (server != null) {
            server.close();
        }
    }

    private void start(String... options) throws IOException {
        server = new NatsServer(folder, options).start();
    }

    private ProducerTemplate producer(Consumer<JetStreamComponent> options) {
        CamelContext context = new DefaultCamelContext();
        contexts.add(context);
        JetStreamComponent component = context.getComponent("jetstream", JetStreamComponent.class);
        component.setServers(server.url());
        options.accept(component);
        context.start();
        return context.createProducerTemplate();
    }

    private void assertTaken(Consumer<JetStreamComponent> options) {
        ProducerTemplate template = producer(options);
        await().pollDelay(Duration.ZERO)
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> {
                    template.sendBody(URI, TestEvents.event(1, 1));
                    return true;
                });
    }

    /** @param log what the server says of it */
    private void assertRefused(String log, Consumer<JetStreamComponent> options) {
        ProducerTemplate template = producer(options);
        assertThatThrownBy(() -> template.sendBody(URI, TestEvents.event(1, 2)))
                .hasStackTraceContaining("not connected");
        await().until(() -> server.log().contains(log));
        assertThatThrownBy(() -> template.sendBody(URI, TestEvents.event(1, 2)))
                .hasStackTraceContaining("not connected");
    }

    @Test
    void acceptATokenAndNoOther() throws Exception {
        start("authorization { token: secret }");
        assertTaken(component -> component.setToken("secret"));
        assertRefused("authentication error", component -> component.setToken("wrong"));
    }

    @Test
    void acceptAUserWithThePasswordAndNoOther() throws Exception {
        start("authorization { users: [ { user: imaging, password: \"s3cret word\" } ] }");
        assertTaken(component -> {
            component.setUsername("imaging");
            component.setPassword("s3cret word");
        });
        assertRefused("authentication error", component -> {
            component.setUsername("imaging");
            component.setPassword("wrong");
        });
    }

    @Test
    void acceptWhoHasTheSeedOfAnNKeyAndNoOther() throws Exception {
        NKey known = NKey.createUser(null);
        start("authorization { users: [ { nkey: " + new String(known.getPublicKey()) + " } ] }");
        Path seed = Files.writeString(folder.resolve("user.nk"), new String(known.getSeed()) + "\n");
        Path other = Files.writeString(
                folder.resolve("other.nk"),
                "-----BEGIN USER NKEY SEED-----\n"
                        + new String(NKey.createUser(null).getSeed()));

        assertTaken(component -> component.setNkeySeedFile(seed.toString()));
        assertRefused("authentication error", component -> component.setNkeySeedFile(other.toString()));
    }

    @Test
    void areNotAskedWithAFileThatHasNoSeed() throws Exception {
        start("");
        Path empty = Files.writeString(folder.resolve("empty.nk"), "nothing\n");
        for (Path file : List.of(empty, folder.resolve("missing.nk"))) {
            ProducerTemplate template = producer(component -> component.setNkeySeedFile(file.toString()));
            assertThatThrownBy(() -> template.sendBody(URI, TestEvents.event(1, 1)))
                    .hasStackTraceContaining("nkeySeedFile " + file);
        }
    }

    @Test
    void areTrustedByTheirCertificatesOnly() throws Exception {
        start(certificates.tls(false));
        assertTaken(certificates::trust);
        assertRefused("TLS handshake error", component -> component.setTls(true));
    }

    @Test
    void acceptWhoShowsACertificateAndNoOther() throws Exception {
        start(certificates.tls(true));
        assertTaken(component -> {
            certificates.trust(component);
            component.setKeyStore(certificates.store("client").toString());
            component.setKeyStorePassword("changeit");
        });
        assertRefused("client didn't provide a certificate", certificates::trust);
    }

    /** The certificates of 127.0.0.1 and of a client, each signed by itself, and a store that trusts the first; by openssl and keytool. */
    private record Certificates(Path folder) {
        static Certificates create(Path folder) throws IOException, InterruptedException {
            Certificates made = new Certificates(folder);
            for (String name : List.of("server", "client")) {
                run(("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext"
                                + " subjectAltName=IP:127.0.0.1 -keyout %s -out %s")
                        .formatted(made.pem(name + "-key"), made.pem(name)));
            }
            run(("keytool -importcert -noprompt -storetype PKCS12 -storepass changeit -alias ca -file %s -keystore %s")
                    .formatted(made.pem("server"), made.store("trust")));
            run(("openssl pkcs12 -export -passout pass:changeit -in %s -inkey %s -out %s")
                    .formatted(made.pem("client"), made.pem("client-key"), made.store("client")));
            return made;
        }

        private static void run(String command) throws IOException, InterruptedException {
            Process process = new ProcessBuilder(command.split(" "))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(process.waitFor()).as(command).isZero();
        }

        Path pem(String name) {
            return folder.resolve(name + ".pem");
        }

        Path store(String name) {
            return folder.resolve(name + ".p12");
        }

        void trust(JetStreamComponent component) {
            component.setTls(true);
            component.setTrustStore(store("trust").toString());
            component.setTrustStorePassword("changeit");
        }

        /** What the configuration of a server says. */
        String tls(boolean asksForCertificates) {
            return "tls { cert_file: \"%s\", key_file: \"%s\", ca_file: \"%s\", verify: %s }"
                    .formatted(pem("server"), pem("server-key"), pem("client"), asksForCertificates);
        }
    }
}
