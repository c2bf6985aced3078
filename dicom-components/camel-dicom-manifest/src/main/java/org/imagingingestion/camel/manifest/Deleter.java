package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import javax.sql.DataSource;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.service.Deletion;

/**
 * Takes instances out of the manifest, and the levels above of which nothing is left. Their objects stay until somebody
 * removes them, and are remembered until then.
 */
final class Deleter {
    private static final int MOST_ATTEMPTS = 20;

    private static final String LOCK_SERIES =
            """
            SELECT e.id FROM manifest.study s JOIN manifest.series e ON e.study = s.id
            WHERE s.provider = ? AND s.study_instance_uid = ? AND (?::text IS NULL OR e.series_instance_uid = ?)
            ORDER BY e.series_instance_uid FOR UPDATE OF e
            """;
    private static final String LOCK_STUDY =
            "SELECT id, patient FROM manifest.study WHERE provider = ? AND study_instance_uid = ? FOR UPDATE";

    /** What is told of the instances comes after they are gone; see {@link Changes}. */
    private static final String DELETE_INSTANCES =
            """
            WITH gone AS (
                DELETE FROM manifest.instance i USING manifest.series e
                WHERE e.id = i.series AND e.id = ANY (?) AND (?::text IS NULL OR i.sop_instance_uid = ?)
                RETURNING e.id, e.series_instance_uid, i.provider, i.sop_instance_uid, i.object_name, i.length),
            kept AS (
                DELETE FROM manifest.kept_version k USING gone g
                WHERE k.provider = g.provider AND k.sop_instance_uid = g.sop_instance_uid AND k.study_instance_uid = ?
                RETURNING k.provider, k.object_name),
            removed AS (
                INSERT INTO manifest.removed_object (provider, object_name)
                SELECT provider, object_name FROM gone UNION SELECT provider, object_name FROM kept
                ON CONFLICT DO NOTHING),
            deleted AS (
                INSERT INTO manifest.deleted_instance (provider, sop_instance_uid)
                SELECT provider, sop_instance_uid FROM gone
                ON CONFLICT (sop_instance_uid, provider) DO UPDATE SET deleted_at = clock_timestamp()),
            changes AS (
                INSERT INTO manifest.change (provider, study_instance_uid, series_instance_uid, sop_instance_uids, kind)
                SELECT provider, ?, series_instance_uid, sop_instance_uid, 'DELETED' FROM gone),
            counts AS (
                SELECT id, count(*) AS instances, sum(length)::bigint AS bytes FROM gone GROUP BY id),
            series AS (
                UPDATE manifest.series e SET version = nextval('manifest.version'), bytes = e.bytes - c.bytes,
                    number_of_instances = e.number_of_instances - c.instances::integer
                FROM counts c WHERE e.id = c.id)
            SELECT coalesce(sum(instances), 0)::bigint, coalesce(sum(bytes), 0)::bigint, (SELECT count(*) FROM kept)
            FROM counts
            """;

    private static final String DELETE_SERIES =
            "DELETE FROM manifest.series WHERE id = ANY (?) AND number_of_instances = 0";
    private static final String COUNT_STUDY =
            """
            UPDATE manifest.study s SET version = nextval('manifest.version'), bytes = bytes - ?,
                number_of_instances = number_of_instances - ?, number_of_series = number_of_series - ?,
                modalities = (SELECT coalesce(array_agg(DISTINCT e.modality ORDER BY e.modality)
                    FILTER (WHERE e.modality IS NOT NULL), '{}') FROM manifest.series e WHERE e.study = s.id)
            WHERE id = ? RETURNING number_of_series
            """;
    private static final String DELETE_STUDY = "DELETE FROM manifest.study WHERE id = ?";
    private static final String DELETE_PATIENT =
            """
            DELETE FROM manifest.patient p
            WHERE p.id = ? AND NOT EXISTS (SELECT 1 FROM manifest.study s WHERE s.patient = p.id)
            """;

    /** What the deleted instances have said differently is deleted with them. */
    private static final String DELETE_DISAGREEMENTS =
            """
            DELETE FROM manifest.disagreement d WHERE d.provider = ? AND d.study_instance_uid = ?
                AND (? OR NOT EXISTS (SELECT 1 FROM manifest.instance i
                    WHERE i.provider = d.provider AND i.sop_instance_uid = d.sop_instance_uid))
            """;

    private final DataSource dataSource;

    Deleter(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** @return how many instances were there, and are deleted */
    long delete(Deletion deletion) throws DicomException {
        WriterConnection connection = new WriterConnection(dataSource);
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    return connection.transaction(opened -> delete(opened, withoutNul(deletion)));
                } catch (SQLException e) {
                    if (!SqlFailures.isConflict(e) || attempt == MOST_ATTEMPTS) {
                        throw e;
                    }
                    LockSupport.parkNanos(
                            ThreadLocalRandom.current().nextLong(TimeUnit.MILLISECONDS.toNanos(10L * attempt)));
                }
            }
        } catch (SQLException e) {
            throw SqlFailures.toDicom("Deleting", e);
        } finally {
            connection.release();
        }
    }

    /** PostgreSQL has no texts with NUL, and no UID has one. */
    private static Deletion withoutNul(Deletion deletion) {
        return new Deletion(
                deletion.provider(),
                Values.withoutNul(deletion.studyInstanceUID()),
                deletion.seriesInstanceUID() == null ? null : Values.withoutNul(deletion.seriesInstanceUID()),
                deletion.sopInstanceUID() == null ? null : Values.withoutNul(deletion.sopInstanceUID()));
    }

    private record Study(long id, long patient) {}

    private record Gone(long instances, long bytes, long keptVersions) {}

    private static long delete(Connection connection, Deletion deletion) throws SQLException {
        ConflictResolver.takeTurns(connection);
        Long[] series = lockSeries(connection, deletion);
        Study study = series.length == 0 ? null : lockStudy(connection, deletion);
        if (study == null) {
            return 0;
        }
        Gone gone = deleteInstances(connection, deletion, series);
        if (gone.instances() == 0) {
            return 0;
        }
        int seriesGone = deleteSeries(connection, series);
        boolean isStudyGone = countStudy(connection, study.id(), gone, seriesGone) == 0;
        int patientsGone = 0;
        if (isStudyGone) {
            update(connection, DELETE_STUDY, study.id());
            patientsGone = update(connection, DELETE_PATIENT, study.patient());
        }
        deleteDisagreements(connection, deletion, isStudyGone);
        new Counts(connection)
                .add(
                        deletion.provider(),
                        new Counts.Sums(
                                -patientsGone,
                                isStudyGone ? -1 : 0,
                                -seriesGone,
                                -gone.instances(),
                                -gone.keptVersions(),
                                -gone.bytes()));
        Changes.touch(connection, deletion.provider(), deletion.studyInstanceUID());
        return gone.instances();
    }

    private static Long[] lockSeries(Connection connection, Deletion deletion) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LOCK_SERIES)) {
            select.setString(1, deletion.provider());
            select.setString(2, deletion.studyInstanceUID());
            select.setString(3, deletion.seriesInstanceUID());
            select.setString(4, deletion.seriesInstanceUID());
            List<Long> ids = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
            return ids.toArray(Long[]::new);
        }
    }

    private static Study lockStudy(Connection connection, Deletion deletion) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LOCK_STUDY)) {
            select.setString(1, deletion.provider());
            select.setString(2, deletion.studyInstanceUID());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? new Study(row.getLong(1), row.getLong(2)) : null;
            }
        }
    }

    private static Gone deleteInstances(Connection connection, Deletion deletion, Long[] series) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(DELETE_INSTANCES)) {
            delete.setArray(1, connection.createArrayOf("int8", series));
            delete.setString(2, deletion.sopInstanceUID());
            delete.setString(3, deletion.sopInstanceUID());
            delete.setString(4, deletion.studyInstanceUID());
            delete.setString(5, deletion.studyInstanceUID());
            try (ResultSet row = delete.executeQuery()) {
                row.next();
                return new Gone(row.getLong(1), row.getLong(2), row.getLong(3));
            }
        }
    }

    private static int deleteSeries(Connection connection, Long[] series) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(DELETE_SERIES)) {
            delete.setArray(1, connection.createArrayOf("int8", series));
            return delete.executeUpdate();
        }
    }

    /** @return how many series it has left */
    private static int countStudy(Connection connection, long study, Gone gone, int series) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(COUNT_STUDY)) {
            update.setLong(1, gone.bytes());
            update.setLong(2, gone.instances());
            update.setInt(3, series);
            update.setLong(4, study);
            try (ResultSet row = update.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private static void deleteDisagreements(Connection connection, Deletion deletion, boolean isStudyGone)
            throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(DELETE_DISAGREEMENTS)) {
            delete.setString(1, deletion.provider());
            delete.setString(2, deletion.studyInstanceUID());
            delete.setBoolean(3, isStudyGone);
            delete.executeUpdate();
        }
    }

    private static int update(Connection connection, String sql, long id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, id);
            return statement.executeUpdate();
        }
    }
}
