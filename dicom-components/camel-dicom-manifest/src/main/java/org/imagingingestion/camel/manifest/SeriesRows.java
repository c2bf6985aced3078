package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rows of series, with their templates and requests. */
final class SeriesRows {
    private static final ArrayInsert INSERT = ArrayInsert.into("series")
            .texts("provider", "series_instance_uid")
            .longs("study", "bytes")
            .number("number_of_instances", "u.number_of_instances::integer")
            .number("merged", "ARRAY[u.merged]")
            .columns(Columns.SERIES)
            .bytes("attributes")
            .computed("version", "nextval('manifest.version')")
            .end("ON CONFLICT DO NOTHING RETURNING id, study || E'\\n' || series_instance_uid");

    private static final ArrayInsert INSERT_TEMPLATE =
            ArrayInsert.into("template").longs("series").bytes("metadata").end("");

    private final Connection connection;

    SeriesRows(Connection connection) {
        this.connection = connection;
    }

    /** Inserts series with all that the batch has of them, and sets their ids. */
    void insert(List<Batch.Series> series) throws SQLException {
        Map<String, Batch.Series> byKey = new HashMap<>();
        List<Object[]> rows = new ArrayList<>();
        for (Batch.Series one : series) {
            byKey.put(one.study.id + "\n" + one.first.seriesInstanceUID(), one);
            rows.add(row(one));
        }
        try (PreparedStatement insert = INSERT.prepare(connection, rows);
                ResultSet inserted = insert.executeQuery()) {
            while (inserted.next()) {
                byKey.remove(inserted.getString(2)).id = inserted.getLong(1);
            }
        }
        if (!byKey.isEmpty()) {
            throw BatchWriter.changedMeanwhile();
        }
        insertTemplates(series);
        insertRequests(series);
    }

    private static Object[] row(Batch.Series series) {
        PreparedInstance first = series.first;
        Object[] row = new Object[7 + Columns.SERIES.size()];
        row[0] = first.stored().provider();
        row[1] = first.seriesInstanceUID();
        row[2] = series.study.id;
        row[3] = series.bytes;
        row[4] = (long) series.instances.size();
        row[5] = first.series().digest();
        System.arraycopy(first.series().values(), 0, row, 6, Columns.SERIES.size());
        row[row.length - 1] = first.series().attributes();
        return row;
    }

    private void insertTemplates(List<Batch.Series> series) throws SQLException {
        List<Object[]> rows = new ArrayList<>();
        for (Batch.Series one : series) {
            rows.add(new Object[] {one.id, Templates.encode(one.first.metadata())});
            one.template = new Delta.Base(one.first.metadata());
        }
        try (PreparedStatement insert = INSERT_TEMPLATE.prepare(connection, rows)) {
            insert.executeUpdate();
        }
    }

    private void insertRequests(List<Batch.Series> series) throws SQLException {
        List<Object[]> rows = new ArrayList<>();
        for (Batch.Series one : series) {
            SeriesRequests.add(
                    rows,
                    one.id,
                    one.first.stored().provider(),
                    one.first.series().requests());
        }
        new SeriesRequests(connection).insert(rows);
    }
}
