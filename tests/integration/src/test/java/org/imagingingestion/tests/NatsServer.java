package org.imagingingestion.tests;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.nats.client.Connection;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.PushSubscribeOptions;

import static org.awaitility.Awaitility.await;

/** A NATS server with JetStream, on a folder and a port that stay its own while it is started and killed. */
final class NatsServer implements AutoCloseable {
    private static final Duration TO_COME = Duration.ofSeconds(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final int port = ImagingIngestion.freePort();
    private Process process;

    private NatsServer(Path folder) {
        this.folder = folder;
    }

    static NatsServer start(Path folder) throws IOException {
        NatsServer server = new NatsServer(Files.createDirectories(folder));
        server.start();
        return server;
    }

    void start() throws IOException {
        process = new ProcessBuilder(
                        "/usr/sbin/nats-server",
                        "-js",
                        "-sd",
                        folder.toString(),
                        "-a",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
        await().atMost(Duration.ofMinutes(1)).until(this::listens);
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    int port() {
        return port;
    }

    String url() {
        return "nats://127.0.0.1:" + port;
    }

    /** How many messages a stream has. */
    long messages(String stream) throws Exception {
        try (Connection client = Nats.connect(url())) {
            return client.jetStreamManagement()
                    .getStreamInfo(stream)
                    .getStreamState()
                    .getMsgCount();
        }
    }

    /** Subjects of the CloudEvents that it keeps of a type. */
    Set<String> subjects(String type) throws Exception {
        return attributes(type, "subject");
    }

    /** The traces that the CloudEvents of a type are part of. */
    Set<String> traces(String type) throws Exception {
        return attributes(type, "traceparent").stream()
                .map(context -> context.split("-", -1)[1])
                .collect(Collectors.toSet());
    }

    private Set<String> attributes(String type, String name) throws Exception {
        return events(type).stream().map(event -> event.path(name).asText()).collect(Collectors.toSet());
    }

    /** The CloudEvents that it keeps of a type, in structured mode. */
    List<JsonNode> events(String type) throws Exception {
        List<JsonNode> events = new ArrayList<>();
        try (Connection client = Nats.connect(url())) {
            JetStreamSubscription messages = client.jetStream()
                    .subscribe(
                            "imaging.events." + type,
                            PushSubscribeOptions.builder().ordered(true).build());
            for (Message message = messages.nextMessage(TO_COME);
                    message != null;
                    message = messages.nextMessage(TO_COME)) {
                events.add(JSON.readTree(message.getData()));
            }
        }
        return events;
    }

    /** As anybody may, whatever it is. */
    void publish(String type, String data) throws Exception {
        try (Connection client = Nats.connect(url())) {
            client.jetStream().publish("imaging.events." + type, data.getBytes(StandardCharsets.UTF_8));
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }

    /** It finds no room to write to any file any more, until it is killed. */
    void takeRoom() throws Exception {
        new ProcessBuilder("prlimit", "--pid=" + process.pid(), "--fsize=1:unlimited")
                .inheritIO()
                .start()
                .waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
