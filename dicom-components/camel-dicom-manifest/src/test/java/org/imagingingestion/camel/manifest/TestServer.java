package org.imagingingestion.camel.manifest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.exceptionsorter.PostgreSQLExceptionSorter;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/** A real PostgreSQL server, one for all tests of a JVM, stopped when it ends. */
final class TestServer {
    private static final int MOST_CONNECTIONS = 90;
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static EmbeddedPostgres server;

    private TestServer() {}

    private static synchronized EmbeddedPostgres server() {
        if (server == null) {
            try {
                Path folder = Path.of("target", "postgres").toAbsolutePath();
                Path data = Files.createTempDirectory(Files.createDirectories(folder), "data-");
                server = EmbeddedPostgres.builder()
                        .setOverrideWorkingDirectory(folder.toFile())
                        .setDataDirectory(data.toFile())
                        .setPGStartupWait(Duration.ofMinutes(2))
                        .setLocaleConfig("locale", "C")
                        .setServerConfig("max_connections", Integer.toString(MOST_CONNECTIONS + 10))
                        .setServerConfig("shared_buffers", "128MB")
                        .setServerConfig("max_wal_size", "1GB")
                        .setServerConfig("wal_compression", "on")
                        .setServerConfig("random_page_cost", "1.1")
                        .setServerConfig("jit", "off")
                        // no test outlives the machine
                        .setServerConfig("fsync", "off")
                        .setServerConfig("max_parallel_workers_per_gather", "0")
                        .start();
                stopWithThisProcess(data);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return server;
    }

    /** A test process that is killed has no time to stop its server: its end of a pipe is closed all the same. */
    private static void stopWithThisProcess(Path data) throws IOException {
        String postmaster = Files.readAllLines(data.resolve("postmaster.pid")).get(0);
        new ProcessBuilder("sh", "-c", "trap '' INT TERM; cat >/dev/null; kill -INT " + postmaster + " 2>/dev/null")
                .start();
    }

    /** A new database with the manifest's schema, and connections to it. */
    static AgroalDataSource manifest(int connections) {
        AgroalDataSource dataSource = pool(newDatabase(), connections);
        Migrations.run(dataSource);
        return dataSource;
    }

    /** A new database without anything in it. */
    static String newDatabase() {
        String database = "manifest" + DATABASES.incrementAndGet();
        try (Connection connection = server().getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return database;
    }

    static AgroalDataSource pool(String database, int connections) {
        return pool(database, connections, 0);
    }

    /** @param socketTimeout seconds after which a server that says nothing is given up, 0 for never */
    static AgroalDataSource pool(String database, int connections, int socketTimeout) {
        try {
            return AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                    .connectionPoolConfiguration(pool -> pool.maxSize(connections)
                            .acquisitionTimeout(Duration.ofSeconds(10))
                            .exceptionSorter(new PostgreSQLExceptionSorter())
                            .connectionFactoryConfiguration(
                                    factory -> factory.jdbcUrl(server().getJdbcUrl("postgres", database))
                                            .jdbcProperty("socketTimeout", Integer.toString(socketTimeout)))));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The rows of a query, their columns separated by |. */
    static List<String> rows(AgroalDataSource dataSource, String sql) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                StringBuilder text = new StringBuilder(String.valueOf(row.getString(1)));
                for (int i = 2; i <= row.getMetaData().getColumnCount(); i++) {
                    text.append('|').append(row.getString(i));
                }
                rows.add(text.toString());
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static void execute(AgroalDataSource dataSource, String... statements) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
