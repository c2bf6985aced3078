package org.imagingingestion.camel.dicomweb;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Takes a multipart answer apart, as strictly as a client may (RFC 2046 §5.1). */
final class TestParts {
    /** One part. */
    record Part(Map<String, String> headers, byte[] body) {
        String header(String name) {
            return headers.get(name.toLowerCase(Locale.ROOT));
        }
    }

    private TestParts() {}

    /** Counts the bytes of an answer and keeps none. */
    static HttpResponse.BodyHandler<Long> counting() {
        return response -> {
            AtomicLong count = new AtomicLong();
            return BodySubscribers.mapping(
                    BodySubscribers.ofByteArrayConsumer(
                            chunk -> chunk.ifPresent(bytes -> count.addAndGet(bytes.length))),
                    nothing -> count.get());
        };
    }

    static List<Part> read(HttpResponse<byte[]> response) throws Exception {
        MediaType contentType =
                MediaType.parse(response.headers().firstValue("Content-Type").orElseThrow());
        return read(response.body(), contentType.parameter("boundary"));
    }

    static List<Part> read(byte[] body, String boundary) {
        // each byte one character, so that places in both are the same
        String text = new String(body, StandardCharsets.ISO_8859_1);
        String delimiter = "\r\n--" + boundary;
        List<Part> parts = new ArrayList<>();
        int at = text.startsWith(delimiter.substring(2)) ? delimiter.length() - 2 : -1;
        while (text.startsWith("\r\n", at)) {
            int headEnd = text.indexOf("\r\n\r\n", at);
            int end = text.indexOf(delimiter, headEnd);
            Map<String, String> headers = new HashMap<>();
            for (String line : text.substring(at + 2, headEnd).split("\r\n")) {
                int colon = line.indexOf(": ");
                headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
            }
            byte[] part = Arrays.copyOfRange(body, headEnd + 4, end);
            String length = headers.get("content-length");
            if (length != null && Integer.parseInt(length) != part.length) {
                throw new AssertionError("Content-Length is " + length + " and not " + part.length);
            }
            parts.add(new Part(headers, part));
            at = end + delimiter.length();
        }
        if (!text.substring(at).equals("--\r\n")) {
            throw new AssertionError("The body does not end as a multipart does");
        }
        return parts;
    }
}
