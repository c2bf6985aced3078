package org.imagingingestion.camel.events;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.nats.client.Connection;
import io.nats.client.Nats;

import static org.awaitility.Awaitility.await;

/** A real NATS server with JetStream, on a folder and a port that stay its own while it is started and killed. */
final class NatsServer implements AutoCloseable {
    final int port = freePort();
    private final Path folder;
    private final String configuration;
    private Process process;

    /** @param configuration lines of its configuration file */
    NatsServer(Path folder, String... configuration) {
        this.folder = folder;
        this.configuration = String.join("\n", configuration);
    }

    NatsServer start() throws IOException {
        Path file = Files.writeString(folder.resolve("nats.conf"), configuration);
        List<String> command = List.of(
                "/usr/sbin/nats-server",
                "-js",
                "-sd",
                folder.toString(),
                "-a",
                "127.0.0.1",
                "-p",
                String.valueOf(port),
                "-c",
                file.toString());
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("nats.log").toFile()))
                .start();
        await().atMost(Duration.ofMinutes(1)).until(this::listens);
        return this;
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** As kill -9 does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }

    /** Stops it where it is, as a machine that is too busy, until {@link #resume}. */
    void pause() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-STOP", String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    void resume() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-CONT", String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    String url() {
        return "nats://127.0.0.1:" + port;
    }

    Connection client() throws IOException, InterruptedException {
        return Nats.connect(url());
    }

    String log() throws IOException {
        return Files.readString(folder.resolve("nats.log"));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        if (process != null) {
            kill();
        }
    }
}
