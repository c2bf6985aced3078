package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Counts of studies and series, and sums of a provider, which are kept so that no search has to count. */
final class Counts {
    /** What is added to the sums of a provider. */
    record Sums(long patients, long studies, long series, long instances, long keptVersions, long bytes) {
        static Sums ofPatients(long patients) {
            return new Sums(patients, 0, 0, 0, 0, 0);
        }

        private static Sums of(Batch.Study study) {
            return new Sums(0, study.isNew ? 1 : 0, study.newSeries().size(), study.instances, 0, study.bytes);
        }

        /** Of all studies of a batch. */
        static Sums of(Batch batch) {
            return batch.studies().stream().map(Sums::of).reduce(ofPatients(0), Sums::plus);
        }

        Sums plus(Sums other) {
            return new Sums(
                    patients + other.patients,
                    studies + other.studies,
                    series + other.series,
                    instances + other.instances,
                    keptVersions + other.keptVersions,
                    bytes + other.bytes);
        }
    }

    static final String STUDIES_AND_SERIES =
            """
            studies AS (
                UPDATE manifest.study s SET version = nextval('manifest.version'),
                    bytes = s.bytes + u.bytes,
                    number_of_instances = s.number_of_instances + u.instances::integer,
                    number_of_series = s.number_of_series + u.series::integer,
                    modalities = CASE WHEN string_to_array(u.modalities, '\\') <@ s.modalities THEN s.modalities ELSE
                        (SELECT array_agg(DISTINCT m ORDER BY m) FROM unnest(s.modalities || string_to_array(u.modalities, '\\')) m) END
                FROM unnest(?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::text[]) AS u (id, bytes, instances, series, modalities)
                WHERE s.id = u.id),
            series AS (
                UPDATE manifest.series e SET version = nextval('manifest.version'),
                    bytes = e.bytes + u.bytes,
                    number_of_instances = e.number_of_instances + u.instances::integer
                FROM unnest(?::int8[], ?::int8[], ?::int8[]) AS u (id, bytes, instances)
                WHERE e.id = u.id)
            """;

    /** A slot is a connection's, so that it is free. */
    static final String SUMS =
            """
            INSERT INTO manifest.total AS t
                (provider, slot, patients, studies, series, instances, kept_versions, bytes, latest)
            VALUES (?, pg_backend_pid() % 64, ?, ?, ?, ?, ?, ?, now())
            ON CONFLICT (provider, slot) DO UPDATE SET
                patients = t.patients + excluded.patients,
                studies = t.studies + excluded.studies,
                series = t.series + excluded.series,
                instances = t.instances + excluded.instances,
                kept_versions = t.kept_versions + excluded.kept_versions,
                bytes = t.bytes + excluded.bytes,
                latest = excluded.latest
            """;

    private final Connection connection;

    Counts(Connection connection) {
        this.connection = connection;
    }

    /** Counts what was inserted, but not in the rows of studies and series that are new, which have their counts. */
    void add(Batch batch, Map<String, Long> newPatients) throws SQLException {
        TreeMap<String, Sums> sums = new TreeMap<>();
        newPatients.forEach((provider, patients) -> sums.put(provider, Sums.ofPatients(patients)));
        for (Batch.Study study : batch.studies()) {
            sums.merge(study.provider(), Sums.of(study), Sums::plus);
        }
        String first = sums.firstKey();
        try (PreparedStatement update = connection.prepareStatement("WITH " + STUDIES_AND_SERIES + SUMS)) {
            int next = bind(update, 1, batch);
            bind(update, next, first, sums.remove(first));
            update.executeUpdate();
        }
        for (String provider : new ArrayList<>(sums.keySet())) {
            add(provider, sums.get(provider));
        }
    }

    /** Adds to the sums of a provider. */
    void add(String provider, Sums sums) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(SUMS)) {
            bind(update, 1, provider, sums);
            update.executeUpdate();
        }
    }

    /** Sets the parameters of {@link #STUDIES_AND_SERIES}. @return the index of the next parameter */
    int bind(PreparedStatement update, int from, Batch batch) throws SQLException {
        List<Batch.Study> studies =
                batch.studies().stream().filter(study -> !study.isNew).toList();
        List<Batch.Series> series =
                batch.series().stream().filter(one -> !one.isNew).toList();
        int next = from;
        longs(update, next++, studies, study -> study.id);
        longs(update, next++, studies, study -> study.bytes);
        longs(update, next++, studies, study -> study.instances);
        longs(update, next++, studies, study -> (long) study.newSeries().size());
        update.setArray(
                next++,
                connection.createArrayOf(
                        "text",
                        studies.stream()
                                .map(study -> String.join("\\", study.newModalities()))
                                .toArray(String[]::new)));
        longs(update, next++, series, one -> one.id);
        longs(update, next++, series, one -> one.bytes);
        longs(update, next++, series, one -> (long) one.instances.size());
        return next;
    }

    /** Sets the parameters of {@link #SUMS}. @return the index of the next parameter */
    static int bind(PreparedStatement statement, int from, String provider, Sums sums) throws SQLException {
        statement.setString(from, provider);
        statement.setLong(from + 1, sums.patients());
        statement.setLong(from + 2, sums.studies());
        statement.setLong(from + 3, sums.series());
        statement.setLong(from + 4, sums.instances());
        statement.setLong(from + 5, sums.keptVersions());
        statement.setLong(from + 6, sums.bytes());
        return from + 7;
    }

    private <T> void longs(PreparedStatement statement, int at, Collection<T> rows, Function<T, Long> value)
            throws SQLException {
        statement.setArray(
                at, connection.createArrayOf("int8", rows.stream().map(value).toArray(Long[]::new)));
    }
}
