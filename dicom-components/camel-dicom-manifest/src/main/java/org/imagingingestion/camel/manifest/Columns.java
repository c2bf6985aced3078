package org.imagingingestion.camel.manifest;

import java.util.ArrayList;
import java.util.List;

import org.imagingingestion.camel.manifest.Column.Index;
import org.imagingingestion.camel.manifest.Column.Kind;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.service.QueryLevel;

/** The columns of each level: all attributes that PS3.18 Table 10.6.1-5 and PS3.4 §C.6.1.1 require to be matched, and some more. */
final class Columns {
    /** Patient ID is first and its issuer second; the two tell patients apart. */
    static final List<Column> PATIENT = List.of(
            indexedText("patient_id", Tag.PatientID),
            text("issuer_of_patient_id", Tag.IssuerOfPatientID),
            new Column("patient_birth_date", Tag.PatientBirthDate, Kind.DATE, Index.VALUES),
            text("patient_sex", Tag.PatientSex),
            new Column("patient_name", Tag.PatientName, Kind.NAME, Index.TRIGRAMS),
            new Column("patient_name_plain", Tag.PatientName, Kind.PLAIN_NAME, Index.TRIGRAMS));

    static final List<Column> STUDY = join(
            PATIENT,
            new Column("study_date", Tag.StudyDate, Kind.DATE, Index.VALUES),
            new Column("study_time", Tag.StudyTime, Kind.TIME, Index.VALUES),
            indexedText("accession_number", Tag.AccessionNumber),
            indexedText("study_id", Tag.StudyID),
            new Column("study_description", Tag.StudyDescription, Kind.TEXT, Index.TRIGRAMS),
            new Column("referring_physician_name", Tag.ReferringPhysicianName, Kind.NAME, Index.TRIGRAMS),
            new Column("referring_physician_name_plain", Tag.ReferringPhysicianName, Kind.PLAIN_NAME, Index.TRIGRAMS));

    static final List<Column> SERIES = List.of(
            text("modality", Tag.Modality),
            number("series_number", Tag.SeriesNumber),
            text("series_description", Tag.SeriesDescription),
            text("body_part_examined", Tag.BodyPartExamined),
            new Column(
                    "performed_procedure_step_start_date",
                    Tag.PerformedProcedureStepStartDate,
                    Kind.DATE,
                    Index.VALUES),
            new Column(
                    "performed_procedure_step_start_time",
                    Tag.PerformedProcedureStepStartTime,
                    Kind.TIME,
                    Index.VALUES));

    static final List<Column> IMAGE = List.of(
            number("instance_number", Tag.InstanceNumber),
            number("image_rows", Tag.Rows),
            number("image_columns", Tag.Columns),
            number("bits_allocated", Tag.BitsAllocated),
            number("number_of_frames", Tag.NumberOfFrames),
            text("timezone_offset_from_utc", Tag.TimezoneOffsetFromUTC));

    /** Items of Request Attributes Sequence. */
    static final List<Column> REQUEST = List.of(
            text("scheduled_procedure_step_id", Tag.ScheduledProcedureStepID),
            text("requested_procedure_id", Tag.RequestedProcedureID));

    private static final List<Column> STUDY_KEYS = join(
            STUDY,
            new Column("study_instance_uid", Tag.StudyInstanceUID, Kind.UID, Index.VALUES),
            number("number_of_series", Tag.NumberOfStudyRelatedSeries),
            number("number_of_instances", Tag.NumberOfStudyRelatedInstances));
    private static final List<Column> SERIES_KEYS = join(
            SERIES,
            new Column("series_instance_uid", Tag.SeriesInstanceUID, Kind.UID, Index.VALUES),
            number("number_of_instances", Tag.NumberOfSeriesRelatedInstances));
    private static final List<Column> IMAGE_KEYS = join(
            IMAGE,
            new Column("sop_instance_uid", Tag.SOPInstanceUID, Kind.UID, Index.VALUES),
            new Column("sop_class_uid", Tag.SOPClassUID, Kind.UID, Index.VALUES),
            new Column("transfer_syntax_uid", Tag.AvailableTransferSyntaxUID, Kind.UID, Index.VALUES));

    private Columns() {}

    /** The columns of a level's table that come from its attributes. */
    static List<Column> of(QueryLevel level) {
        return switch (level) {
            case PATIENT -> PATIENT;
            case STUDY -> STUDY;
            case SERIES -> SERIES;
            case IMAGE -> IMAGE;
        };
    }

    /** The column of a level's table that an attribute is matched with, {@code null} where it has none. */
    static Column find(QueryLevel level, int tag, boolean plainNames) {
        List<Column> columns =
                switch (level) {
                    case PATIENT -> PATIENT;
                    case STUDY -> STUDY_KEYS;
                    case SERIES -> SERIES_KEYS;
                    case IMAGE -> IMAGE_KEYS;
                };
        for (Column column : columns) {
            if (column.tag() == tag && column.kind() != (plainNames ? Kind.NAME : Kind.PLAIN_NAME)) {
                return column;
            }
        }
        return null;
    }

    private static Column text(String name, int tag) {
        return new Column(name, tag, Kind.TEXT, Index.NONE);
    }

    private static Column indexedText(String name, int tag) {
        return new Column(name, tag, Kind.TEXT, Index.BOTH);
    }

    private static Column number(String name, int tag) {
        return new Column(name, tag, Kind.NUMBER, Index.VALUES);
    }

    private static List<Column> join(List<Column> columns, Column... more) {
        List<Column> all = new ArrayList<>(columns);
        all.addAll(List.of(more));
        return List.copyOf(all);
    }
}
