package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.imagingingestion.camel.manifest.Batch.Incoming;
import org.imagingingestion.dicom.service.RecordOutcome;
import org.imagingingestion.dicom.service.RecordOutcome.Kind;
import org.imagingingestion.dicom.service.StoredInstance;

/**
 * Decides between an instance and the other bytes that the manifest has under its SOP Instance UID, by the policy that the
 * instance comes with. It makes no difference whether these are of the same study and series.
 */
final class ConflictResolver {
    /** The advisory lock that those who resolve conflicts take in turn; any number that no other program uses. */
    private static final long TURNS = 0x0008_0018_0111L;

    private final BatchWriter writer;
    private final Templates templates;

    ConflictResolver(BatchWriter writer, Templates templates) {
        this.writer = writer;
        this.templates = templates;
    }

    /**
     * @return {@code null} where there is nothing to decide, as what the manifest had was deleted meanwhile
     * @throws SQLException of SQLSTATE 40001 where the manifest changed meanwhile
     */
    RecordOutcome resolve(Connection connection, Pending pending) throws SQLException {
        PreparedInstance instance = pending.instance();
        takeTurns(connection);
        CurrentInstance current = CurrentInstance.lock(connection, instance);
        if (current == null || RemovedObjects.contain(connection, instance.stored())) {
            // what was given up meanwhile is nothing to decide about
            return null;
        }
        RecordOutcome outcome = resolve(connection, pending, current);
        if (outcome.discard() != null) {
            RemovedObjects.add(connection, List.of(instance.stored().provider()), List.of(outcome.discard()));
        }
        return outcome;
    }

    private RecordOutcome resolve(Connection connection, Pending pending, CurrentInstance current) throws SQLException {
        PreparedInstance instance = pending.instance();
        if (Arrays.equals(current.sha256(), instance.stored().sha256())) {
            return BatchWriter.unchanged(instance, current.objectName());
        }
        KeptVersions kept = new KeptVersions(connection, instance);
        KeptVersions.Version version = kept.find();
        String objectName = instance.stored().objectName();
        boolean isSameReceipt = version != null && version.objectName().equals(objectName);
        return switch (pending.policy()) {
            case REFUSE -> new RecordOutcome(Kind.REFUSED, isSameReceipt ? null : objectName);
            case KEEP_FIRST, RECOVER -> {
                if (version == null) {
                    kept.add();
                    count(connection, instance, 1);
                } else if (!isSameReceipt) {
                    kept.keep(version);
                }
                RecordOutcome outcome = version == null
                        ? new RecordOutcome(Kind.KEPT_FIRST, null)
                        : BatchWriter.unneeded(Kind.KEPT_FIRST, objectName, version.objectName());
                yield outcome.at(current.placeUnlessOf(instance));
            }
                // this very receipt was in force once, and was replaced by a later one; or it was only found in the
                // storage space so far
            case KEEP_LAST -> isSameReceipt && version.wasInForce()
                    ? new RecordOutcome(Kind.UNCHANGED, null)
                    : replace(connection, pending, current, kept, version);
        };
    }

    /**
     * One conflict is resolved at a time, by all processes: an instance that moves from one study to another locks both, and
     * two that move in opposite directions would wait for each other until the database finds out.
     */
    static void takeTurns(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("SELECT pg_advisory_xact_lock(" + TURNS + ")")) {
            lock.execute();
        }
    }

    private RecordOutcome replace(
            Connection connection,
            Pending pending,
            CurrentInstance current,
            KeptVersions kept,
            KeptVersions.Version version)
            throws SQLException {
        PreparedInstance instance = pending.instance();
        Batch batch = new Batch();
        batch.add(new Incoming(instance, true), new KnownInstances(connection).find(List.of(pending))[0]);
        Map<String, Long> newPatients = writer.addStudiesAndSeries(connection, batch);

        byte[] template = templates
                .get(connection, List.of(current.series()))
                .get(current.series())
                .bytes();
        kept.addCurrent(Templates.encode(Delta.decode(template, current.metadata())));
        if (version != null) {
            kept.remove(version);
        }
        put(connection, instance, batch.series().get(0));
        new Counts(connection).add(batch, newPatients);
        Changes changes = changes(instance, current);
        BatchWriter.merge(connection, batch, changes);
        new SeriesRemoval(connection).removeInstance(current, instance.stored().provider());
        count(connection, instance, version == null ? 1 : 0);
        EventLog.append(connection, List.of(pending.event()));
        changes.write(connection);
        boolean isOwn =
                version != null && version.objectName().equals(instance.stored().objectName());
        return new RecordOutcome(Kind.REPLACED, version == null || isOwn ? null : version.objectName());
    }

    private static Changes changes(PreparedInstance instance, CurrentInstance current) {
        Changes changes = new Changes();
        RecordOutcome.Place left = current.placeUnlessOf(instance);
        if (left == null) {
            changes.add(Changes.Kind.REPLACED, instance);
        } else {
            changes.add(
                    Changes.Kind.DELETED,
                    instance.stored().provider(),
                    left.studyInstanceUID(),
                    left.seriesInstanceUID(),
                    instance.sopInstanceUID());
            changes.add(Changes.Kind.ADDED, instance);
        }
        return changes;
    }

    private void put(Connection connection, PreparedInstance instance, Batch.Series series) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "DELETE FROM manifest.instance WHERE provider = ? AND sop_instance_uid = ?")) {
            delete.setString(1, instance.stored().provider());
            delete.setString(2, instance.sopInstanceUID());
            delete.executeUpdate();
        }
        Delta.Base base = templates.of(connection, List.of(series)).get(series.id);
        Object[] row = InstanceRows.row(instance, series.id, Delta.encode(base, instance.metadata()));
        try (PreparedStatement insert = InstanceRows.INSERT.prepare(connection, List.<Object[]>of(row))) {
            insert.executeQuery();
        }
    }

    private static void count(Connection connection, PreparedInstance instance, long keptVersions) throws SQLException {
        if (keptVersions != 0) {
            new Counts(connection).add(instance.stored().provider(), new Counts.Sums(0, 0, 0, 0, keptVersions, 0));
        }
    }

    /** The instance in force, locked. */
    record CurrentInstance(
            long study,
            long series,
            RecordOutcome.Place place,
            long length,
            byte[] sha256,
            String objectName,
            byte[] metadata) {
        private static final String SQL =
                """
                SELECT e.study, i.series, i.length, i.sha256, i.object_name, i.metadata,
                    s.study_instance_uid, e.series_instance_uid
                FROM manifest.instance i
                JOIN manifest.series e ON e.id = i.series
                JOIN manifest.study s ON s.id = e.study
                WHERE i.provider = ? AND i.sop_instance_uid = ? FOR NO KEY UPDATE OF i
                """;

        /** Where it is, {@code null} where that is where the other one says to be. */
        RecordOutcome.Place placeUnlessOf(PreparedInstance other) {
            boolean isSame = place.studyInstanceUID().equals(other.studyInstanceUID())
                    && place.seriesInstanceUID().equals(other.seriesInstanceUID());
            return isSame ? null : place;
        }

        static CurrentInstance lock(Connection connection, PreparedInstance instance) throws SQLException {
            StoredInstance stored = instance.stored();
            try (PreparedStatement select = connection.prepareStatement(SQL)) {
                select.setString(1, stored.provider());
                select.setString(2, instance.sopInstanceUID());
                try (ResultSet row = select.executeQuery()) {
                    return !row.next()
                            ? null
                            : new CurrentInstance(
                                    row.getLong(1),
                                    row.getLong(2),
                                    new RecordOutcome.Place(row.getString(7), row.getString(8)),
                                    row.getLong(3),
                                    row.getBytes(4),
                                    row.getString(5),
                                    row.getBytes(6));
                }
            }
        }
    }
}
