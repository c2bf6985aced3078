package org.imagingingestion.camel.manifest;

import java.sql.ResultSet;
import java.sql.SQLException;

import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.QueryLevel;

/** Puts the answers of a search together out of JSON that is ready (PS3.18 §10.6.3.2). */
final class ResultWriter {
    private static final byte[] CHARACTER_SET = JsonObject.member(Tag.SpecificCharacterSet, VR.CS, "\"ISO_IR 192\"");
    private static final byte[] AVAILABILITY = JsonObject.member(Tag.InstanceAvailability, VR.CS, "\"ONLINE\"");

    private final SearchPlan plan;
    private final ReturnKeys keys;

    ResultWriter(SearchPlan plan) {
        this.plan = plan;
        keys = ReturnKeys.of(plan.query());
    }

    /** @param metadata of the instance, {@code null} where it was not asked for */
    byte[] write(ResultRow found, ResultSet row, JsonMembers metadata) throws SQLException {
        JsonObject object = new JsonObject().add(Tag.SpecificCharacterSet, CHARACTER_SET);
        switch (plan.query().level()) {
            case PATIENT -> patient(object, found, row);
            case STUDY -> {
                object.add(Tag.InstanceAvailability, AVAILABILITY);
                url(object, PreparedInstance.studyPath(row.getString(SearchStatement.STUDY_UID)));
                study(object, found, row);
            }
            case SERIES -> {
                url(
                        object,
                        PreparedInstance.seriesPath(
                                row.getString(SearchStatement.STUDY_UID), row.getString(SearchStatement.SERIES_UID)));
                series(object, found, row);
                studyOfFound(object, found, row);
            }
            case IMAGE -> {
                image(object, row, metadata);
                seriesOfFound(object, found, row);
                studyOfFound(object, found, row);
            }
        }
        return object.toBytes();
    }

    private static void url(JsonObject object, String path) {
        object.addText(Tag.RetrieveURL, VR.UR, path);
    }

    private void patient(JsonObject object, ResultRow found, ResultSet row) throws SQLException {
        keys.add(object, QueryLevel.PATIENT, found.study());
        object.addNumber(
                Tag.NumberOfPatientRelatedStudies, VR.IS, row.getLong(SearchStatement.NUMBER_OF_SERIES_INSTANCES));
        object.addNumber(Tag.NumberOfPatientRelatedSeries, VR.IS, row.getLong(SearchStatement.NUMBER_OF_SERIES));
        object.addNumber(
                Tag.NumberOfPatientRelatedInstances, VR.IS, row.getLong(SearchStatement.NUMBER_OF_STUDY_INSTANCES));
    }

    private void study(JsonObject object, ResultRow found, ResultSet row) throws SQLException {
        String modalities = row.getString(SearchStatement.MODALITIES);
        object.addStrings(
                Tag.ModalitiesInStudy, VR.CS, modalities.isEmpty() ? new String[0] : modalities.split("\\\\"));
        keys.add(object, QueryLevel.STUDY, found.study());
        object.addNumber(Tag.NumberOfStudyRelatedSeries, VR.IS, row.getLong(SearchStatement.NUMBER_OF_SERIES));
        object.addNumber(
                Tag.NumberOfStudyRelatedInstances, VR.IS, row.getLong(SearchStatement.NUMBER_OF_STUDY_INSTANCES));
    }

    private void series(JsonObject object, ResultRow found, ResultSet row) throws SQLException {
        keys.add(object, QueryLevel.SERIES, found.series());
        object.addNumber(
                Tag.NumberOfSeriesRelatedInstances, VR.IS, row.getLong(SearchStatement.NUMBER_OF_SERIES_INSTANCES));
    }

    private void image(JsonObject object, ResultSet row, JsonMembers metadata) throws SQLException {
        String study = row.getString(SearchStatement.STUDY_UID);
        String series = row.getString(SearchStatement.SERIES_UID);
        String instance = row.getString(SearchStatement.INSTANCE_UID);
        object.addText(Tag.SOPClassUID, VR.UI, row.getString(SearchStatement.CLASS_UID));
        object.addText(Tag.SOPInstanceUID, VR.UI, instance);
        object.add(Tag.InstanceAvailability, AVAILABILITY);
        url(object, PreparedInstance.instancePath(study, series, instance));
        object.addText(Tag.StudyInstanceUID, VR.UI, study);
        object.addText(Tag.SeriesInstanceUID, VR.UI, series);
        if (metadata != null && keys.isAll()) {
            for (int i = 0; i < metadata.size(); i++) {
                object.add(metadata, i);
            }
        } else if (metadata != null) {
            keys.addIncluded(object, metadata);
        }
        imageColumns(object, row);
    }

    private static void imageColumns(JsonObject object, ResultSet row) throws SQLException {
        String transferSyntax = row.getString(SearchStatement.TRANSFER_SYNTAX_UID);
        if (!transferSyntax.isEmpty()) {
            object.addStrings(Tag.AvailableTransferSyntaxUID, VR.UI, transferSyntax);
        }
        int at = SearchStatement.IMAGE_COLUMNS;
        for (Column column : Columns.IMAGE) {
            if (column.kind() == Column.Kind.NUMBER) {
                long value = row.getLong(at);
                VR vr = column.tag() == Tag.InstanceNumber || column.tag() == Tag.NumberOfFrames ? VR.IS : VR.US;
                if (!row.wasNull()) {
                    object.addNumber(column.tag(), vr, value);
                } else if (column.tag() == Tag.InstanceNumber) {
                    object.addEmpty(column.tag(), vr);
                }
            } else {
                String value = row.getString(at);
                if (value != null) {
                    object.addStrings(column.tag(), VR.SH, value);
                }
            }
            at++;
        }
    }

    /** The series of an instance, where others could have been found too, or what was asked for of it. */
    private void seriesOfFound(JsonObject object, ResultRow found, ResultSet row) throws SQLException {
        if (!plan.isInSeries()) {
            series(object, found, row);
        } else if (found.series() != null) {
            keys.addIncluded(object, found.series());
        }
    }

    /** The study of a series or an instance, where others could have been found too, or what was asked for of it. */
    private void studyOfFound(JsonObject object, ResultRow found, ResultSet row) throws SQLException {
        if (!plan.isInStudy()) {
            study(object, found, row);
        } else {
            object.addText(Tag.StudyInstanceUID, VR.UI, row.getString(SearchStatement.STUDY_UID));
            if (found.study() != null) {
                keys.addIncluded(object, found.study());
            }
        }
    }
}
