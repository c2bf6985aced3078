package org.imagingingestion.camel.manifest;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

import org.imagingingestion.dicom.event.CloudEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.agroal.api.AgroalDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EventLogIT {
    private AgroalDataSource dataSource;

    @BeforeEach
    void create() {
        dataSource = TestServer.manifest(4);
        TestServer.execute(
                dataSource,
                "INSERT INTO manifest.subscription (name, types) VALUES ('a', '{A}'), ('both', '{A,B}'), ('all', '{}')");
    }

    @AfterEach
    void close() {
        dataSource.close();
    }

    private static CloudEvent event(String id, String type, String partition) {
        return new CloudEvent(
                id,
                "test",
                type,
                "/studies/1.2",
                Instant.EPOCH,
                partition,
                null,
                ("{\"id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    private void append(CloudEvent... events) throws SQLException {
        Transaction.run(dataSource, connection -> {
            EventLog.append(connection, List.of(events));
            return null;
        });
    }

    private List<String> deliveries() {
        return TestServer.rows(
                dataSource,
                "SELECT s.name, e.id FROM manifest.delivery d JOIN manifest.subscription s ON s.id = d.subscription"
                        + " JOIN manifest.event e ON e.seq = d.seq ORDER BY s.name, e.seq");
    }

    @Test
    void tellsTheSubscriptionsThatTakeTheType() throws Exception {
        append(event("3", "A", "p/1"), event("1", "B", "p/1"), event("2", "C", "p/2"));

        assertThat(deliveries()).containsExactly("a|3", "all|3", "all|1", "all|2", "both|3", "both|1");
        assertThat(TestServer.rows(
                        dataSource,
                        "SELECT id, type, partition_key, convert_from(data, 'UTF8'), now() - time < interval '1 minute'"
                                + " FROM manifest.event ORDER BY seq"))
                .containsExactly("3|A|p/1|{\"id\":\"3\"}|t", "1|B|p/1|{\"id\":\"1\"}|t", "2|C|p/2|{\"id\":\"2\"}|t");
        assertThat(TestServer.rows(
                        dataSource, "SELECT count(DISTINCT partition) FROM manifest.event WHERE partition_key = 'p/1'"))
                .containsExactly("1");
    }

    @Test
    void tellsOfOneHappeningOnce() throws Exception {
        append(event("1", "A", "p/1"), event("1", "A", "p/1"));
        append(event("1", "A", "p/1"), event("2", "A", "p/1"));

        assertThat(deliveries()).containsExactly("a|1", "a|2", "all|1", "all|2", "both|1", "both|2");
    }

    @Test
    void tellsNothingOfWhatIsRolledBack() {
        assertThatThrownBy(() -> Transaction.run(dataSource, connection -> {
                    EventLog.append(connection, List.of(event("1", "A", "p/1")));
                    throw new SQLException("made up");
                }))
                .hasMessage("made up");

        assertThat(deliveries()).isEmpty();
        assertThat(TestServer.rows(dataSource, "SELECT id FROM manifest.event")).isEmpty();
    }

    @Test
    void appendsNothing() throws Exception {
        append();

        assertThat(deliveries()).isEmpty();
    }

    @Test
    void tellsSubscriptionsOfAProviderOfItsEventsOnly() throws Exception {
        TestServer.execute(
                dataSource,
                "INSERT INTO manifest.subscription (name, types, provider) VALUES ('one', '{A}', 'one'), ('sub', '{}', 'one/sub')");

        append(
                event("1", "A", "one/1.2"),
                event("2", "A", "one/sub/1.2"),
                event("3", "B", "one/1.2"),
                event("4", "A", "onemore/1.2"));

        assertThat(deliveries().stream().filter(row -> row.startsWith("one") || row.startsWith("sub")))
                .hasSize(2)
                .anyMatch(row -> row.startsWith("one") && row.contains("1"))
                .anyMatch(row -> row.startsWith("sub") && row.contains("2"));
    }
}
