package org.imagingingestion.benchmarks.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ConnectionTest {
    private static final byte[] REQUEST = Get.of("/x", "*/*").bytes();

    @Test
    void readsABodyOfDeclaredLengthAndTheNextAnswerAfterIt() throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\ncontent-LENGTH: 5\r\n\r\nhello",
                        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
                Connection connection = new Connection(server.port())) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();

            assertThat(connection.exchange(body, ByteBuffer.wrap(REQUEST))).isEqualTo(200);
            assertThat(body).hasToString("hello");
            assertThat(connection.contentType()).isEqualTo("text/plain");
            assertThat(connection.exchange(ByteBuffer.wrap(REQUEST))).isEqualTo(404);
            assertThat(connection.bodyLength()).isZero();
        }
    }

    @Test
    void joinsChunksAndSkipsTrailers() throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "5\r\nhello\r\nA;ext=1\r\n, world!!!\r\n0\r\nTrailer: x\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
                Connection connection = new Connection(server.port())) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            connection.exchange(body, ByteBuffer.wrap(REQUEST));

            assertThat(body).hasToString("hello, world!!!");
            assertThat(connection.bodyLength()).isEqualTo(15);
            connection.exchange(ByteBuffer.wrap(REQUEST));
            assertThat(connection.bodyLength()).isEqualTo(1);
        }
    }

    @Test
    void readsToTheEndWhenNoLengthIsGiven() throws Exception {
        try (ScriptedServer server = new ScriptedServer("HTTP/1.0 200 OK\r\n\r\nuntil the end");
                Connection connection = new Connection(server.port())) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            connection.exchange(body, ByteBuffer.wrap(REQUEST));

            assertThat(body).hasToString("until the end");
        }
    }

    @Test
    void passesOverInterimAnswers() throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
                Connection connection = new Connection(server.port())) {
            assertThat(connection.exchange(ByteBuffer.wrap(REQUEST))).isEqualTo(202);
        }
    }

    @Test
    void failsWhenTheBodyEndsEarly() throws Exception {
        try (ScriptedServer server = new ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort");
                Connection connection = new Connection(server.port())) {
            assertThatThrownBy(() -> connection.exchange(ByteBuffer.wrap(REQUEST)))
                    .isInstanceOf(IOException.class);
        }
    }

    /** Reads a request before each of its answers, and closes after the last. */
    private static final class ScriptedServer implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final CompletableFuture<Void> done;

        ScriptedServer(String... answers) throws IOException {
            done = CompletableFuture.runAsync(() -> serve(answers));
        }

        int port() {
            return socket.getLocalPort();
        }

        private void serve(String... answers) {
            try (Socket client = socket.accept()) {
                InputStream in = client.getInputStream();
                for (String answer : answers) {
                    in.readNBytes(REQUEST.length);
                    client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            done.join();
            socket.close();
        }
    }
}
