package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import org.imagingingestion.camel.manifest.Batch.Incoming;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.service.QueryLevel;

/** Brings what instances say of their patient, study and series into the rows of these, which the transaction has locked. */
final class Merger {
    /** So many of the versions of a level's attributes are remembered as merged. */
    private static final int MOST_MERGED = 32;
    /** So many values of one attribute are kept visible. */
    private static final int MOST_DISAGREEMENTS = 16;

    private static final ArrayInsert DISAGREEMENT = ArrayInsert.into("disagreement")
            .texts("provider", "study_instance_uid", "series_instance_uid", "tag")
            .bytes("in_force", "other")
            .texts("sop_instance_uid")
            .end("WHERE (SELECT count(*) FROM manifest.disagreement d WHERE d.provider = u.provider"
                    + " AND d.study_instance_uid = u.study_instance_uid"
                    + " AND d.series_instance_uid = u.series_instance_uid AND d.tag = u.tag) < "
                    + MOST_DISAGREEMENTS + " ON CONFLICT DO NOTHING");

    private static final String REFRESH_MODALITIES =
            """
            UPDATE manifest.study s SET modalities = m.modalities
            FROM (SELECT o.study, coalesce(array_agg(DISTINCT o.modality) FILTER (WHERE o.modality IS NOT NULL), '{}') AS modalities
                FROM manifest.series e JOIN manifest.series o ON o.study = e.study WHERE e.id = ? GROUP BY o.study) m
            WHERE s.id = m.study AND s.modalities <> m.modalities
            """;

    private final Connection connection;

    Merger(Connection connection) {
        this.connection = connection;
    }

    /** @return the instances that changed what the study says of itself and its patient */
    List<PreparedInstance> study(long id, List<Incoming> incoming) throws SQLException {
        List<PreparedInstance> corrections = new ArrayList<>();
        LevelRow merged = level(QueryLevel.STUDY, "study", id, incoming, corrections);
        if (merged != null) {
            link(id, incoming.get(incoming.size() - 1), merged);
        }
        return corrections;
    }

    void series(long id, List<Incoming> incoming) throws SQLException {
        LevelRow merged = level(QueryLevel.SERIES, "series", id, incoming, new ArrayList<>());
        if (merged != null) {
            PreparedInstance instance = incoming.get(0).instance();
            new SeriesRequests(connection).replace(id, instance.stored().provider(), merged.requests());
            refreshModalities(id);
        }
    }

    private void refreshModalities(long series) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(REFRESH_MODALITIES)) {
            update.setLong(1, series);
            update.executeUpdate();
        }
    }

    /**
     * @param corrections where those are put that change it
     * @return what the row is now, {@code null} where it is as it was
     */
    private LevelRow level(
            QueryLevel level, String table, long id, List<Incoming> incoming, List<PreparedInstance> corrections)
            throws SQLException {
        byte[] before;
        List<Long> digests;
        try (PreparedStatement select =
                connection.prepareStatement("SELECT attributes, merged FROM manifest." + table + " WHERE id = ?")) {
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                before = row.getBytes(1);
                digests = new ArrayList<>(List.of((Long[]) row.getArray(2).getArray()));
            }
        }
        byte[] attributes = before;
        List<Object[]> disagreements = new ArrayList<>();
        for (Incoming one : incoming) {
            LevelRow row = level == QueryLevel.STUDY
                    ? one.instance().study()
                    : one.instance().series();
            Merge merge = Merge.of(attributes, row.attributes(), one.latestWins());
            if (merge.attributes() != attributes) {
                corrections.add(one.instance());
            }
            attributes = merge.attributes();
            digests.remove(row.digest());
            digests.add(row.digest());
            add(disagreements, merge, one.instance(), level == QueryLevel.SERIES);
        }
        int forgotten = Math.max(0, digests.size() - MOST_MERGED);
        Long[] merged = digests.subList(forgotten, digests.size()).toArray(Long[]::new);
        LevelRow after = attributes == before ? null : LevelRow.of(level, attributes);
        update(table, id, merged, after);
        write(disagreements);
        return after;
    }

    private void update(String table, long id, Long[] merged, LevelRow row) throws SQLException {
        String columns = row == null ? "" : ", attributes = ?, " + assignments(row);
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE manifest." + table + " SET merged = ?" + columns + " WHERE id = ?")) {
            update.setArray(1, connection.createArrayOf("int8", merged));
            int at = 2;
            if (row != null) {
                update.setBytes(at++, row.attributes());
                at = bind(update, at, row);
            }
            update.setLong(at, id);
            update.executeUpdate();
        }
    }

    private static String assignments(LevelRow row) {
        return Columns.of(row.level()).stream()
                .skip(keyColumns(row))
                .map(column -> column.name() + " = ?::" + column.kind().sqlType())
                .collect(Collectors.joining(", "));
    }

    private static int bind(PreparedStatement statement, int from, LevelRow row) throws SQLException {
        int at = from;
        for (int i = keyColumns(row); i < row.values().length; i++) {
            statement.setString(at++, row.values()[i]);
        }
        return at;
    }

    /** A patient's ID and its issuer are what tells it from others; they do not change. */
    private static int keyColumns(LevelRow row) {
        return row.level() == QueryLevel.PATIENT ? PatientRows.KEY_COLUMNS : 0;
    }

    /** Leads the study to its patient, whose ID it may have got or changed. */
    private void link(long study, Incoming last, LevelRow row) throws SQLException {
        String patientId = row.values()[0];
        if (patientId == null) {
            return;
        }
        PatientRows.Key key = PatientRows.Key.of(last.instance().stored().provider(), row);
        LevelRow patient = LevelRow.of(QueryLevel.PATIENT, patientAttributes(row.attributes()));
        PatientRows.Row patientRow = new PatientRows(connection)
                .put(List.of(new PatientRows.New(key, patient)))
                .get(key);
        if (patientRow.isNew()) {
            new Counts(connection).add(key.provider(), Counts.Sums.ofPatients(1));
        }
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE manifest.study SET patient = ? WHERE id = ? AND patient IS DISTINCT FROM ?")) {
            update.setLong(1, patientRow.id());
            update.setLong(2, study);
            update.setLong(3, patientRow.id());
            update.executeUpdate();
        }
    }

    private static byte[] patientAttributes(byte[] study) {
        JsonMembers members = JsonMembers.of(study);
        JsonObject object = new JsonObject();
        for (int i = 0; i < members.size(); i++) {
            if (InformationModel.levelOf(members.tagAt(i)) == QueryLevel.PATIENT) {
                object.add(members, i);
            }
        }
        return object.toBytes();
    }

    /** Brings what a study that is new says of its patient into the patient that is known already. */
    void patient(PatientRows.Row known, Incoming incoming) throws SQLException {
        PreparedInstance instance = incoming.instance();
        Merge merge = Merge.of(known.attributes(), instance.patient().attributes(), incoming.latestWins());
        if (merge.attributes() != known.attributes()) {
            LevelRow row = LevelRow.of(QueryLevel.PATIENT, merge.attributes());
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE manifest.patient SET attributes = ?, " + assignments(row) + " WHERE id = ?")) {
                update.setBytes(1, row.attributes());
                int at = bind(update, 2, row);
                update.setLong(at, known.id());
                update.executeUpdate();
            }
        }
        List<Object[]> disagreements = new ArrayList<>();
        add(disagreements, merge, instance, false);
        write(disagreements);
    }

    private static void add(List<Object[]> rows, Merge merge, PreparedInstance instance, boolean isOfSeries) {
        for (Merge.Disagreement disagreement : merge.disagreements()) {
            rows.add(new Object[] {
                instance.stored().provider(),
                instance.studyInstanceUID(),
                isOfSeries ? instance.seriesInstanceUID() : "",
                Tag.toHexString(disagreement.tag()),
                disagreement.inForce(),
                disagreement.other(),
                instance.sopInstanceUID()
            });
        }
    }

    private void write(List<Object[]> disagreements) throws SQLException {
        if (!disagreements.isEmpty()) {
            try (PreparedStatement insert = DISAGREEMENT.prepare(connection, disagreements)) {
                insert.executeUpdate();
            }
        }
    }
}
