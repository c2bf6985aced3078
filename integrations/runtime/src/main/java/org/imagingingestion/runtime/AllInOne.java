package org.imagingingestion.runtime;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.quarkus.runtime.Quarkus;

/** All integrations in one process, with what they need. */
final class AllInOne {
    private static final int SECONDS_TO_STOP = 60;

    private final Settings settings;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile boolean stopping;

    AllInOne(Settings settings) {
        this.settings = settings;
    }

    /**
     * Starts all, and waits for the end.
     *
     * @throws StartupException where something that it needs is not to be had
     */
    void run(String... args) throws StartupException, InterruptedException {
        DataFolder.check(settings.data());
        checkPort(settings.httpHost(), settings.httpPort(), "HTTP_PORT");
        checkPort("0.0.0.0", settings.dimsePort(), "DIMSE_PORT");
        System.setProperty("imaging.data", settings.data().toString());
        useRoutes();
        useDatabase();
        Quarkus.run(
                Application.class,
                (code, problem) -> {
                    stopped.countDown();
                    if (problem != null && !stopping) {
                        Main.fail(notStarted(rootOf(problem)));
                    }
                    System.exit(code);
                },
                args);
    }

    private static void checkPort(String host, int port, String variable) throws StartupException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new StartupException(
                    "Cannot listen on " + host + " port " + port + ", set " + variable + " to another one", e);
        }
    }

    /** The routes of the folder, where it has any; else those that are packed with the application. */
    private void useRoutes() {
        Path home = settings.home();
        Path routes = home.resolve("routes");
        Path integrations = home.resolve("integrations");
        if (Files.isDirectory(routes) && Files.isDirectory(integrations)) {
            System.setProperty(
                    "camel.main.routes-include-pattern", "file:" + routes + "/*.yaml,file:" + integrations + "/*.yaml");
            System.setProperty(
                    "camel.component.kamelet.location", "file:" + home.resolve("kamelets") + ",classpath:kamelets");
        }
    }

    private void useDatabase() throws StartupException, InterruptedException {
        Settings.Database database = settings.database();
        if (database == null) {
            Path data = settings.data();
            EmbeddedPostgres postgres = EmbeddedPostgres.start(data, data.resolve("postgres-bin"));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(postgres), "stop-postgres"));
            postgres.keepRunning(Main::fail);
            database = postgres.database();
        } else {
            DatabaseServer.check(database);
        }
        System.setProperty("quarkus.datasource.jdbc.url", database.jdbcUrl());
        System.setProperty("quarkus.datasource.username", database.user());
        System.setProperty("quarkus.datasource.password", database.password());
    }

    /** The routes need the database until they have finished what they are at. */
    private void stop(EmbeddedPostgres postgres) {
        stopping = true;
        try {
            stopped.await(SECONDS_TO_STOP, TimeUnit.SECONDS);
            postgres.close();
        } catch (IOException e) {
            Main.complain(new StartupException("The embedded PostgreSQL does not stop", e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static StartupException notStarted(Throwable root) {
        String where = root instanceof FileSystemException file ? " on " + file.getFile() : "";
        return new StartupException("The application does not start" + where, root);
    }

    private static Throwable rootOf(Throwable problem) {
        Throwable root = problem;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
