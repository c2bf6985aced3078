package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

/**
 * The connection of one who writes, kept from one batch to the next while there are some, with the settings that its statements
 * are to be planned by.
 */
final class WriterConnection {
    /** Plans are made once, and those made while tables are small must do when they are large. */
    static final String SET = "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;"
            + " SET plan_cache_mode = force_generic_plan";

    static final String RESET =
            "RESET enable_seqscan; RESET enable_hashjoin; RESET enable_mergejoin;" + " RESET plan_cache_mode";

    private final DataSource dataSource;
    private final Runnable onOpen;
    private Connection connection;

    /** @param onOpen told of each new connection: it may be to a database restored or failed over to, which gives its ids anew */
    WriterConnection(DataSource dataSource, Runnable onOpen) {
        this.dataSource = dataSource;
        this.onOpen = onOpen;
    }

    WriterConnection(DataSource dataSource) {
        this(dataSource, () -> {});
    }

    /** Does work that is one statement. */
    <T> T statement(Transaction.Work<T> work) throws SQLException {
        try {
            return work.on(open());
        } catch (SQLException e) {
            if (!SqlFailures.isConflict(e)) {
                release();
            }
            throw e;
        } catch (RuntimeException | Error e) {
            release();
            throw e;
        }
    }

    /** Does work as a whole or not at all. */
    <T> T transaction(Transaction.Work<T> work) throws SQLException {
        return statement(opened -> Transaction.run(opened, work));
    }

    private Connection open() throws SQLException {
        if (connection == null) {
            connection = dataSource.getConnection();
            onOpen.run();
            execute(SET);
        }
        return connection;
    }

    /** Gives the connection back, as it was. */
    void release() {
        Connection released = connection;
        if (released == null) {
            return;
        }
        try (released) {
            execute(RESET);
        } catch (SQLException | RuntimeException e) {
            // it is broken, and the pool gives it up
        } finally {
            connection = null;
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
