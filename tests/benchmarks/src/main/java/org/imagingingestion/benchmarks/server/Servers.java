package org.imagingingestion.benchmarks.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.imagingingestion.benchmarks.load.Get;

/** How each contender is started. */
public final class Servers {
    /** The root of the DICOMweb service, the same for the project and Orthanc. */
    private static final String DICOM_WEB = "/dicom-web";

    /** The AE title of the archives. */
    public static final String AE_TITLE = "DICOM-INGEST";

    /** The AE title that archives can send to. */
    public static final String SINK_AE = "SINK";

    /** The AE title that the adapter answers to. */
    public static final String ADAPTER_AE = "ADAPTER";

    private static final Duration START = Duration.ofSeconds(60);

    private final Path work;
    private final Path repository;
    private final boolean standIn;
    private final int sinkPort = Server.freePort();

    /**
     * Starts servers below a folder.
     *
     * @param repository the root of this project
     * @param work       an absolute path; every server gets a folder in it
     * @param standIn    whether Orthanc plays the project's part
     */
    public Servers(Path repository, Path work, boolean standIn) {
        this.repository = repository;
        this.work = work;
        this.standIn = standIn;
        // what a run that was killed has left behind
        Folders.empty(work);
    }

    /**
     * The project's application, with its embedded database and file storage space.
     *
     * @param folder      the name of its folder, with its data from an earlier start if they are still there
     * @param javaOptions separated by blanks
     */
    public Server project(String folder, String javaOptions) {
        return project(folder, javaOptions, Map.of());
    }

    /** The project's application as the adapter of an archive, which it passes instances on to. */
    public Server adapter(String folder, String javaOptions, Server archive) {
        String address = "http://127.0.0.1:" + archive.port() + DICOM_WEB;
        return project(folder, javaOptions, Map.of("DICOMWEB_ADDRESS", address, "DIMSE_AET", ADAPTER_AE));
    }

    /** The project's application as the event processor of a broker. */
    public Server processor(String folder, String javaOptions, Server nats) {
        return project(folder, javaOptions, Map.of("NATS_URL", "nats://127.0.0.1:" + nats.port()));
    }

    /** The project's application as a receiver by STOW-RS that keeps nothing but files, and tells the processor of them. */
    public Server stow(String folder, String javaOptions, Server nats, String processor) {
        Map<String, String> settings = Map.of(
                "ROLE",
                "stow",
                "NATS_URL",
                "nats://127.0.0.1:" + nats.port(),
                "IMAGING_STORAGE_FOLDER",
                work.resolve(processor).resolve("data/storage").toString());
        return project(folder, javaOptions, settings, Get.of("/q/health/ready", "*/*"));
    }

    /** The project's application with bindings that send what it stores to an archive by STOW-RS and to a peer by C-STORE. */
    public Server forwarder(String folder, String javaOptions, Server archive, Server peer) {
        Map<String, String> settings = Map.of(
                "STOW_ENDPOINT",
                "http://127.0.0.1:" + archive.port() + DICOM_WEB,
                "DIMSE_TARGET_HOST",
                "127.0.0.1",
                "DIMSE_TARGET_PORT",
                Integer.toString(peer.dimsePort()),
                "DIMSE_TARGET_AE",
                SINK_AE,
                "IMAGING_EVENTS_ADMINISTRATION",
                "true");
        return project(folder, javaOptions, settings);
    }

    /** The project's application publishing the studies that a broker tells of at a FHIR server. */
    public Server publisher(String folder, String javaOptions, Server nats, Server fhir) {
        Map<String, String> settings = Map.of(
                "ROLE",
                "fhir",
                "NATS_URL",
                "nats://127.0.0.1:" + nats.port(),
                "FHIR_ENDPOINT",
                "http://127.0.0.1:" + fhir.port() + fhir.path(""));
        return project(folder, javaOptions, settings, Get.of("/q/health/ready", "*/*"));
    }

    /** HAPI's FHIR server with its JPA storage, in memory. */
    public Server fhir() {
        int port = Server.freePort();
        Path home = work.resolve("fhir");
        Path project = repository.resolve("tests/fhir-server/target");
        try {
            String classPath = project.resolve("classes") + ":" + Files.readString(project.resolve("classpath"));
            String arguments = write(home, "arguments", "-cp " + classPath.strip());
            ProcessBuilder builder = new ProcessBuilder(
                    java(),
                    "-Xmx1g",
                    "-XX:+UseParallelGC",
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                    "@" + arguments,
                    "org.imagingingestion.tests.fhir.FhirServerMain",
                    Integer.toString(port));
            return Server.start("fhir", port, "/fhir", 0, home, builder, Get.of("/fhir/metadata", "*/*"), START);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** NATS with JetStream. */
    public Server nats() {
        int port = Server.freePort();
        Path home = work.resolve("nats");
        ProcessBuilder builder = new ProcessBuilder(
                "nats-server",
                "-js",
                "-a",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-sd",
                home.resolve("files").toString());
        builder.environment().merge("PATH", ":/usr/sbin", String::concat);
        return Server.start("nats", port, "", port, home, builder, null, START);
    }

    private Server project(String folder, String javaOptions, Map<String, String> settings) {
        return project(folder, javaOptions, settings, anyStudy());
    }

    private Server project(String folder, String javaOptions, Map<String, String> settings, Get ready) {
        if (standIn) {
            return orthanc("project", folder);
        }
        int port = Server.freePort();
        Path home = work.resolve(folder);
        List<String> command = new ArrayList<>(List.of(java()));
        Arrays.stream(javaOptions.split(" ")).filter(o -> !o.isBlank()).forEach(command::add);
        command.add("-jar");
        command.add(jar().toString());
        ProcessBuilder builder = new ProcessBuilder(command).directory(repository.toFile());
        Map<String, String> env = builder.environment();
        env.put("HTTP_PORT", Integer.toString(port));
        int dimsePort = Server.freePort();
        env.put("DIMSE_PORT", Integer.toString(dimsePort));
        env.put("ENV_AETS_JSON", "[{\"name\":\"" + SINK_AE + "\",\"host\":\"127.0.0.1\",\"port\":" + sinkPort + "}]");
        env.put("IMAGING_DATA", home.resolve("data").toString());
        env.put("HTTP_HOST", "127.0.0.1");
        env.putAll(settings);
        return Server.start("project", port, DICOM_WEB, dimsePort, home, builder, ready, START);
    }

    /** The application's jar, whether it is there or not. */
    public Path jar() {
        return repository.resolve("integrations/runtime/target/application/imaging-ingestion.jar");
    }

    /** Debian's Orthanc with its DICOMweb plugin, SQLite index, nothing compressed, nothing forced to the disk. */
    public Server orthanc(String folder) {
        return orthanc("orthanc", folder);
    }

    private Server orthanc(String name, String folder) {
        int port = Server.freePort();
        int dimsePort = Server.freePort();
        Path home = work.resolve(folder);
        String plugin = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";
        String config =
                """
                {"Name": "BENCH", "HttpPort": %d, "DicomServerEnabled": true, "DicomPort": %d, "DicomAet": "%s",
                 "DicomCheckCalledAet": false, "DicomAlwaysAllowFind": true, "DicomAlwaysAllowMove": true,
                 "DicomAlwaysAllowGet": true, "DicomModalities": {"sink": ["%s", "127.0.0.1", %d]},
                 "DicomScuTimeout": 60, "DicomThreadsCount": 8,
                 "StorageDirectory": "%s", "IndexDirectory": "%s", "StorageCompression": false,
                 "Plugins": ["%s"], "RemoteAccessAllowed": true, "AuthenticationEnabled": false,
                 "OverwriteInstances": true, "KeepAlive": true, "TcpNoDelay": true, "HttpThreadsCount": 50,
                 "LimitFindResults": 0, "LimitFindInstances": 0, "SaveJobs": false,
                 "DicomWeb": {"Enable": true, "Root": "%s/"}}
                """
                        .formatted(
                                port,
                                dimsePort,
                                AE_TITLE,
                                SINK_AE,
                                sinkPort,
                                home.resolve("data"),
                                home.resolve("data"),
                                plugin,
                                DICOM_WEB);
        ProcessBuilder builder = new ProcessBuilder("Orthanc", write(home, "orthanc.json", config));
        builder.environment().put("TCP_NODELAY", "1");
        return Server.start(name, port, DICOM_WEB, dimsePort, home, builder, anyStudy(), START);
    }

    /** The folder whose files {@link #nginx} gives out, until it is closed. */
    public Path nginxFiles() {
        return work.resolve("nginx/files");
    }

    /** nginx giving out files: the limit for retrieving. */
    public Server nginx() {
        int port = Server.freePort();
        Path home = work.resolve("nginx");
        String temporary = List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi").stream()
                .map(kind -> kind + "_temp_path " + home.resolve(kind) + ";\n")
                .reduce("", String::concat);
        String config =
                """
                daemon off; worker_processes 2; pid %s; error_log stderr warn;
                %s
                events { worker_connections 256; }
                http {
                  access_log off; sendfile on; tcp_nodelay on; keepalive_requests 100000000;
                  open_file_cache max=1000; types { } default_type application/dicom;
                  %s
                  server { listen 127.0.0.1:%d; root %s; location = /ready { return 200; } }
                }
                """
                        .formatted(home.resolve("nginx.pid"), user(), temporary, port, nginxFiles());
        ProcessBuilder builder = new ProcessBuilder(
                "nginx", "-e", "stderr", "-p", home.toString(), "-c", write(home, "nginx.conf", config));
        builder.environment().merge("PATH", ":/usr/sbin", String::concat);
        return Server.start("nginx", port, "", 0, home, builder, Get.of("/ready", "*/*"), START);
    }

    /** A server that keeps what it is sent and does nothing else: the limit for storing. */
    public Server sink(Sink.Mode mode) {
        int port = Server.freePort();
        Path home = work.resolve("sink");
        ProcessBuilder builder = new ProcessBuilder(
                java(),
                "-Xmx64m",
                "-XX:MaxDirectMemorySize=128m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Sink.class.getName(),
                Integer.toString(port),
                mode.name(),
                home.resolve("files").toString());
        return Server.start("sink", port, "", 0, home, builder, Get.of("/", "*/*"), START);
    }

    /** dcmtk's storescp. @param options such as --ignore, which keeps nothing, or +B, which keeps what comes, bit by bit */
    public Server storescp(String name, int port, String... options) {
        Path home = work.resolve(name);
        List<String> command = new ArrayList<>(List.of("storescp", "--fork", "--max-pdu", "131072"));
        command.addAll(List.of(options));
        if (!command.contains("--ignore")) {
            // the folder has to be there before
            write(home.resolve("files"), "about", "instances received");
            command.addAll(List.of("-od", home.resolve("files").toString()));
        }
        command.add(Integer.toString(port));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("TCP_NODELAY", "1");
        return Server.start(name, port, "", port, home, builder, null, START);
    }

    /** The project's manifest component over a database of its own, recording events that lie ready. */
    public Server recording() {
        int port = Server.freePort();
        Path home = work.resolve("recording");
        ProcessBuilder builder = new ProcessBuilder(
                java(),
                "-Xmx768m",
                "-XX:+UseParallelGC",
                "-cp",
                System.getProperty("java.class.path"),
                Recording.class.getName(),
                Integer.toString(port),
                home.toString());
        return Server.start("recording", port, "", 0, home, builder, Get.of("/", "*/*"), START);
    }

    /** The project's network layer taking instances and keeping nothing. */
    public Server discard() {
        int port = Server.freePort();
        ProcessBuilder builder = new ProcessBuilder(
                java(),
                "-Xmx128m",
                "-XX:+UseParallelGC",
                "-cp",
                System.getProperty("java.class.path"),
                Discard.class.getName(),
                Integer.toString(port));
        return Server.start("discard", port, "", port, work.resolve("discard"), builder, null, START);
    }

    /** A folder for what a job needs. */
    public Path folder(String name) {
        return work.resolve(name);
    }

    /** The port of the application entity {@link #SINK_AE} that archives know as a destination. */
    public int sinkPort() {
        return sinkPort;
    }

    private static Get anyStudy() {
        return Get.of(DICOM_WEB + "/studies?limit=1", "application/dicom+json");
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String user() {
        return System.getProperty("user.name").equals("root") ? "user root;" : "";
    }

    private static String write(Path folder, String name, String content) {
        try {
            Files.createDirectories(folder);
            return Files.writeString(folder.resolve(name), content).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
