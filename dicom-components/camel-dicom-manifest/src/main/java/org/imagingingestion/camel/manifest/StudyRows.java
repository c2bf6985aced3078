package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.imagingingestion.camel.manifest.Batch.Incoming;

/** Rows of studies, and of the patients they are of. */
final class StudyRows {
    private static final ArrayInsert INSERT = ArrayInsert.into("study")
            .texts("provider", "study_instance_uid")
            .longs("patient", "bytes")
            .number("number_of_instances", "u.number_of_instances::integer")
            .number("number_of_series", "u.number_of_series::integer")
            .text("modalities", "string_to_array(u.modalities, '\\')")
            .number("merged", "ARRAY[u.merged]")
            .columns(Columns.STUDY)
            .bytes("attributes")
            .computed("version", "nextval('manifest.version')")
            .end("ON CONFLICT DO NOTHING RETURNING id, provider || E'\\n' || study_instance_uid");

    private final Connection connection;

    StudyRows(Connection connection) {
        this.connection = connection;
    }

    /**
     * Inserts studies with all that the batch has of them, and sets their ids.
     *
     * @return how many patients are new, by provider
     */
    Map<String, Long> insert(List<Batch.Study> studies) throws SQLException {
        Map<PatientRows.Key, PatientRows.Row> patients = patients(studies);
        Map<String, Batch.Study> byKey = new HashMap<>();
        List<Object[]> rows = new ArrayList<>();
        for (Batch.Study study : studies) {
            byKey.put(study.key(), study);
            rows.add(row(study, patients.get(patient(study))));
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
        return patients.entrySet().stream()
                .filter(patient -> patient.getValue().isNew())
                .collect(Collectors.groupingBy(patient -> patient.getKey().provider(), Collectors.counting()));
    }

    private Map<PatientRows.Key, PatientRows.Row> patients(List<Batch.Study> studies) throws SQLException {
        List<PatientRows.New> patients = new ArrayList<>();
        for (Batch.Study study : studies) {
            if (patient(study) != null) {
                patients.add(new PatientRows.New(patient(study), study.first.patient()));
            }
        }
        Map<PatientRows.Key, PatientRows.Row> rows = new PatientRows(connection).put(patients);
        Merger merger = new Merger(connection);
        for (Batch.Study study : studies) {
            PatientRows.Row row = rows.get(patient(study));
            if (row != null) {
                merger.patient(row, new Incoming(study.first, study.latestWins));
            }
        }
        return rows;
    }

    private static PatientRows.Key patient(Batch.Study study) {
        LevelRow patient = study.first.patient();
        return patient.values()[0] == null ? null : PatientRows.Key.of(study.provider(), patient);
    }

    private static Object[] row(Batch.Study study, PatientRows.Row patient) {
        Object[] row = new Object[9 + Columns.STUDY.size()];
        row[0] = study.provider();
        row[1] = study.first.studyInstanceUID();
        row[2] = patient == null ? null : patient.id();
        row[3] = study.bytes;
        row[4] = study.instances;
        row[5] = (long) study.series.size();
        row[6] = String.join("\\", study.newModalities());
        row[7] = study.first.study().digest();
        System.arraycopy(study.first.study().values(), 0, row, 8, Columns.STUDY.size());
        row[row.length - 1] = study.first.study().attributes();
        return row;
    }
}
