package org.imagingingestion.tests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.imagingingestion.tests.servers.S3Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The image of the Dockerfile, started with what the manifests give to each role, and with nothing else but ports of its own. */
class ContainerIT {
    private static final Duration AT_MOST = Duration.ofSeconds(60);
    private static final List<String> ROLES = List.of("event-processor", "stow", "wado", "dimse", "fhir");
    private static final List<String> WITH_DATABASE = List.of("event-processor", "wado");

    @TempDir
    static Path place;

    private static ContainerImage image;

    @TempDir
    Path folder;

    private final List<AutoCloseable> started = new ArrayList<>();
    private final Map<String, ImagingIngestion> roles = new LinkedHashMap<>();

    @BeforeAll
    static void build() throws Exception {
        Assumptions.assumeTrue(
                System.getProperty("user.name").equals("root"), "only the superuser can lay out an image");
        Assumptions.assumeTrue(System.getProperty("java.home").startsWith("/usr/"), "Java is not the system's");
        image = ContainerImage.build(Files.createDirectory(place.resolve("image")));
    }

    @AfterAll
    static void leaveNothing() throws Exception {
        // files of other users and read-only folders, which would keep the folder from being removed
        new ProcessBuilder("rm", "-rf", place.resolve("image").toString())
                .start()
                .waitFor();
    }

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
    void isForAUserWithoutRightsAndHasItsArchiveOfClasses() throws Exception {
        assertThat(image.user()).isEqualTo("1001:1001");
        assertThat(image.ports()).containsExactly("8080", "11112");
        assertThat(image.entryPoint())
                .startsWith("java")
                .contains("-XX:+ExitOnOutOfMemoryError", "-XX:MaxRAMPercentage=50")
                .endsWith("-jar", "/app/imaging-ingestion.jar")
                .doesNotContain("-Xmx512m");
        Path archive = image.file("/app/imaging-ingestion.jsa");
        assertThat(Files.size(archive)).isGreaterThan(20_000_000);
        assertThat(Files.getAttribute(archive, "unix:uid")).isEqualTo(0);
        assertThat(Files.getAttribute(image.file("/app"), "unix:uid")).isEqualTo(0);
        // with -Xshare:on a virtual machine that cannot use its archive does not start
        List<String> command = image.command(Map.of());
        List<String> version = new ArrayList<>(command.subList(0, command.indexOf("-jar")));
        version.addAll(List.of("-Xshare:on", "-cp", "/app/imaging-ingestion.jar", "-version"));
        Process process = new ProcessBuilder(version).redirectErrorStream(true).start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("sharing");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void runsTheRolesOfTheOverlayForNats() throws Exception {
        DatabaseServer database = started(DatabaseServer.start(folder.resolve("database")));
        NatsServer nats = started(NatsServer.start(folder.resolve("nats")));
        for (String name : ROLES) {
            DeployedRole role = DeployedRole.deployment(name);
            // one server alone cannot keep three copies
            role.set(Map.of("NATS_URL", nats.url(), "IMAGING_NATS_REPLICAS", "1"));
            start(role, database, Map.of());
        }

        assertThatTheyKeepWhatIsStored();
    }

    @Test
    void runsTheRolesOfTheIntegrationsForKnative() throws Exception {
        DatabaseServer database = started(DatabaseServer.start(folder.resolve("database")));
        KnativeBrokerStandIn broker = started(KnativeBrokerStandIn.start());
        // as the SinkBindings have it
        Map<String, String> bound = Map.of("K_SINK", broker.url().toString());
        for (String name : ROLES) {
            boolean isBound = List.of("event-processor", "stow", "dimse").contains(name);
            start(DeployedRole.integration(name), database, isBound ? bound : Map.of());
        }
        start(DeployedRole.integration("binding"), database, Map.of());
        broker.trigger("ImageStoredEvent", roles.get("event-processor").uri("/events"));

        assertThatTheyKeepWhatIsStored();
    }

    private void start(DeployedRole role, DatabaseServer database, Map<String, String> added) throws IOException {
        if (WITH_DATABASE.contains(role.name())) {
            role.set(Map.of(
                    "DB_HOST",
                    "127.0.0.1",
                    "DB_PORT",
                    Integer.toString(database.port()),
                    "DB_NAME",
                    "postgres",
                    "DB_USER",
                    DatabaseServer.USER,
                    "DB_PASS",
                    DatabaseServer.PASSWORD));
        }
        if (role.name().equals("fhir")) {
            role.set(Map.of("FHIR_ENDPOINT", "http://127.0.0.1:9/fhir"));
        }
        if (role.name().equals("binding")) {
            role.set(Map.of("STOW_ENDPOINT", "http://127.0.0.1:9/dicom-web", "DIMSE_TARGET_HOST", "127.0.0.1"));
        }
        Map<String, String> environment = new TreeMap<>(role.environment());
        environment.putAll(added);
        environment.put("HTTP_HOST", "127.0.0.1");
        environment.put("DIMSE_HOST", "127.0.0.1");
        String httpPort = Integer.toString(ImagingIngestion.freePort());
        String dimsePort = Integer.toString(ImagingIngestion.freePort());
        environment.put("HTTP_PORT", httpPort);
        environment.put("DIMSE_PORT", dimsePort);
        environment.put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -Xmx256m");
        ImagingIngestion process = started(ImagingIngestion.on(folder.resolve(role.name()))
                .environment("HTTP_PORT", httpPort)
                .environment("DIMSE_PORT", dimsePort)
                .environment("MOUNTS", mounts(role))
                .command(image.command(environment))
                .launch());
        roles.put(role.name(), process);
    }

    /** The bucket's ConfigMap and Secret as files; the server of the test is said beside what the example says. */
    private String mounts(DeployedRole role) throws IOException {
        if (role.config().isEmpty()) {
            return "";
        }
        Path mounts = folder.resolve(role.name() + "-mounts");
        Map<String, String> config = new TreeMap<>(role.config());
        config.put("BUCKET_HOST", "http://127.0.0.1");
        config.put("BUCKET_PORT", Integer.toString(S3Server.shared().port()));
        config.put("BUCKET_PATH_STYLE", "true");
        for (Map.Entry<String, Map<String, String>> each :
                Map.of("config", config, "secret", role.secret()).entrySet()) {
            Path files = Files.createDirectories(mounts.resolve(each.getKey()));
            for (Map.Entry<String, String> file : each.getValue().entrySet()) {
                Files.writeString(files.resolve(file.getKey()), file.getValue());
            }
        }
        return mounts.toString();
    }

    private void assertThatTheyKeepWhatIsStored() throws Exception {
        roles.values().forEach(ImagingIngestion::awaitReady);
        for (ImagingIngestion role : roles.values()) {
            assertThat(role.get("/q/health/live").statusCode()).isEqualTo(200);
        }
        Load load = new Load(1);
        try (Load.Running running = load.start(roles.get("stow").dicomWeb())) {
            await().atMost(AT_MOST).until(() -> load.acknowledged().size() > 10);
        }
        DicomwebClient client = new DicomwebClient(roles.get("wado").dicomWeb());
        Promise promise = new Promise(load);
        await().atMost(AT_MOST)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> promise.assertFound(client, load.acknowledged()));
        new Dcmtk(folder, roles.get("dimse").dimsePort()).run("echoscu", "SERVER");
        roles.forEach((name, role) -> assertThat(role.stop()).as(name).isIn(0, 143));
    }
}
