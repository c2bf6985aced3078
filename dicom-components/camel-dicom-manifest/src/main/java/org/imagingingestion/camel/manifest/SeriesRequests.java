package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The items of Request Attributes Sequence (0040,0275) of series. */
final class SeriesRequests {
    private static final ArrayInsert INSERT = ArrayInsert.into("request")
            .longs("series", "item")
            .texts("provider")
            .columns(Columns.REQUEST)
            .end("ON CONFLICT DO NOTHING");

    private final Connection connection;

    SeriesRequests(Connection connection) {
        this.connection = connection;
    }

    /** Adds those of a series to rows that are to be inserted. */
    static void add(List<Object[]> rows, long series, String provider, List<String[]> requests) {
        for (int i = 0; i < requests.size(); i++) {
            String[] values = requests.get(i);
            rows.add(new Object[] {series, (long) i, provider, values[0], values[1]});
        }
    }

    void insert(List<Object[]> rows) throws SQLException {
        if (!rows.isEmpty()) {
            try (PreparedStatement insert = INSERT.prepare(connection, rows)) {
                insert.executeUpdate();
            }
        }
    }

    void replace(long series, String provider, List<String[]> requests) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM manifest.request WHERE series = ?")) {
            delete.setLong(1, series);
            delete.executeUpdate();
        }
        List<Object[]> rows = new ArrayList<>();
        add(rows, series, provider, requests);
        insert(rows);
    }
}
