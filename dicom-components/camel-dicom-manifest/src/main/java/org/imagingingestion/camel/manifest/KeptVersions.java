package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

import org.imagingingestion.dicom.service.StoredInstance;

/** Versions of an instance that are not in force. */
final class KeptVersions {
    /** @param wasInForce before a later one came */
    record Version(long id, String objectName, boolean wasInForce) {}

    private static final String FIND =
            """
            SELECT id, object_name, replaced_at IS NOT NULL FROM manifest.kept_version
            WHERE provider = ? AND sop_instance_uid = ? AND (object_name = ? OR sha256 = ?)
            ORDER BY object_name <> ?, id LIMIT 1 FOR UPDATE
            """;

    private static final String ADD =
            """
            INSERT INTO manifest.kept_version (length, recorded_at, provider, study_instance_uid, series_instance_uid,
                sop_instance_uid, sop_class_uid, transfer_syntax_uid, object_name, sha256, bulk_index, metadata)
            VALUES (?, now(), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String ADD_CURRENT =
            """
            INSERT INTO manifest.kept_version (length, recorded_at, provider, study_instance_uid, series_instance_uid,
                sop_instance_uid, sop_class_uid, transfer_syntax_uid, object_name, sha256, bulk_index, metadata, replaced_at)
            SELECT i.length, i.recorded_at, i.provider, s.study_instance_uid, e.series_instance_uid,
                i.sop_instance_uid, i.sop_class_uid, i.transfer_syntax_uid, i.object_name, i.sha256, i.bulk_index, ?,
                clock_timestamp()
            FROM manifest.instance i JOIN manifest.series e ON e.id = i.series JOIN manifest.study s ON s.id = e.study
            WHERE i.provider = ? AND i.sop_instance_uid = ?
            """;

    private final Connection connection;
    private final PreparedInstance instance;
    private final StoredInstance stored;

    KeptVersions(Connection connection, PreparedInstance instance) {
        this.connection = connection;
        this.instance = instance;
        stored = instance.stored();
    }

    /** One that is this very object, else one of the same bytes, locked; {@code null} where there is none. */
    Version find() throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(FIND)) {
            select.setString(1, stored.provider());
            select.setString(2, instance.sopInstanceUID());
            select.setString(3, stored.objectName());
            select.setBytes(4, stored.sha256());
            select.setString(5, stored.objectName());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? new Version(row.getLong(1), row.getString(2), row.getBoolean(3)) : null;
            }
        }
    }

    /** Keeps the instance that came. */
    void add() throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(ADD)) {
            insert.setLong(1, stored.length());
            insert.setString(2, stored.provider());
            insert.setString(3, instance.studyInstanceUID());
            insert.setString(4, instance.seriesInstanceUID());
            insert.setString(5, instance.sopInstanceUID());
            insert.setString(6, instance.sopClassUID());
            insert.setString(7, InstanceRows.transferSyntax(stored));
            insert.setString(8, stored.objectName());
            insert.setBytes(9, stored.sha256());
            insert.setBytes(10, instance.bulkIndex());
            insert.setBytes(11, Templates.encode(instance.metadata()));
            insert.executeUpdate();
        }
    }

    /** Keeps the instance in force, which is to be replaced. */
    void addCurrent(byte[] metadata) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(ADD_CURRENT)) {
            insert.setBytes(1, metadata);
            insert.setString(2, stored.provider());
            insert.setString(3, instance.sopInstanceUID());
            insert.executeUpdate();
        }
    }

    /** Keeps a version for good, though it was in force once: its bytes came again, and do not count. */
    void keep(Version version) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE manifest.kept_version SET replaced_at = 'infinity' WHERE id = ? AND replaced_at IS NOT NULL")) {
            update.setLong(1, version.id());
            update.executeUpdate();
        }
    }

    void remove(Version version) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM manifest.kept_version WHERE id = ?")) {
            delete.setLong(1, version.id());
            delete.executeUpdate();
        }
    }
}
