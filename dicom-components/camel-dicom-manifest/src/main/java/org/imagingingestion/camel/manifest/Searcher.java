package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryLevel;
import org.imagingingestion.dicom.service.QueryResult;

/** Answers searches, in one statement where all keys have a column. */
final class Searcher {
    /** Bytes of matches that are given at once, unless the first alone has more. */
    static final int MOST_BYTES = 8 << 20;

    private static final int FETCH_SIZE = 200;

    private final DataSource dataSource;
    private final Templates templates;
    private final int timeout;

    /** @param timeout of a statement in seconds, 0 for none */
    Searcher(DataSource dataSource, Templates templates, int timeout) {
        this.dataSource = dataSource;
        this.templates = templates;
        this.timeout = timeout;
    }

    QueryResult search(Query query) throws DicomException {
        SearchPlan plan = SearchPlan.of(query);
        SearchStatement statement = SearchStatement.of(plan);
        try {
            if (plan.filters().isEmpty() && !statement.hasMetadata()) {
                return Transaction.read(dataSource, connection -> execute(connection, statement, plan));
            }
            // rows come in portions, and templates are read between them
            return Transaction.run(dataSource, connection -> execute(connection, statement, plan));
        } catch (SQLException e) {
            throw SqlFailures.toDicom("Searching", e);
        }
    }

    private QueryResult execute(Connection connection, SearchStatement search, SearchPlan plan) throws SQLException {
        Query query = plan.query();
        ResultWriter writer = new ResultWriter(plan);
        List<byte[]> matches = new ArrayList<>();
        long bytes = 0;
        int toSkip = plan.filters().isEmpty() ? 0 : query.offset();
        try (PreparedStatement select = connection.prepareStatement(search.sql())) {
            select.setQueryTimeout(timeout);
            search.bind(connection, select);
            if (!connection.getAutoCommit()) {
                select.setFetchSize(FETCH_SIZE);
            }
            try (ResultSet row = select.executeQuery()) {
                ResultRow found = null;
                while (row.next()) {
                    found = ResultRow.of(row, query.level(), found);
                    JsonMembers metadata = search.hasMetadata() ? metadata(connection, row) : null;
                    if (!matches(plan, found, metadata) || toSkip-- > 0) {
                        continue;
                    }
                    if (matches.size() == query.limit()) {
                        return new QueryResult(matches, true);
                    }
                    byte[] match = writer.write(found, row, metadata);
                    bytes += match.length;
                    if (bytes > MOST_BYTES && !matches.isEmpty()) {
                        return new QueryResult(matches, true);
                    }
                    matches.add(match);
                }
            }
        }
        return new QueryResult(matches, false);
    }

    private JsonMembers metadata(Connection connection, ResultSet row) throws SQLException {
        long series = row.getLong(SearchStatement.SERIES_ID);
        Map<Long, Delta.Base> template = templates.get(connection, List.of(series));
        return JsonMembers.of(Delta.decode(template.get(series).bytes(), row.getBytes(SearchStatement.METADATA)));
    }

    private static boolean matches(SearchPlan plan, ResultRow row, JsonMembers metadata) {
        for (AttributeFilter filter : plan.filters()) {
            JsonMembers attributes = filter.level() == QueryLevel.IMAGE ? metadata : row.attributes(filter.level());
            if (!filter.matches(attributes)) {
                return false;
            }
        }
        return true;
    }
}
