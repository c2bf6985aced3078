package org.imagingingestion.camel.fhir;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * An Identifier.
 *
 * @param type code of HL7 table 0203, {@code null} for none
 * @param system {@code null} for none
 * @param assigner who gave it out, {@code null} where that is not said
 */
record FhirIdentifier(String type, String system, String value, String assigner) {
    private static final String TYPES = "http://terminology.hl7.org/CodeSystem/v2-0203";

    /** The one by which an ImagingStudy is the one of a study. */
    static FhirIdentifier study(String studyInstanceUID) {
        return new FhirIdentifier(null, "urn:dicom:uid", "urn:oid:" + studyInstanceUID, null);
    }

    /** The one by which an Endpoint is the one of a storage space. */
    static FhirIdentifier endpoint(String provider) {
        return new FhirIdentifier(null, "urn:imaging-ingestion:endpoint", provider, null);
    }

    /** The search that finds what has it, as {@code identifier=system|value}. */
    String search() {
        return "identifier=" + encode(system == null ? value : escape(system) + "|" + escape(value));
    }

    /** Whether a resource has it: servers may pass over a search parameter that they do not know. */
    boolean isOf(JsonNode resource) {
        for (JsonNode each : resource.path("identifier")) {
            if (Objects.equals(system, each.path("system").textValue())
                    && value.equals(each.path("value").textValue())) {
                return true;
            }
        }
        return false;
    }

    /** FHIR R4 §3.1.1.3.1. */
    private static String escape(String token) {
        return token.replaceAll("([\\\\$,|])", "\\\\$1");
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    void write(JsonGenerator out) throws IOException {
        out.writeStartObject();
        if (type != null) {
            out.writeObjectFieldStart("type");
            out.writeArrayFieldStart("coding");
            new FhirCoding(TYPES, null, type, null).write(out);
            out.writeEndArray();
            out.writeEndObject();
        }
        if (system != null) {
            out.writeStringField("system", system);
        }
        out.writeStringField("value", value);
        if (assigner != null) {
            out.writeObjectFieldStart("assigner");
            out.writeStringField("display", assigner);
            out.writeEndObject();
        }
        out.writeEndObject();
    }
}
