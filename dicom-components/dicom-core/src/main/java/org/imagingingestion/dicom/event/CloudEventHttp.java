package org.imagingingestion.dicom.event;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;

/**
 * CloudEvents as HTTP messages (CloudEvents 1.0, HTTP Protocol Binding): in binary mode, where the attributes are headers and
 * the body is the data, and in structured mode, where the body is all.
 *
 * <p>Of an event of others, which may leave them out, the time is that of its reading, the subject empty, and the partition key
 * the id.
 */
public final class CloudEventHttp {
    /** The media type of a body in structured mode. */
    public static final String STRUCTURED = "application/cloudevents+json";

    private static final String BATCH = "application/cloudevents-batch";
    private static final String PREFIX = "ce-";
    private static final String VERSION = "1.0";

    private CloudEventHttp() {}

    /** The headers of an event in binary mode, names in lower case; {@link CloudEvent#data} is the body. */
    public static Map<String, String> headers(CloudEvent event) {
        Map<String, String> headers = new LinkedHashMap<>();
        attributes(event).forEach((name, value) -> headers.put(PREFIX + name, encode(value)));
        headers.put("content-type", "application/json");
        return headers;
    }

    /** The body of an event in structured mode, of type {@link #STRUCTURED}. */
    public static byte[] structured(CloudEvent event) {
        return EventJson.document(out -> {
            for (Map.Entry<String, String> attribute : attributes(event).entrySet()) {
                out.writeStringField(attribute.getKey(), attribute.getValue());
            }
            out.writeStringField("datacontenttype", "application/json");
            out.writeFieldName("data");
            out.writeRawValue(new String(event.data(), StandardCharsets.UTF_8));
        });
    }

    private static Map<String, String> attributes(CloudEvent event) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("specversion", VERSION);
        attributes.put("id", event.id());
        attributes.put("source", event.source());
        attributes.put("type", event.type());
        attributes.put("subject", event.subject());
        attributes.put("time", event.time().toString());
        attributes.put("partitionkey", event.partitionKey());
        if (event.traceparent() != null) {
            attributes.put("traceparent", event.traceparent());
        }
        return attributes;
    }

    /**
     * Reads an event in whichever mode it comes.
     *
     * @param header the value of a header, of its name in lower case; {@code null} where there is none
     * @throws DicomException CANNOT_UNDERSTAND where it is no event
     */
    public static CloudEvent read(UnaryOperator<String> header, byte[] body) throws DicomException {
        String contentType = header.apply("content-type");
        String type = contentType == null ? "" : contentType.strip().toLowerCase(Locale.ROOT);
        if (type.startsWith(BATCH)) {
            throw failure("comes in batched mode, which is not supported");
        }
        if (type.startsWith(STRUCTURED)) {
            return readStructured(body);
        }
        if (type.startsWith("application/cloudevents")) {
            throw failure("is not in JSON");
        }
        requireJson(contentType);
        return event(name -> decode(header.apply(PREFIX + name)), body);
    }

    /**
     * Reads an event in structured mode. Its data are taken as they stand there; who reads them finds what is wrong in them.
     *
     * @throws DicomException CANNOT_UNDERSTAND where it is no event
     */
    public static CloudEvent readStructured(byte[] body) throws DicomException {
        Map<String, String> attributes = new LinkedHashMap<>();
        JsonPlace place = JsonPlace.of(body, "data");
        // as it was sent: digits of numbers count
        byte[] data = place == null ? null : place.in(body);
        try (EventJson in = new EventJson("CloudEvent", place == null ? body : place.without(body))) {
            in.beginObject();
            while (in.nextMember()) {
                switch (in.member()) {
                    case "data" -> {
                        in.skip();
                        if (place == null) {
                            throw failure("has the name of its data with escapes");
                        }
                    }
                    case "data_base64" -> data = in.bytes();
                    case "specversion",
                            "id",
                            "source",
                            "type",
                            "subject",
                            "time",
                            "partitionkey",
                            "traceparent",
                            "datacontenttype" -> {
                        if (!in.isNull()) {
                            attributes.put(in.member(), in.text());
                        }
                    }
                    default -> in.skip();
                }
            }
            in.end();
        }
        requireJson(attributes.get("datacontenttype"));
        return event(attributes::get, data);
    }

    private static void requireJson(String contentType) throws DicomException {
        if (contentType != null) {
            String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
            if (!type.endsWith("/json") && !type.endsWith("+json")) {
                throw failure("has data that are not JSON");
            }
        }
    }

    private static CloudEvent event(UnaryOperator<String> attribute, byte[] data) throws DicomException {
        if (!VERSION.equals(required(attribute, "specversion"))) {
            throw failure("is not of version " + VERSION);
        }
        String id = required(attribute, "id");
        String subject = attribute.apply("subject");
        String partitionKey = attribute.apply("partitionkey");
        return new CloudEvent(
                id,
                required(attribute, "source"),
                required(attribute, "type"),
                subject == null ? "" : subject,
                time(attribute.apply("time")),
                partitionKey == null ? id : partitionKey,
                attribute.apply("traceparent"),
                data == null ? new byte[0] : data);
    }

    private static String required(UnaryOperator<String> attribute, String name) throws DicomException {
        String value = attribute.apply(name);
        if (value == null || value.isEmpty()) {
            throw failure("has no " + name);
        }
        return value;
    }

    private static Instant time(String time) throws DicomException {
        try {
            return time == null ? Instant.now() : OffsetDateTime.parse(time).toInstant();
        } catch (DateTimeException e) {
            throw failure("has a time that is none (RFC 3339)");
        }
    }

    private static DicomException failure(String problem) {
        return new DicomException(DicomStatus.CANNOT_UNDERSTAND, "CloudEvent " + problem);
    }

    /** Percent-encodes what a header cannot have (CloudEvents HTTP §3.1.3.2). */
    private static String encode(String value) {
        StringBuilder encoded = new StringBuilder(value.length());
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7F && b != '"' && b != '%') {
                encoded.append((char) b);
            } else {
                encoded.append(String.format("%%%02X", b & 0xFF));
            }
        }
        return encoded.toString();
    }

    private static String decode(String value) {
        if (value == null || value.indexOf('%') < 0) {
            return value;
        }
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(value.length());
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int high = i + 2 < bytes.length && bytes[i] == '%' ? Character.digit(bytes[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
            if (low < 0) {
                decoded.write(bytes[i]);
            } else {
                decoded.write(high << 4 | low);
                i += 2;
            }
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }
}
