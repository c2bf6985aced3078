package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Takes an instance out of the counts of its series and study, and these away where nothing is left of them. */
final class SeriesRemoval {
    private static final String STUDY =
            """
            UPDATE manifest.study SET version = nextval('manifest.version'), bytes = bytes - ?,
                number_of_instances = number_of_instances - 1
            WHERE id = ? RETURNING number_of_instances
            """;
    private static final String SERIES =
            """
            UPDATE manifest.series SET version = nextval('manifest.version'), bytes = bytes - ?,
                number_of_instances = number_of_instances - 1
            WHERE id = ? RETURNING number_of_instances
            """;
    private static final String SERIES_LESS =
            """
            UPDATE manifest.study SET number_of_series = number_of_series - 1, modalities =
                (SELECT coalesce(array_agg(DISTINCT modality ORDER BY modality) FILTER (WHERE modality IS NOT NULL), '{}')
                FROM manifest.series WHERE study = manifest.study.id)
            WHERE id = ?
            """;

    private final Connection connection;

    SeriesRemoval(Connection connection) {
        this.connection = connection;
    }

    /** @param current the instance as it was, whose row is in another series by now or has other bytes */
    void removeInstance(ConflictResolver.CurrentInstance current, String provider) throws SQLException {
        boolean isStudyEmpty = countDown(STUDY, current.length(), current.study()) == 0;
        boolean isSeriesEmpty = countDown(SERIES, current.length(), current.series()) == 0;
        if (isSeriesEmpty) {
            update("DELETE FROM manifest.series WHERE id = ?", current.series());
        }
        if (isStudyEmpty) {
            update("DELETE FROM manifest.study WHERE id = ?", current.study());
        } else if (isSeriesEmpty) {
            update(SERIES_LESS, current.study());
        }
        new Counts(connection)
                .add(
                        provider,
                        new Counts.Sums(0, isStudyEmpty ? -1 : 0, isSeriesEmpty ? -1 : 0, -1, 0, -current.length()));
    }

    private int countDown(String sql, long bytes, long id) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setLong(1, bytes);
            update.setLong(2, id);
            try (ResultSet row = update.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private void update(String sql, long id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, id);
            statement.executeUpdate();
        }
    }
}
