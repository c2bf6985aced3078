package org.imagingingestion.camel.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import io.agroal.api.AgroalDataSource;

import static org.assertj.core.api.Assertions.assertThat;

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
                    .containsExactly("1");
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
