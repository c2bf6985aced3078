package org.imagingingestion.camel.fhir;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DateRange;
import org.imagingingestion.dicom.DateTimeRange;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TimeRange;
import org.imagingingestion.dicom.UIDs;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.event.EventElement;
import org.imagingingestion.dicom.event.StudyRevisionEvent;

/** What the attributes of a study, and of its series, say in the terms of FHIR. Values that are not what their VR allows say nothing. */
final class StudyAttributes {
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssXXX");
    private static final DateTimeFormatter FRACTIONS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX");
    private static final String PRIVATE_URN = "urn:imaging-ingestion:";

    private final String provider;
    private final Mapping mapping;
    private final DataSet study;

    StudyAttributes(StudyRevisionEvent event, Mapping mapping) {
        this.provider = event.provider();
        this.mapping = mapping;
        this.study = dataSet(event.study().dataSet(), event.study().attributes());
        if (event.study().studyDate() != null && !study.contains(Tag.StudyDate)) {
            study.setString(Tag.StudyDate, VR.DA, event.study().studyDate());
        }
    }

    /** The attributes of a level; those of original senders have the first value only. */
    static DataSet dataSet(DataSet whole, List<EventElement> elements) {
        if (whole != null) {
            return whole;
        }
        DataSet dataSet = new DataSet().setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 192");
        for (EventElement element : elements) {
            if (element.value() != null
                    && element.vr() != null
                    && (element.group() + element.element()).matches("[0-9A-Fa-f]{8}")) {
                int tag = Integer.parseUnsignedInt(element.group() + element.element(), 16);
                if (isText(element.vr()) && tag != Tag.SpecificCharacterSet) {
                    dataSet.setString(tag, VR.valueOf(element.vr()), element.value());
                }
            }
        }
        return dataSet;
    }

    private static boolean isText(String vr) {
        return switch (vr) {
            case "AE",
                    "AS",
                    "CS",
                    "DA",
                    "DS",
                    "DT",
                    "IS",
                    "LO",
                    "LT",
                    "PN",
                    "SH",
                    "ST",
                    "TM",
                    "UC",
                    "UI",
                    "UR",
                    "UT" -> true;
            default -> false;
        };
    }

    /** When the study began, as a dateTime; {@code null} where that is not said. */
    String started() {
        return dateTime(study.string(Tag.StudyDate), study.string(Tag.StudyTime));
    }

    /** When a series began. */
    String started(DataSet series) {
        return dateTime(series.string(Tag.SeriesDate), series.string(Tag.SeriesTime));
    }

    private String dateTime(String dateValue, String timeValue) {
        Optional<LocalDate> date =
                Optional.ofNullable(dateValue).flatMap(DateRange::ofValue).map(DateRange::from);
        if (date.isEmpty()) {
            return null;
        }
        Optional<LocalTime> time =
                Optional.ofNullable(timeValue).flatMap(TimeRange::ofValue).map(TimeRange::from);
        ZoneId zone = Optional.ofNullable(study.string(Tag.TimezoneOffsetFromUTC))
                .flatMap(DateTimeRange::offset)
                .map(ZoneId.class::cast)
                .orElse(mapping.zone());
        if (time.isEmpty() || zone == null) {
            return date.get().toString();
        }
        LocalTime exact = time.get().truncatedTo(ChronoUnit.MILLIS);
        return (exact.getNano() == 0 ? SECONDS : FRACTIONS)
                .format(LocalDateTime.of(date.get(), exact).atZone(zone));
    }

    String description() {
        return FhirText.of(study.string(Tag.StudyDescription));
    }

    String referrer() {
        return FhirText.name(study.string(Tag.ReferringPhysicianName));
    }

    List<FhirCoding> procedures() {
        return study.items(Tag.ProcedureCodeSequence).stream()
                .map(FhirCoding::of)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    /** The accession numbers of the study, and of the requests that its series are of. */
    List<FhirIdentifier> accessions(List<DataSet> series) {
        List<FhirIdentifier> accessions = new ArrayList<>();
        accessions.add(accession(study));
        for (DataSet one : series) {
            one.items(Tag.RequestAttributesSequence).forEach(request -> accessions.add(accession(request)));
        }
        List<FhirIdentifier> distinct = new ArrayList<>();
        for (FhirIdentifier one : accessions) {
            if (one != null
                    && distinct.stream().noneMatch(other -> other.value().equals(one.value()))) {
                distinct.add(one);
            }
        }
        return distinct;
    }

    private FhirIdentifier accession(DataSet dataSet) {
        String number = FhirText.of(dataSet.string(Tag.AccessionNumber));
        if (number == null) {
            return null;
        }
        DataSet issuer = dataSet.items(Tag.IssuerOfAccessionNumberSequence).stream()
                .findFirst()
                .orElse(new DataSet());
        String system = universal(issuer);
        return new FhirIdentifier(
                "ACSN",
                system == null ? mapping.accessionSystem() : system,
                number,
                FhirText.of(issuer.string(Tag.LocalNamespaceEntityID)));
    }

    /** The patient's identifier with its issuer, {@code null} where the study says none. */
    FhirIdentifier patient() {
        String id = FhirText.of(study.string(Tag.PatientID));
        if (id == null) {
            return null;
        }
        String issuer = FhirText.of(study.string(Tag.IssuerOfPatientID));
        String system = study.items(Tag.IssuerOfPatientIDQualifiersSequence).stream()
                .map(StudyAttributes::universal)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        return new FhirIdentifier("MR", patientSystem(issuer, system), id, issuer);
    }

    private String patientSystem(String issuer, String universal) {
        if (issuer != null && mapping.issuerSystems().containsKey(issuer)) {
            return mapping.issuerSystems().get(issuer);
        }
        if (universal != null) {
            return universal;
        }
        if (issuer != null) {
            String uri = UIDs.isValid(issuer) && issuer.indexOf('.') > 0 ? "urn:oid:" + issuer : uri(issuer);
            return uri != null ? uri : PRIVATE_URN + "issuer:" + FhirIdentifier.encode(issuer);
        }
        return mapping.patientSystem() != null
                ? mapping.patientSystem()
                : PRIVATE_URN + "patient-of:" + FhirIdentifier.encode(provider);
    }

    /** HL7v2 hierarchic designator (PS3.3 §10.14, §10.17). */
    private static String universal(DataSet designator) {
        String id = FhirText.of(designator.string(Tag.UniversalEntityID));
        String type = designator.string(Tag.UniversalEntityIDType);
        if (id == null || type == null) {
            return null;
        }
        return switch (type.strip()) {
            case "ISO" -> UIDs.isValid(id) ? "urn:oid:" + id : null;
            case "UUID" -> uri("urn:uuid:" + id);
            case "URI" -> uri(id);
            default -> null;
        };
    }

    private static String uri(String text) {
        try {
            return new URI(text).isAbsolute() ? text : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** Patient's Name (0010,0010) as it is, {@code null} where there is none. */
    String patientName() {
        return study.string(Tag.PatientName);
    }

    /** Patient's Birth Date as a date, {@code null} where it is none. */
    String birthDate() {
        return Optional.ofNullable(study.string(Tag.PatientBirthDate))
                .flatMap(DateRange::ofValue)
                .map(date -> date.from().toString())
                .orElse(null);
    }

    /** Patient's Sex as a code of AdministrativeGender, {@code null} where it is not said. */
    String gender() {
        return switch (study.string(Tag.PatientSex, "").strip()) {
            case "M" -> "male";
            case "F" -> "female";
            case "O" -> "other";
            default -> null;
        };
    }

    /** All values of an attribute that is a person's name, as they are read. */
    static List<String> names(DataSet dataSet, int tag) {
        return Arrays.stream(dataSet.strings(tag))
                .map(FhirText::name)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }
}
