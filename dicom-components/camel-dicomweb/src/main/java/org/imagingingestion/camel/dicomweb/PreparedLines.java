package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.imagingingestion.dicom.service.InstanceLocation;
import org.imagingingestion.dicom.service.QueryResult;
import org.imagingingestion.dicom.service.RetrievalResult;
import org.imagingingestion.dicom.service.SenderException;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;

/**
 * What the manifest found, on its way from one process of the application to another: a line of JSON that tells how many there are,
 * then a line for each match, document of metadata or location, and for each SOP Instance UID that is left. Documents are as they were made ready, with
 * {@link QueryResult#BASE_URL} in the place of the address.
 */
final class PreparedLines {
    static final String TYPE = "application/vnd.imaging-ingestion.prepared";

    private static final String NOT_OURS = "It is not that of a query service of this application";
    private static final JsonFactory JSON = new JsonFactory();

    private PreparedLines() {}

    private interface Fields {
        void write(JsonGenerator out) throws IOException;
    }

    static void write(QueryResult result, OutputStream out) throws IOException {
        line(out, object(json -> {
            json.writeNumberField("count", result.matches().size());
            json.writeBooleanField("more", result.more());
        }));
        for (byte[] match : result.matches()) {
            line(out, match);
        }
    }

    static QueryResult readMatches(InputStream in) throws IOException {
        Map<String, String> head = fields(line(in));
        return new QueryResult(lines(in, head.get("count")), Boolean.parseBoolean(head.get("more")));
    }

    static void write(RetrievalResult result, OutputStream out) throws IOException {
        boolean isLocations = !result.locations().isEmpty();
        line(out, object(json -> {
            json.writeNumberField(
                    "count",
                    isLocations ? result.locations().size() : result.metadata().size());
            json.writeBooleanField("locations", isLocations);
            json.writeNumberField("left", result.left().size());
            json.writeStringField("version", result.version());
        }));
        for (byte[] document : result.metadata()) {
            line(out, document);
        }
        for (InstanceLocation location : result.locations()) {
            line(out, object(json -> write(location, json)));
        }
        for (String uid : result.left()) {
            line(out, uid.getBytes(StandardCharsets.US_ASCII));
        }
    }

    static RetrievalResult readRetrieval(InputStream in) throws IOException {
        Map<String, String> head = fields(line(in));
        String version = head.get("version");
        List<byte[]> lines = lines(in, head.get("count"));
        if (!Boolean.parseBoolean(head.get("locations"))) {
            List<String> left = lines(in, head.get("left")).stream()
                    .map(uid -> new String(uid, StandardCharsets.US_ASCII))
                    .toList();
            return new RetrievalResult(version, List.of(), lines, left, null);
        }
        List<InstanceLocation> locations = new ArrayList<>(lines.size());
        for (byte[] each : lines) {
            locations.add(location(fields(each)));
        }
        return new RetrievalResult(version, locations, List.of(), null);
    }

    private static void write(InstanceLocation location, JsonGenerator json) throws IOException {
        json.writeStringField("studyInstanceUID", location.studyInstanceUID());
        json.writeStringField("seriesInstanceUID", location.seriesInstanceUID());
        json.writeStringField("sopInstanceUID", location.sopInstanceUID());
        json.writeStringField("sopClassUID", location.sopClassUID());
        json.writeStringField("transferSyntaxUID", location.transferSyntaxUID());
        json.writeStringField("objectName", location.objectName());
        json.writeNumberField("length", location.length());
        json.writeBinaryField("sha256", location.sha256());
        json.writeBinaryField("bulkIndex", location.bulkIndex());
        if (location.recordedAt() != null) {
            json.writeStringField("recordedAt", location.recordedAt().toString());
        }
    }

    private static InstanceLocation location(Map<String, String> fields) {
        String recordedAt = fields.get("recordedAt");
        return new InstanceLocation(
                fields.get("studyInstanceUID"),
                fields.get("seriesInstanceUID"),
                fields.get("sopInstanceUID"),
                fields.get("sopClassUID"),
                fields.get("transferSyntaxUID"),
                fields.get("objectName"),
                Long.parseLong(fields.get("length")),
                Base64.getDecoder().decode(fields.get("sha256")),
                Base64.getDecoder().decode(fields.get("bulkIndex")),
                recordedAt == null ? null : Instant.parse(recordedAt));
    }

    private static byte[] object(Fields fields) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static Map<String, String> fields(byte[] line) throws IOException {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser json = JSON.createParser(line)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                fields.put(name, json.getValueAsString());
                json.skipChildren();
            }
        } catch (JsonProcessingException e) {
            throw new SenderException(NOT_OURS);
        }
        return fields;
    }

    private static void line(OutputStream out, byte[] json) throws IOException {
        out.write(json);
        out.write('\n');
    }

    private static List<byte[]> lines(InputStream in, String number) throws IOException {
        if (number == null || !number.matches("\\d{1,9}")) {
            throw new SenderException(NOT_OURS);
        }
        int count = Integer.parseInt(number);
        List<byte[]> lines = new ArrayList<>(Math.min(count, 1000));
        for (int i = 0; i < count; i++) {
            lines.add(line(in));
        }
        return lines;
    }

    /** @param in buffered */
    private static byte[] line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new SenderException("It ends in the middle");
            }
            line.write(b);
        }
        return line.toByteArray();
    }
}
