package org.imagingingestion.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application as a process of its own, as {@code java -jar} starts it, on free ports and a folder of the test.
 *
 * <pre>{@code
 * try (ImagingIngestion server = ImagingIngestion.on(folder).start()) {
 *     server.get("/dicom-web/studies");
 * }
 * }</pre>
 */
public final class ImagingIngestion implements AutoCloseable {
    private static final Path PROJECT = Path.of(System.getProperty("imaging.project", "../.."))
            .toAbsolutePath()
            .normalize();
    private static final Path APPLICATION = PROJECT.resolve("integrations/runtime/target/application");
    private static final Path PROGRAMS = PROJECT.resolve("tests/integration/target/postgres-bin");
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private static final Duration TO_START = Duration.ofSeconds(240);
    private static final long SECONDS_TO_STOP = 90;

    /** Below those that the system gives out by itself, so that nobody else is given one between its choice and its use. */
    private static final int PORTS = 5000;

    private static final int FIRST_PORT = 15_000 + PORTS * (Integer.getInteger("imaging.fork", 1) - 1);
    private static final AtomicInteger NEXT_PORT = new AtomicInteger(new Random().nextInt(PORTS));

    /** How the application is to be started. */
    public static final class Builder {
        private final Path data;
        private final Map<String, String> environment = new TreeMap<>();
        private final List<String> jvmOptions =
                // an event loop that stands because all processors are taken is no fault to show the stack of
                new ArrayList<>(List.of(
                        "-Xmx512m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-XX:TieredStopAtLevel=1",
                        "-Dquarkus.vertx.warning-exception-time=30S"));
        private final List<String> prefix = new ArrayList<>();
        private List<String> command;

        private Builder(Path data) {
            this.data = data;
            environment.put("IMAGING_DATA", data.toString());
            environment.put("HTTP_HOST", "127.0.0.1");
            environment.put("HTTP_PORT", Integer.toString(freePort()));
            environment.put("DIMSE_PORT", Integer.toString(freePort()));
        }

        /** Sets a variable; those of this process whose names it reads are not handed on. */
        public Builder environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /** Sets a property, as {@code imaging.x.y}. */
        public Builder property(String name, String value) {
            return jvm("-D" + name + "=" + value);
        }

        /** Adds options of the virtual machine; a later {@code -Xmx} takes the place of the 512 MB, and so on. */
        public Builder jvm(String... options) {
            jvmOptions.addAll(Arrays.asList(options));
            return this;
        }

        /** Starts it through another program, as {@code setsid}. */
        public Builder through(String... command) {
            prefix.addAll(Arrays.asList(command));
            return this;
        }

        /** Starts it by another command in the place of all of this; variables are for that one to hand on. */
        Builder command(List<String> command) {
            this.command = command;
            return this;
        }

        /** Starts it and waits until it is ready. */
        public ImagingIngestion start() {
            return start(ImagingIngestion::isReady);
        }

        /** Starts it where it will not be ready, and waits until it says that it runs. */
        public ImagingIngestion startUnready() {
            return start(server -> server.output().contains("imaging-ingestion answers"));
        }

        private ImagingIngestion start(Predicate<ImagingIngestion> isStarted) {
            sharePrograms();
            ImagingIngestion server = launch();
            try {
                server.await(isStarted);
                return server;
            } catch (RuntimeException | AssertionError e) {
                server.close();
                throw e;
            }
        }

        /** Has it unpack the programs of its PostgreSQL once for all tests. */
        private void sharePrograms() {
            try {
                Path programs = data.resolve("postgres-bin");
                if (!environment.containsKey("DB_HOST")
                        && !environment.containsKey("ROLE")
                        && Files.notExists(programs, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectories(data);
                    Files.createSymbolicLink(programs, Files.createDirectories(PROGRAMS));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Starts it where it cannot start, and waits until it has given up. */
        public Failure startInVain() {
            try (ImagingIngestion server = launch()) {
                if (!server.process.waitFor(TO_START.toSeconds(), TimeUnit.SECONDS)) {
                    throw new AssertionError("The application started: " + server.output());
                }
                return new Failure(server.process.exitValue(), server.output(), server.errors());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        /** Starts it and waits for nothing. */
        ImagingIngestion launch() {
            List<String> command = this.command == null ? javaCommand() : this.command;
            try {
                Path folder = Files.createTempDirectory(
                        Files.createDirectories(PROJECT.resolve("tests/integration/target")), "process");
                ProcessBuilder builder = new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectOutput(folder.resolve("output").toFile())
                        .redirectError(folder.resolve("errors").toFile());
                builder.environment()
                        .keySet()
                        .removeIf(
                                name -> name.matches(
                                        "(DB|IMAGING|HTTP|DIMSE|STOW|FHIR|QUARKUS|CAMEL|ENV|NATS|K|BUCKET|AWS|AZURE)_.*|ROLE|PIPE|SELECTOR"));
                builder.environment().putAll(environment);
                return new ImagingIngestion(
                        builder.start(), folder, data, environment.get("HTTP_PORT"), environment.get("DIMSE_PORT"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private List<String> javaCommand() {
            List<String> command = new ArrayList<>(prefix);
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(jvmOptions);
            command.add("-XX:SharedArchiveFile=" + APPLICATION.resolve("imaging-ingestion.jsa"));
            command.add("-jar");
            command.add(APPLICATION.resolve("imaging-ingestion.jar").toString());
            return command;
        }
    }

    /** A start that came to nothing. */
    public record Failure(int exitCode, String output, String errors) {}

    private final Process process;
    private final Path folder;
    private final Path data;
    private final String port;
    private final String dimsePort;

    private ImagingIngestion(Process process, Path folder, Path data, String port, String dimsePort) {
        this.process = process;
        this.folder = folder;
        this.data = data;
        this.port = port;
        this.dimsePort = dimsePort;
    }

    /** An application that keeps all it has in a folder, which is made where there is none. */
    public static Builder on(Path data) {
        return new Builder(data);
    }

    /** A port that nothing listens on, and that no other process of the tests is told of. */
    public static int freePort() {
        for (int i = 0; i < PORTS; i++) {
            int port = FIRST_PORT + NEXT_PORT.getAndIncrement() % PORTS;
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(false);
                socket.bind(new InetSocketAddress(port));
                return port;
            } catch (IOException e) {
                // it is taken
            }
        }
        throw new IllegalStateException("No port from " + FIRST_PORT + " on is free");
    }

    /** The project's folder. */
    public static Path project() {
        return PROJECT;
    }

    /** The address of a path of it, which starts with a slash. */
    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** The root of all DICOMweb services. */
    public URI dicomWeb() {
        return uri("/dicom-web");
    }

    /** The port that it answers DIMSE on. */
    public int dimsePort() {
        return Integer.parseInt(dimsePort);
    }

    /** Its folder. */
    public Path data() {
        return data;
    }

    public long pid() {
        return process.pid();
    }

    /** What it wrote to its standard output: the announcement and the log. */
    public String output() {
        return read("output");
    }

    /** What it wrote to its standard error. */
    public String errors() {
        return read("errors");
    }

    private String read(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a GET, whatever the answer. */
    public HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(60)));
    }

    /** Sends a request, whatever the answer. */
    public HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits until it is ready. */
    void awaitReady() {
        await(ImagingIngestion::isReady);
    }

    private void await(Predicate<ImagingIngestion> isStarted) {
        Awaitility.await()
                .atMost(TO_START)
                .pollInterval(Duration.ofMillis(100))
                .failFast(this::failWhenEnded)
                .until(() -> isStarted.test(this));
    }

    private boolean isReady() {
        try {
            return get("/q/health/ready").statusCode() == 200;
        } catch (UncheckedIOException e) {
            // does not listen yet
            return false;
        }
    }

    private void failWhenEnded() {
        if (!process.isAlive()) {
            throw new AssertionError("The application did not start: " + errors() + output());
        }
    }

    /** The server process of its embedded PostgreSQL, where there is one. */
    public Optional<ProcessHandle> postgres() {
        try {
            Path file = data.resolve("postgres/postmaster.pid");
            return Files.exists(file)
                    ? ProcessHandle.of(
                            Long.parseLong(Files.readAllLines(file).get(0).strip()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks it to stop, by SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Asks it to stop, and waits until it has; gives its exit code. */
    public int stop() {
        terminate();
        return awaitEnd();
    }

    /** Waits for its end; gives its exit code. */
    public int awaitEnd() {
        try {
            assertThat(process.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS))
                    .as("the application ends")
                    .isTrue();
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Ends it by SIGKILL. Its PostgreSQL goes on for as long as it takes to notice. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Stops it where it runs. */
    @Override
    public void close() {
        if (process.isAlive()) {
            stop();
        }
    }
}
