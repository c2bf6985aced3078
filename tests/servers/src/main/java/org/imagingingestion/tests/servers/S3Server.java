package org.imagingingestion.tests.servers;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** An S3 server, Adobe's S3Mock, with an empty bucket. It takes any credentials. */
public final class S3Server implements AutoCloseable {
    public static final String BUCKET = "images";
    /** The one that it can encrypt with. */
    public static final String KMS_KEY = "valid-test-key-id";

    private static S3Server shared;

    private final Path folder;
    private final int port = Ports.free();
    private final int tlsPort = Ports.free();
    private ServerProcess process;

    private S3Server(Path folder) {
        this.folder = folder;
    }

    /** @param folder for what it keeps, as long as it runs or when it is killed */
    public static S3Server start(Path folder) {
        S3Server server = new S3Server(folder);
        server.start();
        return server;
    }

    /** Starts it again where it was killed, with what it had. */
    public void start() {
        process = ServerProcess.start(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        // it is killed, and leaves behind what it has there
                        "-Djava.io.tmpdir=" + folder.toAbsolutePath(),
                        "-Dhttp.port=" + port,
                        "-Dserver.port=" + tlsPort,
                        "-Dcom.adobe.testing.s3mock.store.initial-buckets=" + BUCKET,
                        "-Dcom.adobe.testing.s3mock.store.valid-kms-keys=arn:aws:kms:us-east-1:1234567890:key/"
                                + KMS_KEY,
                        "-Dcom.adobe.testing.s3mock.store.root=" + folder.resolve("objects"),
                        "-jar",
                        ServerProcess.installed("servers/s3mock.jar").toString()),
                folder,
                URI.create("http://127.0.0.1:" + port + "/"));
    }

    /** One for all tests of this process, as it takes long to start. */
    public static synchronized S3Server shared() throws IOException {
        if (shared == null) {
            shared = start(Files.createTempDirectory(
                    Files.createDirectories(Path.of("target").toAbsolutePath()), "s3-"));
        }
        return shared;
    }

    /** The port of HTTP. */
    public int port() {
        return port;
    }

    /** The port of HTTPS. Its certificate is for localhost, and signed by itself. */
    public int tlsPort() {
        return tlsPort;
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /**
     * Ends it by SIGKILL, but not in the middle of a change: it writes its index of a bucket over the one before, and would have lost
     * the bucket.
     */
    public void kill() throws IOException {
        process.signal("-STOP");
        while (!isWhole()) {
            process.signal("-CONT");
            process.signal("-STOP");
        }
        process.close();
    }

    private boolean isWhole() throws IOException {
        long recently = System.currentTimeMillis() - 10_000;
        try (Stream<Path> files = Files.walk(folder.resolve("objects"))) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".json")).toList()) {
                if (Files.getLastModifiedTime(file).toMillis() > recently && !isWhole(Files.readString(file))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isWhole(String json) {
        return !json.isEmpty()
                && json.chars().filter(c -> c == '{').count()
                        == json.chars().filter(c -> c == '}').count();
    }

    /** Ends it at once. */
    @Override
    public void close() {
        process.close();
    }
}
