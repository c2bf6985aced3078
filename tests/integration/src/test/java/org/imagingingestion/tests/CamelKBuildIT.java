package org.imagingingestion.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.imagingingestion.tests.servers.S3Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The application that Camel K builds of integrations and of the dependencies that their modelines name, started for each of them as Camel K
 * starts it: with its sources, properties, variables and mounts, and without anything that the project's own application has.
 */
class CamelKBuildIT {
    private static final Duration AT_MOST = Duration.ofSeconds(90);
    private static final Path INTEGRATIONS = ImagingIngestion.project().resolve("integrations");
    private static final Path APPLICATION =
            ImagingIngestion.project().resolve("tests/camel-k/target/quarkus-app/quarkus-run.jar");

    @TempDir
    Path folder;

    private final List<AutoCloseable> started = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (int i = started.size() - 1; i >= 0; i--) {
            started.get(i).close();
        }
    }

    private <T extends AutoCloseable> T started(T server) {
        started.add(server);
        return server;
    }

    @Test
    void runsEachIntegrationByItsModelineAlone() throws Exception {
        DatabaseServer database = started(DatabaseServer.start(folder.resolve("database")));
        KnativeBrokerStandIn broker = started(KnativeBrokerStandIn.start());
        mount("config", "BUCKET_NAME", S3Server.BUCKET);
        mount("config", "BUCKET_REGION", "us-east-1");
        mount("config", "BUCKET_HOST", "http://127.0.0.1:" + S3Server.shared().port());
        mount("config", "BUCKET_PATH_STYLE", "true");
        mount("secret", "AWS_ACCESS_KEY_ID", "key");
        mount("secret", "AWS_SECRET_ACCESS_KEY", "very-secret");
        Map<String, String> values = new TreeMap<>(Map.of(
                "DB_HOST", "127.0.0.1",
                "DB_PORT", Integer.toString(database.port()),
                "DB_NAME", "postgres",
                "DB_USER", DatabaseServer.USER,
                "DB_PASS", DatabaseServer.PASSWORD,
                "FHIR_ENDPOINT", "http://127.0.0.1:9/fhir",
                "STOW_ENDPOINT", "http://127.0.0.1:9/dicom-web",
                "DIMSE_TARGET_HOST", "127.0.0.1",
                "DIMSE_TARGET_PORT", "9",
                "DIMSE_TARGET_AE", "PACS"));
        for (String empty :
                List.of("IMAGING_STUDY_ENDPOINT", "FHIR_AUTH_USERNAME", "FHIR_AUTH_PASSWORD", "STOW_AUTH_TOKEN")) {
            values.put(empty, "");
        }
        Map<String, ImagingIngestion> running = new LinkedHashMap<>();
        for (String name : names()) {
            running.put(name, start(name, values, broker));
        }
        running.values().forEach(ImagingIngestion::awaitReady);
        broker.trigger("ImageStoredEvent", running.get("event-driven-ingestion").uri("/events"));
        Load load = new Load(1);

        try (Load.Running byStow = load.start(running.get("dicomweb-stow").dicomWeb())) {
            await().atMost(AT_MOST).until(() -> load.acknowledged().size() > 5);
        }

        DicomwebClient client = new DicomwebClient(running.get("dicomweb-wado").dicomWeb());
        Promise promise = new Promise(load);
        await().atMost(AT_MOST)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> promise.assertFound(client, load.acknowledged()));
        new Dcmtk(folder, running.get("dimse-ingestion").dimsePort()).run("echoscu", "SERVER");
        assertThat(running.get("overview").get("/imaging/statistics").body()).contains("instances");
        running.forEach((name, process) -> assertThat(process.output() + process.errors())
                .as(name)
                .doesNotContain("very-secret", "cannot be changed at runtime"));
    }

    private static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(INTEGRATIONS)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .map(name -> name.replace(".yaml", ""))
                    .sorted()
                    .toList();
        }
    }

    private ImagingIngestion start(String name, Map<String, String> values, KnativeBrokerStandIn broker)
            throws IOException {
        List<String> properties = new ArrayList<>(options(name, "property"));
        String sources = Stream.concat(Stream.of(name + ".yaml"), options(name, "source").stream())
                .map(source -> "classpath:routes/" + Path.of(source).getFileName())
                .collect(Collectors.joining(","));
        properties.add("camel.main.routes-include-pattern=" + sources);
        Path file = Files.write(folder.resolve(name + ".properties"), properties);
        String port = Integer.toString(ImagingIngestion.freePort());
        String dimsePort = Integer.toString(ImagingIngestion.freePort());
        ImagingIngestion.Builder builder = ImagingIngestion.on(folder.resolve(name))
                .environment("HTTP_PORT", port)
                .environment("DIMSE_PORT", dimsePort)
                .environment("DIMSE_HOST", "127.0.0.1")
                .environment("QUARKUS_HTTP_PORT", port)
                .environment("QUARKUS_HTTP_HOST", "127.0.0.1")
                .environment("QUARKUS_CONFIG_LOCATIONS", file.toString())
                .environment("K_SINK", broker.url().toString())
                .command(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        APPLICATION.toString()));
        for (String trait : options(name, "trait")) {
            if (trait.startsWith("environment.vars=")) {
                String variable = trait.split("=")[1];
                builder.environment(variable, values.get(variable));
            } else if (trait.startsWith("mount.resources=")) {
                String kind = trait.contains("=secret:") ? "secret" : "config";
                assertThat(trait).endsWith("@/etc/bucket/" + kind);
                builder.environment(
                        "BUCKET_" + kind.toUpperCase() + "_PATH",
                        folder.resolve(kind).toString());
            }
        }
        return started(builder.launch());
    }

    private void mount(String kind, String key, String value) throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve(kind)).resolve(key), value + "\n");
    }

    /** The values of an option in the modeline of an integration. */
    private static List<String> options(String integration, String name) throws IOException {
        return Files.readAllLines(INTEGRATIONS.resolve(integration + ".yaml")).stream()
                .filter(line -> line.startsWith("# camel-k:"))
                .flatMap(line -> Arrays.stream(
                        line.substring("# camel-k:".length()).strip().split("\\s+")))
                .map(option -> option.split("=", 2))
                .filter(option -> option[0].equals(name))
                .map(option -> option[1])
                .toList();
    }
}
