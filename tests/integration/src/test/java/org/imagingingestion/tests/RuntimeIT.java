package org.imagingingestion.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The application from its start to its end, and what keeps it from starting. */
class RuntimeIT {
    @TempDir
    Path folder;

    @Test
    void answersFromAnEmptyFolder() {
        Path data = folder.resolve("new/data");

        try (ImagingIngestion server = ImagingIngestion.on(data).start()) {
            assertThat(server.get("/q/health/live").statusCode()).isEqualTo(200);
            assertThat(server.get("/").statusCode()).isEqualTo(200);
            assertThat(server.output()).contains(server.uri("/").getPort() + "/dicom-web", "curl", data.toString());
            assertThat(server.errors()).isEmpty();
        }
    }

    @Test
    void stopsItsDatabaseWhenItIsStopped() {
        ImagingIngestion server = ImagingIngestion.on(folder).start();
        ProcessHandle postgres = server.postgres().orElseThrow();

        assertThat(server.stop()).isEqualTo(143);

        awaitEnd(postgres);
        assertThat(folder.resolve("postgres/postmaster.pid")).doesNotExist();
    }

    @Test
    void stopsCleanlyWhenTheTerminalInterruptsAllItsProcesses() throws Exception {
        ImagingIngestion server = ImagingIngestion.on(folder).through("setsid").start();
        ProcessHandle postgres = server.postgres().orElseThrow();

        new ProcessBuilder("kill", "-INT", "--", "-" + server.pid()).start().waitFor();

        assertThat(server.awaitEnd()).isEqualTo(130);
        awaitEnd(postgres);
        assertThat(server.errors()).isEmpty();
    }

    @Test
    void leavesNoDatabaseBehindWhenItIsKilled() {
        ImagingIngestion server = ImagingIngestion.on(folder).start();
        ProcessHandle postgres = server.postgres().orElseThrow();

        server.kill();

        awaitEnd(postgres);
    }

    @Test
    void startsAtOnceAfterItWasKilled() {
        ImagingIngestion server = ImagingIngestion.on(folder).start();
        server.kill();

        try (ImagingIngestion again = ImagingIngestion.on(folder).start()) {
            assertThat(again.get("/q/health/ready").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void usesTheDatabaseServerThatTheEnvironmentNames() throws IOException {
        Path other = folder.resolve("other");
        try (ImagingIngestion first = ImagingIngestion.on(folder.resolve("first")).start()) {
            List<String> process = Files.readAllLines(first.data().resolve("postgres/postmaster.pid"));

            try (ImagingIngestion second = ImagingIngestion.on(other)
                    .environment("DB_HOST", "127.0.0.1")
                    .environment("DB_PORT", process.get(3).strip())
                    .environment("DB_NAME", "postgres")
                    .environment("DB_USER", "imaging")
                    .environment("DB_PASS", Files.readString(first.data().resolve("postgres.password")))
                    .start()) {
                assertThat(second.get("/q/health/ready").statusCode()).isEqualTo(200);
                assertThat(other.resolve("postgres")).doesNotExist();
            }
        }
    }

    @Test
    void saysThatThePortIsInUse() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = Integer.toString(socket.getLocalPort());

            ImagingIngestion.Failure failure =
                    ImagingIngestion.on(folder).environment("HTTP_PORT", port).startInVain();

            assertFailure(failure, "port " + port, "HTTP_PORT", "in use");
        }
    }

    @Test
    void saysThatTheFolderCannotBeWrittenTo() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertFailure(ImagingIngestion.on(file).startInVain(), file.toString(), "IMAGING_DATA");
        assertFailure(ImagingIngestion.on(file.resolve("below")).startInVain(), file.toString(), "IMAGING_DATA");
        assertFailure(ImagingIngestion.on(Path.of("/proc/imaging")).startInVain(), "/proc/imaging", "IMAGING_DATA");
    }

    @Test
    void saysThatAnotherProcessHasTheFolder() {
        try (ImagingIngestion server = ImagingIngestion.on(folder).start()) {
            ImagingIngestion.Failure failure = ImagingIngestion.on(folder).startInVain();

            assertFailure(failure, folder.toString(), "process " + server.pid(), "IMAGING_DATA");
            assertThat(server.get("/q/health/ready").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void saysWhyTheDatabaseDoesNotStart() throws IOException {
        ImagingIngestion.on(folder).start().close();
        Files.writeString(folder.resolve("postgres/PG_VERSION"), "9.6\n");

        assertFailure(ImagingIngestion.on(folder).startInVain(), "PostgreSQL", "incompatible");
    }

    @Test
    void saysThatTheDatabaseServerDoesNotAnswer() {
        String port = Integer.toString(ImagingIngestion.freePort());

        ImagingIngestion.Failure failure = ImagingIngestion.on(folder)
                .environment("DB_HOST", "127.0.0.1")
                .environment("DB_PORT", port)
                .startInVain();

        assertFailure(failure, "127.0.0.1:" + port, "DB_HOST", "refused");
    }

    @ParameterizedTest
    @CsvSource({"HTTP_PORT,eighty", "HTTP_PORT,0", "HTTP_PORT,65536", "DIMSE_PORT,-1", "DIMSE_PORT,1.5"})
    void saysThatAPortIsNoNumber(String name, String value) {
        assertFailure(ImagingIngestion.on(folder).environment(name, value).startInVain(), name + "=" + value);
    }

    private static void awaitEnd(ProcessHandle postgres) {
        await().atMost(Duration.ofSeconds(30)).until(() -> !postgres.isAlive());
    }

    private static void assertFailure(ImagingIngestion.Failure failure, String... words) {
        assertThat(failure.exitCode()).isEqualTo(1);
        assertThat(failure.output()).isEmpty();
        assertThat(failure.errors().lines()).singleElement().satisfies(line -> assertThat(line)
                .startsWith("imaging-ingestion: ")
                .contains(words));
    }
}
