package org.imagingingestion.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class EmbeddedPostgresIT {
    private static final Path PROGRAMS = Path.of("target", "postgres-bin");

    @TempDir
    Path folder;

    @Test
    void unpacksItsProgramsOnce(@TempDir Path programs) throws Exception {
        Path first = PostgresBinaries.unpack(programs);
        Object made = Files.getLastModifiedTime(first);

        assertThat(PostgresBinaries.unpack(programs)).isEqualTo(first);
        assertThat(Files.getLastModifiedTime(first)).isEqualTo(made);
        assertThat(programs.toFile().list()).hasSize(1);
        assertThat(first.resolve("bin/postgres")).isExecutable();
    }

    @Test
    void keepsWhatIsWritten() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, PROGRAMS)) {
            execute(postgres, "CREATE TABLE kept (value text)", "INSERT INTO kept VALUES ('äöü')");
        }

        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, PROGRAMS)) {
            assertThat(query(postgres, "SELECT value FROM kept")).isEqualTo("äöü");
        }
    }

    @Test
    void keepsWhatIsWrittenWhenTheServerIsKilled() throws Exception {
        EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, PROGRAMS);
        execute(postgres, "CREATE TABLE kept (value text)", "INSERT INTO kept VALUES ('a')");
        ProcessHandle server = server();
        server.destroyForcibly();
        server.onExit().get(10, TimeUnit.SECONDS);
        postgres.close();

        try (EmbeddedPostgres again = EmbeddedPostgres.start(folder, PROGRAMS)) {
            assertThat(query(again, "SELECT value FROM kept")).isEqualTo("a");
        }
    }

    @Test
    void startsAgainWhenTheServerIsKilled() throws Exception {
        List<StartupException> failures = new CopyOnWriteArrayList<>();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, PROGRAMS)) {
            postgres.keepRunning(failures::add);
            execute(postgres, "CREATE TABLE kept (value text)", "INSERT INTO kept VALUES ('a')");
            for (int i = 0; i < 2; i++) {
                ProcessHandle server = server();
                server.destroyForcibly();
                server.onExit().get(10, TimeUnit.SECONDS);

                await().atMost(Duration.ofSeconds(60))
                        .ignoreExceptions()
                        .until(() -> query(postgres, "SELECT value FROM kept").equals("a"));
            }
        }
        assertThat(failures).isEmpty();
        assertThat(folder.resolve("postgres/postmaster.pid")).doesNotExist();
    }

    @Test
    void saysWhyTheServerDoesNotStartAgain() throws Exception {
        CompletableFuture<StartupException> failure = new CompletableFuture<>();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, PROGRAMS)) {
            postgres.keepRunning(failure::complete);
            Files.writeString(folder.resolve("postgres/PG_VERSION"), "9.6\n");
            server().destroyForcibly();

            assertThat(failure.get(90, TimeUnit.SECONDS)).hasMessageContainingAll("PostgreSQL", "incompatible");
        }
    }

    @Test
    void letsOnlyThoseInWhoMayReadItsFolder() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, PROGRAMS)) {
            String url = postgres.database().jdbcUrl();

            assertThatThrownBy(() -> DriverManager.getConnection(url, "imaging", "guess"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(folder.resolve("postgres.password"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void refusesAFolderThatHasAServer() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, PROGRAMS)) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(folder, PROGRAMS))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining(
                            "in use by process " + ProcessHandle.current().pid());
            assertThat(query(postgres, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void endsAServerThatWasLeftOver() throws Exception {
        EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, PROGRAMS);
        ProcessHandle leftOver = server();
        ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("sh"))
                .forEach(ProcessHandle::destroyForcibly);
        postgres.close();
        assertThat(leftOver.isAlive()).isTrue();

        try (EmbeddedPostgres again = EmbeddedPostgres.start(folder, PROGRAMS)) {
            assertThat(query(again, "SELECT 1")).isEqualTo("1");
            assertThat(leftOver.isAlive()).isFalse();
        }
    }

    @Test
    void startsAlthoughAnotherProcessHasTheNumberOfItsLast() throws Exception {
        EmbeddedPostgres.start(folder, PROGRAMS).close();
        Files.writeString(
                folder.resolve("postgres/postmaster.pid"),
                ProcessHandle.current().pid() + "\n" + folder.resolve("postgres") + "\n0\n1\n\n\n");

        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, PROGRAMS)) {
            assertThat(query(postgres, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void beginsAgainWhereMakingTheDatabaseWasInterrupted() throws Exception {
        Files.createDirectories(folder.resolve("postgres.new/base"));
        Files.writeString(folder.resolve("postgres.new/PG_VERSION"), "17");

        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, PROGRAMS)) {
            assertThat(query(postgres, "SHOW server_encoding")).isEqualTo("UTF8");
        }
    }

    @Test
    void saysWhyItDoesNotStart() throws Exception {
        EmbeddedPostgres.start(folder, PROGRAMS).close();
        Files.writeString(folder.resolve("postgres/postgresql.conf"), "max_connections = many\n");

        assertThatThrownBy(() -> EmbeddedPostgres.start(folder, PROGRAMS))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("postgres.log")
                .hasMessageContaining("postgresql.conf");
    }

    @Test
    void writesNoValuesToItsLog() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, PROGRAMS)) {
            execute(
                    postgres,
                    "CREATE TABLE patient (name text PRIMARY KEY)",
                    "INSERT INTO patient VALUES ('Secret^A')");

            assertThatThrownBy(() -> execute(postgres, "INSERT INTO patient VALUES ('Secret^A')"))
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> execute(postgres, "SELECT 'Secret^B'::date"))
                    .isInstanceOf(SQLException.class);
        }

        assertThat(folder.resolve("postgres.log"))
                .content()
                .contains("database system is ready")
                .doesNotContain("Secret");
    }

    private ProcessHandle server() throws IOException {
        String pid =
                Files.readAllLines(folder.resolve("postgres/postmaster.pid")).get(0);
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
        Settings.Database database = postgres.database();
        return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    }

    private static void execute(EmbeddedPostgres postgres, String... statements) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    private static String query(EmbeddedPostgres postgres, String query) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getString(1);
        }
    }
}
