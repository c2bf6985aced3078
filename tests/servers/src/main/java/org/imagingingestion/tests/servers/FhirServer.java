package org.imagingingestion.tests.servers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A FHIR R4 server, HAPI's with its JPA storage, without any resource. What it keeps is gone when it ends. */
public final class FhirServer implements AutoCloseable {
    private static FhirServer shared;

    private final ServerProcess process;
    private final int port;

    private FhirServer(ServerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** @param folder for its log */
    public static FhirServer start(Path folder) {
        int port = Ports.free();
        Path project = ServerProcess.project().resolve("tests/fhir-server/target");
        try {
            String classPath =
                    project.resolve("classes") + File.pathSeparator + Files.readString(project.resolve("classpath"));
            Path arguments = Files.writeString(folder.resolve("arguments"), "-cp " + classPath.strip());
            ServerProcess process = ServerProcess.start(
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx768m",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                            "@" + arguments,
                            "org.imagingingestion.tests.fhir.FhirServerMain",
                            Integer.toString(port)),
                    folder,
                    URI.create("http://127.0.0.1:" + port + "/fhir/Endpoint?_summary=count"));
            return new FhirServer(process, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One for all tests of this process, as it takes long to start. */
    public static synchronized FhirServer shared() throws IOException {
        if (shared == null) {
            shared = start(Files.createTempDirectory(
                    Files.createDirectories(Path.of("target").toAbsolutePath()), "fhir-"));
        }
        return shared;
    }

    public int port() {
        return port;
    }

    /** The root of its resources. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + port + "/fhir");
    }

    /** Ends it at once. */
    @Override
    public void close() {
        process.close();
    }
}
