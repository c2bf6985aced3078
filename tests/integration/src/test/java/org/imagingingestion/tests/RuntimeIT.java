package org.imagingingestion.tests;

import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
        // whoever runs this in the background has SIGINT ignored, and Java keeps to what it inherits
        ImagingIngestion server = ImagingIngestion.on(folder)
                .through("env", "--default-signal=INT", "setsid")
                .start();
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
    void keepsWhatIsStoredOverARestart() {
        byte[] file = Instances.file(Instances.image().setString(Tag.PatientID, VR.LO, "KEPT"));
        try (ImagingIngestion server = ImagingIngestion.on(folder).start()) {
            assertThat(server.send(Instances.storing(server.dicomWeb(), file)).statusCode())
                    .isEqualTo(200);
        }

        try (ImagingIngestion again = ImagingIngestion.on(folder).start()) {
            assertThat(again.get("/dicom-web/studies?PatientID=KEPT").body()).contains("KEPT");
        }
    }

    @Test
    void finishesWhatItIsAtWhenItIsStopped() throws Exception {
        byte[] file = Instances.file(Instances.image().setBytes(Tag.PixelData, VR.OW, new byte[1 << 20]));
        PipedOutputStream client = new PipedOutputStream();
        InputStream body = new PipedInputStream(client, 4096);
        try (ImagingIngestion server = ImagingIngestion.on(folder).start()) {
            CompletableFuture<HttpResponse<String>> answer = CompletableFuture.supplyAsync(
                    () -> server.send(HttpRequest.newBuilder(URI.create(server.dicomWeb() + "/studies"))
                            .header("Content-Type", "application/dicom")
                            .header("Accept", "application/dicom+json")
                            .POST(BodyPublishers.ofInputStream(() -> body))));
            client.write(file, 0, 1 << 19);
            await().atMost(Duration.ofSeconds(30)).until(() -> hasPartialFile(folder.resolve("storage")));

            CompletableFuture<Integer> exitCode = CompletableFuture.supplyAsync(server::stop);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> server.get("/dicom-web/studies").statusCode() == 503);
            client.write(file, 1 << 19, file.length - (1 << 19));
            client.close();

            assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            assertThat(exitCode.get(60, TimeUnit.SECONDS)).isEqualTo(143);
        }
    }

    private static boolean hasPartialFile(Path storage) throws IOException {
        try (Stream<Path> files = Files.walk(storage)) {
            return files.anyMatch(
                    file -> file.toFile().isFile() && file.toFile().length() > 100_000);
        }
    }

    @Test
    void runsTheRoutesOfItsHome() throws IOException {
        Path home = folder.resolve("home");
        for (String part : List.of("routes", "integrations", "kamelets")) {
            Files.createDirectories(home.resolve(part));
            try (DirectoryStream<Path> files =
                    Files.newDirectoryStream(ImagingIngestion.project().resolve(part), "*.yaml")) {
                for (Path file : files) {
                    Files.copy(file, home.resolve(part).resolve(file.getFileName()));
                }
            }
        }
        Files.writeString(
                home.resolve("integrations/hello.yaml"),
                """
                - route:
                    id: hello
                    from:
                      uri: platform-http:/hello
                      steps:
                        - setBody:
                            constant: from home
                """);

        try (ImagingIngestion server = ImagingIngestion.on(folder.resolve("data"))
                .environment("IMAGING_HOME", home.toString())
                .start()) {
            assertThat(server.get("/hello").body()).isEqualTo("from home");
            assertThat(server.get("/dicom-web/studies").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void usesTheDatabaseServerThatTheEnvironmentNames() throws IOException {
        Path other = folder.resolve("other");
        try (ImagingIngestion first =
                ImagingIngestion.on(folder.resolve("first")).start()) {
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
        Path cluster = Files.createDirectory(
                folder.resolve("postgres"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(cluster.resolve("PG_VERSION"), "9.6\n");

        assertFailure(ImagingIngestion.on(folder).startInVain(), "PostgreSQL", folder.resolve("postgres.log") + ": ");
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

    @Test
    void saysThatAPropertyIsWrong() {
        ImagingIngestion.Failure failure = ImagingIngestion.on(folder)
                .property("imaging.manifest.conflict-policy", "keep-none")
                .startInVain();

        assertFailure(failure, "keep-none");
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
