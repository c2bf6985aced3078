package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.event.StudyRevisionEvent;
import org.imagingingestion.dicom.event.StudyRevisionEvent.ChangeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces the next revision of studies that have settled. All times are the database's. Any number of processes may do so at
 * once: whoever holds the row of a study's state has the study to itself, and nothing of it changes meanwhile.
 */
final class Announcer {
    /** How long studies wait: without a change, and at most since the first change, in seconds. */
    record Waits(double quiet, double longest) {}

    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
    private static final int PORTION = 100;
    /** So many at a time, lest whoever asked waits for ever. */
    private static final int MOST_REVISIONS = 10_000;

    private static final String IS_DUE = " first_change IS NOT NULL AND manifest.is_within(provider, ?)"
            + " AND (last_change < clock_timestamp() - make_interval(secs => ?)"
            + " OR first_change < clock_timestamp() - make_interval(secs => ?)) ";

    private static final String DUE = "SELECT provider, study_instance_uid,"
            + " first_change < clock_timestamp() - make_interval(secs => ?) FROM manifest.study_state WHERE" + IS_DUE
            + "ORDER BY first_change LIMIT " + PORTION + " OFFSET ?";

    private static final String LOCK = "SELECT revision, clock_timestamp() FROM manifest.study_state"
            + " WHERE provider = ? AND study_instance_uid = ? AND" + IS_DUE + "FOR UPDATE";

    private static final String TAKE =
            """
            WITH taken AS (DELETE FROM manifest.change WHERE provider = ? AND study_instance_uid = ?
                RETURNING seq, series_instance_uid, sop_instance_uids, kind)
            SELECT series_instance_uid, sop_instance_uids, kind FROM taken ORDER BY seq
            """;

    private static final String SETTLE =
            """
            UPDATE manifest.study_state SET revision = revision + ?, first_change = NULL, last_change = NULL
            WHERE provider = ? AND study_instance_uid = ?
            """;

    private final DataSource dataSource;
    private final Providers providers;
    private final String source;
    private final String wadoAddress;

    /**
     * @param providers whose studies are announced
     * @param source who announces
     * @param wadoAddress address of WADO-RS, {@code null} for none
     */
    Announcer(DataSource dataSource, Providers providers, String source, String wadoAddress) {
        this.dataSource = dataSource;
        this.providers = providers;
        this.source = source;
        this.wadoAddress = wadoAddress;
    }

    /** Announces all studies that are due. @return how many, also of those of which nothing is left to say */
    int announce(Waits waits) throws DicomException {
        int announced = 0;
        int passedOver = 0;
        WriterConnection connection = new WriterConnection(dataSource);
        try {
            List<Due> due;
            do {
                int offset = passedOver;
                due = connection.statement(opened -> due(opened, waits, offset));
                for (Due study : due) {
                    if (announce(connection, study, waits)) {
                        announced++;
                    } else {
                        passedOver++;
                    }
                }
            } while (due.size() == PORTION && announced < MOST_REVISIONS);
        } catch (SQLException e) {
            throw SqlFailures.toDicom("Announcing revisions", e);
        } finally {
            connection.release();
        }
        return announced;
    }

    private record Due(String provider, String uid, boolean isOverdue) {}

    private List<Due> due(Connection connection, Waits waits, int offset) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(DUE)) {
            select.setDouble(1, waits.longest());
            select.setString(2, providers.text());
            select.setDouble(3, waits.quiet());
            select.setDouble(4, waits.longest());
            select.setInt(5, offset);
            List<Due> due = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    due.add(new Due(row.getString(1), row.getString(2), row.getBoolean(3)));
                }
            }
            return due;
        }
    }

    /** @return whether it was announced, not by another process nor put off */
    private boolean announce(WriterConnection connection, Due study, Waits waits) throws SQLException {
        try {
            return connection.transaction(opened -> announce(opened, study, waits));
        } catch (SQLException e) {
            if (SqlFailures.isTemporary(e)) {
                throw e;
            }
            LOG.warn("A revision of a study is put off{}", SqlFailures.describe(e));
        } catch (RuntimeException e) {
            // the others are not to wait for it
            LOG.error(
                    "A revision of a study cannot be announced: {}",
                    e.getClass().getName());
        }
        return false;
    }

    private record State(int revision, Instant now) {}

    private boolean announce(Connection connection, Due study, Waits waits) throws SQLException {
        State state = lock(connection, study, waits);
        if (state == null) {
            return false;
        }
        ChangeSet changeSet = take(connection, study).changeSet(state.revision() == 0);
        boolean isNothing = changeSet.additions().isEmpty()
                && changeSet.deletions().isEmpty()
                && changeSet.modifications().isEmpty();
        if (!isNothing) {
            StudyRevisionEvent event = new StudyRevisionEvent(
                    state.revision(),
                    study.provider(),
                    new RevisedStudy(connection, wadoAddress).read(study.provider(), study.uid()),
                    changeSet);
            EventLog.append(connection, List.of(event.toCloudEvent(source, state.now(), null)));
        }
        settle(connection, study, isNothing ? 0 : 1);
        return true;
    }

    /**
     * Whoever holds the row of a study that was quiet is changing or announcing it. For that of one that is overdue it waits, as
     * changes may come so fast that it is never free.
     */
    private State lock(Connection connection, Due study, Waits waits) throws SQLException {
        if (study.isOverdue()) {
            try (Statement set = connection.createStatement()) {
                set.execute("SET LOCAL lock_timeout = '5s'");
            }
        }
        try (PreparedStatement select = connection.prepareStatement(study.isOverdue() ? LOCK : LOCK + " SKIP LOCKED")) {
            select.setString(1, study.provider());
            select.setString(2, study.uid());
            select.setString(3, providers.text());
            select.setDouble(4, waits.quiet());
            select.setDouble(5, waits.longest());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? new State(row.getInt(1), row.getTimestamp(2).toInstant()) : null;
            }
        }
    }

    private static PendingChanges take(Connection connection, Due study) throws SQLException {
        PendingChanges changes = new PendingChanges();
        try (PreparedStatement delete = connection.prepareStatement(TAKE)) {
            delete.setString(1, study.provider());
            delete.setString(2, study.uid());
            try (ResultSet row = delete.executeQuery()) {
                while (row.next()) {
                    Changes.Kind kind = Changes.Kind.valueOf(row.getString(3));
                    for (String instance : row.getString(2).split("\\\\")) {
                        changes.add(row.getString(1) + "/" + instance, kind);
                    }
                }
            }
        }
        return changes;
    }

    private static void settle(Connection connection, Due study, int revisions) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(SETTLE)) {
            update.setInt(1, revisions);
            update.setString(2, study.provider());
            update.setString(3, study.uid());
            update.executeUpdate();
        }
    }
}
