package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.imagingingestion.dicom.event.CloudEvent;

/** What one subscription is still to be told of, in the shards of this process. */
final class DeliveryQueue {
    /** A partition that has something to deliver. @param isDue whether its first event may be delivered now */
    record Head(int shard, long partition, boolean isDue) {}

    /** Partitions of a shard that are looked at together. */
    static final int PAGE = 64;

    /** Events of a partition that are loaded together, and bytes of all after which no more are. */
    private static final int MOST_EVENTS = 100;

    private static final long MOST_BYTES = 1 << 20;

    /** Goes from one partition to the next, however many events each has. */
    private static final String HEADS =
            """
            SELECT s.shard, h.partition, h.next_attempt <= now()
            FROM unnest(?::int4[], ?::int8[]) AS s (shard, after)
            CROSS JOIN LATERAL (
                WITH RECURSIVE head AS (
                    (SELECT d.partition, d.next_attempt, 1 AS n FROM manifest.delivery d
                    WHERE d.subscription = ? AND d.shard = s.shard::int2 AND d.partition >= s.after
                    ORDER BY d.partition, d.seq LIMIT 1)
                    UNION ALL
                    SELECT next.* FROM head CROSS JOIN LATERAL (
                        SELECT d.partition, d.next_attempt, head.n + 1 FROM manifest.delivery d
                        WHERE d.subscription = ? AND d.shard = s.shard::int2 AND d.partition > head.partition
                        ORDER BY d.partition, d.seq LIMIT 1) next
                    WHERE head.n < ?)
                SELECT * FROM head) h
            """;

    private static final String LOAD =
            """
            SELECT l.shard, l.partition, l.seq, l.attempts, e.id, e.source, e.type, e.subject, e.time, e.partition_key,
                e.traceparent, e.data, l.is_due
            FROM (
                SELECT p.n, p.shard, p.partition, d.seq, d.attempts, d.is_due,
                    sum(octet_length(e.data)) OVER (ORDER BY p.n, d.seq) - octet_length(e.data) AS bytes_before
                FROM unnest(?::int4[], ?::int8[]) WITH ORDINALITY AS p (shard, partition, n)
                CROSS JOIN LATERAL (
                    SELECT q.seq, q.attempts, q.next_attempt <= now() AS is_due FROM manifest.delivery q
                    WHERE q.subscription = ? AND q.shard = p.shard::int2 AND q.partition = p.partition
                    ORDER BY q.seq LIMIT ?) d
                JOIN manifest.event e ON e.seq = d.seq) l
            JOIN manifest.event e ON e.seq = l.seq
            WHERE l.bytes_before < ?
            ORDER BY l.n, l.seq
            """;

    private static final String COMPLETE =
            """
            WITH gone AS (
                DELETE FROM manifest.delivery d
                USING unnest(?::int4[], ?::int8[], ?::int8[]) AS u (shard, partition, seq)
                WHERE d.subscription = ? AND d.shard = u.shard::int2 AND d.partition = u.partition AND d.seq = u.seq
                RETURNING 1)
            UPDATE manifest.progress SET delivered = delivered + (SELECT count(*) FROM gone), latest = now()
            WHERE subscription = ?
            """;

    private static final String POSTPONE =
            """
            UPDATE manifest.delivery SET attempts = attempts + 1, next_attempt = now() + ? * interval '1 millisecond',
                failing_since = coalesce(failing_since, now()), last_error = ?
            WHERE subscription = ? AND shard = ?::int2 AND partition = ? AND seq = ?
            """;

    private static final String BURY =
            """
            WITH gone AS (
                DELETE FROM manifest.delivery WHERE subscription = ? AND shard = ?::int2 AND partition = ? AND seq = ?
                RETURNING *)
            INSERT INTO manifest.dead_letter (subscription, seq, attempts, failing_since, last_error)
            SELECT subscription, seq, attempts + 1, coalesce(failing_since, now()), ? FROM gone
            ON CONFLICT (subscription, seq) DO UPDATE SET attempts = excluded.attempts, died_at = excluded.died_at,
                failing_since = excluded.failing_since, last_error = excluded.last_error
            """;

    private final Connection connection;
    private final int subscription;

    DeliveryQueue(Connection connection, int subscription) {
        this.connection = connection;
        this.subscription = subscription;
    }

    /** The next partitions of each shard, up to {@link #PAGE}. @param after from which partition on, by shard */
    List<Head> heads(Map<Integer, Long> after) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(HEADS)) {
            array(select, 1, "int4", after.keySet(), shard -> shard);
            array(select, 2, "int8", after.values(), partition -> partition);
            select.setInt(3, subscription);
            select.setInt(4, subscription);
            select.setInt(5, PAGE);
            try (ResultSet row = select.executeQuery()) {
                List<Head> heads = new ArrayList<>();
                while (row.next()) {
                    heads.add(new Head(row.getInt(1), row.getLong(2), row.getBoolean(3)));
                }
                return heads;
            }
        }
    }

    /** The next events of these partitions in their order, those that are not due yet and what comes after them left out. */
    List<Delivery> load(Collection<Head> heads) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LOAD)) {
            array(select, 1, "int4", heads, Head::shard);
            array(select, 2, "int8", heads, Head::partition);
            select.setInt(3, subscription);
            select.setInt(4, MOST_EVENTS);
            select.setLong(5, MOST_BYTES);
            try (ResultSet row = select.executeQuery()) {
                List<Delivery> deliveries = new ArrayList<>();
                Long postponed = null;
                while (row.next()) {
                    Long partition = row.getLong(2);
                    if (!row.getBoolean(13)) {
                        postponed = partition;
                    }
                    if (!partition.equals(postponed)) {
                        deliveries.add(
                                new Delivery(row.getInt(1), partition, row.getLong(3), row.getInt(4), event(row)));
                    }
                }
                return deliveries;
            }
        }
    }

    private static CloudEvent event(ResultSet row) throws SQLException {
        return new CloudEvent(
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                row.getObject(9, OffsetDateTime.class).toInstant(),
                row.getString(10),
                row.getString(11),
                row.getBytes(12));
    }

    void complete(Collection<Delivery> deliveries) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(COMPLETE)) {
            array(update, 1, "int4", deliveries, Delivery::shard);
            array(update, 2, "int8", deliveries, Delivery::partition);
            array(update, 3, "int8", deliveries, Delivery::seq);
            update.setInt(4, subscription);
            update.setInt(5, subscription);
            update.executeUpdate();
        }
    }

    /** Leaves an event for another attempt. @param delay in milliseconds */
    void postpone(Delivery delivery, long delay, String error) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(POSTPONE)) {
            update.setLong(1, delay);
            update.setString(2, Values.withoutNul(error));
            key(update, 3, delivery);
            update.executeUpdate();
        }
    }

    /** Makes an event a dead letter. */
    void bury(Delivery delivery, String error) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(BURY)) {
            key(update, 1, delivery);
            update.setString(5, Values.withoutNul(error));
            update.executeUpdate();
        }
    }

    private void key(PreparedStatement statement, int from, Delivery delivery) throws SQLException {
        statement.setInt(from, subscription);
        statement.setInt(from + 1, delivery.shard());
        statement.setLong(from + 2, delivery.partition());
        statement.setLong(from + 3, delivery.seq());
    }

    private <T> void array(
            PreparedStatement statement, int at, String type, Collection<T> rows, Function<T, Object> value)
            throws SQLException {
        statement.setArray(
                at, connection.createArrayOf(type, rows.stream().map(value).toArray()));
    }
}
