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

/** The integrations of a role in one process, with what they need. */
final class Launcher {
    private static final int SECONDS_TO_STOP = 60;

    /** Whoever asks waits meanwhile. */
    private static final String SOON = "?maximumRetries=2&retryDelay=200";

    private final Settings settings;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile boolean stopping;

    Launcher(Settings settings) {
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
        if (settings.role().speaksDimse()) {
            checkPort("0.0.0.0", settings.dimsePort(), "DIMSE_PORT");
        }
        System.setProperty("imaging.data", settings.data().toString());
        System.setProperty("imaging.role", settings.role().toString());
        System.setProperty("imaging.events.transport", settings.transport().toString());
        System.setProperty("imaging.events.from", settings.eventsFrom().toString());
        if (settings.role().gives()) {
            System.setProperty("imaging.bindings.own-wado-address", ownWadoAddress());
        }
        if (settings.role() == Role.ALL_IN_ONE) {
            System.setProperty("imaging.bindings.retrieve-action", "dicom-read-action");
        }
        System.setProperty("imaging.manifest.here", Boolean.toString(settings.hasManifest()));
        boolean publishes = settings.role().receives() && !settings.hasManifest();
        System.setProperty("imaging.ingest.by", publishes ? "publish" : "record");
        useRoutes();
        StorageSettings.of(System.getenv()).forEach(System::setProperty);
        if (settings.hasManifest()) {
            useDatabase();
        } else {
            System.setProperty("quarkus.datasource.active", "false");
        }
        if (settings.asksQueryService()) {
            String query = "imaging-query:" + settings.queryEndpoint() + SOON;
            System.setProperty("imaging.wado.search", query);
            System.setProperty("imaging.wado.locate", query);
            System.setProperty("imaging.wado.query-endpoint", settings.queryEndpoint());
        }
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
    private void useRoutes() throws StartupException {
        Path home = settings.home();
        Path routes = home.resolve("routes");
        Path integrations = home.resolve("integrations");
        boolean own = Files.isDirectory(routes) && Files.isDirectory(integrations);
        String pattern = settings.role().routes(own ? "file:" + home + "/" : "classpath:");
        if (own) {
            System.setProperty(
                    "camel.component.kamelet.location", "file:" + home.resolve("kamelets") + ",classpath:kamelets");
        }
        Pipes pipes = Pipes.of(settings.pipes(), new Kamelets(own ? home.resolve("kamelets") : null));
        System.setProperty("camel.main.routes-include-pattern", pattern + pipes.routes());
        System.setProperty("imaging.pipes.without-error-handler", String.join(",", pipes.withoutErrorHandler()));
    }

    private String ownWadoAddress() {
        String host = settings.httpHost();
        boolean isAny = host.equals("0.0.0.0") || host.equals("::");
        return "http://" + (isAny ? "localhost" : host.contains(":") ? "[" + host + "]" : host) + ":"
                + settings.httpPort() + "/dicom-web";
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
