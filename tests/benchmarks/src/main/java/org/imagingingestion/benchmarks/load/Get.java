package org.imagingingestion.benchmarks.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import org.imagingingestion.benchmarks.BenchFailure;

/**
 * A GET request: a path with its query, and headers.
 *
 * @param path    from the root of the server
 * @param headers such as Accept
 */
public record Get(String path, Map<String, String> headers) {
    /** An answer to a single request, whole. */
    public record Answer(int status, String contentType, byte[] body) {
        /** The body as UTF-8 text. */
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** A request for one media type. */
    public static Get of(String path, String accept) {
        return new Get(path, Map.of("Accept", accept));
    }

    /** The same request with one more header. */
    public Get with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Get(path, more);
    }

    /** The bytes of this request. */
    public byte[] bytes() {
        StringBuilder text = new StringBuilder("GET ").append(path).append(" HTTP/1.1\r\nHost: localhost\r\n");
        headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        return text.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** Sends this once and returns the answer, whatever its status. */
    public Answer send(int port) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (Connection connection = new Connection(port)) {
            int status = connection.exchange(body, ByteBuffer.wrap(bytes()));
            return new Answer(status, connection.contentType(), body.toByteArray());
        }
    }

    /**
     * Sends this once and returns the answer.
     *
     * @throws BenchFailure when its status is not 200, or when there is none
     */
    public Answer expect(int port) {
        try {
            Answer answer = send(port);
            if (answer.status() != 200) {
                throw new BenchFailure("GET " + path + " was answered with " + answer.status());
            }
            return answer;
        } catch (IOException e) {
            throw new BenchFailure("GET " + path + " got no answer", e);
        }
    }
}
