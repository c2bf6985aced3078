package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.imagingingestion.camel.manifest.Batch.Incoming;
import org.imagingingestion.dicom.service.RecordOutcome;

/**
 * Writes instances in one transaction, a statement a table. Rows are locked in one order by all transactions, of all
 * processes: patients, studies, series and instances that are new, then studies and series that change, then the sums; in
 * each in the order of their keys. What happened is appended to the event log, and the states of studies are locked, last.
 */
final class BatchWriter {
    static final RecordOutcome ADDED = new RecordOutcome(RecordOutcome.Kind.ADDED, null);

    private final Templates templates;

    BatchWriter(Templates templates) {
        this.templates = templates;
    }

    /**
     * What became of a batch.
     *
     * @param outcomes what was done with each instance; {@code null} where the manifest has other bytes under its SOP Instance
     *     UID, and nothing was done
     * @param added those that were not there
     */
    record Written(List<RecordOutcome> outcomes, Batch added) {}

    /**
     * @param batch instances of which no two have the same SOP Instance UID, in the order in which they came
     * @throws SQLException of SQLSTATE 40001 where the manifest changed meanwhile
     */
    Written write(Connection connection, List<Pending> batch) throws SQLException {
        KnownInstance[] known = new KnownInstances(connection).find(batch);
        List<RecordOutcome> outcomes = new ArrayList<>(batch.size());
        List<PreparedInstance> givenUp = new ArrayList<>();
        Batch fresh = new Batch();
        for (int i = 0; i < known.length; i++) {
            PreparedInstance instance = batch.get(i).instance();
            boolean isSame = Arrays.equals(known[i].sha256(), instance.stored().sha256());
            boolean isNew = known[i].receipt() == KnownInstance.Receipt.NEW;
            if (!isNew && !isSame) {
                boolean isGivenUp = known[i].receipt() == KnownInstance.Receipt.GIVEN_UP;
                outcomes.add(new RecordOutcome(
                        RecordOutcome.Kind.UNCHANGED,
                        isGivenUp ? instance.stored().objectName() : null));
            } else if (batch.get(i).policy() == ConflictPolicy.RECOVER && isDeleted(connection, instance)) {
                outcomes.add(new RecordOutcome(RecordOutcome.Kind.REFUSED, null));
            } else if (known[i].sha256() == null) {
                boolean latestWins = batch.get(i).policy() == ConflictPolicy.KEEP_LAST;
                fresh.add(new Incoming(instance, latestWins), known[i]);
                fresh.events.add(batch.get(i).event());
                outcomes.add(ADDED);
            } else if (isSame) {
                RecordOutcome outcome = unchanged(instance, known[i].objectName());
                outcomes.add(outcome);
                if (outcome.discard() != null && isNew) {
                    givenUp.add(instance);
                }
            } else {
                outcomes.add(null);
            }
        }
        if (!fresh.isEmpty()) {
            write(connection, fresh);
        }
        if (!givenUp.isEmpty()) {
            RemovedObjects.giveUp(connection, givenUp);
        }
        return new Written(outcomes, fresh);
    }

    private static boolean isDeleted(Connection connection, PreparedInstance instance) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT 1 FROM manifest.deleted_instance WHERE provider = ? AND sop_instance_uid = ?")) {
            select.setString(1, instance.stored().provider());
            select.setString(2, instance.sopInstanceUID());
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    static RecordOutcome unchanged(PreparedInstance instance, String known) {
        String objectName = instance.stored().objectName();
        return unneeded(RecordOutcome.Kind.UNCHANGED, objectName, known);
    }

    /** An object is not needed, as there is another one of the same bytes; it may be that one itself. */
    static RecordOutcome unneeded(RecordOutcome.Kind kind, String objectName, String sameAs) {
        return objectName.equals(sameAs) ? new RecordOutcome(kind, null) : new RecordOutcome(kind, objectName, sameAs);
    }

    private void write(Connection connection, Batch batch) throws SQLException {
        Map<String, Long> newPatients = addStudiesAndSeries(connection, batch);
        insertInstances(connection, batch);
        new Counts(connection).add(batch, newPatients);
        Changes changes = Changes.of(batch);
        merge(connection, batch, changes);
        EventLog.append(connection, batch.events);
        changes.write(connection);
    }

    /** @return how many patients are new, by provider */
    Map<String, Long> addStudiesAndSeries(Connection connection, Batch batch) throws SQLException {
        List<Batch.Study> newStudies =
                batch.studies().stream().filter(study -> study.isNew).toList();
        Map<String, Long> newPatients = newStudies.isEmpty() ? Map.of() : new StudyRows(connection).insert(newStudies);
        List<Batch.Series> newSeries =
                batch.series().stream().filter(series -> series.isNew).toList();
        if (!newSeries.isEmpty()) {
            new SeriesRows(connection).insert(newSeries);
        }
        return newPatients;
    }

    private void insertInstances(Connection connection, Batch batch) throws SQLException {
        List<Object[]> rows = InstanceRows.of(connection, batch, templates);
        try (PreparedStatement insert = InstanceRows.INSERT.prepare(connection, rows);
                ResultSet inserted = insert.executeQuery()) {
            int count = 0;
            while (inserted.next()) {
                count++;
            }
            if (count < rows.size()) {
                throw changedMeanwhile();
            }
        }
    }

    /** Brings what the instances say into their studies and series, and adds those that thereby change a study that was there. */
    static void merge(Connection connection, Batch batch, Changes changes) throws SQLException {
        Merger merger = new Merger(connection);
        for (Batch.Study study : batch.studies()) {
            if (!study.toMerge.isEmpty()) {
                List<PreparedInstance> corrections = merger.study(study.id, study.toMerge);
                if (!study.isNew) {
                    corrections.forEach(instance -> changes.add(Changes.Kind.CORRECTED, instance));
                }
            }
            for (Batch.Series series : study.series.values()) {
                if (!series.toMerge.isEmpty()) {
                    merger.series(series.id, series.toMerge);
                }
            }
        }
    }

    static SQLException changedMeanwhile() {
        return new SQLException("Changed by another transaction meanwhile", "40001");
    }
}
