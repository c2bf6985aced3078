package org.imagingingestion.tests.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server as a process of its own that answers HTTP, ended with this one at the latest. */
final class ServerProcess implements AutoCloseable {
    private static final int SECONDS_TO_START = 300;
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Process process;
    private final Path log;

    private ServerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /** Starts it and waits until it answers, whatever that is. */
    static ServerProcess start(List<String> command, Path folder, URI address) {
        Path log = folder.resolve("log");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            ServerProcess server = new ServerProcess(process, log);
            server.await(address);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void await(URI address) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_START);
        while (!answers(address)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                process.destroyForcibly();
                throw new IllegalStateException("The server does not start: " + Files.readString(log));
            }
        }
    }

    private boolean answers(URI address) {
        try {
            CLIENT.send(
                    HttpRequest.newBuilder(address)
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            return true;
        } catch (IOException e) {
            pause();
            return false;
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private void pause() {
        try {
            process.waitFor(100, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static IllegalStateException interrupted() {
        Thread.currentThread().interrupt();
        return new IllegalStateException("Interrupted while a server was started");
    }

    /** The project's folder. */
    static Path project() {
        Path project = Path.of("").toAbsolutePath();
        while (!Files.exists(project.resolve("tests/install"))) {
            project = project.getParent();
        }
        return project;
    }

    /** A file that {@code tests/install} has put into {@code tests/integration/target}. */
    static Path installed(String file) {
        Path path = project().resolve("tests/integration/target").resolve(file);
        if (!Files.exists(path)) {
            throw new IllegalStateException(path + " is not there, run tests/install");
        }
        return path;
    }

    /** @param signal as {@code -STOP} */
    void signal(String signal) throws IOException {
        try {
            new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** Ends it at once. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }
}
