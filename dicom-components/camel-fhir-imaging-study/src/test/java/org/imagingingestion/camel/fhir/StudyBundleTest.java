package org.imagingingestion.camel.fhir;

import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Endpoint;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.ImagingStudy.ImagingStudySeriesComponent;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Resource;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.event.EventElement;
import org.imagingingestion.dicom.event.StudyRevisionEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;

import static org.assertj.core.api.Assertions.assertThat;

/** What a study becomes in FHIR, held against the definitions of R4. */
class StudyBundleTest {
    private static final String UID = "1.2.826.0.1.3680043.9";
    private static final FhirContext FHIR = FhirContext.forR4();
    private static final FhirValidator VALIDATOR = validator();
    private static final Mapping MAPPING = mapping(null, false, null);

    private static FhirValidator validator() {
        FhirInstanceValidator module = new FhirInstanceValidator(new ValidationSupportChain(
                new DefaultProfileValidationSupport(FHIR),
                new CommonCodeSystemsTerminologyService(FHIR),
                new InMemoryTerminologyServerValidationSupport(FHIR)));
        module.setAnyExtensionsAllowed(true);
        return FHIR.newValidator().registerValidatorModule(module);
    }

    private static Mapping mapping(String endpoint, boolean createPatient, ZoneId zone) {
        return new Mapping(endpoint, createPatient, null, Map.of(), null, "cancelled", zone, 1000);
    }

    private static Bundle bundle(StudyRevisionEvent event, Mapping mapping, Published published) {
        return bundle(event, mapping, published, null);
    }

    private static Bundle bundle(StudyRevisionEvent event, Mapping mapping, Published published, Published place) {
        String json = new String(new StudyBundle(event, mapping).write(published, place), StandardCharsets.UTF_8);
        assertThat(VALIDATOR.validateWithResult(json).getMessages())
                .filteredOn(message -> message.getSeverity().compareTo(ResultSeverityEnum.ERROR) >= 0)
                .isEmpty();
        return FHIR.newJsonParser().parseResource(Bundle.class, json);
    }

    private static <T extends Resource> BundleEntryComponent entry(Bundle bundle, Class<T> type) {
        return bundle.getEntry().stream()
                .filter(entry -> type.isInstance(entry.getResource()))
                .findFirst()
                .orElseThrow();
    }

    private static ImagingStudy study(Bundle bundle) {
        return (ImagingStudy) entry(bundle, ImagingStudy.class).getResource();
    }

    private static ImagingStudy study(TestStudy study) {
        return study(bundle(study.revision(0), MAPPING, null));
    }

    private static List<String> codings(List<Coding> codings) {
        return codings.stream()
                .map(coding -> coding.getSystem() + "|" + coding.getCode())
                .toList();
    }

    @Test
    void saysAllThatTheStudySays() {
        Bundle bundle = bundle(TestStudy.whole(UID).revision(7), MAPPING, null);
        ImagingStudy study = study(bundle);

        assertThat(bundle.getType()).isEqualTo(Bundle.BundleType.TRANSACTION);
        assertThat(study.getIdentifier()).singleElement().satisfies(identifier -> {
            assertThat(identifier.getSystem()).isEqualTo("urn:dicom:uid");
            assertThat(identifier.getValue()).isEqualTo("urn:oid:" + UID);
        });
        assertThat(study.getStatus()).isEqualTo(ImagingStudy.ImagingStudyStatus.AVAILABLE);
        assertThat(codings(study.getModality())).containsExactly(FhirCoding.DCM + "|CT", FhirCoding.DCM + "|SR");
        assertThat(study.getSubject().getReference()).isNull();
        assertThat(study.getSubject().getIdentifier().getSystem())
                .isEqualTo("urn:imaging-ingestion:issuer:HOSPITAL%20A");
        assertThat(study.getSubject().getIdentifier().getValue()).isEqualTo("P,1|2");
        assertThat(study.getSubject().getIdentifier().getAssigner().getDisplay())
                .isEqualTo("HOSPITAL A");
        assertThat(study.getStartedElement().getValueAsString()).isEqualTo("2026-01-02T10:11:12.345+01:00");
        assertThat(study.getBasedOn())
                .extracting(reference -> reference.getIdentifier().getValue())
                .containsExactly("A1", "A2");
        assertThat(study.getReferrer().getDisplay()).isEqualTo("Dr. Gregory House");
        assertThat(study.getNumberOfSeries()).isEqualTo(2);
        assertThat(study.getNumberOfInstances()).isEqualTo(4);
        assertThat(study.getDescription()).isEqualTo("Thorax und Abdömen");
        assertThat(study.getProcedureCode())
                .extracting(concept -> concept.getCodingFirstRep().getSystem())
                .containsExactly(
                        "http://snomed.info/sct",
                        "http://radlex.org",
                        "urn:imaging-ingestion:coding-scheme:99LOCAL",
                        null);
        assertThat(study.getProcedureCode())
                .extracting(concept -> concept.getText())
                .containsExactly("CT", "CT Thorax", "Own", "Meaning alone");
        assertThat(study.getExtensionByUrl(Published.REVISION)
                        .getExtensionByUrl("revision")
                        .getValue()
                        .primitiveValue())
                .isEqualTo("7");
    }

    @Test
    void saysAllThatTheSeriesSay() {
        List<ImagingStudySeriesComponent> series = study(TestStudy.whole(UID)).getSeries();
        ImagingStudySeriesComponent first = series.get(0);

        assertThat(first.getUid()).isEqualTo(UID + ".1.1");
        assertThat(first.getNumber()).isEqualTo(1);
        assertThat(codings(List.of(first.getModality()))).containsExactly(FhirCoding.DCM + "|CT");
        assertThat(first.getDescription()).isEqualTo("Thorax 1.0");
        assertThat(first.getNumberOfInstances()).isEqualTo(3);
        assertThat(first.getBodySite().getCode()).isEqualTo("CHEST");
        assertThat(first.getLaterality().getCode()).isEqualTo("7771000");
        assertThat(first.getStartedElement().getValueAsString()).isEqualTo("2026-01-02T10:12:00+01:00");
        assertThat(first.getPerformer())
                .extracting(
                        performer -> performer.getFunction().getCodingFirstRep().getCode() + " "
                                + performer.getActor().getDisplay())
                .containsExactly("PRF Ann One", "PRF Bob Two", "SPRF Cem Three");
        assertThat(first.getInstance()).hasSize(3).first().satisfies(instance -> {
            assertThat(instance.getUid()).isEqualTo(UID + ".1.1.1");
            assertThat(instance.getSopClass().getSystem()).isEqualTo("urn:ietf:rfc:3986");
            assertThat(instance.getSopClass().getCode()).isEqualTo("urn:oid:" + TestStudy.CT);
            assertThat(instance.getNumber()).isEqualTo(1);
            assertThat(instance.getTitle()).isNull();
        });
        assertThat(series.get(1).getInstanceFirstRep().getTitle()).isEqualTo("Radiology Report");
    }

    @Test
    void refersToTheEndpointThatIsThereAndChangesItsAddressAlone() throws Exception {
        String there = "{\"resourceType\":\"Endpoint\",\"id\":\"5\",\"meta\":{\"versionId\":\"2\"},\"status\":\"test\","
                + "\"connectionType\":{\"code\":\"dicom-wado-rs\"},\"payloadType\":[{\"text\":\"x\"}],"
                + "\"address\":\"https://archive.example.org/dicom-web\"}";
        Published place = new Published("5", "2", (ObjectNode) new ObjectMapper().readTree(there));

        Bundle same = bundle(TestStudy.whole(UID).revision(0), MAPPING, null, place);
        Bundle moved = bundle(
                TestStudy.whole(UID).revision(0), mapping("https://other.example.org/rs", false, null), null, place);
        BundleEntryComponent entry = entry(moved, Endpoint.class);
        Endpoint endpoint = (Endpoint) entry.getResource();

        assertThat(same.getEntry()).hasSize(1);
        assertThat(study(same).getEndpointFirstRep().getReference()).isEqualTo("Endpoint/5");
        assertThat(study(moved).getEndpointFirstRep().getReference()).isEqualTo("Endpoint/5");
        assertThat(entry.getRequest().getMethod()).isEqualTo(Bundle.HTTPVerb.PUT);
        assertThat(entry.getRequest().getUrl()).isEqualTo("Endpoint/5");
        assertThat(entry.getRequest().getIfMatch()).isEqualTo("W/\"2\"");
        assertThat(endpoint.getAddress()).isEqualTo("https://other.example.org/rs");
        assertThat(endpoint.getStatus()).isEqualTo(Endpoint.EndpointStatus.TEST);
    }

    @Test
    void hasOneEndpointOfTheEventOrOfTheSetting() {
        Bundle bundle = bundle(TestStudy.whole(UID).revision(0), MAPPING, null);
        BundleEntryComponent entry = entry(bundle, Endpoint.class);
        Endpoint endpoint = (Endpoint) entry.getResource();

        assertThat(endpoint.getAddress()).isEqualTo("https://archive.example.org/dicom-web");
        assertThat(endpoint.getConnectionType().getCode()).isEqualTo("dicom-wado-rs");
        assertThat(endpoint.getStatus()).isEqualTo(Endpoint.EndpointStatus.ACTIVE);
        assertThat(entry.getRequest().getMethod()).isEqualTo(Bundle.HTTPVerb.POST);
        assertThat(entry.getRequest().getIfNoneExist())
                .isEqualTo("identifier=urn%3Aimaging-ingestion%3Aendpoint%7Cnorth");
        assertThat(study(bundle).getEndpointFirstRep().getReference()).isEqualTo(entry.getFullUrl());

        Mapping set = mapping("https://other.example.org/rs", false, null);
        Bundle other = bundle(TestStudy.whole(UID).revision(0), set, null);
        assertThat(((Endpoint) entry(other, Endpoint.class).getResource()).getAddress())
                .isEqualTo("https://other.example.org/rs");

        TestStudy nowhere = TestStudy.whole(UID);
        nowhere.address = null;
        assertThat(bundle(nowhere.revision(0), MAPPING, null).getEntry()).hasSize(1);
        assertThat(study(nowhere).getEndpoint()).isEmpty();
    }

    @Test
    void createsThePatientWhereThatIsWanted() {
        Bundle bundle = bundle(TestStudy.whole(UID).revision(0), mapping(null, true, null), null);
        BundleEntryComponent entry = entry(bundle, Patient.class);
        Patient patient = (Patient) entry.getResource();

        assertThat(entry.getRequest().getMethod()).isEqualTo(Bundle.HTTPVerb.POST);
        assertThat(entry.getRequest().getIfNoneExist())
                .isEqualTo("identifier=urn%3Aimaging-ingestion%3Aissuer%3AHOSPITAL%2520A%7CP%5C%2C1%5C%7C2");
        assertThat(patient.getName()).hasSize(2);
        assertThat(patient.getNameFirstRep().getFamily()).isEqualTo("Jürgens");
        assertThat(patient.getNameFirstRep().getGiven())
                .extracting(given -> given.getValue())
                .containsExactly("Änne", "M");
        assertThat(patient.getName().get(1).getFamily()).isEqualTo("山田");
        assertThat(patient.getGender().toCode()).isEqualTo("female");
        assertThat(patient.getBirthDateElement().getValueAsString()).isEqualTo("1970-01-31");
        assertThat(study(bundle).getSubject().getReference()).isEqualTo(entry.getFullUrl());
    }

    @Test
    void isValidWhereNothingIsSaid() {
        TestStudy bare = new TestStudy(UID);
        bare.series("1", null, 1);

        ImagingStudy study = study(bundle(bare.revision(0), mapping(null, true, null), null));

        assertThat(study.getSubject().getIdentifier().isEmpty()).isTrue();
        assertThat(study.hasStarted()).isFalse();
        assertThat(study.getModality()).isEmpty();
        assertThat(study.getSeriesFirstRep().getModality().getCode()).isNull();
    }

    @Test
    void leavesOutWhatIsMalformed() {
        TestStudy odd = new TestStudy(UID);
        odd.study
                .setString(Tag.StudyDate, VR.DA, "20261301")
                .setString(Tag.StudyTime, VR.TM, "25")
                .setString(Tag.TimezoneOffsetFromUTC, VR.SH, "noon")
                .setString(Tag.PatientBirthDate, VR.DA, "unknown")
                .setString(Tag.PatientSex, VR.CS, "?")
                .setString(Tag.PatientID, VR.LO, " ")
                .setString(Tag.PatientName, VR.PN, "^^^")
                .setString(Tag.AccessionNumber, VR.SH, "\u0001")
                .setString(Tag.StudyDescription, VR.LO, "a\u0000b\u001bc")
                .setItems(
                        Tag.ProcedureCodeSequence,
                        new DataSet(),
                        new DataSet().setString(Tag.CodeValue, VR.SH, " a  b "));
        odd.series("1", " CT ", 0)
                .setString(Tag.Laterality, VR.CS, "U")
                .setString(Tag.BodyPartExamined, VR.CS, "  ")
                .setString(Tag.PerformingPhysicianName, VR.PN, "", "=", "X^Y", "X^Y");
        odd.series("2", "MR", 1);

        Bundle bundle = bundle(odd.revision(0), mapping(null, true, ZoneId.of("Z")), null);
        ImagingStudy study = study(bundle);

        assertThat(bundle.getEntry()).noneMatch(entry -> entry.getResource() instanceof Patient);
        assertThat(study.hasStarted()).isFalse();
        assertThat(study.getBasedOn()).isEmpty();
        assertThat(study.getDescription()).isEqualTo("abc");
        assertThat(codings(study.getModality())).containsExactly(FhirCoding.DCM + "|CT", FhirCoding.DCM + "|MR");
        assertThat(study.getProcedureCode()).hasSize(1);
        assertThat(study.getProcedureCodeFirstRep().getCodingFirstRep().getCode())
                .isEqualTo("a b");
        ImagingStudySeriesComponent series = study.getSeriesFirstRep();
        assertThat(series.hasLaterality()).isFalse();
        assertThat(series.hasBodySite()).isFalse();
        assertThat(series.getPerformer()).hasSize(1);
        assertThat(series.getInstance()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "20260102,101112,+0530,,2026-01-02T10:11:12+05:30",
        "20260102,10,,,2026-01-02",
        "20260702,10,,Europe/Zurich,2026-07-02T10:00:00+02:00",
        "20260102,101160,-0000,,2026-01-02T10:11:59Z",
        "20260102,1011,+2500,,2026-01-02",
        "2026.01.02,10:11:12,,Z,2026-01-02T10:11:12Z",
        "20260102,,,Z,2026-01-02",
        ",101112,,Z,"
    })
    void saysWhenItBeganAsExactlyAsThatIsKnown(String date, String time, String offset, String zone, String started) {
        TestStudy study = new TestStudy(UID);
        study.series("1", "CT", 1);
        if (date != null) {
            study.study.setString(Tag.StudyDate, VR.DA, date);
        }
        if (time != null) {
            study.study.setString(Tag.StudyTime, VR.TM, time);
        }
        if (offset != null) {
            study.study.setString(Tag.TimezoneOffsetFromUTC, VR.SH, offset);
        }

        ImagingStudy mapped =
                study(bundle(study.revision(0), mapping(null, false, zone == null ? null : ZoneId.of(zone)), null));

        assertThat(mapped.getStartedElement().getValueAsString()).isEqualTo(started);
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.3.4,,,urn:oid:1.2.3.4",
        "https://a.example.org/mrn,,,https://a.example.org/mrn",
        "KNOWN,,,urn:known",
        "A,1.2.840.113619,ISO,urn:oid:1.2.840.113619",
        "A,f81d4fae-7dec-11d0-a765-00a0c91e6bf6,UUID,urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        "A,example.org,DNS,urn:imaging-ingestion:issuer:A",
        ",,,urn:imaging-ingestion:patient-of:north"
    })
    void knowsThePatientByItsIssuer(String issuer, String universal, String type, String system) {
        TestStudy study = TestStudy.whole(UID);
        study.study.remove(Tag.IssuerOfPatientID);
        if (issuer != null) {
            study.study.setString(Tag.IssuerOfPatientID, VR.LO, issuer);
        }
        if (universal != null) {
            study.study.setItems(
                    Tag.IssuerOfPatientIDQualifiersSequence,
                    new DataSet()
                            .setString(Tag.UniversalEntityID, VR.UT, universal)
                            .setString(Tag.UniversalEntityIDType, VR.CS, type));
        }
        Mapping mapping =
                new Mapping(null, false, null, Map.of("KNOWN", "urn:known"), "urn:acc", "cancelled", null, 1000);

        ImagingStudy mapped = study(bundle(study.revision(0), mapping, null));

        assertThat(mapped.getSubject().getIdentifier().getSystem()).isEqualTo(system);
        assertThat(mapped.getBasedOnFirstRep().getIdentifier().getSystem()).isEqualTo("urn:acc");
    }

    @Test
    void takesWhatOriginalSendersSay() {
        StudyRevisionEvent event = new StudyRevisionEvent(
                0,
                "north",
                new StudyRevisionEvent.Study(
                        UID,
                        "20260102",
                        List.of(
                                new EventElement("0010", "0020", "LO", "P1"),
                                new EventElement("0008", "1030", "LO", "Thorax"),
                                new EventElement("0008", "0050", "SH", null),
                                new EventElement("0008", "1032", "SQ", null),
                                new EventElement("zzzz", "0050", "SH", "x")),
                        List.of(new StudyRevisionEvent.Series(
                                UID + ".1",
                                -1,
                                "CT",
                                List.of(new EventElement("0008", "103E", "LO", "Thorax 1.0")),
                                List.of(new StudyRevisionEvent.Instance(UID + ".1.1", null, null)),
                                null,
                                "north"))),
                new StudyRevisionEvent.ChangeSet(List.of(), List.of(), List.of()));

        ImagingStudy study = study(bundle(event, MAPPING, null));

        assertThat(study.getStartedElement().getValueAsString()).isEqualTo("2026-01-02");
        assertThat(study.getDescription()).isEqualTo("Thorax");
        assertThat(study.getSubject().getIdentifier().getValue()).isEqualTo("P1");
        assertThat(study.getSeriesFirstRep().getDescription()).isEqualTo("Thorax 1.0");
        assertThat(study.getSeriesFirstRep().hasNumber()).isFalse();
    }

    @Test
    void keepsWhatWasSaidOfADeletedStudyButWhatItHas() throws Exception {
        String before =
                "{\"resourceType\":\"ImagingStudy\",\"id\":\"5\",\"meta\":{\"versionId\":\"2\"},\"status\":\"available\","
                        + "\"identifier\":[{\"value\":\"x\"}],\"subject\":{\"display\":\"P\"},\"started\":\"2026-01-02\","
                        + "\"endpoint\":[{\"reference\":\"Endpoint/1\"}],\"numberOfSeries\":1,\"note\":[{\"text\":\"kept\"}]}";
        Published published = new Published("5", "2", (ObjectNode) new ObjectMapper().readTree(before));

        Bundle bundle = bundle(TestStudy.deleted(UID, 3), MAPPING, published);
        ImagingStudy study = study(bundle);

        assertThat(bundle.getEntry()).hasSize(1);
        assertThat(bundle.getEntryFirstRep().getRequest().getUrl()).isEqualTo("ImagingStudy/5");
        assertThat(bundle.getEntryFirstRep().getRequest().getIfMatch()).isEqualTo("W/\"2\"");
        assertThat(study.getStatus()).isEqualTo(ImagingStudy.ImagingStudyStatus.CANCELLED);
        assertThat(study.getSubject().getDisplay()).isEqualTo("P");
        assertThat(study.getNoteFirstRep().getText()).isEqualTo("kept");
        assertThat(study.getNumberOfInstances()).isZero();
        assertThat(study.hasEndpoint()).isFalse();
        assertThat(study(bundle(TestStudy.deleted(UID, 3), MAPPING, null))
                        .getSubject()
                        .isEmpty())
                .isFalse();
    }

    @Test
    void listsNoMoreInstancesThanAreAllowed() {
        TestStudy study = new TestStudy(UID);
        IntStream.range(0, 3).forEach(i -> study.series(Integer.toString(i + 1), "CT", 400));

        ImagingStudy mapped = study(study);

        assertThat(mapped.getNumberOfInstances()).isEqualTo(1200);
        assertThat(mapped.getSeries()).allSatisfy(series -> {
            assertThat(series.getNumberOfInstances()).isEqualTo(400);
            assertThat(series.getInstance()).isEmpty();
        });
    }
}
