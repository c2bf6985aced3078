package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.event.DeliveryStatistics;

/** Who is told of events, and how that gets on. */
final class Subscriptions {
    /** Dead letters that are listed, the latest first. */
    private static final int MOST_LISTED = 1000;

    private static final String REGISTER =
            """
            INSERT INTO manifest.subscription (name, types, provider)
            SELECT n.name, n.types, n.provider FROM (VALUES (?, ?::text[], ?::text)) AS n (name, types, provider)
            WHERE NOT EXISTS (SELECT FROM manifest.subscription s
                WHERE s.name = n.name AND s.types = n.types AND s.provider IS NOT DISTINCT FROM n.provider)
            ON CONFLICT (name) DO UPDATE SET types = excluded.types, provider = excluded.provider
            WHERE subscription.provider IS NULL OR excluded.provider IS NULL
                OR string_to_array(subscription.provider, ',') && string_to_array(excluded.provider, ',')
            """;

    private static final String ID =
            """
            WITH found AS (
                SELECT id, manifest.is_within(coalesce(provider, ''), ?) AS ours FROM manifest.subscription WHERE name = ?),
            progress AS (
                INSERT INTO manifest.progress (subscription) SELECT id FROM found WHERE ours ON CONFLICT DO NOTHING)
            SELECT id, ours FROM found
            """;

    private static final String STATISTICS =
            """
            SELECT s.name, s.types, s.provider, coalesce(p.delivered, 0), p.latest, d.pending, d.failing, d.failing_since,
                (SELECT count(*) FROM manifest.dead_letter l WHERE l.subscription = s.id),
                coalesce(d.last_error, (SELECT l.last_error FROM manifest.dead_letter l WHERE l.subscription = s.id
                    ORDER BY l.died_at DESC LIMIT 1)),
                (SELECT (extract(epoch FROM now() - e.time) * 1000)::bigint FROM manifest.event e WHERE e.seq = d.oldest)
            FROM manifest.subscription s
            LEFT JOIN manifest.progress p ON p.subscription = s.id
            CROSS JOIN LATERAL (
                SELECT count(*) AS pending, min(q.seq) AS oldest, count(q.failing_since) AS failing,
                    min(q.failing_since) AS failing_since,
                    (array_agg(q.last_error ORDER BY q.next_attempt DESC) FILTER (WHERE q.last_error IS NOT NULL))[1]
                        AS last_error
                FROM manifest.delivery q WHERE q.subscription = s.id) d
            WHERE manifest.is_within(s.provider, ?)
            ORDER BY s.name
            """;

    private static final String DEAD_LETTERS =
            """
            SELECT s.name, e.id, e.type, e.subject, e.time, l.attempts, l.failing_since, l.died_at, l.last_error
            FROM manifest.dead_letter l
            JOIN manifest.subscription s ON s.id = l.subscription
            JOIN manifest.event e ON e.seq = l.seq
            WHERE (?::text IS NULL OR s.name = ?) AND manifest.is_of(e.partition_key, ?)
            ORDER BY l.died_at DESC, l.seq DESC LIMIT ?
            """;

    /** The event itself is there already where the log told of it. */
    private static final String BURY =
            """
            WITH buried AS (
                SELECT id FROM manifest.subscription WHERE name = ? AND manifest.is_within(provider, ?)),
            added AS (
                INSERT INTO manifest.event (partition, id, type, source, subject, partition_key, traceparent, data)
                SELECT hashtextextended(?, 0), ?, ?, ?, ?, ?, ?, ? FROM buried
                ON CONFLICT (partition, id) DO NOTHING RETURNING seq),
            letter AS (
                SELECT seq FROM added
                UNION ALL SELECT seq FROM manifest.event WHERE partition = hashtextextended(?, 0) AND id = ?)
            INSERT INTO manifest.dead_letter (subscription, seq, attempts, failing_since, last_error)
            SELECT b.id, l.seq, 1, now(), ? FROM buried b CROSS JOIN letter l
            ON CONFLICT (subscription, seq) DO UPDATE SET attempts = dead_letter.attempts + 1, died_at = now()
            """;

    private static final String UNDELIVERED = "The broker could not deliver it";

    private static final String REPLAY_DEAD =
            """
            WITH risen AS (
                DELETE FROM manifest.dead_letter l USING manifest.event e
                WHERE e.seq = l.seq AND manifest.is_of(e.partition_key, ?) AND l.subscription = ?
                RETURNING e.seq, e.partition)
            INSERT INTO manifest.delivery (subscription, shard, partition, seq)
            SELECT ?, manifest.shard(partition), partition, seq FROM risen
            ON CONFLICT DO NOTHING
            """;

    private static final String REPLAY =
            """
            WITH chosen AS (
                SELECT e.seq, e.partition FROM manifest.event e
                WHERE manifest.is_of(e.partition_key, ?) AND (?::text IS NULL OR e.partition = hashtextextended(?, 0) AND e.partition_key = ?)
                    AND e.time >= coalesce(?::timestamptz, '-infinity') AND e.time < coalesce(?::timestamptz, 'infinity')
                    AND EXISTS (SELECT FROM manifest.subscription s
                        WHERE s.id = ? AND (s.types = '{}' OR e.type = ANY (s.types))
                            AND manifest.is_of(e.partition_key, s.provider))),
            risen AS (
                DELETE FROM manifest.dead_letter l USING chosen c WHERE l.subscription = ? AND l.seq = c.seq)
            INSERT INTO manifest.delivery (subscription, shard, partition, seq)
            SELECT ?, manifest.shard(c.partition), c.partition, c.seq FROM chosen c
            ON CONFLICT DO NOTHING
            """;

    private final DataSource dataSource;

    Subscriptions(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Makes events of its types and its providers be delivered from now on.
     *
     * @return the subscription's id
     * @throws IllegalStateException where other providers have a subscription of this name
     */
    static int register(Connection connection, Deliverer.Options options) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(REGISTER)) {
            Object[] sorted = options.types().stream().distinct().sorted().toArray();
            insert.setString(1, options.subscription());
            insert.setArray(2, connection.createArrayOf("text", sorted));
            insert.setString(3, options.providers().text());
            insert.executeUpdate();
        }
        try (PreparedStatement select = connection.prepareStatement(ID)) {
            select.setString(1, options.providers().text());
            select.setString(2, options.subscription());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw BatchWriter.changedMeanwhile();
                }
                if (!row.getBoolean(2)) {
                    throw new IllegalStateException("The subscription " + options.subscription()
                            + " is one of another provider: give it another name, or unsubscribe it there");
                }
                return row.getInt(1);
            }
        }
    }

    /** How those get on that are told of nobody else's events. */
    List<DeliveryStatistics> statistics(Providers providers) throws DicomException {
        return read("Counting deliveries", connection -> {
            List<DeliveryStatistics> statistics = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(STATISTICS)) {
                select.setString(1, providers.text());
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        statistics.add(new DeliveryStatistics(
                                row.getString(1),
                                List.of((String[]) row.getArray(2).getArray()),
                                row.getString(3),
                                row.getLong(4),
                                instant(row, 5),
                                row.getLong(6),
                                Duration.ofMillis(Math.max(0, row.getLong(11))),
                                row.getLong(9),
                                row.getLong(7),
                                instant(row, 8),
                                row.getString(10)));
                    }
                }
            }
            return statistics;
        });
    }

    /** The latest dead letters of events of some providers. @param subscription {@code null} for those of all */
    List<DeadLetter> deadLetters(Providers providers, String subscription) throws DicomException {
        return read("Listing dead letters", connection -> {
            List<DeadLetter> letters = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(DEAD_LETTERS)) {
                select.setString(1, subscription);
                select.setString(2, subscription);
                select.setString(3, providers.text());
                select.setInt(4, MOST_LISTED);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        letters.add(new DeadLetter(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                instant(row, 5),
                                row.getInt(6),
                                instant(row, 7),
                                instant(row, 8),
                                row.getString(9)));
                    }
                }
            }
            return letters;
        });
    }

    /**
     * Keeps an event that was not delivered elsewhere as a dead letter of a subscription.
     *
     * @throws DicomException INVALID_ARGUMENT_VALUE where it is one of other providers, OUT_OF_RESOURCES where it cannot be kept now,
     *     as where the subscription is not there yet
     */
    void bury(Providers providers, String subscription, CloudEvent event) throws DicomException {
        if (!providers.haveEventOf(event.partitionKey())) {
            throw new DicomException(
                    DicomStatus.INVALID_ARGUMENT_VALUE,
                    "The event is one of a provider that is not taken care of here");
        }
        int buried;
        try {
            buried = Transaction.run(dataSource, connection -> {
                EventRetention.takeTurn(connection);
                try (PreparedStatement insert = connection.prepareStatement(BURY)) {
                    int next = 1;
                    insert.setString(next++, subscription);
                    insert.setString(next++, providers.text());
                    insert.setString(next++, Values.withoutNul(event.partitionKey()));
                    insert.setString(next++, Values.withoutNul(event.id()));
                    insert.setString(next++, Values.withoutNul(event.type()));
                    insert.setString(next++, Values.withoutNul(event.source()));
                    insert.setString(next++, Values.withoutNul(event.subject()));
                    insert.setString(next++, Values.withoutNul(event.partitionKey()));
                    insert.setString(
                            next++, event.traceparent() == null ? null : Values.withoutNul(event.traceparent()));
                    insert.setBytes(next++, event.data());
                    insert.setString(next++, Values.withoutNul(event.partitionKey()));
                    insert.setString(next++, Values.withoutNul(event.id()));
                    insert.setString(next, UNDELIVERED);
                    return insert.executeUpdate();
                }
            });
        } catch (SQLException e) {
            throw SqlFailures.toDicom("Keeping a dead letter", e);
        }
        if (buried == 0) {
            throw new DicomException(DicomStatus.OUT_OF_RESOURCES, "The event cannot be kept now");
        }
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        Timestamp timestamp = row.getTimestamp(column);
        return timestamp == null ? null : timestamp.toInstant();
    }

    /**
     * Has events of some providers delivered again.
     *
     * @return how many were not pending already
     * @throws DicomException NO_SUCH_OBJECT_INSTANCE where they have no such subscription
     */
    long replay(Providers providers, Replay replay) throws DicomException {
        return change("Replaying events", providers, replay.subscription(), (connection, id) -> {
            EventRetention.takeTurn(connection);
            try (PreparedStatement insert = connection.prepareStatement(replay.isOfDeadOnly() ? REPLAY_DEAD : REPLAY)) {
                String partitionKey = replay.partitionKey();
                int next = 1;
                insert.setString(next++, providers.text());
                if (!replay.isOfDeadOnly()) {
                    for (int i = 0; i < 3; i++) {
                        insert.setString(next++, partitionKey);
                    }
                    insert.setTimestamp(next++, replay.from() == null ? null : Timestamp.from(replay.from()));
                    insert.setTimestamp(next++, replay.to() == null ? null : Timestamp.from(replay.to()));
                    insert.setInt(next++, id);
                }
                insert.setInt(next++, id);
                insert.setInt(next, id);
                return insert.executeLargeUpdate();
            }
        });
    }

    /**
     * Removes a subscription with its deliveries and dead letters.
     *
     * @return how many deliveries were pending
     * @throws DicomException NO_SUCH_OBJECT_INSTANCE where they have no such subscription, CLASS_INSTANCE_CONFLICT where a
     *     process still has its route
     */
    long unsubscribe(Providers providers, String subscription) throws DicomException {
        long pending = change("Unsubscribing", providers, subscription, (connection, id) -> {
            if (!ShardLocks.isNobodys(connection, id)) {
                return -1L;
            }
            try (PreparedStatement delete = connection.prepareStatement(
                    "WITH gone AS (DELETE FROM manifest.subscription WHERE id = ?) DELETE FROM manifest.delivery WHERE subscription = ?")) {
                delete.setInt(1, id);
                delete.setInt(2, id);
                return delete.executeLargeUpdate();
            }
        });
        if (pending < 0) {
            throw new DicomException(
                    DicomStatus.CLASS_INSTANCE_CONFLICT, "The subscription has a route that runs: stop that first");
        }
        return pending;
    }

    private interface Change {
        long on(Connection connection, int subscription) throws SQLException;
    }

    private long change(String what, Providers providers, String subscription, Change change) throws DicomException {
        Long changed;
        try {
            changed = Transaction.run(dataSource, connection -> {
                try (PreparedStatement select = connection.prepareStatement("SELECT id FROM manifest.subscription"
                        + " WHERE name = ? AND manifest.is_within(provider, ?)")) {
                    select.setString(1, Values.withoutNul(subscription));
                    select.setString(2, providers.text());
                    try (ResultSet row = select.executeQuery()) {
                        return row.next() ? change.on(connection, row.getInt(1)) : null;
                    }
                }
            });
        } catch (SQLException e) {
            throw SqlFailures.toDicom(what, e);
        }
        if (changed == null) {
            throw new DicomException(DicomStatus.NO_SUCH_OBJECT_INSTANCE, "There is no such subscription");
        }
        return changed;
    }

    private <T> T read(String what, Transaction.Work<T> work) throws DicomException {
        try {
            return Transaction.read(dataSource, work);
        } catch (SQLException e) {
            throw SqlFailures.toDicom(what, e);
        }
    }
}
