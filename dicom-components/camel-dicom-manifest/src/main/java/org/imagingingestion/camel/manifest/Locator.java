package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import javax.sql.DataSource;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.service.InstanceLocation;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryLevel;
import org.imagingingestion.dicom.service.Retrieval;
import org.imagingingestion.dicom.service.RetrievalResult;

/** Finds what a retrieval asks for. UIDs that are none find nothing. */
final class Locator {
    private static final String TABLES = " FROM manifest.study st JOIN manifest.series se ON se.study = st.id"
            + " JOIN manifest.instance i ON i.series = se.id";
    private static final String LOCATION = ", se.series_instance_uid, i.sop_instance_uid, i.sop_class_uid,"
            + " i.transfer_syntax_uid, i.object_name, i.length, i.sha256, i.bulk_index, i.recorded_at";
    private static final String METADATA = ", i.series, i.sop_instance_uid, i.metadata";
    private static final String METADATA_LENGTH =
            ", i.sop_instance_uid, substring(i.metadata FROM 1 FOR " + Delta.LENGTH_BYTES + ")";

    private static final int FETCH_SIZE = 500;
    /** Bytes of metadata that are given at once, unless one instance alone has more. */
    static final int PORTION = 1 << 20;
    /** Places that are held in memory for one retrieval, of half a kilobyte each. */
    private static final int MOST_LOCATIONS = 100_000;

    private final DataSource dataSource;
    private final Templates templates;
    private final int timeout;

    /** @param timeout of a statement in seconds, 0 for none */
    Locator(DataSource dataSource, Templates templates, int timeout) {
        this.dataSource = dataSource;
        this.templates = templates;
        this.timeout = timeout;
    }

    /**
     * Finds what a retrieval asks for.
     *
     * @throws DicomException UNABLE_TO_PERFORM_SUBOPERATIONS where it asks for more than 100,000 instances; NO_SUCH_OBJECT_INSTANCE where
     *     one of those whose places it names is not there
     */
    RetrievalResult locate(Retrieval retrieval) throws DicomException {
        RetrievalResult result;
        try {
            result = Transaction.read(dataSource, connection -> locate(connection, retrieval));
        } catch (SQLException e) {
            throw SqlFailures.toDicom("Retrieving", e);
        }
        if (result.locations().size() > MOST_LOCATIONS
                || result.left().size() + result.metadata().size() > MOST_LOCATIONS) {
            throw tooMany();
        }
        List<String> named = retrieval.sopInstanceUIDs();
        if (retrieval.content() == Retrieval.Content.LOCATIONS
                && result.locations().size() < named.stream().distinct().count()) {
            throw new DicomException(
                    DicomStatus.NO_SUCH_OBJECT_INSTANCE,
                    result.locations().size() + " of the " + named.size() + " instances are there");
        }
        return result;
    }

    /**
     * Finds all instances that match, for C-MOVE, C-GET and storage commitment, which name theirs by lists of UIDs. Their places are
     * without a bulk index.
     *
     * @param query of level IMAGE; its limit and offset have no meaning
     * @throws DicomException INVALID_ARGUMENT_VALUE for a key that only a search can match
     */
    RetrievalResult locate(Query query) throws DicomException {
        SearchPlan plan = SearchPlan.of(query);
        if (!plan.filters().isEmpty() || query.level() != QueryLevel.IMAGE) {
            throw new DicomException(
                    DicomStatus.INVALID_ARGUMENT_VALUE, "Instances are retrieved by their unique keys only");
        }
        RetrievalResult result = found(SearchStatement.ofLocations(plan, MOST_LOCATIONS + 1));
        if (result.locations().size() > MOST_LOCATIONS) {
            throw tooMany();
        }
        return result;
    }

    private static DicomException tooMany() {
        return new DicomException(
                DicomStatus.UNABLE_TO_PERFORM_SUBOPERATIONS,
                "More than " + MOST_LOCATIONS + " instances at once are not retrieved");
    }

    private RetrievalResult found(SearchStatement statement) throws DicomException {
        try {
            return Transaction.run(dataSource, connection -> {
                try (PreparedStatement select = connection.prepareStatement(statement.sql())) {
                    select.setQueryTimeout(timeout);
                    select.setFetchSize(FETCH_SIZE);
                    statement.bind(connection, select);
                    try (ResultSet row = select.executeQuery()) {
                        return found(row);
                    }
                }
            });
        } catch (SQLException e) {
            throw SqlFailures.toDicom("Locating instances", e);
        }
    }

    private static RetrievalResult found(ResultSet row) throws SQLException {
        List<InstanceLocation> locations = new ArrayList<>();
        while (row.next()) {
            locations.add(new InstanceLocation(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6),
                    row.getLong(7),
                    row.getBytes(8),
                    null));
        }
        return new RetrievalResult(null, locations, List.of(), null);
    }

    private RetrievalResult locate(Connection connection, Retrieval retrieval) throws SQLException {
        return switch (retrieval.content()) {
            case VERSION -> version(connection, retrieval);
            case LOCATIONS -> locations(connection, retrieval);
            case METADATA -> metadata(connection, retrieval);
        };
    }

    /** What is done with the rows that are found. */
    private interface Rows<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** @param uids the SOP Instance UIDs that are meant, empty for all */
    private <T> T select(Connection connection, String sql, Retrieval retrieval, List<String> uids, Rows<T> rows)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            if (retrieval.sopInstanceUID() == null) {
                // one instance takes no time worth a timer, which costs as much as the rest
                select.setQueryTimeout(timeout);
            }
            bind(connection, select, retrieval, uids);
            try (ResultSet row = select.executeQuery()) {
                return rows.read(row);
            }
        }
    }

    private static String versionColumn(Retrieval retrieval) {
        return retrieval.sopInstanceUID() != null
                ? "i.version"
                : retrieval.seriesInstanceUID() != null ? "se.version" : "st.version";
    }

    private static String sql(Retrieval retrieval, String columns, String tables, boolean listed) {
        boolean ofSeries = retrieval.seriesInstanceUID() != null;
        boolean ofInstance = retrieval.sopInstanceUID() != null;
        return "SELECT " + versionColumn(retrieval) + columns + tables
                + " WHERE st.provider = ? AND st.study_instance_uid = ?"
                + (ofSeries ? " AND se.series_instance_uid = ?" : "")
                + (ofInstance || listed ? " AND i.provider = st.provider" : "")
                + (ofInstance ? " AND i.sop_instance_uid = ?" : "")
                + (listed ? " AND i.sop_instance_uid = ANY (?)" : "");
    }

    private static String ordered(Retrieval retrieval) {
        return " ORDER BY "
                + (retrieval.seriesInstanceUID() != null ? "" : "se.series_number, se.series_instance_uid, ")
                + "i.instance_number, i.sop_instance_uid LIMIT " + (MOST_LOCATIONS + 1);
    }

    private static void bind(Connection connection, PreparedStatement select, Retrieval retrieval, List<String> uids)
            throws SQLException {
        int at = 1;
        select.setString(at++, retrieval.provider());
        select.setString(at++, Values.withoutNul(retrieval.studyInstanceUID()));
        if (retrieval.seriesInstanceUID() != null) {
            select.setString(at++, Values.withoutNul(retrieval.seriesInstanceUID()));
        }
        if (retrieval.sopInstanceUID() != null) {
            select.setString(at++, Values.withoutNul(retrieval.sopInstanceUID()));
        }
        if (!uids.isEmpty()) {
            select.setArray(
                    at,
                    connection.createArrayOf(
                            "text", uids.stream().map(Values::withoutNul).toArray()));
        }
    }

    private static String version(ResultSet row) throws SQLException {
        return Long.toString(row.getLong(1), Character.MAX_RADIX);
    }

    private RetrievalResult version(Connection connection, Retrieval retrieval) throws SQLException {
        String tables = retrieval.sopInstanceUID() != null
                ? TABLES
                : " FROM manifest.study st"
                        + (retrieval.seriesInstanceUID() != null ? " JOIN manifest.series se ON se.study = st.id" : "");
        String version = select(
                connection,
                sql(retrieval, "", tables, false),
                retrieval,
                List.of(),
                row -> row.next() ? version(row) : null);
        return new RetrievalResult(version, List.of(), List.of(), null);
    }

    private RetrievalResult locations(Connection connection, Retrieval retrieval) throws SQLException {
        List<String> named = retrieval.sopInstanceUIDs();
        String sql = sql(retrieval, LOCATION, TABLES, !named.isEmpty());
        return select(
                connection,
                retrieval.sopInstanceUID() != null ? sql : sql + ordered(retrieval),
                retrieval,
                named,
                row -> locations(row, retrieval));
    }

    /** Sorts places as the names of their instances are. */
    private static void sort(List<InstanceLocation> locations, List<String> named) {
        Map<String, Integer> order = new HashMap<>();
        for (String uid : named) {
            order.putIfAbsent(Values.withoutNul(uid), order.size());
        }
        locations.sort(Comparator.comparing(location -> order.get(location.sopInstanceUID())));
    }

    private static RetrievalResult locations(ResultSet row, Retrieval retrieval) throws SQLException {
        String version = null;
        List<InstanceLocation> locations = new ArrayList<>();
        while (row.next()) {
            version = version == null ? version(row) : version;
            locations.add(new InstanceLocation(
                    retrieval.studyInstanceUID(),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6),
                    row.getLong(7),
                    row.getBytes(8),
                    row.getBytes(9),
                    row.getTimestamp(10).toInstant()));
        }
        if (!retrieval.sopInstanceUIDs().isEmpty()) {
            sort(locations, retrieval.sopInstanceUIDs());
        }
        return new RetrievalResult(version, locations, List.of(), null);
    }

    /** The metadata of one instance, or of as many of several as one portion has room for, in their order. */
    private RetrievalResult metadata(Connection connection, Retrieval retrieval) throws SQLException {
        if (retrieval.sopInstanceUID() != null) {
            Described described = described(connection, retrieval, List.of());
            return new RetrievalResult(
                    described.version(),
                    List.of(),
                    List.copyOf(described.metadata().values()),
                    null);
        }
        Contents contents = contents(connection, retrieval);
        if (contents.uids().isEmpty()) {
            return new RetrievalResult(null, List.of(), List.of(), null);
        }
        List<String> given = contents.uids().subList(0, contents.fitting());
        Map<String, byte[]> found = described(connection, retrieval, given).metadata();
        return new RetrievalResult(
                contents.version(),
                List.of(),
                // one may have been deleted meanwhile
                given.stream().map(found::get).filter(Objects::nonNull).toList(),
                List.copyOf(
                        contents.uids().subList(given.size(), contents.uids().size())),
                null);
    }

    /**
     * What there is metadata of.
     *
     * @param fitting how many of the first ones fit into a portion, at least one of them
     */
    private record Contents(String version, List<String> uids, int fitting) {}

    private Contents contents(Connection connection, Retrieval retrieval) throws SQLException {
        boolean listed = !retrieval.sopInstanceUIDs().isEmpty();
        String sql = sql(retrieval, METADATA_LENGTH, TABLES, listed) + ordered(retrieval);
        return select(connection, sql, retrieval, retrieval.sopInstanceUIDs(), row -> {
            String version = null;
            List<String> uids = new ArrayList<>();
            int fitting = 0;
            long bytes = 0;
            while (row.next()) {
                version = version == null ? version(row) : version;
                uids.add(row.getString(2));
                bytes += Delta.length(row.getBytes(3));
                if (bytes <= PORTION || uids.size() == 1) {
                    fitting = uids.size();
                }
            }
            return new Contents(version, uids, fitting);
        });
    }

    private record Described(String version, Map<String, byte[]> metadata) {}

    private Described described(Connection connection, Retrieval retrieval, List<String> uids) throws SQLException {
        record Encoded(long series, String uid, byte[] metadata) {}
        List<Encoded> rows = new ArrayList<>();
        Set<Long> series = new HashSet<>();
        String version = select(connection, sql(retrieval, METADATA, TABLES, !uids.isEmpty()), retrieval, uids, row -> {
            String first = null;
            while (row.next()) {
                first = first == null ? version(row) : first;
                rows.add(new Encoded(row.getLong(2), row.getString(3), row.getBytes(4)));
                series.add(row.getLong(2));
            }
            return first;
        });
        Map<Long, Delta.Base> bases = templates.get(connection, series);
        Map<String, byte[]> metadata = new HashMap<>();
        for (Encoded one : rows) {
            metadata.put(one.uid(), Delta.decode(bases.get(one.series()).bytes(), one.metadata()));
        }
        return new Described(version, metadata);
    }
}
