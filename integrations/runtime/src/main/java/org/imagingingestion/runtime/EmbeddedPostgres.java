package org.imagingingestion.runtime;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jboss.logging.Logger;

/**
 * A PostgreSQL server that runs as long as this process, on data that stay.
 *
 * <p>A shell starts it, waits for the end of its own standard input and then stops it. That end comes when this process
 * closes the pipe and also when this process is killed, so that no server is left behind. See
 * {@code docs/adr/0002-embedded-postgresql.md}.
 */
final class EmbeddedPostgres implements AutoCloseable {
    private static final String ADDRESS = "127.0.0.1";
    private static final String STARTED = "started";

    /** Signals of a terminal go to the shell too, but it is for the application to say when the server stops. */
    private static final String WATCHDOG =
            """
            trap '' HUP INT TERM PIPE
            log=$1 options=$2
            shift 2
            if "$@" start --wait --timeout=600 --log="$log" --options="$options" >/dev/null; then
              echo started
              while read -r line; do :; done
            fi
            "$@" stop --wait --timeout=60 --mode=fast || "$@" stop --wait --timeout=20 --mode=immediate
            """;

    private static final List<String> SETTINGS = List.of(
            "listen_addresses=" + ADDRESS,
            "unix_socket_directories=",
            "max_connections=40",
            "shared_buffers=128MB",
            "work_mem=16MB",
            "synchronous_commit=on",
            "wal_compression=on",
            "max_wal_size=1GB",
            "checkpoint_timeout=15min",
            "random_page_cost=1.1",
            "max_parallel_workers_per_gather=0",
            "jit=off",
            "timezone=UTC",
            "log_timezone=UTC",
            "log_checkpoints=off",
            // an error quotes values, which are patient data; who sent the statement gets it anyway
            "log_min_messages=log",
            "log_min_error_statement=panic",
            "log_error_verbosity=terse");

    private static final int ATTEMPTS_AT_A_PORT = 3;
    private static final int SECONDS_TO_STOP = 90;
    private static final int ATTEMPTS_TO_START_AGAIN = 30;
    private static final Logger LOG = Logger.getLogger(EmbeddedPostgres.class);

    private final FolderLock lock;
    private final PostgresCluster cluster;
    private Process watchdog;
    private int port;
    private volatile boolean closing;

    private EmbeddedPostgres(FolderLock lock, PostgresCluster cluster) {
        this.lock = lock;
        this.cluster = cluster;
    }

    /**
     * Starts the server, and makes its database where there is none.
     *
     * @param folder of all data of the application
     * @param programs folder that the server's programs are unpacked in
     * @throws StartupException where it does not start, or another process runs one on this folder
     */
    static EmbeddedPostgres start(Path folder, Path programs) throws StartupException, InterruptedException {
        try {
            FolderLock lock = FolderLock.of(folder);
            try {
                PostgresCluster cluster =
                        new PostgresCluster(folder, PostgresBinaries.unpack(programs), ServerUser.find());
                EmbeddedPostgres postgres = new EmbeddedPostgres(lock, cluster);
                postgres.start();
                return postgres;
            } catch (StartupException | IOException | InterruptedException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StartupException("The embedded PostgreSQL does not start", e);
        }
    }

    private void start() throws StartupException, IOException, InterruptedException {
        cluster.prepare();
        long before = Files.size(cluster.log());
        String complaint = "";
        for (int attempt = 0; attempt < ATTEMPTS_AT_A_PORT; attempt++) {
            port = freePort();
            if (startOn(port)) {
                return;
            }
            complaint = cluster.complaint(before);
            if (!complaint.contains("TCP/IP")) {
                break;
            }
        }
        throw new StartupException("The embedded PostgreSQL does not start, see " + cluster.log() + ": " + complaint);
    }

    private boolean startOn(int somePort) throws IOException, InterruptedException {
        StringBuilder options = new StringBuilder("-c port=" + somePort);
        SETTINGS.forEach(setting -> options.append(" -c ").append(setting));
        List<String> command = new ArrayList<>(List.of(
                "/bin/sh", "-c", WATCHDOG, "imaging-postgres", cluster.log().toString(), options.toString()));
        command.addAll(cluster.control());
        watchdog = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(cluster.log().toFile()))
                .start();
        BufferedReader answers = watchdog.inputReader();
        if (STARTED.equals(answers.readLine())) {
            return true;
        }
        watchdog.waitFor();
        return false;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(ADDRESS))) {
            return socket.getLocalPort();
        }
    }

    Settings.Database database() {
        try {
            return new Settings.Database(ADDRESS, port, "postgres", PostgresCluster.USER, cluster.password());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts the server again, on the same port, whenever it ends of itself.
     *
     * @param gaveUp is told where it does not start again
     */
    void keepRunning(Consumer<StartupException> gaveUp) throws StartupException {
        try {
            cluster.server().ifPresent(server -> server.onExit().thenRunAsync(() -> startAgain(gaveUp)));
        } catch (IOException e) {
            throw new StartupException("The embedded PostgreSQL does not tell its process", e);
        }
    }

    private void startAgain(Consumer<StartupException> gaveUp) {
        try {
            startAgain();
            keepRunning(gaveUp);
        } catch (StartupException e) {
            gaveUp.accept(e);
        } catch (IOException e) {
            gaveUp.accept(new StartupException("The embedded PostgreSQL does not start again", e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void startAgain() throws StartupException, IOException, InterruptedException {
        if (closing) {
            return;
        }
        LOG.warn("The embedded PostgreSQL ended of itself and is started again");
        endWatchdog();
        String complaint = "";
        for (int attempt = 0; attempt < ATTEMPTS_TO_START_AGAIN && !closing; attempt++) {
            cluster.prepare();
            long before = Files.size(cluster.log());
            if (startOn(port)) {
                return;
            }
            complaint = cluster.complaint(before);
            // processes of the server that was killed hold its memory until they notice
            TimeUnit.SECONDS.sleep(1);
        }
        if (!closing) {
            throw new StartupException(
                    "The embedded PostgreSQL ended and does not start again, see " + cluster.log() + ": " + complaint);
        }
    }

    private void endWatchdog() throws IOException, InterruptedException {
        watchdog.getOutputStream().close();
        if (!watchdog.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
            watchdog.destroyForcibly();
        }
    }

    /** Stops the server and waits until it has. */
    @Override
    public void close() throws IOException, InterruptedException {
        closing = true;
        synchronized (this) {
            endWatchdog();
        }
        lock.close();
    }
}
