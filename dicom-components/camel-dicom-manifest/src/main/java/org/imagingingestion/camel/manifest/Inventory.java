package org.imagingingestion.camel.manifest;

import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

import javax.sql.DataSource;

import org.imagingingestion.dicom.DicomException;

/** What the manifest has as a whole. */
final class Inventory {
    private static final int MOST_NAMES = 1000;

    private static final String STATISTICS =
            """
            SELECT coalesce(sum(patients), 0)::bigint, coalesce(sum(studies), 0)::bigint, coalesce(sum(series), 0)::bigint,
                coalesce(sum(instances), 0)::bigint, coalesce(sum(kept_versions), 0)::bigint,
                coalesce(sum(bytes), 0)::bigint,
                (SELECT count(*) FROM manifest.disagreement d WHERE d.provider = ?), max(latest)
            FROM manifest.total t WHERE t.provider = ?
            """;

    private static final String RECORDED =
            """
            SELECT i.object_name FROM manifest.instance i WHERE i.object_name = ANY (?)
            UNION ALL
            SELECT k.object_name FROM manifest.kept_version k WHERE k.object_name = ANY (?)
            UNION ALL
            SELECT r.object_name FROM manifest.removed_object r WHERE r.object_name = ANY (?) AND NOT r.given_up
            """;

    private static final String DISAGREEMENTS =
            """
            SELECT study_instance_uid, series_instance_uid, sop_instance_uid, tag, in_force, other, seen_at
            FROM manifest.disagreement WHERE provider = ? AND study_instance_uid = ? ORDER BY series_instance_uid, tag, id
            """;

    private final DataSource dataSource;

    Inventory(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    ManifestStatistics statistics(String provider) throws DicomException {
        return read("Counting", STATISTICS, select -> {
            select.setString(1, provider);
            select.setString(2, provider);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                Timestamp latest = row.getTimestamp(8);
                return new ManifestStatistics(
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getLong(7),
                        latest == null ? null : latest.toInstant());
            }
        });
    }

    /** Names of objects that nothing in the manifest refers to, in the order given; they begin with their providers. */
    List<String> orphans(Iterator<?> objectNames) throws DicomException {
        List<String> orphans = new ArrayList<>();
        List<String> names = new ArrayList<>(MOST_NAMES);
        while (objectNames.hasNext()) {
            names.add(objectNames.next().toString());
            if (names.size() == MOST_NAMES || !objectNames.hasNext()) {
                Set<String> recorded = recorded(names);
                names.stream().filter(name -> !recorded.contains(name)).forEach(orphans::add);
                names.clear();
            }
        }
        return orphans;
    }

    private Set<String> recorded(List<String> names) throws DicomException {
        String[] asked = names.stream().map(Values::withoutNul).toArray(String[]::new);
        return read("Looking for orphans", RECORDED, select -> {
            for (int at = 1; at <= 3; at++) {
                select.setArray(at, select.getConnection().createArrayOf("text", asked));
            }
            Set<String> recorded = new HashSet<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    recorded.add(row.getString(1));
                }
            }
            return recorded;
        });
    }

    List<AttributeDisagreement> disagreements(String provider, String studyInstanceUID) throws DicomException {
        return read("Listing disagreements", DISAGREEMENTS, select -> {
            select.setString(1, provider);
            select.setString(2, Values.withoutNul(studyInstanceUID));
            List<AttributeDisagreement> disagreements = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    disagreements.add(new AttributeDisagreement(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            Integer.parseUnsignedInt(row.getString(4), 16),
                            new String(row.getBytes(5), StandardCharsets.UTF_8),
                            new String(row.getBytes(6), StandardCharsets.UTF_8),
                            row.getTimestamp(7).toInstant()));
                }
            }
            return disagreements;
        });
    }

    private interface Reading<T> {
        T of(PreparedStatement select) throws SQLException;
    }

    private <T> T read(String what, String sql, Reading<T> reading) throws DicomException {
        try {
            return Transaction.read(dataSource, connection -> {
                try (PreparedStatement select = connection.prepareStatement(sql)) {
                    return reading.of(select);
                }
            });
        } catch (SQLException e) {
            throw SqlFailures.toDicom(what, e);
        }
    }
}
