package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;

/** Finds what the manifest has of instances, their studies and series, in one statement and without a lock. */
final class KnownInstances {
    private static final String SQL =
            """
            SELECT u.n, s.id, e.id,
                u.study_digest = ANY (s.merged), s.merged[cardinality(s.merged)] = u.study_digest,
                u.series_digest = ANY (e.merged), e.merged[cardinality(e.merged)] = u.series_digest,
                i.sha256, i.object_name,
                (SELECT CASE WHEN r.given_up THEN 'GIVEN_UP' ELSE 'REMOVED' END FROM manifest.removed_object r
                    WHERE r.object_name = u.object_name AND r.provider = u.provider)
            FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::int8[], ?::int8[], ?::text[]) WITH ORDINALITY
                AS u (provider, study, series, instance, study_digest, series_digest, object_name, n)
            LEFT JOIN manifest.instance i ON i.provider = u.provider AND i.sop_instance_uid = u.instance
            LEFT JOIN manifest.study s ON s.provider = u.provider AND s.study_instance_uid = u.study
            LEFT JOIN manifest.series e ON e.study = s.id AND e.series_instance_uid = u.series
            """;

    private final Connection connection;

    KnownInstances(Connection connection) {
        this.connection = connection;
    }

    KnownInstance[] find(List<Pending> batch) throws SQLException {
        KnownInstance[] known = new KnownInstance[batch.size()];
        try (PreparedStatement select = connection.prepareStatement(SQL)) {
            texts(select, 1, batch, instance -> instance.stored().provider());
            texts(select, 2, batch, PreparedInstance::studyInstanceUID);
            texts(select, 3, batch, PreparedInstance::seriesInstanceUID);
            texts(select, 4, batch, PreparedInstance::sopInstanceUID);
            longs(select, 5, batch, instance -> instance.study().digest());
            longs(select, 6, batch, instance -> instance.series().digest());
            texts(select, 7, batch, instance -> instance.stored().objectName());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    known[row.getInt(1) - 1] = new KnownInstance(
                            row.getLong(2),
                            row.getLong(3),
                            row.getBoolean(4),
                            row.getBoolean(5),
                            row.getBoolean(6),
                            row.getBoolean(7),
                            row.getBytes(8),
                            row.getString(9),
                            KnownInstance.Receipt.of(row.getString(10)));
                }
            }
        }
        return known;
    }

    private void texts(PreparedStatement select, int at, List<Pending> batch, Function<PreparedInstance, String> value)
            throws SQLException {
        String[] values = batch.stream().map(Pending::instance).map(value).toArray(String[]::new);
        select.setArray(at, connection.createArrayOf("text", values));
    }

    private void longs(PreparedStatement select, int at, List<Pending> batch, Function<PreparedInstance, Long> value)
            throws SQLException {
        Long[] values = batch.stream().map(Pending::instance).map(value).toArray(Long[]::new);
        select.setArray(at, connection.createArrayOf("int8", values));
    }
}
