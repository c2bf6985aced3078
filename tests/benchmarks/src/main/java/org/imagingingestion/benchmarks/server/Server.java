package org.imagingingestion.benchmarks.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

import org.imagingingestion.benchmarks.BenchFailure;
import org.imagingingestion.benchmarks.load.Get;

/** A server under test: started in a folder of its own on a free loopback port, and ended with everything it started. */
public final class Server implements AutoCloseable {
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final int QUIET_MILLIS = 30;

    private final String name;
    private final int port;
    private final String root;
    private final int dimsePort;
    private final Path folder;
    private final ProcessTree tree;
    private final Process process;
    private double startSeconds;

    private Server(String name, int port, String root, int dimsePort, Path folder, Process process) {
        this.name = name;
        this.port = port;
        this.root = root;
        this.dimsePort = dimsePort;
        this.folder = folder;
        this.process = process;
        tree = new ProcessTree(process.pid(), folder);
    }

    /**
     * Starts a process and waits for its first answer.
     *
     * @param root   path of the DICOMweb service, such as /dicom-web
     * @param dimsePort 0 where it does not speak DIMSE
     * @param folder where its log is written, and all it keeps
     * @param first  the request that must be answered with 200; null where it is ready when it takes connections
     * @throws BenchFailure when it ends, or does not answer in time
     */
    static Server start(
            String name,
            int port,
            String root,
            int dimsePort,
            Path folder,
            ProcessBuilder builder,
            Get first,
            Duration limit) {
        long before = System.nanoTime();
        try {
            Files.createDirectories(folder);
            builder.redirectErrorStream(true);
            builder.redirectOutput(log(folder, name).toFile());
            Server server = new Server(name, port, root, dimsePort, folder, builder.start());
            Running.add(server);
            try {
                server.awaitAnswer(first, limit);
            } catch (BenchFailure e) {
                server.close();
                throw e;
            }
            server.startSeconds = (System.nanoTime() - before) / 1e9;
            return server;
        } catch (IOException e) {
            throw new BenchFailure(name + " could not be started: " + e.getMessage(), e);
        }
    }

    /** A loopback port that was free a moment ago. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new BenchFailure("no free port", e);
        }
    }

    /** Who this is, in tables. */
    public String name() {
        return name;
    }

    /** The loopback port of its HTTP server. */
    public int port() {
        return port;
    }

    /** The loopback port that it speaks DIMSE on. */
    public int dimsePort() {
        return dimsePort;
    }

    /** Where it tells what it does. */
    public Path log() {
        return log(folder, name);
    }

    /** The path of a resource of its DICOMweb service. */
    public String path(String resource) {
        return root + resource;
    }

    /** Seconds from starting the process to its first answer. */
    public double startSeconds() {
        return startSeconds;
    }

    /** CPU time of all its processes so far, in milliseconds. */
    public long cpuMillis() {
        return tree.cpuMillis();
    }

    /** Resident memory of the process started, in MiB. */
    public long residentMegabytes() {
        return tree.residentMegabytes();
    }

    /** Highest resident memory of the process started since {@link #resetPeak}, in MiB. */
    public long peakMegabytes() {
        return tree.peakMegabytes();
    }

    /** Memory of all its processes, shared pages counted once, in MiB. */
    public long proportionalMegabytes() {
        return tree.proportionalMegabytes();
    }

    /** Begins a new measurement of the peak. */
    public void resetPeak() {
        tree.resetPeak();
    }

    /** Waits until none of these has anything left to do from earlier work, for at most the given time. */
    public static void settle(List<Server> servers, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        int quiet = 0;
        long cpu = servers.stream().mapToLong(Server::cpuMillis).sum();
        while (quiet < 2 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(250));
            long now = servers.stream().mapToLong(Server::cpuMillis).sum();
            quiet = now - cpu <= QUIET_MILLIS ? quiet + 1 : 0;
            cpu = now;
        }
    }

    /** Deletes the files it has kept so far; only for servers that do not miss them. */
    public void deleteFiles() {
        Folders.empty(folder.resolve("files"));
    }

    /** Ends it, kindly first, and removes its files but the log. */
    @Override
    public void close() {
        if (Running.remove(this)) {
            stop();
            Folders.emptyButLogs(folder);
        }
    }

    /** Ends it and keeps its files for another start. */
    public void closeKeepingFiles() {
        if (Running.remove(this)) {
            stop();
        }
    }

    private void stop() {
        Set<Long> pids = tree.pids();
        process.destroy();
        try {
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        pids.remove(process.pid());
        for (long pid : pids) {
            ProcessHandle.of(pid).ifPresent(handle -> end(handle));
        }
    }

    private void end(ProcessHandle handle) {
        if (!ends(handle)) {
            System.err.println(name + " left process " + handle.pid() + " behind; it is ended now");
            handle.destroyForcibly();
            ends(handle);
        }
    }

    private static boolean ends(ProcessHandle handle) {
        try {
            handle.onExit().get(5, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void awaitAnswer(Get first, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < deadline) {
            if (!process.isAlive()) {
                throw new BenchFailure(name + " ended with " + process.exitValue() + ", see " + log(folder, name));
            }
            try {
                if (first == null ? takesConnections() : first.send(port).status() == 200) {
                    return;
                }
            } catch (IOException e) {
                // not listening yet
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        throw new BenchFailure(name + " did not answer within " + limit.toSeconds() + " s, see " + log(folder, name));
    }

    private boolean takesConnections() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), dimsePort)) {
            return socket.isConnected();
        }
    }

    private static Path log(Path folder, String name) {
        return folder.resolve(name + ".log");
    }
}
