package org.imagingingestion.camel.fhir;

import java.io.IOException;
import java.util.Map;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;

import com.fasterxml.jackson.core.JsonGenerator;

/** A Coding; each part may be {@code null}. */
record FhirCoding(String system, String version, String code, String display) {
    static final String DCM = "http://dicom.nema.org/resources/ontology/DCM";
    static final String URI = "urn:ietf:rfc:3986";
    private static final String SNOMED = "http://snomed.info/sct";

    /** PS3.16 Table 8-1 and the code systems of HL7 Terminology. */
    private static final Map<String, String> SYSTEMS = Map.ofEntries(
            Map.entry("DCM", DCM),
            Map.entry("SCT", SNOMED),
            Map.entry("SRT", "http://snomed.info/srt"),
            Map.entry("LN", "http://loinc.org"),
            Map.entry("RADLEX", "http://radlex.org"),
            Map.entry("RADELEMENT", "http://radelement.org"),
            Map.entry("UCUM", "http://unitsofmeasure.org"),
            Map.entry("UMLS", "http://www.nlm.nih.gov/research/umls"),
            Map.entry("C4", "http://www.ama-assn.org/go/cpt"),
            Map.entry("CPT4", "http://www.ama-assn.org/go/cpt"),
            Map.entry("I9", "http://hl7.org/fhir/sid/icd-9-cm"),
            Map.entry("I9C", "http://hl7.org/fhir/sid/icd-9-cm"),
            Map.entry("I10", "http://hl7.org/fhir/sid/icd-10"),
            Map.entry("NCIt", "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"));

    /** Laterality (0020,0060), {@code null} where it says neither side. */
    static FhirCoding laterality(String laterality) {
        return switch (laterality == null ? "" : laterality.strip()) {
            case "L" -> new FhirCoding(SNOMED, null, "7771000", "Left");
            case "R" -> new FhirCoding(SNOMED, null, "24028007", "Right");
            default -> null;
        };
    }

    /** An item of a code sequence (PS3.3 §8); {@code null} where it has neither a code nor a meaning. */
    static FhirCoding of(DataSet item) {
        String meaning = FhirText.of(item.string(Tag.CodeMeaning));
        String urn = FhirText.of(item.string(Tag.URNCodeValue));
        if (urn != null) {
            return new FhirCoding(URI, null, urn, meaning);
        }
        String code = FhirText.code(item.string(Tag.CodeValue, item.string(Tag.LongCodeValue)));
        String scheme = FhirText.of(item.string(Tag.CodingSchemeDesignator));
        if (code == null) {
            return meaning == null ? null : new FhirCoding(null, null, null, meaning);
        }
        String system = scheme == null
                ? null
                : SYSTEMS.getOrDefault(scheme, "urn:imaging-ingestion:coding-scheme:" + FhirIdentifier.encode(scheme));
        return new FhirCoding(system, FhirText.of(item.string(Tag.CodingSchemeVersion)), code, meaning);
    }

    void write(JsonGenerator out) throws IOException {
        out.writeStartObject();
        writeParts(out);
        out.writeEndObject();
    }

    private void writeParts(JsonGenerator out) throws IOException {
        FhirText.write(out, "system", system);
        FhirText.write(out, "version", version);
        FhirText.write(out, "code", code);
        FhirText.write(out, "display", display);
    }
}
