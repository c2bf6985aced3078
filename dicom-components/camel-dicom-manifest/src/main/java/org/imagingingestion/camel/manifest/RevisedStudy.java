package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.event.EventElement;
import org.imagingingestion.dicom.event.StudyRevisionEvent;

/** Reads the whole of a study as its revisions tell it. */
final class RevisedStudy {
    private static final Set<String> STUDY_ATTRIBUTES = names(
            Tag.AccessionNumber,
            Tag.ReferringPhysicianName,
            Tag.StudyDescription,
            Tag.PatientName,
            Tag.PatientID,
            Tag.IssuerOfPatientID,
            Tag.PatientBirthDate,
            Tag.PatientSex);
    private static final Set<String> SERIES_ATTRIBUTES = names(
            Tag.SeriesDescription,
            Tag.PerformedProcedureStepStartDate,
            Tag.PerformedProcedureStepStartTime,
            Tag.RequestAttributesSequence,
            Tag.ScheduledProcedureStepID,
            Tag.RequestedProcedureID);

    /** Attributes that are told whole, as they have several values or items, or are of no original sender. */
    private static final int[] STUDY_DATA_SET = {
        Tag.SpecificCharacterSet,
        Tag.StudyDate,
        Tag.StudyTime,
        Tag.AccessionNumber,
        Tag.IssuerOfAccessionNumberSequence,
        Tag.ReferringPhysicianName,
        Tag.TimezoneOffsetFromUTC,
        Tag.StudyDescription,
        Tag.ProcedureCodeSequence,
        Tag.PatientName,
        Tag.PatientID,
        Tag.IssuerOfPatientID,
        Tag.IssuerOfPatientIDQualifiersSequence,
        Tag.PatientBirthDate,
        Tag.PatientSex
    };

    private static final int[] SERIES_DATA_SET = {
        Tag.SpecificCharacterSet,
        Tag.SeriesDate,
        Tag.SeriesTime,
        Tag.SeriesDescription,
        Tag.PerformingPhysicianName,
        Tag.OperatorsName,
        Tag.BodyPartExamined,
        Tag.Laterality,
        Tag.RequestAttributesSequence
    };

    /** Reports, presentation states and encapsulated documents have titles; there are few of them in a study. */
    private static final String HAS_TITLE =
            "i.sop_class_uid ~ '^1\\.2\\.840\\.10008\\.5\\.1\\.4\\.1\\.1\\.(11|88|104)\\.'";

    private static final int[] TITLES = {Tag.DocumentTitle, Tag.ContentLabel};

    private static final String STUDY = "SELECT id, attributes, array_to_string(modalities, '\\')"
            + " FROM manifest.study WHERE provider = ? AND study_instance_uid = ?";
    private static final String SERIES = "SELECT id, series_instance_uid, series_number, modality, attributes"
            + " FROM manifest.series WHERE study = ? ORDER BY series_number, series_instance_uid";
    private static final String INSTANCES =
            "SELECT i.series, i.sop_instance_uid, i.sop_class_uid, i.instance_number, CASE WHEN " + HAS_TITLE
                    + " THEN i.metadata END FROM manifest.series e JOIN manifest.instance i ON i.series = e.id"
                    + " WHERE e.study = ? ORDER BY i.series, i.instance_number, i.sop_instance_uid";
    private static final int FETCH_SIZE = 1000;

    private final Connection connection;
    private final String wadoAddress;
    private final Templates templates = new Templates();

    /** @param wadoAddress address of WADO-RS, {@code null} for none */
    RevisedStudy(Connection connection, String wadoAddress) {
        this.connection = connection;
        this.wadoAddress = wadoAddress;
    }

    private static Set<String> names(int... tags) {
        return Arrays.stream(tags).mapToObj(Tag::toHexString).collect(Collectors.toSet());
    }

    /** The study with its series and instances, by their numbers; without any where there is none. */
    StudyRevisionEvent.Study read(String provider, String uid) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(STUDY)) {
            select.setString(1, provider);
            select.setString(2, uid);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return new StudyRevisionEvent.Study(uid, null, List.of(), List.of());
                }
                DataSet attributes = PreparedJson.read(row.getBytes(2));
                EventElement modalities = new EventElement("0008", "0061", VR.CS.name(), row.getString(3));
                return new StudyRevisionEvent.Study(
                        uid,
                        attributes.string(Tag.StudyDate),
                        Stream.concat(Stream.of(modalities), elements(attributes, STUDY_ATTRIBUTES))
                                .toList(),
                        extract(attributes, STUDY_DATA_SET),
                        series(row.getLong(1), provider, uid));
            }
        }
    }

    private static Stream<EventElement> elements(DataSet attributes, Set<String> names) {
        return EventElement.of(attributes).stream()
                .filter(element -> names.contains(element.group() + element.element()));
    }

    private static DataSet extract(DataSet attributes, int[] tags) {
        DataSet extract = new DataSet();
        for (int tag : tags) {
            Element element = attributes.get(tag);
            if (element != null && !element.isEmpty()) {
                extract.put(element);
            }
        }
        return extract;
    }

    /** PS3.3: the title of an encapsulated document, the label of a presentation state, or the concept that a report is of. */
    private String title(long series, byte[] metadata) throws SQLException {
        if (metadata == null) {
            return null;
        }
        byte[] template = templates.get(connection, List.of(series)).get(series).bytes();
        DataSet attributes = PreparedJson.read(
                Delta.decode(template, metadata),
                tag -> tag == Tag.SpecificCharacterSet
                        || tag == Tag.ConceptNameCodeSequence
                        || Arrays.stream(TITLES).anyMatch(title -> title == tag));
        return Stream.concat(
                        Arrays.stream(TITLES).mapToObj(attributes::string),
                        attributes.items(Tag.ConceptNameCodeSequence).stream()
                                .map(concept -> concept.string(Tag.CodeMeaning)))
                .filter(title -> title != null && !title.isBlank())
                .findFirst()
                .orElse(null);
    }

    private List<StudyRevisionEvent.Series> series(long study, String provider, String uid) throws SQLException {
        Map<Long, List<StudyRevisionEvent.Instance>> instances = instances(study);
        List<StudyRevisionEvent.Series> series = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(SERIES)) {
            select.setLong(1, study);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String seriesUID = row.getString(2);
                    DataSet attributes = PreparedJson.read(row.getBytes(5));
                    series.add(new StudyRevisionEvent.Series(
                            seriesUID,
                            row.getObject(3, Integer.class),
                            row.getString(4),
                            elements(attributes, SERIES_ATTRIBUTES).toList(),
                            extract(attributes, SERIES_DATA_SET),
                            instances.getOrDefault(row.getLong(1), List.of()),
                            wadoAddress == null ? null : wadoAddress + "/studies/" + uid + "/series/" + seriesUID,
                            provider));
                }
            }
        }
        return series;
    }

    private Map<Long, List<StudyRevisionEvent.Instance>> instances(long study) throws SQLException {
        Map<Long, List<StudyRevisionEvent.Instance>> instances = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(INSTANCES)) {
            select.setLong(1, study);
            select.setFetchSize(FETCH_SIZE);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    instances
                            .computeIfAbsent(row.getLong(1), series -> new ArrayList<>())
                            .add(new StudyRevisionEvent.Instance(
                                    row.getString(2),
                                    row.getString(3),
                                    row.getObject(4, Integer.class),
                                    title(row.getLong(1), row.getBytes(5))));
                }
            }
        }
        return instances;
    }
}
