package org.imagingingestion.camel.fhir;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a FHIR server has: the ImagingStudy of a study, or the Endpoint of a storage space.
 *
 * @param id of the resource
 * @param version of the resource
 * @param resource all of it but what may be long: series and text
 */
record Published(String id, String version, ObjectNode resource) {
    /** The extension that says which revision of a study an ImagingStudy is. */
    static final String REVISION = "https://imaging-ingestion.alvearie.org/fhir/StructureDefinition/study-revision";

    private static final String PROVIDER = "provider";
    private static final String NUMBER = "revision";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The resources of a type that a search gave, or the one that was read. @throws IOException where it is no JSON of either */
    static List<Published> read(InputStream in, String type) throws IOException {
        List<Published> found = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(in)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("The server's answer is no resource");
            }
            addTo(found, resource(parser, found, type), type);
        }
        return found;
    }

    /** Reads a resource but for what is long, and what is in the entries of a Bundle. */
    private static ObjectNode resource(JsonParser parser, List<Published> found, String type) throws IOException {
        ObjectNode resource = JSON.createObjectNode();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("entry") && value == JsonToken.START_ARRAY) {
                while (parser.nextToken() == JsonToken.START_OBJECT) {
                    entry(parser, found, type);
                }
            } else if (name.equals("series") || name.equals("text")) {
                parser.skipChildren();
            } else {
                resource.set(name, parser.readValueAsTree());
            }
        }
        return resource;
    }

    private static void entry(JsonParser parser, List<Published> found, String type) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            if (parser.nextToken() == JsonToken.START_OBJECT && name.equals("resource")) {
                addTo(found, resource(parser, found, type), type);
            } else {
                parser.skipChildren();
            }
        }
    }

    private static void addTo(List<Published> found, ObjectNode resource, String type) throws IOException {
        if (resource.path("resourceType").asText().equals(type)) {
            String id = resource.path("id").textValue();
            String version = resource.path("meta").path("versionId").textValue();
            if (id == null || version == null) {
                throw new IOException("The server does not say which version of the " + type + " it has");
            }
            found.add(new Published(id, version, resource));
        }
    }

    /** Value of an If-Match that lets only this version be replaced. */
    String entityTag() {
        return "W/\"" + version + "\"";
    }

    /** The storage space that it is published of, {@code null} where that is not said. */
    String provider() {
        return part(PROVIDER).path("valueString").textValue();
    }

    /** The revision that it is, -1 where that is not said. */
    int revision() {
        return part(NUMBER).path("valueUnsignedInt").asInt(-1);
    }

    /** Where the Endpoint is, {@code null} where that is not said. */
    String address() {
        return resource.path("address").textValue();
    }

    private JsonNode part(String url) {
        for (JsonNode extension : resource.path("extension")) {
            if (extension.path("url").asText().equals(REVISION)) {
                for (JsonNode part : extension.path("extension")) {
                    if (part.path("url").asText().equals(url)) {
                        return part;
                    }
                }
            }
        }
        return resource.path("");
    }

    static void writeRevision(JsonGenerator out, String provider, int revision) throws IOException {
        out.writeStartObject();
        out.writeArrayFieldStart("extension");
        out.writeStartObject();
        out.writeStringField("url", PROVIDER);
        out.writeStringField("valueString", provider);
        out.writeEndObject();
        out.writeStartObject();
        out.writeStringField("url", NUMBER);
        out.writeNumberField("valueUnsignedInt", revision);
        out.writeEndObject();
        out.writeEndArray();
        out.writeStringField("url", REVISION);
        out.writeEndObject();
    }
}
