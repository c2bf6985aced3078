package org.imagingingestion.runtime;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the environment says about where the application listens and where it keeps things.
 *
 * @param role what it runs, {@code ROLE}
 * @param transport how events get from one role to another, {@code IMAGING_EVENTS_TRANSPORT}; {@code K_SINK} and {@code NATS_URL}
 *     name one as well
 * @param httpHost address to listen on, {@code HTTP_HOST}
 * @param httpPort {@code HTTP_PORT}
 * @param dimsePort {@code DIMSE_PORT}
 * @param data folder of everything that is kept, {@code IMAGING_DATA}
 * @param home folder whose routes are run, {@code IMAGING_HOME}
 * @param database a PostgreSQL server, {@code DB_HOST} and the like; {@code null} for the embedded one
 * @param queryEndpoint URL of a query service to ask in place of a database, {@code QUERY_ENDPOINT}; {@code null} for none
 * @param pipes files of Pipes to run beside the rest, or folders of them, {@code PIPE}
 */
record Settings(
        Role role,
        Transport transport,
        String httpHost,
        int httpPort,
        int dimsePort,
        Path data,
        Path home,
        Database database,
        String queryEndpoint,
        List<Path> pipes) {
    /** How events get from one role to another. */
    enum Transport {
        /** Not at all. */
        LOCAL,
        NATS,
        KNATIVE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A PostgreSQL server and how to log on to it. */
    record Database(String host, int port, String name, String user, String password) {
        String jdbcUrl() {
            String address = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
            return "jdbc:postgresql://" + address + ":" + port + "/" + name;
        }
    }

    /**
     * Reads an environment.
     *
     * @throws StartupException where a value cannot be what its variable is for
     */
    static Settings of(Map<String, String> environment) throws StartupException {
        Settings settings = new Settings(
                role(environment),
                transport(environment),
                text(environment, "HTTP_HOST", "0.0.0.0"),
                port(environment, "HTTP_PORT", 8080),
                port(environment, "DIMSE_PORT", 11112),
                folder(environment, "IMAGING_DATA", "data"),
                folder(environment, "IMAGING_HOME", ""),
                database(environment),
                queryEndpoint(environment),
                pipes(environment));
        settings.check();
        return settings;
    }

    /** Whether the manifest is in reach, to record in and to search. */
    boolean hasManifest() {
        boolean wanted = role.needsDatabase() || role.speaksDimse() || transport == Transport.LOCAL;
        return role == Role.ALL_IN_ONE || wanted && database != null;
    }

    /** How bindings are told of events. */
    Transport eventsFrom() {
        return hasManifest() ? Transport.LOCAL : transport;
    }

    /** Whether what is stored is asked for by HTTP. */
    boolean asksQueryService() {
        return role == Role.WADO && !hasManifest() && queryEndpoint != null;
    }

    private void check() throws StartupException {
        if (role.needsDatabase() && !hasManifest() && !asksQueryService()) {
            throw new StartupException("ROLE=" + role + " needs a database, see DB_HOST"
                    + (role == Role.WADO ? ", or a query service, see QUERY_ENDPOINT" : ""));
        }
        boolean mayDoWithout = role == Role.BINDING && !pipes.isEmpty();
        if (role.needsEvents() && !mayDoWithout && !hasManifest() && transport == Transport.LOCAL) {
            throw new StartupException(
                    "ROLE=" + role + " needs a broker, see NATS_URL and K_SINK, or a database, see DB_HOST");
        }
    }

    private static Role role(Map<String, String> environment) throws StartupException {
        String name = text(environment, "IMAGING_ROLE", text(environment, "ROLE", Role.ALL_IN_ONE.toString()));
        return Role.of(name).orElseThrow(() -> new StartupException("ROLE=" + name + " is none of " + Role.names()));
    }

    private static Transport transport(Map<String, String> environment) throws StartupException {
        Transport named = text(environment, "K_SINK", null) != null
                ? Transport.KNATIVE
                : text(environment, "NATS_URL", null) != null ? Transport.NATS : Transport.LOCAL;
        String name = text(environment, "IMAGING_EVENTS_TRANSPORT", named.toString());
        return Arrays.stream(Transport.values())
                .filter(transport -> transport.toString().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new StartupException("IMAGING_EVENTS_TRANSPORT=" + name + " is none of local, nats, knative"));
    }

    private static String queryEndpoint(Map<String, String> environment) throws StartupException {
        String url = text(environment, "QUERY_ENDPOINT", null);
        if (url != null && !url.matches("https?://[^/?#]+[^?#]*")) {
            throw new StartupException("QUERY_ENDPOINT is not a URL such as http://event-processor:8080/query");
        }
        return url;
    }

    private static List<Path> pipes(Map<String, String> environment) throws StartupException {
        List<Path> pipes = new ArrayList<>();
        for (String place : text(environment, "PIPE", "").split(",")) {
            if (!place.isBlank()) {
                try {
                    pipes.add(Path.of(place.strip()).toAbsolutePath().normalize());
                } catch (InvalidPathException e) {
                    throw new StartupException("PIPE has what is no file", e);
                }
            }
        }
        return List.copyOf(pipes);
    }

    private static Database database(Map<String, String> environment) throws StartupException {
        String host = text(environment, "DB_HOST", null);
        if (host == null) {
            return null;
        }
        return new Database(
                host,
                port(environment, "DB_PORT", 5432),
                text(environment, "DB_NAME", "imaging"),
                text(environment, "DB_USER", "imaging"),
                text(environment, "DB_PASS", ""));
    }

    private static String text(Map<String, String> environment, String name, String otherwise) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? otherwise : value.strip();
    }

    private static int port(Map<String, String> environment, String name, int otherwise) throws StartupException {
        String value = text(environment, name, Integer.toString(otherwise));
        try {
            int port = Integer.parseInt(value);
            if (port > 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // told below, as any other number that is no port
        }
        throw new StartupException(name + "=" + value + " is not a port: set it to a number from 1 to 65535");
    }

    private static Path folder(Map<String, String> environment, String name, String otherwise) throws StartupException {
        String value = text(environment, name, otherwise);
        try {
            return Path.of(value).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new StartupException(name + " is not a folder", e);
        }
    }
}
