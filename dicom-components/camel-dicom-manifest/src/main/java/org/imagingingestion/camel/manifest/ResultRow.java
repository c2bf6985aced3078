package org.imagingingestion.camel.manifest;

import java.sql.ResultSet;
import java.sql.SQLException;

import org.imagingingestion.dicom.service.QueryLevel;

/**
 * What a row of a search says of its study and series.
 *
 * @param study attributes of the study, or of the patient where that is searched; {@code null} where they were not asked for
 * @param series attributes of the series, {@code null} where they were not asked for
 */
record ResultRow(JsonMembers study, JsonMembers series) {
    static ResultRow of(ResultSet row, QueryLevel level) throws SQLException {
        byte[] study = row.getBytes(SearchStatement.STUDY_ATTRIBUTES);
        byte[] series = level.compareTo(QueryLevel.SERIES) < 0 ? null : row.getBytes(SearchStatement.SERIES_ATTRIBUTES);
        return new ResultRow(
                study == null ? null : JsonMembers.of(study), series == null ? null : JsonMembers.of(series));
    }

    JsonMembers attributes(QueryLevel level) {
        return level == QueryLevel.SERIES ? series : study;
    }
}
