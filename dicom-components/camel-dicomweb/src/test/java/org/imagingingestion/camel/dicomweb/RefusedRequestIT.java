package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Requests that are answered before their end, by clients that go on to send them, or that do not. */
class RefusedRequestIT {
    private DicomwebTestServer server;

    @BeforeEach
    void start() throws Exception {
        server = new DicomwebTestServer(new RouteBuilder() {
            @Override
            public void configure() {
                from("stow:/dicom-web?maxRequestSize=4000000000").process(exchange -> {
                    throw new IllegalStateException("Nothing is to come this far");
                });
            }
        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"text/plain,415,1000", "application/dicom,413,4000000001", "multipart/related,400,1000"})
    void endsTheConnectionThatIsLeftHalfWay(String contentType, int status, long length) throws Exception {
        try (Socket socket = send(contentType, length)) {
            socket.getOutputStream().write(new byte[10]);

            assertRefused(socket, status);
        }
    }

    @ParameterizedTest
    @CsvSource({"text/plain,415", "application/dicom,409"})
    void dropsWhatComesAfterTheAnswer(String contentType, int status) throws Exception {
        long length = 2 * Runtime.getRuntime().maxMemory();
        try (Socket socket = send(contentType, length)) {
            byte[] rubbish = new byte[1 << 20];
            OutputStream out = socket.getOutputStream();
            try {
                for (long sent = 0; sent < length; sent += rubbish.length) {
                    out.write(rubbish, 0, (int) Math.min(rubbish.length, length - sent));
                }
            } catch (SocketException e) {
                // it took too long and was cut off
                return;
            }
            assertRefused(socket, status);
        }
        try (Socket socket = send("text/plain", 1)) {
            assertRefused(socket, 415);
        }
    }

    private Socket send(String contentType, long length) throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port);
        socket.setSoTimeout(30_000);
        socket.getOutputStream()
                .write(("POST /dicom-web/studies HTTP/1.1\r\nHost: x\r\nContent-Type: " + contentType
                                + "\r\nContent-Length: " + length + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Reads up to the end of the connection. */
    private static void assertRefused(Socket socket, int status) throws IOException {
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(answer).startsWith("HTTP/1.1 " + status).containsIgnoringCase("Connection: close\r\n");
    }
}
