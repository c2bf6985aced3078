package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Patients, told apart by Patient ID and its issuer (PS3.4 §C.6.1.1.2). */
final class PatientRows {
    record Key(String provider, String patientId, String issuer) implements Comparable<Key> {
        /** @param row of a patient or of a study, which has the same columns first */
        static Key of(String provider, LevelRow row) {
            return new Key(provider, row.values()[0], row.values()[1] == null ? "" : row.values()[1]);
        }

        @Override
        public int compareTo(Key other) {
            int order = provider.compareTo(other.provider);
            order = order == 0 ? patientId.compareTo(other.patientId) : order;
            return order == 0 ? issuer.compareTo(other.issuer) : order;
        }
    }

    record New(Key key, LevelRow row) {}

    /** @param attributes those in the manifest */
    record Row(long id, boolean isNew, byte[] attributes) {}

    /** Patient ID and its issuer are the first columns. */
    static final int KEY_COLUMNS = 2;

    private static final List<Column> OTHERS = Columns.PATIENT.subList(KEY_COLUMNS, Columns.PATIENT.size());

    private static final ArrayInsert INSERT = ArrayInsert.into("patient")
            .texts("provider", "patient_id", "issuer_of_patient_id")
            .columns(OTHERS)
            .bytes("attributes")
            .end("ON CONFLICT (provider, patient_id, issuer_of_patient_id)"
                    + " DO UPDATE SET patient_id = excluded.patient_id"
                    + " RETURNING id, xmax = 0, attributes, provider, patient_id, issuer_of_patient_id");

    private final Connection connection;

    PatientRows(Connection connection) {
        this.connection = connection;
    }

    /** Finds or adds patients, and locks them. */
    Map<Key, Row> put(List<New> patients) throws SQLException {
        TreeMap<Key, New> distinct = new TreeMap<>();
        patients.forEach(patient -> distinct.putIfAbsent(patient.key(), patient));
        Map<Key, Row> found = new HashMap<>();
        if (distinct.isEmpty()) {
            return found;
        }
        List<Object[]> rows = new ArrayList<>();
        distinct.values().forEach(patient -> rows.add(row(patient)));
        try (PreparedStatement insert = INSERT.prepare(connection, rows);
                ResultSet result = insert.executeQuery()) {
            while (result.next()) {
                found.put(
                        new Key(result.getString(4), result.getString(5), result.getString(6)),
                        new Row(result.getLong(1), result.getBoolean(2), result.getBytes(3)));
            }
        }
        return found;
    }

    private static Object[] row(New patient) {
        Object[] row = new Object[4 + OTHERS.size()];
        row[0] = patient.key().provider();
        row[1] = patient.key().patientId();
        row[2] = patient.key().issuer();
        System.arraycopy(patient.row().values(), KEY_COLUMNS, row, 3, OTHERS.size());
        row[row.length - 1] = patient.row().attributes();
        return row;
    }
}
