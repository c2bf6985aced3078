package org.imagingingestion.camel.manifest;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;

import org.imagingingestion.dicom.service.QueryLevel;

/**
 * What a row of a search says of its study and series.
 *
 * @param study attributes of the study, or of the patient where that is searched; {@code null} where they were not asked for
 * @param series attributes of the series, {@code null} where they were not asked for
 */
record ResultRow(JsonMembers study, JsonMembers series) {
    /** @param before the row before, {@code null} of the first: mostly it is of the same study and series */
    static ResultRow of(ResultSet row, QueryLevel level, ResultRow before) throws SQLException {
        byte[] study = row.getBytes(SearchStatement.STUDY_ATTRIBUTES);
        byte[] series = level.compareTo(QueryLevel.SERIES) < 0 ? null : row.getBytes(SearchStatement.SERIES_ATTRIBUTES);
        return new ResultRow(
                members(study, before == null ? null : before.study),
                members(series, before == null ? null : before.series));
    }

    private static JsonMembers members(byte[] json, JsonMembers before) {
        if (json == null) {
            return null;
        }
        return before != null && Arrays.equals(json, before.json()) ? before : JsonMembers.of(json);
    }

    JsonMembers attributes(QueryLevel level) {
        return level == QueryLevel.SERIES ? series : study;
    }
}
