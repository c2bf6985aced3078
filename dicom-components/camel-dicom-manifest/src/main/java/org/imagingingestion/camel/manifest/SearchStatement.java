package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryLevel;

/**
 * The statement of a search. Studies come the latest first, then by Study Instance UID; series by number and UID within their
 * study; instances by number and UID within their series. What has no date or number comes last.
 */
final class SearchStatement {
    /** Columns of the result; those that are not needed are NULL. */
    static final int STUDY_UID = 1;

    static final int STUDY_ATTRIBUTES = 2;
    static final int NUMBER_OF_SERIES = 3;
    static final int NUMBER_OF_STUDY_INSTANCES = 4;
    static final int MODALITIES = 5;
    static final int SERIES_UID = 6;
    static final int SERIES_ATTRIBUTES = 7;
    static final int NUMBER_OF_SERIES_INSTANCES = 8;
    static final int INSTANCE_UID = 9;
    static final int CLASS_UID = 10;
    static final int TRANSFER_SYNTAX_UID = 11;
    static final int SERIES_ID = 12;
    static final int METADATA = 13;
    static final int IMAGE_COLUMNS = 14;

    private static final String STUDY_ORDER =
            "st.study_date DESC NULLS LAST, st.study_time DESC NULLS LAST, st.study_instance_uid";
    private static final String SERIES_ORDER = "se.series_number, se.series_instance_uid";
    private static final String IMAGE_ORDER = "i.instance_number, i.sop_instance_uid";

    private final String sql;
    private final List<Object> parameters;
    private final boolean hasMetadata;

    private SearchStatement(String sql, List<Object> parameters, boolean hasMetadata) {
        this.sql = sql;
        this.parameters = parameters;
        this.hasMetadata = hasMetadata;
    }

    static SearchStatement of(SearchPlan plan) {
        Query query = plan.query();
        QueryLevel level = query.level();
        boolean hasMetadata = level == QueryLevel.IMAGE
                && (ReturnKeys.of(query).includes(QueryLevel.IMAGE)
                        || plan.filters().stream().anyMatch(filter -> filter.level() == QueryLevel.IMAGE));
        StringBuilder sql = new StringBuilder("SELECT ")
                .append(columns(plan, hasMetadata))
                .append(" FROM ")
                .append(tables(level))
                .append(" WHERE ")
                .append(plan.conditions().sql())
                .append(" ORDER BY ")
                .append(order(plan));
        if (plan.filters().isEmpty()) {
            // one more tells whether there are more
            sql.append(" LIMIT ").append(query.limit() + 1L).append(" OFFSET ").append(query.offset());
        }
        return new SearchStatement(sql.toString(), plan.conditions().parameters(), hasMetadata);
    }

    /** The statement that finds where instances are that match, at most so many. */
    static SearchStatement ofLocations(SearchPlan plan, int most) {
        return new SearchStatement(
                "SELECT st.study_instance_uid, se.series_instance_uid, i.sop_instance_uid, i.sop_class_uid,"
                        + " i.transfer_syntax_uid, i.object_name, i.length, i.sha256 FROM "
                        + tables(QueryLevel.IMAGE) + " WHERE "
                        + plan.conditions().sql() + " ORDER BY " + order(plan)
                        + " LIMIT " + most,
                plan.conditions().parameters(),
                false);
    }

    private static String columns(SearchPlan plan, boolean hasMetadata) {
        return switch (plan.query().level()) {
            case PATIENT -> "NULL, p.attributes, c.series, c.instances, NULL, NULL, NULL, c.studies";
            case STUDY -> "st.study_instance_uid, " + study(true);
            case SERIES -> "st.study_instance_uid, " + study(needsStudy(plan)) + ", se.series_instance_uid, "
                    + series(true);
            case IMAGE -> "st.study_instance_uid, " + study(needsStudy(plan)) + ", se.series_instance_uid, "
                    + series(needsSeries(plan))
                    + ", i.sop_instance_uid, i.sop_class_uid, i.transfer_syntax_uid, i.series, "
                    + (hasMetadata ? "i.metadata" : "NULL")
                    + Columns.IMAGE.stream()
                            .map(column -> ", i." + column.name())
                            .collect(Collectors.joining());
        };
    }

    private static String study(boolean isNeeded) {
        return isNeeded
                ? "st.attributes, st.number_of_series, st.number_of_instances, array_to_string(st.modalities, '\\')"
                : "NULL, NULL, NULL, NULL";
    }

    private static String series(boolean isNeeded) {
        return isNeeded ? "se.attributes, se.number_of_instances" : "NULL, NULL";
    }

    private static boolean needsStudy(SearchPlan plan) {
        return !plan.isInStudy() || isAskedFor(plan, QueryLevel.STUDY) || isAskedFor(plan, QueryLevel.PATIENT);
    }

    private static boolean needsSeries(SearchPlan plan) {
        return !plan.isInSeries() || isAskedFor(plan, QueryLevel.SERIES);
    }

    private static boolean isAskedFor(SearchPlan plan, QueryLevel level) {
        return ReturnKeys.of(plan.query()).includes(level)
                || plan.filters().stream().anyMatch(filter -> filter.level() == level);
    }

    private static String tables(QueryLevel level) {
        return switch (level) {
            case PATIENT -> """
                    manifest.patient p CROSS JOIN LATERAL (SELECT count(*) AS studies, sum(s.number_of_series) AS series,
                    sum(s.number_of_instances) AS instances FROM manifest.study s WHERE s.patient = p.id) c""";
            case STUDY -> "manifest.study st";
            case SERIES -> "manifest.series se JOIN manifest.study st ON st.id = se.study";
            case IMAGE -> "manifest.instance i JOIN manifest.series se ON se.id = i.series"
                    + " JOIN manifest.study st ON st.id = se.study";
        };
    }

    /** In one study or series, what is the same of all is left out, so that an index has the order. */
    private static String order(SearchPlan plan) {
        return switch (plan.query().level()) {
            case PATIENT -> "p.patient_id, p.issuer_of_patient_id";
            case STUDY -> STUDY_ORDER;
            case SERIES -> (plan.isInStudy() ? "" : STUDY_ORDER + ", ") + SERIES_ORDER;
            case IMAGE -> (plan.isInStudy() ? "" : STUDY_ORDER + ", ")
                    + (plan.isInSeries() ? "" : SERIES_ORDER + ", ")
                    + IMAGE_ORDER;
        };
    }

    String sql() {
        return sql;
    }

    void bind(Connection connection, PreparedStatement statement) throws SQLException {
        for (int i = 0; i < parameters.size(); i++) {
            Object value = parameters.get(i);
            if (value instanceof String[] texts) {
                statement.setArray(i + 1, connection.createArrayOf("text", texts));
            } else {
                statement.setObject(i + 1, value);
            }
        }
    }

    /** Whether rows have the metadata of the instance. */
    boolean hasMetadata() {
        return hasMetadata;
    }
}
