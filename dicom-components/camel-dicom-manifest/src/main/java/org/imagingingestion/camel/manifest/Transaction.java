package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

/** Work on one connection that is done as a whole or not at all. */
final class Transaction {
    /** What is done with the connection. */
    @FunctionalInterface
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private static final int MOST_READS = 40;

    private Transaction() {}

    /** Runs work and commits it; rolls it back where it throws. */
    static <T> T run(DataSource dataSource, Work<T> work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return run(connection, work);
        }
    }

    /** Runs work and commits it; rolls it back where it throws. */
    static <T> T run(Connection connection, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            T result = work.on(connection);
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            rollBack(connection, e);
            throw e;
        } finally {
            reset(connection);
        }
    }

    /** Reads, again where what is read changed meanwhile or the connection is broken, which those of a pool may be. */
    static <T> T read(DataSource dataSource, Work<T> work) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try (Connection connection = dataSource.getConnection()) {
                return work.on(connection);
            } catch (SQLException e) {
                if (!SqlFailures.isBrokenConnection(e) && !SqlFailures.isConflict(e) || attempt == MOST_READS) {
                    throw e;
                }
            }
        }
    }

    private static void rollBack(Connection connection, Throwable failure) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    private static void reset(Connection connection) throws SQLException {
        if (!connection.isClosed()) {
            connection.setAutoCommit(true);
        }
    }
}
