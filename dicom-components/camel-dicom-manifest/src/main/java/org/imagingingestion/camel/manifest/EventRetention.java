package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

import javax.sql.DataSource;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes events that are old, but not those that are still to be delivered, nor dead letters. One process at a time does. */
final class EventRetention implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(EventRetention.class);

    /** The advisory lock of who removes; any number that no other program uses. */
    private static final long TURN = 0x4556_5245_5445L;

    private static final int PAGE = 5000;

    /** A page of the oldest events; of those before it some may be left. */
    private static final String REMOVE =
            """
            WITH page AS MATERIALIZED (
                SELECT seq, partition, time FROM manifest.event WHERE seq > ? ORDER BY seq LIMIT ?),
            gone AS (
                DELETE FROM manifest.event e USING page p
                WHERE e.seq = p.seq AND p.time < now() - ? * interval '1 millisecond'
                    AND NOT EXISTS (SELECT FROM manifest.dead_letter l WHERE l.seq = p.seq)
                    AND NOT EXISTS (SELECT FROM manifest.subscription s JOIN manifest.delivery d
                        ON d.subscription = s.id AND d.shard = manifest.shard(p.partition)
                            AND d.partition = p.partition AND d.seq = p.seq))
            SELECT max(seq) FROM page HAVING count(*) = ? AND max(time) < now() - ? * interval '1 millisecond'
            """;

    private static final String FORGOTTEN =
            "DELETE FROM manifest.delivery WHERE NOT EXISTS (SELECT FROM manifest.subscription s WHERE s.id = subscription)";

    private final DataSource dataSource;
    private final Duration retention;

    EventRetention(DataSource dataSource, Duration retention) {
        this.dataSource = dataSource;
        this.retention = retention;
    }

    @Override
    public void run() {
        try (Connection connection = dataSource.getConnection()) {
            Long after = 0L;
            while (after != null) {
                long from = after;
                after = Transaction.run(connection, page -> hasTurn(page) ? remove(page, from) : null);
            }
        } catch (SQLException e) {
            LOG.warn("Old events cannot be removed now{}", SqlFailures.describe(e));
        } catch (RuntimeException e) {
            LOG.error("Old events cannot be removed", e);
        }
    }

    /** Keeps events from being removed until the end of the transaction. */
    static void takeTurn(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("SELECT pg_advisory_xact_lock(" + TURN + ")")) {
            lock.execute();
        }
    }

    private static boolean hasTurn(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("SELECT pg_try_advisory_xact_lock(" + TURN + ")");
                ResultSet row = lock.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /** @return from where to go on, {@code null} at the end */
    private Long remove(Connection connection, long after) throws SQLException {
        if (after == 0) {
            try (PreparedStatement delete = connection.prepareStatement(FORGOTTEN)) {
                delete.executeUpdate();
            }
        }
        try (PreparedStatement delete = connection.prepareStatement(REMOVE)) {
            delete.setLong(1, after);
            delete.setInt(2, PAGE);
            delete.setLong(3, retention.toMillis());
            delete.setInt(4, PAGE);
            delete.setLong(5, retention.toMillis());
            try (ResultSet row = delete.executeQuery()) {
                return row.next() ? (Long) row.getLong(1) : null;
            }
        }
    }
}
