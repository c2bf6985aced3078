package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.UIDs;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.MatchingKey;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryLevel;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;

/**
 * A search as clients of the original write it. Its keys, whose tags are decimal numbers, are those of QIDO-RS.
 *
 * @param parameters of a search by QIDO-RS
 */
record ImagingQuery(QueryLevel level, String studyUid, String seriesUid, List<Map.Entry<String, String>> parameters) {
    private static final JsonFactory JSON = new JsonFactory();

    /** @throws DicomException INVALID_ARGUMENT_VALUE where it is no such query; what it says is not told, as it may name a patient */
    static ImagingQuery parse(byte[] json) throws DicomException {
        try (JsonParser parser = JSON.createParser(json)) {
            return read(parser);
        } catch (JsonProcessingException e) {
            throw malformed("The body is not JSON");
        } catch (IOException e) {
            throw malformed("The body is not a query");
        }
    }

    private static ImagingQuery read(JsonParser parser) throws IOException, DicomException {
        QueryLevel level = null;
        String study = null;
        String series = null;
        List<Map.Entry<String, String>> parameters = new ArrayList<>();
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw malformed("The body is not a JSON object");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "scope" -> level = level(parser.getValueAsString());
                case "studyUid" -> study = uid(name, parser.getValueAsString());
                case "seriesUid" -> series = uid(name, parser.getValueAsString());
                case "fuzzyMatching" -> add(parameters, "fuzzymatching", parser.getValueAsString());
                case "offset" -> add(parameters, name, parser.getValueAsString());
                case "limit" -> addLimit(parameters, parser.getValueAsString());
                case "includedFields" -> readFields(parser, parameters);
                case "queryAttributes" -> readAttributes(parser, parameters);
                default -> parser.skipChildren();
            }
        }
        if (level == null) {
            throw malformed("scope is missing");
        }
        return new ImagingQuery(level, study, series, parameters);
    }

    private static QueryLevel level(String scope) throws DicomException {
        return switch (scope == null ? "" : scope) {
            case "STUDY" -> QueryLevel.STUDY;
            case "SERIES" -> QueryLevel.SERIES;
            case "INSTANCE" -> QueryLevel.IMAGE;
            default -> throw malformed("scope is to be STUDY, SERIES or INSTANCE");
        };
    }

    private static String uid(String name, String uid) throws DicomException {
        if (uid == null || uid.isBlank()) {
            return null;
        }
        if (!UIDs.isLenient(uid)) {
            throw malformed(name + " is not a UID");
        }
        return uid;
    }

    /** Clients that want no limit of their own send 0. */
    private static void addLimit(List<Map.Entry<String, String>> parameters, String limit) {
        if (limit != null && !limit.equals("0")) {
            parameters.add(Map.entry("limit", limit));
        }
    }

    private static void add(List<Map.Entry<String, String>> parameters, String name, String value) {
        if (value != null) {
            parameters.add(Map.entry(name, value));
        }
    }

    private static void readFields(JsonParser parser, List<Map.Entry<String, String>> parameters)
            throws IOException, DicomException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw malformed("includedFields is to be an array");
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            add(parameters, "includefield", parser.getValueAsString());
            parser.skipChildren();
        }
    }

    private static void readAttributes(JsonParser parser, List<Map.Entry<String, String>> parameters)
            throws IOException, DicomException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw malformed("queryAttributes is to be an object");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String tag = tag(parser.currentName());
            if (parser.nextToken().isStructStart()) {
                throw malformed("The value of a query attribute is to be a text");
            }
            String value = parser.getValueAsString();
            parameters.add(Map.entry(tag, value == null ? "" : value));
        }
    }

    /** @param decimal tag, or those of an attribute in the items of a sequence with dots between */
    private static String tag(String decimal) throws DicomException {
        try {
            StringBuilder path = new StringBuilder();
            for (String tag : decimal.split("\\.", -1)) {
                path.append(path.isEmpty() ? "" : ".").append(Tag.toHexString((int) Long.parseLong(tag)));
            }
            return path.toString();
        } catch (NumberFormatException e) {
            throw malformed("The name of a query attribute is to be its tag as a decimal number");
        }
    }

    /**
     * Writes a search as {@link #parse} reads it.
     *
     * @throws DicomException UNRECOGNIZED_OPERATION where it cannot be written so
     */
    static byte[] toJson(Query query, int limit) throws DicomException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(json)) {
            out.writeStartObject();
            out.writeStringField("scope", scope(query.level()));
            out.writeBooleanField("fuzzyMatching", query.fuzzyMatching());
            out.writeNumberField("offset", query.offset());
            out.writeNumberField("limit", limit);
            out.writeArrayFieldStart("includedFields");
            if (query.includeAll()) {
                out.writeString("all");
            }
            for (List<Integer> field : query.includeFields()) {
                out.writeString(field.stream().map(Tag::toHexString).collect(Collectors.joining(".")));
            }
            out.writeEndArray();
            write(query.keys(), out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return json.toByteArray();
    }

    /** Of a study or a series there may be a key of the path of a request, and another of its query. */
    private static void write(List<MatchingKey> keys, JsonGenerator out) throws IOException, DicomException {
        Map<String, String> attributes = new LinkedHashMap<>();
        Map<String, String> path = new LinkedHashMap<>();
        for (MatchingKey key : keys) {
            String name = key.path().equals(List.of(Tag.StudyInstanceUID))
                    ? "studyUid"
                    : key.path().equals(List.of(Tag.SeriesInstanceUID)) ? "seriesUid" : null;
            if (name != null
                    && key.values().size() == 1
                    && path.putIfAbsent(name, key.values().get(0)) == null) {
                continue;
            }
            String decimal = key.path().stream().map(Integer::toUnsignedString).collect(Collectors.joining("."));
            if (attributes.putIfAbsent(decimal, String.join(",", key.values())) != null) {
                throw new DicomException(DicomStatus.UNRECOGNIZED_OPERATION, "A key cannot be asked for twice");
            }
        }
        for (Map.Entry<String, String> uid : path.entrySet()) {
            out.writeStringField(uid.getKey(), uid.getValue());
        }
        out.writeObjectFieldStart("queryAttributes");
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            out.writeStringField(attribute.getKey(), attribute.getValue());
        }
        out.writeEndObject();
    }

    private static String scope(QueryLevel level) throws DicomException {
        return switch (level) {
            case STUDY -> "STUDY";
            case SERIES -> "SERIES";
            case IMAGE -> "INSTANCE";
            case PATIENT -> throw new DicomException(
                    DicomStatus.UNRECOGNIZED_OPERATION, "A query service does not search for patients");
        };
    }

    private static DicomException malformed(String problem) {
        return new DicomException(DicomStatus.INVALID_ARGUMENT_VALUE, problem);
    }

    /** @throws DicomException where a key cannot be matched */
    Query query(String provider, int maxResults) throws DicomException {
        List<MatchingKey> keys = new ArrayList<>();
        if (studyUid != null) {
            keys.add(new MatchingKey(List.of(Tag.StudyInstanceUID), VR.UI, List.of(studyUid)));
        }
        if (seriesUid != null) {
            keys.add(new MatchingKey(List.of(Tag.SeriesInstanceUID), VR.UI, List.of(seriesUid)));
        }
        return QueryParameters.parse(parameters, maxResults).query(provider, level, keys);
    }
}
