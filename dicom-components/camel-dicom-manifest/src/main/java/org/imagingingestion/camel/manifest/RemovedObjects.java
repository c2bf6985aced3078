package org.imagingingestion.camel.manifest;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.service.StoredInstance;

/** Objects whose instances were deleted or replaced, until they are removed from the storage space. */
final class RemovedObjects {
    /** So many names are held in memory, of some hundred bytes each. */
    private static final int MOST_NAMES = 100_000;

    /** From now on such a version cannot be the one that a receipt of the same bytes is given up for. */
    private static final String LET_REPLACED_GO =
            """
            WITH gone AS (
                DELETE FROM manifest.kept_version
                WHERE replaced_at < clock_timestamp() - make_interval(secs => ?) AND manifest.is_within(provider, ?)
                RETURNING provider, object_name, replaced_at),
            removed AS (
                INSERT INTO manifest.removed_object (provider, object_name, removed_at)
                SELECT provider, object_name, replaced_at FROM gone ON CONFLICT DO NOTHING)
            SELECT provider, count(*) FROM gone GROUP BY provider ORDER BY provider
            """;

    /** No object goes that an instance refers to, however it came to that. */
    private static final String DUE =
            """
            SELECT r.object_name FROM manifest.removed_object r
            WHERE r.removed_at < clock_timestamp() - make_interval(secs => ?) AND manifest.is_within(r.provider, ?)
                AND NOT EXISTS (SELECT 1 FROM manifest.instance i
                    WHERE i.object_name = r.object_name AND i.provider = r.provider)
            ORDER BY r.removed_at LIMIT ?
            """;

    private static final String ADD =
            """
            INSERT INTO manifest.removed_object (provider, object_name, given_up)
            SELECT u.provider, u.object_name, true FROM unnest(?::text[], ?::text[]) AS u (provider, object_name)
            ON CONFLICT DO NOTHING
            """;

    private static final String CONTAIN =
            "SELECT 1 FROM manifest.removed_object WHERE provider = ? AND object_name = ?";

    /** Whoever replaces or deletes one of these instances waits until what is given up for it is written down. */
    private static final String STILL_THERE =
            """
            SELECT 1 FROM unnest(?::text[], ?::text[], ?::bytea[]) AS u (provider, instance, sha256)
            JOIN manifest.instance i
                ON i.provider = u.provider AND i.sop_instance_uid = u.instance AND i.sha256 = u.sha256
            ORDER BY i.provider, i.sop_instance_uid FOR KEY SHARE OF i
            """;

    private static final String FORGET =
            "DELETE FROM manifest.removed_object WHERE object_name = ? AND manifest.is_within(provider, ?)";

    private final DataSource dataSource;

    RemovedObjects(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Names of objects that are to be removed from the storage space, the earliest first.
     *
     * @param providers whose objects are looked for
     * @param retention how long ago their instances must have been deleted or replaced, in milliseconds
     */
    List<String> due(Providers providers, long retention) throws DicomException {
        try {
            return Transaction.run(dataSource, connection -> {
                letReplacedGo(connection, providers, retention);
                return names(connection, providers, retention);
            });
        } catch (SQLException e) {
            throw SqlFailures.toDicom("Looking for removed objects", e);
        }
    }

    /**
     * Writes down receipts that are not needed, as there are others of the same bytes: where an event tells of one again, when the
     * other one has been replaced or deleted, it is not taken for a new one.
     *
     * @throws SQLException of SQLSTATE 40001 where one of the others is not there any more
     */
    static void giveUp(Connection connection, List<PreparedInstance> receipts) throws SQLException {
        List<String> providers =
                receipts.stream().map(receipt -> receipt.stored().provider()).toList();
        try (PreparedStatement select = connection.prepareStatement(STILL_THERE)) {
            select.setArray(1, texts(connection, providers));
            select.setArray(
                    2,
                    texts(
                            connection,
                            receipts.stream()
                                    .map(PreparedInstance::sopInstanceUID)
                                    .toList()));
            select.setArray(
                    3,
                    connection.createArrayOf(
                            "bytea",
                            receipts.stream()
                                    .map(receipt -> receipt.stored().sha256())
                                    .toArray(byte[][]::new)));
            int there = 0;
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    there++;
                }
            }
            if (there < receipts.size()) {
                throw BatchWriter.changedMeanwhile();
            }
        }
        add(
                connection,
                providers,
                receipts.stream().map(receipt -> receipt.stored().objectName()).toList());
    }

    /** Remembers objects that are not needed; what tells of them from now on tells of nothing new. */
    static void add(Connection connection, List<String> providers, List<String> objectNames) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(ADD)) {
            insert.setArray(1, texts(connection, providers));
            insert.setArray(2, texts(connection, objectNames));
            insert.executeUpdate();
        }
    }

    private static Array texts(Connection connection, List<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.toArray());
    }

    static boolean contain(Connection connection, StoredInstance stored) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(CONTAIN)) {
            select.setString(1, stored.provider());
            select.setString(2, stored.objectName());
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    private static void letReplacedGo(Connection connection, Providers providers, long retention) throws SQLException {
        Map<String, Long> gone = new LinkedHashMap<>();
        try (PreparedStatement delete = connection.prepareStatement(LET_REPLACED_GO)) {
            delete.setDouble(1, retention / 1000.0);
            delete.setString(2, providers.text());
            try (ResultSet row = delete.executeQuery()) {
                while (row.next()) {
                    gone.put(row.getString(1), row.getLong(2));
                }
            }
        }
        for (Map.Entry<String, Long> each : gone.entrySet()) {
            new Counts(connection).add(each.getKey(), new Counts.Sums(0, 0, 0, 0, -each.getValue(), 0));
        }
    }

    private static List<String> names(Connection connection, Providers providers, long retention) throws SQLException {
        List<String> names = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(DUE)) {
            select.setDouble(1, retention / 1000.0);
            select.setString(2, providers.text());
            select.setInt(3, MOST_NAMES);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    names.add(row.getString(1));
                }
            }
        }
        return names;
    }

    /** Forgets an object that was removed, where it is one of theirs. */
    void forget(Providers providers, String objectName) throws DicomException {
        try {
            Transaction.run(dataSource, connection -> {
                try (PreparedStatement delete = connection.prepareStatement(FORGET)) {
                    delete.setString(1, Values.withoutNul(objectName));
                    delete.setString(2, providers.text());
                    return delete.executeUpdate();
                }
            });
        } catch (SQLException e) {
            throw SqlFailures.toDicom("Forgetting a removed object", e);
        }
    }
}
