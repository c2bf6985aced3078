package org.imagingingestion.camel.fhir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.PersonName;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.event.StudyRevisionEvent;
import org.imagingingestion.dicom.event.StudyRevisionEvent.Instance;
import org.imagingingestion.dicom.event.StudyRevisionEvent.Series;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * The transaction that has a FHIR R4 server say of a study what a revision does: an ImagingStudy, the Endpoint that has it, and the
 * Patient where that is wanted.
 */
final class StudyBundle {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";

    private final StudyRevisionEvent event;
    private final Mapping mapping;
    private final StudyAttributes attributes;
    private final FhirIdentifier identifier;

    StudyBundle(StudyRevisionEvent event, Mapping mapping) {
        this.event = event;
        this.mapping = mapping;
        this.attributes = new StudyAttributes(event, mapping);
        this.identifier = FhirIdentifier.study(event.study().studyInstanceUID());
    }

    /** Whether the study has been deleted as a whole. */
    static boolean isDeleted(StudyRevisionEvent event) {
        return event.study().series().stream()
                .allMatch(series -> series.instances().isEmpty());
    }

    /** Whether it tells where the study is. */
    boolean hasEndpoint() {
        return !isDeleted(event) && mapping.address(event.study()) != null;
    }

    /** The Endpoint of the storage space that the study is in. */
    FhirIdentifier endpoint() {
        return FhirIdentifier.endpoint(event.provider());
    }

    /**
     * The transaction. What is there is replaced if it still is as it was; where there is nothing, it is made if there still is nothing.
     *
     * @param published what the server has of the study, {@code null} for nothing
     * @param place the Endpoint that the server has, {@code null} for none
     */
    byte[] write(Published published, Published place) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(16 << 10);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeStringField("resourceType", "Bundle");
            out.writeStringField("type", "transaction");
            out.writeArrayFieldStart("entry");
            if (isDeleted(event)) {
                writeEntry(out, published, () -> writeDeleted(out, published));
            } else {
                writeStudy(out, published, place);
            }
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private interface Content {
        void write() throws IOException;
    }

    private void writeStudy(JsonGenerator out, Published published, Published place) throws IOException {
        String address = mapping.address(event.study());
        if (address != null && (place == null || !address.equals(place.address()))) {
            writeEntry(out, "Endpoint", endpoint(), place, () -> writeEndpoint(out, place, address));
        }
        FhirIdentifier patient = attributes.patient();
        boolean isPatientCreated = mapping.createPatient() && patient != null;
        if (isPatientCreated) {
            // whoever keeps patients knows them better than their images do
            writeEntry(
                    out,
                    fullUrl("Patient", patient),
                    Map.of("method", "POST", "url", "Patient", "ifNoneExist", patient.search()),
                    () -> writePatient(out, patient));
        }
        writeEntry(out, published, () -> {
            out.writeStringField("status", "available");
            writeModalities(out);
            out.writeObjectFieldStart("subject");
            writeSubject(out, patient, isPatientCreated);
            out.writeEndObject();
            FhirText.write(out, "started", attributes.started());
            writeRequests(out);
            if (attributes.referrer() != null) {
                out.writeFieldName("referrer");
                writeDisplay(out, attributes.referrer());
            }
            if (address != null) {
                writeReferences(
                        out, "endpoint", place == null ? fullUrl("Endpoint", endpoint()) : "Endpoint/" + place.id());
            }
            writeContents(out);
        });
    }

    private static String fullUrl(String type, FhirIdentifier identifier) {
        String name = type + "?" + identifier.search();
        return "urn:uuid:" + UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    private static void writeEntry(JsonGenerator out, String fullUrl, Map<String, String> request, Content resource)
            throws IOException {
        out.writeStartObject();
        out.writeStringField("fullUrl", fullUrl);
        out.writeObjectFieldStart("resource");
        resource.write();
        out.writeEndObject();
        out.writeObjectFieldStart("request");
        for (String name : List.of("method", "url", "ifMatch", "ifNoneExist")) {
            FhirText.write(out, name, request.get(name));
        }
        out.writeEndObject();
        out.writeEndObject();
    }

    /** An entry that makes a resource, or replaces the one that is there. */
    private static void writeEntry(
            JsonGenerator out, String type, FhirIdentifier identifier, Published published, Content resource)
            throws IOException {
        Map<String, String> request = published == null
                ? Map.of("method", "POST", "url", type, "ifNoneExist", identifier.search())
                : Map.of("method", "PUT", "url", type + "/" + published.id(), "ifMatch", published.entityTag());
        writeEntry(out, fullUrl(type, identifier), request, resource);
    }

    /** The entry of the ImagingStudy itself. */
    private void writeEntry(JsonGenerator out, Published published, Content content) throws IOException {
        writeEntry(out, "ImagingStudy", identifier, published, () -> {
            out.writeStringField("resourceType", "ImagingStudy");
            if (published != null) {
                out.writeStringField("id", published.id());
            }
            out.writeArrayFieldStart("extension");
            Published.writeRevision(out, event.provider(), event.revision());
            out.writeEndArray();
            out.writeArrayFieldStart("identifier");
            identifier.write(out);
            out.writeEndArray();
            content.write();
        });
    }

    /** What is left of a study: all that was said of it but where it is and what it has. */
    private void writeDeleted(JsonGenerator out, Published published) throws IOException {
        out.writeStringField("status", mapping.deletedStatus());
        out.writeNumberField("numberOfSeries", 0);
        out.writeNumberField("numberOfInstances", 0);
        JsonNode before = published == null ? JSON.createObjectNode() : published.resource();
        if (!before.has("subject")) {
            out.writeObjectFieldStart("subject");
            writeSubject(out, null, false);
            out.writeEndObject();
        }
        for (Iterator<Map.Entry<String, JsonNode>> fields = before.fields(); fields.hasNext(); ) {
            Map.Entry<String, JsonNode> field = fields.next();
            switch (field.getKey()) {
                case "resourceType",
                        "id",
                        "meta",
                        "text",
                        "extension",
                        "identifier",
                        "status",
                        "endpoint",
                        "numberOfSeries",
                        "numberOfInstances" -> {}
                default -> {
                    out.writeFieldName(field.getKey());
                    out.writeTree(field.getValue());
                }
            }
        }
    }

    /** An Endpoint; what else others say of it stays. */
    private void writeEndpoint(JsonGenerator out, Published place, String address) throws IOException {
        if (place != null) {
            for (Map.Entry<String, JsonNode> field : place.resource().properties()) {
                if (!field.getKey().equals("address") && !field.getKey().equals("meta")) {
                    out.writeFieldName(field.getKey());
                    out.writeTree(field.getValue());
                }
            }
            out.writeStringField("address", address);
            return;
        }
        out.writeStringField("resourceType", "Endpoint");
        out.writeArrayFieldStart("identifier");
        endpoint().write(out);
        out.writeEndArray();
        out.writeStringField("status", "active");
        out.writeFieldName("connectionType");
        new FhirCoding("http://terminology.hl7.org/CodeSystem/endpoint-connection-type", null, "dicom-wado-rs", null)
                .write(out);
        out.writeArrayFieldStart("payloadType");
        out.writeStartObject();
        out.writeStringField("text", "DICOM WADO-RS");
        out.writeEndObject();
        out.writeEndArray();
        out.writeStringField("address", address);
    }

    private void writePatient(JsonGenerator out, FhirIdentifier identifier) throws IOException {
        out.writeStringField("resourceType", "Patient");
        out.writeArrayFieldStart("identifier");
        identifier.write(out);
        out.writeEndArray();
        if (FhirText.name(attributes.patientName()) != null) {
            out.writeArrayFieldStart("name");
            PersonName name = PersonName.of(attributes.patientName());
            for (String group : List.of(name.alphabetic(), name.ideographic(), name.phonetic())) {
                if (FhirText.name(group) != null) {
                    writeName(out, group);
                }
            }
            out.writeEndArray();
        }
        FhirText.write(out, "gender", attributes.gender());
        FhirText.write(out, "birthDate", attributes.birthDate());
    }

    private static void writeName(JsonGenerator out, String group) throws IOException {
        out.writeStartObject();
        out.writeStringField("text", FhirText.name(group));
        FhirText.write(out, "family", FhirText.of(PersonName.familyName(group)));
        writeTexts(out, "given", PersonName.givenName(group), PersonName.middleName(group));
        writeTexts(out, "prefix", PersonName.namePrefix(group));
        writeTexts(out, "suffix", PersonName.nameSuffix(group));
        out.writeEndObject();
    }

    private static void writeTexts(JsonGenerator out, String field, String... texts) throws IOException {
        List<String> clean =
                Arrays.stream(texts).map(FhirText::of).filter(Objects::nonNull).toList();
        if (!clean.isEmpty()) {
            out.writeArrayFieldStart(field);
            for (String text : clean) {
                out.writeString(text);
            }
            out.writeEndArray();
        }
    }

    private static void writeSubject(JsonGenerator out, FhirIdentifier patient, boolean isCreated) throws IOException {
        if (patient == null) {
            FhirText.writeUnknown(out);
        }
        if (isCreated) {
            out.writeStringField("reference", fullUrl("Patient", patient));
        }
        out.writeStringField("type", "Patient");
        if (patient != null) {
            out.writeFieldName("identifier");
            patient.write(out);
        }
    }

    private void writeModalities(JsonGenerator out) throws IOException {
        TreeSet<String> modalities = event.study().series().stream()
                .map(series -> FhirText.code(series.modality()))
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new));
        if (!modalities.isEmpty()) {
            out.writeArrayFieldStart("modality");
            for (String modality : modalities) {
                new FhirCoding(FhirCoding.DCM, null, modality, null).write(out);
            }
            out.writeEndArray();
        }
    }

    private void writeRequests(JsonGenerator out) throws IOException {
        List<FhirIdentifier> accessions = attributes.accessions(event.study().series().stream()
                .map(series -> StudyAttributes.dataSet(series.dataSet(), series.attributes()))
                .toList());
        if (!accessions.isEmpty()) {
            out.writeArrayFieldStart("basedOn");
            for (FhirIdentifier accession : accessions) {
                out.writeStartObject();
                out.writeStringField("type", "ServiceRequest");
                out.writeFieldName("identifier");
                accession.write(out);
                out.writeEndObject();
            }
            out.writeEndArray();
        }
    }

    private static void writeReferences(JsonGenerator out, String field, String reference) throws IOException {
        out.writeArrayFieldStart(field);
        out.writeStartObject();
        out.writeStringField("reference", reference);
        out.writeEndObject();
        out.writeEndArray();
    }

    private static void writeDisplay(JsonGenerator out, String display) throws IOException {
        out.writeStartObject();
        out.writeStringField("display", display);
        out.writeEndObject();
    }

    private void writeContents(JsonGenerator out) throws IOException {
        List<Series> series = event.study().series();
        int instances = series.stream().mapToInt(one -> one.instances().size()).sum();
        out.writeNumberField("numberOfSeries", series.size());
        out.writeNumberField("numberOfInstances", instances);
        List<FhirCoding> procedures = attributes.procedures();
        if (!procedures.isEmpty()) {
            out.writeArrayFieldStart("procedureCode");
            for (FhirCoding procedure : procedures) {
                writeConcept(out, procedure);
            }
            out.writeEndArray();
        }
        FhirText.write(out, "description", attributes.description());
        if (!series.isEmpty()) {
            out.writeArrayFieldStart("series");
            for (Series one : series) {
                writeSeries(out, one, instances <= mapping.maximumInstances());
            }
            out.writeEndArray();
        }
    }

    private static void writeConcept(JsonGenerator out, FhirCoding coding) throws IOException {
        out.writeStartObject();
        if (coding.code() != null) {
            out.writeArrayFieldStart("coding");
            coding.write(out);
            out.writeEndArray();
        }
        FhirText.write(out, "text", coding.display());
        out.writeEndObject();
    }

    private void writeSeries(JsonGenerator out, Series series, boolean withInstances) throws IOException {
        DataSet dataSet = StudyAttributes.dataSet(series.dataSet(), series.attributes());
        out.writeStartObject();
        out.writeStringField("uid", series.seriesInstanceUID());
        writeNumber(out, series.number());
        out.writeFieldName("modality");
        String modality = FhirText.code(series.modality());
        if (modality == null) {
            writeUnknown(out);
        } else {
            new FhirCoding(FhirCoding.DCM, null, modality, null).write(out);
        }
        FhirText.write(out, "description", FhirText.of(dataSet.string(Tag.SeriesDescription)));
        out.writeNumberField("numberOfInstances", series.instances().size());
        String bodyPart = FhirText.code(dataSet.string(Tag.BodyPartExamined));
        if (bodyPart != null) {
            out.writeFieldName("bodySite");
            new FhirCoding(null, null, bodyPart, bodyPart).write(out);
        }
        FhirCoding laterality = FhirCoding.laterality(dataSet.string(Tag.Laterality));
        if (laterality != null) {
            out.writeFieldName("laterality");
            laterality.write(out);
        }
        FhirText.write(out, "started", attributes.started(dataSet));
        writePerformers(out, dataSet);
        if (withInstances && !series.instances().isEmpty()) {
            out.writeArrayFieldStart("instance");
            for (Instance instance : series.instances()) {
                writeInstance(out, instance);
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }

    private static void writePerformers(JsonGenerator out, DataSet series) throws IOException {
        List<String> physicians = StudyAttributes.names(series, Tag.PerformingPhysicianName);
        List<String> operators = StudyAttributes.names(series, Tag.OperatorsName);
        if (!physicians.isEmpty() || !operators.isEmpty()) {
            out.writeArrayFieldStart("performer");
            writePerformers(out, physicians, new FhirCoding(PARTICIPATION, null, "PRF", "performer"));
            writePerformers(out, operators, new FhirCoding(PARTICIPATION, null, "SPRF", "secondary performer"));
            out.writeEndArray();
        }
    }

    private static void writePerformers(JsonGenerator out, List<String> names, FhirCoding function) throws IOException {
        for (String name : names) {
            out.writeStartObject();
            out.writeObjectFieldStart("function");
            out.writeArrayFieldStart("coding");
            function.write(out);
            out.writeEndArray();
            out.writeEndObject();
            out.writeFieldName("actor");
            writeDisplay(out, name);
            out.writeEndObject();
        }
    }

    private static void writeInstance(JsonGenerator out, Instance instance) throws IOException {
        out.writeStartObject();
        out.writeStringField("uid", instance.sopInstanceUID());
        out.writeFieldName("sopClass");
        if (instance.sopClassUID() == null) {
            writeUnknown(out);
        } else {
            new FhirCoding(FhirCoding.URI, null, "urn:oid:" + instance.sopClassUID(), null).write(out);
        }
        writeNumber(out, instance.number());
        FhirText.write(out, "title", FhirText.of(instance.title()));
        out.writeEndObject();
    }

    private static void writeUnknown(JsonGenerator out) throws IOException {
        out.writeStartObject();
        FhirText.writeUnknown(out);
        out.writeEndObject();
    }

    /** FHIR's numbers are not negative. */
    private static void writeNumber(JsonGenerator out, Integer number) throws IOException {
        if (number != null && number >= 0) {
            out.writeNumberField("number", number);
        }
    }
}
