package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import org.imagingingestion.dicom.event.CloudEvent;

/**
 * The log of events, which whoever changes the manifest writes in the same transaction. Their time is that of the
 * transaction by the clock of the database.
 */
final class EventLog {
    private static final ArrayInsert EVENTS = ArrayInsert.into("event")
            .texts("id", "type", "source", "subject", "partition_key", "traceparent")
            .bytes("data")
            .computed("partition", "hashtextextended(u.partition_key, 0)")
            .end("ON CONFLICT (partition, id) DO NOTHING RETURNING seq, partition, type, partition_key");

    private static final String DELIVERIES =
            """
            INSERT INTO manifest.delivery (subscription, shard, partition, seq)
            SELECT s.id, manifest.shard(e.partition), e.partition, e.seq
            FROM events e JOIN manifest.subscription s
                ON (s.types = '{}' OR e.type = ANY (s.types)) AND manifest.is_of(e.partition_key, s.provider)
            """;

    /** Parts of a WITH clause that append events; the parameters are set by {@link #bind}. */
    static final String PARTS = "events AS (" + EVENTS + "), deliveries AS (" + DELIVERIES + ")";

    private static final String APPEND = "WITH events AS (" + EVENTS + ") " + DELIVERIES;

    private EventLog() {}

    /** Appends events, in this order, for all subscriptions that take their types and providers. Those whose id is known change nothing. */
    static void append(Connection connection, Collection<CloudEvent> events) throws SQLException {
        if (events.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(APPEND)) {
            bind(insert, 1, events);
            insert.executeUpdate();
        }
    }

    /** Sets the parameters of {@link #PARTS}. @return the index of the next parameter */
    static int bind(PreparedStatement statement, int from, Collection<CloudEvent> events) throws SQLException {
        List<Object[]> rows = new ArrayList<>(events.size());
        for (CloudEvent event : events) {
            rows.add(new Object[] {
                event.id(),
                event.type(),
                event.source(),
                event.subject(),
                event.partitionKey(),
                event.traceparent(),
                event.data()
            });
        }
        return EVENTS.bind(statement, from, rows);
    }
}
