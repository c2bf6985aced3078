package org.imagingingestion.benchmarks.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.imagingingestion.benchmarks.corpus.InstanceName;
import org.imagingingestion.benchmarks.corpus.InstanceTemplate;

/**
 * One Store Instances request (PS3.18 §10.5, multipart/related with application/dicom) of k instances, built once and
 * renamed for each sending. The pixel bytes are shared by all of them, so that the client only hands memory to the socket.
 */
final class StowRequest {
    private static final String BOUNDARY = "2f1c8f0e5a6b4d7c9e3a";
    private static final String PART = "--" + BOUNDARY + "\r\nContent-Type: application/dicom\r\n\r\n";
    private static final String LAST = "\r\n--" + BOUNDARY + "--\r\n";

    private final InstanceTemplate template;
    private final ByteBuffer[] buffers;
    private final int[] headerAt;
    private final long bodyLength;

    StowRequest(String path, InstanceTemplate template, int k) {
        this.template = template;
        byte[] header = template.header();
        bodyLength = (long) k * (PART.length() + template.length()) + (k - 1) * 2L + LAST.length();
        headerAt = new int[k];
        List<ByteBuffer> parts = new ArrayList<>();
        for (int i = 0; i < k; i++) {
            byte[] before = ascii(i == 0 ? head(path) + PART : "\r\n" + PART);
            headerAt[i] = before.length;
            parts.add(direct(before, header));
            parts.add(template.pixels());
        }
        parts.add(direct(ascii(LAST)));
        buffers = parts.toArray(ByteBuffer[]::new);
    }

    /** The number of instances in one request. */
    int size() {
        return headerAt.length;
    }

    long bodyLength() {
        return bodyLength;
    }

    void name(int i, InstanceName name) {
        template.patch(buffers[2 * i], headerAt[i], name);
    }

    /** The request, ready to be written. */
    ByteBuffer[] rewound() {
        for (ByteBuffer buffer : buffers) {
            buffer.rewind();
        }
        return buffers;
    }

    private String head(String path) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: application/dicom+json\r\n"
                + "Content-Type: multipart/related; type=\"application/dicom\"; boundary=" + BOUNDARY
                + "\r\nContent-Length: " + bodyLength + "\r\n\r\n";
    }

    private static ByteBuffer direct(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer buffer = ByteBuffer.allocateDirect(length);
        for (byte[] part : parts) {
            buffer.put(part);
        }
        return buffer.flip();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
