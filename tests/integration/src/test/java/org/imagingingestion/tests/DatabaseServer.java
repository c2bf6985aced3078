package org.imagingingestion.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A PostgreSQL server that can be stopped and started, of the programs that the application itself brings. */
final class DatabaseServer implements AutoCloseable {
    static final String USER = "imaging";
    static final String PASSWORD = "secret";

    private static Path unpacked;

    private final Path folder;
    private final Path programs;
    private final int port = ImagingIngestion.freePort();

    private DatabaseServer(Path folder, Path programs) {
        this.folder = folder;
        this.programs = programs;
    }

    static DatabaseServer start(Path folder) throws Exception {
        Files.createDirectory(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        DatabaseServer server = new DatabaseServer(folder.resolve("data"), unpacked());
        Path password = Files.writeString(folder.resolve("password"), PASSWORD);
        server.run(
                "initdb",
                "--pgdata=" + server.folder,
                "--username=" + USER,
                "--pwfile=" + password,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync");
        server.start();
        return server;
    }

    /** The application unpacks them when it first starts. */
    private static synchronized Path unpacked() throws IOException {
        if (unpacked == null) {
            Path folder = Files.createTempDirectory(
                    Files.createDirectories(ImagingIngestion.project().resolve("tests/integration/target")),
                    "postgres");
            ImagingIngestion.on(folder).start().close();
            try (Stream<Path> versions = Files.list(folder.resolve("postgres-bin"))) {
                unpacked = versions.findFirst().orElseThrow().resolve("bin");
            }
        }
        return unpacked;
    }

    int port() {
        return port;
    }

    void start() throws Exception {
        control(
                "start",
                "--log=" + folder.resolveSibling("log"),
                "--options=-c port=" + port
                        + " -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c timezone=UTC");
    }

    /** Stops it at once, with what is being done. */
    void stop() throws Exception {
        control("stop", "--mode=immediate");
    }

    /** Ends it and all its processes by SIGKILL, where it has not ended by itself. */
    void kill() throws Exception {
        if (isThere()) {
            // what it does not start any more need not be waited for
            execute(List.of("kill", "-STOP", Long.toString(process().pid())));
            List<ProcessHandle> all = processes();
            signal("-KILL");
            await().atMost(Duration.ofMinutes(1)).until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    private boolean isThere() throws IOException {
        return Files.exists(folder.resolve("postmaster.pid"))
                && ProcessHandle.of(pid()).filter(ProcessHandle::isAlive).isPresent();
    }

    /** It finds no room to write to any file any more, until it is killed. */
    void takeRoom() throws Exception {
        for (ProcessHandle process : processes()) {
            // some may end meanwhile
            execute(List.of("prlimit", "--pid=" + process.pid(), "--fsize=1:unlimited"));
        }
    }

    /** It and all its processes do nothing any more, and keep their connections. */
    void freeze() throws Exception {
        signal("-STOP");
    }

    void thaw() throws Exception {
        signal("-CONT");
    }

    /** Ends its connections as an administrator does. */
    void cutConnections() throws Exception {
        List<String> command = new ArrayList<>(List.of("kill", "-TERM"));
        process()
                .children()
                .filter(DatabaseServer::isConnection)
                .forEach(child -> command.add(Long.toString(child.pid())));
        // some may end meanwhile
        execute(command);
    }

    private static boolean isConnection(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                    .contains("127.0.0.1");
        } catch (IOException e) {
            // it ended meanwhile
            return false;
        }
    }

    private void signal(String signal) throws Exception {
        List<String> command = new ArrayList<>(List.of("kill", signal));
        processes().forEach(process -> command.add(Long.toString(process.pid())));
        execute(command);
    }

    private List<ProcessHandle> processes() throws IOException {
        return Stream.concat(Stream.of(process()), process().descendants()).toList();
    }

    private ProcessHandle process() throws IOException {
        return ProcessHandle.of(pid()).orElseThrow();
    }

    private long pid() throws IOException {
        String pid = Files.readAllLines(folder.resolve("postmaster.pid")).get(0);
        return Long.parseLong(pid.strip());
    }

    private void control(String action, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--pgdata=" + folder, action, "--wait"));
        arguments.addAll(List.of(options));
        run("pg_ctl", arguments.toArray(String[]::new));
    }

    private void run(String program, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            // it refuses the superuser
            command.addAll(List.of("unshare", "--user"));
        }
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        assertThat(execute(command)).as(program).isZero();
    }

    private int execute(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolveSibling("control.log").toFile()))
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Override
    public void close() throws Exception {
        if (isThere()) {
            thaw();
            stop();
        }
    }
}
