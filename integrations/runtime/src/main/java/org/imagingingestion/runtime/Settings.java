package org.imagingingestion.runtime;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the environment says about where the application listens and where it keeps things.
 *
 * @param httpHost address to listen on, {@code HTTP_HOST}
 * @param httpPort {@code HTTP_PORT}
 * @param dimsePort {@code DIMSE_PORT}
 * @param data folder of everything that is kept, {@code IMAGING_DATA}
 * @param home folder whose routes are run, {@code IMAGING_HOME}
 * @param database a PostgreSQL server, {@code DB_HOST} and the like; {@code null} for the embedded one
 */
record Settings(String httpHost, int httpPort, int dimsePort, Path data, Path home, Database database) {
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
        return new Settings(
                text(environment, "HTTP_HOST", "0.0.0.0"),
                port(environment, "HTTP_PORT", 8080),
                port(environment, "DIMSE_PORT", 11112),
                folder(environment, "IMAGING_DATA", "data"),
                folder(environment, "IMAGING_HOME", ""),
                database(environment));
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
