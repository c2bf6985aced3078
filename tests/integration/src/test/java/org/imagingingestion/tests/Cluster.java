package org.imagingingestion.tests;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.imagingingestion.tests.servers.FaultyLink;
import org.imagingingestion.tests.servers.S3Server;

/**
 * The roles as processes of their own, two replicas of each, with PostgreSQL, an S3 server and NATS JetStream, behind one HTTP address.
 * STOW-RS and DIMSE ingestion know nothing of the database.
 */
final class Cluster implements AutoCloseable {
    static final List<String> ROLES = List.of("event-processor", "wado", "stow", "dimse");
    static final int REPLICAS = 2;

    /** A process of a role, which keeps its ports when it is started again. */
    static final class Replica {
        private final String name;
        private final ImagingIngestion.Builder builder;
        private ImagingIngestion process;
        private boolean killed;

        private Replica(String name, ImagingIngestion.Builder builder) {
            this.name = name;
            this.builder = builder;
        }

        ImagingIngestion process() {
            return process;
        }

        void kill() {
            process.kill();
            killed = true;
        }

        /** Starts it where it does not run, and does not wait. It is to run unless it was killed. */
        void start() {
            if (process == null || killed) {
                process = builder.launch();
                killed = false;
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Whether this process is asked to stop. */
    private static volatile boolean isStopping;

    private final Path folder;
    private final Map<String, String> properties = new TreeMap<>();
    private final Map<String, List<Replica>> replicas = new TreeMap<>();
    private final Map<String, FaultyLink> links = new TreeMap<>();
    private final List<AutoCloseable> servers = new ArrayList<>();
    private String host = "127.0.0.1";
    private int httpPort = ImagingIngestion.freePort();
    private List<Integer> dimsePorts = IntStream.range(0, REPLICAS)
            .mapToObj(i -> ImagingIngestion.freePort())
            .toList();
    private boolean hasLinks;
    private DatabaseServer database;
    private NatsServer nats;
    private S3Server s3;
    private FrontDoor door;

    private Cluster(Path folder) {
        this.folder = folder;
    }

    /** A cluster that keeps all it has in a folder, and is to be started. */
    static Cluster on(Path folder) {
        return new Cluster(folder);
    }

    /** Sets a property of all roles. */
    Cluster property(String name, String value) {
        properties.put(name, value);
        return this;
    }

    /** Puts networks that can fail between the roles and their servers. */
    Cluster throughLinks() {
        hasLinks = true;
        return this;
    }

    /** Listens on ports of its own choice instead of free ones. @param dimsePort of the first replica, the others have the next */
    Cluster listening(String host, int httpPort, int dimsePort) {
        this.host = host;
        this.httpPort = httpPort;
        dimsePorts = IntStream.range(dimsePort, dimsePort + REPLICAS).boxed().toList();
        return this;
    }

    /** Starts all, and waits until they are ready. */
    Cluster start() throws Exception {
        database = started(DatabaseServer.start(folder.resolve("database")));
        nats = started(NatsServer.start(folder.resolve("nats")));
        s3 = started(S3Server.start(Files.createDirectories(folder.resolve("s3"))));
        int databasePort = reached("database", database.port());
        int natsPort = reached("nats", nats.port());
        int s3Port = reached("s3", s3.port());
        for (String role : ROLES) {
            List<Replica> replicasOfRole = new ArrayList<>();
            for (int i = 0; i < REPLICAS; i++) {
                String name = role + "-" + (i + 1);
                ImagingIngestion.Builder builder = ImagingIngestion.on(folder.resolve(name))
                        .jvm("-Xmx256m")
                        .environment("ROLE", role)
                        .environment("DIMSE_HOST", host)
                        .environment("DIMSE_PORT", Integer.toString(dimsePorts.get(i)))
                        .environment("NATS_URL", "nats://127.0.0.1:" + natsPort)
                        .environment("BUCKET_HOST", "http://127.0.0.1")
                        .environment("BUCKET_PORT", Integer.toString(s3Port))
                        .environment("BUCKET_REGION", "us-east-1")
                        .environment("BUCKET_NAME", S3Server.BUCKET)
                        .environment("AWS_ACCESS_KEY_ID", "key")
                        .environment("AWS_SECRET_ACCESS_KEY", "secret")
                        .property("imaging.storage.s3.path-style", "true");
                properties.forEach(builder::property);
                if (role.equals("wado") || role.equals("event-processor")) {
                    builder.environment("DB_HOST", "127.0.0.1")
                            .environment("DB_PORT", Integer.toString(databasePort))
                            .environment("DB_NAME", "postgres")
                            .environment("DB_USER", DatabaseServer.USER)
                            .environment("DB_PASS", DatabaseServer.PASSWORD);
                }
                replicasOfRole.add(new Replica(name, builder));
            }
            replicas.put(role, replicasOfRole);
        }
        startReplicas();
        door = started(FrontDoor.start(folder.resolve("door"), host, httpPort, upstreams()));
        return this;
    }

    private <T extends AutoCloseable> T started(T server) {
        servers.add(server);
        return server;
    }

    /** The port that a server is reached by. */
    private int reached(String name, int port) throws IOException {
        if (!hasLinks) {
            return port;
        }
        FaultyLink link = started(new FaultyLink(port));
        links.put(name, link);
        return link.port();
    }

    private List<FrontDoor.Upstream> upstreams() {
        return ROLES.stream()
                .map(role -> new FrontDoor.Upstream(
                        role,
                        replicas(role).stream()
                                .map(replica -> replica.process().uri("").getPort())
                                .toList()))
                .toList();
    }

    /** Starts the replicas that do not run, and waits until all are ready. */
    void startReplicas() {
        replicas().forEach(Replica::start);
        replicas().forEach(replica -> replica.process().awaitReady());
    }

    List<Replica> replicas() {
        return replicas.values().stream().flatMap(List::stream).toList();
    }

    List<Replica> replicas(String role) {
        return replicas.get(role);
    }

    /** The networks by the names of their servers. */
    Map<String, FaultyLink> links() {
        return links;
    }

    DatabaseServer database() {
        return database;
    }

    NatsServer nats() {
        return nats;
    }

    S3Server s3() {
        return s3;
    }

    URI dicomWeb() {
        return door.dicomWeb();
    }

    /** An association with any replica. */
    ServiceClassUser dimse() {
        return ServiceClassUser.ofLoad(
                dimsePorts.get(ThreadLocalRandom.current().nextInt(REPLICAS)));
    }

    /** Stops all, the roles first. */
    @Override
    public void close() throws Exception {
        List<ImagingIngestion> processes = replicas().stream()
                .map(Replica::process)
                .filter(process -> process != null)
                .toList();
        processes.forEach(ImagingIngestion::terminate);
        processes.forEach(ImagingIngestion::awaitEnd);
        for (int i = servers.size() - 1; i >= 0; i--) {
            servers.get(i).close();
        }
    }

    private String announcement() {
        return """
                a cluster answers; Ctrl-C stops it, and its data are gone then
                  page      http://localhost:%1$d/
                  DICOMweb  http://localhost:%1$d/dicom-web
                  DIMSE     DICOM-INGEST on ports %2$s: C-ECHO and C-STORE
                  events    %3$s, subjects imaging.events.*
                  database  postgresql://%4$s@localhost:%5$d/postgres
                  objects   http://localhost:%6$d/%7$s
                %8$sStore a DICOM file, and list the studies:
                  curl -H 'Content-Type: application/dicom' -H 'Accept: application/dicom+json' --data-binary @FILE http://localhost:%1$d/dicom-web/studies
                  curl http://localhost:%1$d/dicom-web/studies
                """
                .formatted(
                        httpPort,
                        dimsePorts.stream()
                                .map(String::valueOf)
                                .reduce((a, b) -> a + " and " + b)
                                .orElseThrow(),
                        nats.url(),
                        DatabaseServer.USER,
                        database.port(),
                        s3.port(),
                        S3Server.BUCKET,
                        replicas().stream()
                                .map(replica -> "  %-17s %s, process %d%n"
                                        .formatted(
                                                replica,
                                                replica.process().uri("/q/health"),
                                                replica.process().pid()))
                                .reduce("", String::concat));
    }

    private static String variable(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isBlank() ? otherwise : value;
    }

    /** Starts a cluster, says where it is, and stops it when it is interrupted. */
    public static void main(String... arguments) throws Exception {
        Path folder = Files.createTempDirectory("imaging-cluster");
        Cluster cluster = on(folder)
                .listening(
                        variable("HTTP_HOST", "127.0.0.1"),
                        Integer.parseInt(variable("HTTP_PORT", "8080")),
                        Integer.parseInt(variable("DIMSE_PORT", "11112")));
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(main)));
        try {
            cluster.start();
            System.out.print(cluster.announcement());
            new CountDownLatch(1).await();
        } catch (Exception e) {
            // what is interrupted while it waits for a start has exceptions of its own
            if (!isStopping) {
                throw e;
            }
        } finally {
            // what ended the wait is not to end the stop
            Thread.interrupted();
            cluster.close();
            delete(folder);
        }
    }

    private static void end(Thread main) {
        isStopping = true;
        main.interrupt();
        try {
            main.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
