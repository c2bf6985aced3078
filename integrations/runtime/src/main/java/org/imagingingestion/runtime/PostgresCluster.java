package org.imagingingestion.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The data of an embedded PostgreSQL, what belongs to them in the data folder, and the programs that work on them. */
final class PostgresCluster {
    static final String USER = "imaging";

    private static final int SECONDS_TO_END = 10;
    private static final long LONGEST_LOG = 1 << 20;

    private final Path folder;
    private final Path binaries;
    private final ServerUser user;
    private final Path data;
    private final Path passwordFile;
    private final Path log;

    /**
     * @param folder of all data of the application
     * @param binaries as {@link PostgresBinaries#unpack} gives them
     */
    PostgresCluster(Path folder, Path binaries, ServerUser user) {
        this.folder = folder;
        this.binaries = binaries;
        this.user = user;
        this.data = folder.resolve("postgres");
        this.passwordFile = folder.resolve("postgres.password");
        this.log = folder.resolve("postgres.log");
    }

    /** Makes all ready to start a server: ends one that is left over, and makes the cluster where there is none. */
    void prepare() throws StartupException, IOException, InterruptedException {
        if (Files.exists(log) && Files.size(log) > LONGEST_LOG) {
            Files.delete(log);
        }
        touch(log);
        if (Files.isDirectory(data)) {
            user.own(data);
            endLeftover();
        } else {
            create();
        }
    }

    private void create() throws StartupException, IOException, InterruptedException {
        Path unfinished = folder.resolve("postgres.new");
        DataFolder.delete(unfinished);
        Files.createDirectory(
                unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        touch(passwordFile);
        Files.writeString(passwordFile, Base64.getUrlEncoder().encodeToString(random));
        user.own(unfinished);
        long before = Files.size(log);
        int result = run(
                program("initdb"),
                "--pgdata=" + unfinished,
                "--username=" + USER,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--data-checksums",
                "--no-instructions");
        if (result != 0) {
            throw new StartupException("The embedded PostgreSQL cannot make its database: " + complaint(before));
        }
        Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
    }

    /** A server is left over where the process that started it was killed together with its watchdog. */
    private void endLeftover() throws StartupException, IOException, InterruptedException {
        Path pidFile = pidFile();
        Optional<ProcessHandle> process = server();
        if (process.isEmpty() || !process.get().isAlive()) {
            // the server itself can tell that such a file is stale
            return;
        }
        if (!process.get().info().command().orElse("").endsWith("/postgres")) {
            // another process has its number now, which the server would take for a living server
            Files.delete(pidFile);
            return;
        }
        run(program("pg_ctl"), "--pgdata=" + data, "stop", "--wait", "--timeout=60", "--mode=fast");
        try {
            process.get().onExit().get(SECONDS_TO_END, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new StartupException("The PostgreSQL of an earlier start, process "
                    + process.get().pid() + ", does not stop");
        }
    }

    private Path pidFile() {
        return data.resolve("postmaster.pid");
    }

    /** The process that the server says it is, or was before it was killed; it may be another one by now. */
    Optional<ProcessHandle> server() throws IOException {
        return Files.exists(pidFile()) ? ProcessHandle.of(firstNumber(pidFile())) : Optional.empty();
    }

    private static long firstNumber(Path file) throws IOException {
        try {
            return Files.readAllLines(file, StandardCharsets.US_ASCII).stream()
                    .findFirst()
                    .map(line -> Long.parseLong(line.strip()))
                    .orElse(0L);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(user.command(command))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start()
                .waitFor();
    }

    private String program(String name) {
        return binaries.resolve("bin").resolve(name).toString();
    }

    private void touch(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        user.own(file);
    }

    /** The command that starts and stops the server, but for its action. */
    List<String> control() {
        return user.command(program("pg_ctl"), "--pgdata=" + data);
    }

    /** Where the server writes what an administrator should know. */
    Path log() {
        return log;
    }

    String password() throws IOException {
        return Files.readString(passwordFile);
    }

    /** What the log says went wrong, after its first so many bytes. */
    String complaint(long before) throws IOException {
        byte[] all = Files.readAllBytes(log);
        String news = new String(all, (int) before, all.length - (int) before, StandardCharsets.UTF_8);
        List<String> lines = news.lines().filter(line -> !line.isBlank()).toList();
        return lines.stream()
                .filter(line -> line.contains("FATAL:") || line.contains("PANIC:") || line.contains("error:"))
                .findFirst()
                .or(() -> lines.stream().reduce((first, second) -> second))
                .map(line -> line.replaceFirst("^.*?(FATAL|PANIC|error):\\s*", ""))
                .orElse("it does not say why");
    }
}
