package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

import io.agroal.api.AgroalDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class MigrationsIT {
    @Test
    void makesTheSchemaOnceThoughSeveralProcessesStart() {
        String database = TestServer.newDatabase();
        List<CompletableFuture<Void>> starts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            starts.add(CompletableFuture.runAsync(() -> {
                try (AgroalDataSource dataSource = TestServer.pool(database, 3)) {
                    Migrations.run(dataSource);
                }
            }));
        }
        starts.forEach(CompletableFuture::join);

        try (AgroalDataSource dataSource = TestServer.pool(database, 3)) {
            Migrations.run(dataSource);
            assertThat(TestServer.rows(
                            dataSource, "SELECT version FROM manifest.flyway_schema_history WHERE version IS NOT NULL"))
                    .containsExactly("1", "2", "3", "4", "5", "6");
        }
    }

    private static AgroalDataSource beforeTenants(String... tenants) {
        AgroalDataSource dataSource = TestServer.pool(TestServer.newDatabase(), 3);
        Flyway.configure()
                .dataSource(dataSource)
                .defaultSchema("manifest")
                .locations("classpath:org/imagingingestion/camel/manifest/migration")
                .target("5")
                .load()
                .migrate();
        TestServer.execute(
                dataSource,
                "INSERT INTO manifest.subscription (name, types) VALUES ('broker', '{T}'), ('fhir', '{}'), ('research', '{}')");
        for (String tenant : tenants) {
            TestServer.execute(
                    dataSource,
                    "INSERT INTO manifest.study_state (provider, study_instance_uid) VALUES ('%1$s', '1'), ('%1$s', '2')"
                            .formatted(tenant),
                    """
                    WITH e AS (INSERT INTO manifest.event (partition, id, type, source, subject, partition_key, data)
                        VALUES (1, '%1$s', 'T', 's', 's', '%1$s/1', ''), (1, '%1$s dead', 'T', 's', 's', '%1$s/1', '')
                        RETURNING seq, id),
                    d AS (INSERT INTO manifest.delivery (subscription, shard, partition, seq)
                        SELECT s.id, 1, 1, e.seq FROM e, manifest.subscription s WHERE s.name <> 'fhir' AND e.id NOT LIKE '% dead')
                    INSERT INTO manifest.dead_letter (subscription, seq, attempts, failing_since, last_error)
                    SELECT s.id, e.seq, 1, now(), '' FROM e, manifest.subscription s WHERE s.name = 'broker' AND e.id LIKE '% dead'
                    """
                            .replace("%1$s", tenant));
        }
        Migrations.run(dataSource);
        return dataSource;
    }

    private static List<String> waiting(AgroalDataSource dataSource) {
        return TestServer.rows(
                dataSource,
                """
                SELECT s.name || ' of ' || coalesce(s.provider, '*') || ': ' || coalesce((SELECT string_agg(e.id, ', ' ORDER BY e.seq)
                    FROM (SELECT seq FROM manifest.delivery WHERE subscription = s.id
                        UNION ALL SELECT seq FROM manifest.dead_letter WHERE subscription = s.id) w
                    JOIN manifest.event e ON e.seq = w.seq), '')
                FROM manifest.subscription s ORDER BY 1
                """);
    }

    @Test
    void givesTheSubscriptionsOfADatabaseToItsOneTenant() {
        try (AgroalDataSource dataSource = beforeTenants("default")) {
            assertThat(waiting(dataSource))
                    .containsExactly(
                            "broker of default: default, default dead",
                            "fhir of default: ",
                            "research of default: default");
        }
        try (AgroalDataSource dataSource = beforeTenants("a/b")) {
            assertThat(waiting(dataSource))
                    .containsExactly("broker-a/b of a/b: a/b, a/b dead", "fhir-a/b of a/b: ", "research of a/b: a/b");
        }
    }

    @Test
    void givesEachOfSeveralTenantsWhatWaitsForIt() {
        try (AgroalDataSource dataSource = beforeTenants("default", "one", "two")) {
            assertThat(waiting(dataSource))
                    .containsExactly(
                            "broker of *: default, default dead",
                            "broker-one of one: one, one dead",
                            "broker-two of two: two, two dead",
                            "fhir of *: ",
                            "research of *: default, one, two");
        }
    }

    @Test
    void forgetsSubscriptionsThatNothingWaitsForInADatabaseWithoutAStudy() {
        try (AgroalDataSource dataSource = beforeTenants()) {
            assertThat(waiting(dataSource)).isEmpty();
        }
    }

    @Test
    void takesAsLongAsItNeeds() throws Exception {
        String database = TestServer.newDatabase();
        try (AgroalDataSource other = TestServer.pool(database, 2);
                AgroalDataSource hurried = TestServer.pool(database, 2, 1);
                Connection blocking = other.getConnection();
                Statement statement = blocking.createStatement()) {
            blocking.setAutoCommit(false);
            statement.execute("CREATE SCHEMA manifest");
            CompletableFuture<Void> start = CompletableFuture.runAsync(() -> Migrations.run(hurried));

            await().until(() -> start.isDone()
                    || TestServer.rows(
                                            other,
                                            "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                                    + " AND clock_timestamp() - query_start > interval '1500 ms'")
                                    .size()
                            == 1);
            blocking.rollback();
            start.get(60, TimeUnit.SECONDS);

            try (Connection connection = hurried.getConnection()) {
                assertThat(connection.getNetworkTimeout()).isEqualTo(1000);
            }
        }
    }

    @Test
    void leavesTheTablesOfOthersAlone() {
        try (AgroalDataSource dataSource = TestServer.pool(TestServer.newDatabase(), 3)) {
            TestServer.execute(
                    dataSource, "CREATE TABLE study (id int)", "CREATE TABLE flyway_schema_history (id int)");

            Migrations.run(dataSource);

            assertThat(
                            TestServer.rows(
                                    dataSource,
                                    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"))
                    .containsExactly("flyway_schema_history", "study");
        }
    }
}
