package org.imagingingestion.camel.dicomweb;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A multipart/related answer (RFC 2387, PS3.18 §8.6.1.2), whose length is known when that of its parts is.
 *
 * <p>Its boundary comes from what it is made of, so that the same parts make the same bytes, as a strong entity tag promises.
 */
final class Multipart {
    private final String boundary;
    private final MediaType partType;
    private final List<Payload> payloads = new ArrayList<>();

    /**
     * @param partType of the parts, without parameters
     * @param boundary characters that cannot come up in a part: a digest of what is in it
     */
    Multipart(MediaType partType, String boundary) {
        this.partType = partType;
        this.boundary = boundary;
    }

    /** Content-Type of the answer. */
    String contentType() {
        return MediaType.of("multipart/related").with(MediaType.TYPE, partType.type()) + "; boundary=" + boundary;
    }

    /** Adds a part. @param location where it can be had by itself, {@code null} to leave it out */
    Multipart add(MediaType contentType, String location, Payload payload) {
        StringBuilder head = new StringBuilder(256);
        head.append(payloads.isEmpty() ? "--" : "\r\n--").append(boundary).append("\r\n");
        head.append("Content-Type: ").append(contentType).append("\r\n");
        head.append("Content-Length: ").append(payload.length()).append("\r\n");
        if (location != null) {
            head.append("Content-Location: ").append(location).append("\r\n");
        }
        payloads.add(new HeldPayload(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8)));
        payloads.add(payload);
        return this;
    }

    /** The whole of it. */
    Payload payload() {
        List<Payload> all = new ArrayList<>(payloads);
        all.add(new HeldPayload(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8)));
        return JoinedPayload.of(all);
    }
}
