package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import javax.sql.DataSource;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.service.InstanceLocation;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryLevel;
import org.imagingingestion.dicom.service.Retrieval;
import org.imagingingestion.dicom.service.Retrieval.Content;
import org.imagingingestion.dicom.service.RetrievalResult;

/** Finds what a retrieval asks for. UIDs that are none find nothing. */
final class Locator {
    private static final String TABLES = " FROM manifest.study st JOIN manifest.series se ON se.study = st.id"
            + " JOIN manifest.instance i ON i.series = se.id";
    private static final String LOCATION = ", se.series_instance_uid, i.sop_instance_uid, i.sop_class_uid,"
            + " i.transfer_syntax_uid, i.object_name, i.length, i.sha256, i.bulk_index";
    private static final String METADATA = ", i.series, i.metadata";

    private static final int FETCH_SIZE = 500;
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

    RetrievalResult locate(Retrieval retrieval) throws DicomException {
        try {
            return Transaction.read(dataSource, connection -> locate(connection, retrieval));
        } catch (SQLException e) {
            throw SqlFailures.toDicom("Retrieving", e);
        }
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
            throw new DicomException(
                    DicomStatus.UNABLE_TO_PERFORM_SUBOPERATIONS,
                    "More than " + MOST_LOCATIONS + " instances at once are not retrieved");
        }
        return result;
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
        try (PreparedStatement select = connection.prepareStatement(sql(retrieval))) {
            if (retrieval.sopInstanceUID() == null) {
                // one instance takes no time worth a timer, which costs as much as the rest
                select.setQueryTimeout(timeout);
            }
            bind(select, retrieval);
            try (ResultSet row = select.executeQuery()) {
                return switch (retrieval.content()) {
                    case VERSION -> new RetrievalResult(row.next() ? version(row) : null, List.of(), List.of(), null);
                    case LOCATIONS -> locations(row, retrieval);
                    case METADATA -> metadata(connection, row);
                };
            }
        }
    }

    private static String sql(Retrieval retrieval) {
        boolean ofSeries = retrieval.seriesInstanceUID() != null;
        boolean ofInstance = retrieval.sopInstanceUID() != null;
        String version = ofInstance ? "i.version" : ofSeries ? "se.version" : "st.version";
        StringBuilder sql = new StringBuilder("SELECT ").append(version);
        switch (retrieval.content()) {
            case LOCATIONS -> sql.append(LOCATION).append(TABLES);
            case METADATA -> sql.append(METADATA).append(TABLES);
            case VERSION -> sql.append(
                    ofInstance
                            ? TABLES
                            : " FROM manifest.study st"
                                    + (ofSeries ? " JOIN manifest.series se ON se.study = st.id" : ""));
        }
        sql.append(" WHERE st.provider = ? AND st.study_instance_uid = ?");
        sql.append(ofSeries ? " AND se.series_instance_uid = ?" : "");
        sql.append(ofInstance ? " AND i.provider = st.provider AND i.sop_instance_uid = ?" : "");
        if (retrieval.content() != Content.VERSION && !ofInstance) {
            sql.append(" ORDER BY ")
                    .append(ofSeries ? "" : "se.series_number, se.series_instance_uid, ")
                    .append("i.instance_number, i.sop_instance_uid");
        }
        return sql.toString();
    }

    private static void bind(PreparedStatement select, Retrieval retrieval) throws SQLException {
        int at = 1;
        select.setString(at++, retrieval.provider());
        select.setString(at++, Values.withoutNul(retrieval.studyInstanceUID()));
        if (retrieval.seriesInstanceUID() != null) {
            select.setString(at++, Values.withoutNul(retrieval.seriesInstanceUID()));
        }
        if (retrieval.sopInstanceUID() != null) {
            select.setString(at, Values.withoutNul(retrieval.sopInstanceUID()));
        }
    }

    private static String version(ResultSet row) throws SQLException {
        return Long.toString(row.getLong(1), Character.MAX_RADIX);
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
                    row.getBytes(9)));
        }
        return new RetrievalResult(version, locations, List.of(), null);
    }

    private RetrievalResult metadata(Connection connection, ResultSet row) throws SQLException {
        record Encoded(long series, byte[] metadata) {}
        String version = null;
        List<Encoded> rows = new ArrayList<>();
        Set<Long> series = new HashSet<>();
        while (row.next()) {
            version = version == null ? version(row) : version;
            rows.add(new Encoded(row.getLong(2), row.getBytes(3)));
            series.add(row.getLong(2));
        }
        Map<Long, Delta.Base> bases = templates.get(connection, series);
        List<byte[]> metadata = new ArrayList<>(rows.size());
        for (Encoded one : rows) {
            metadata.add(Delta.decode(bases.get(one.series()).bytes(), one.metadata()));
        }
        return new RetrievalResult(version, List.of(), metadata, null);
    }
}
