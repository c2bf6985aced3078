package org.imagingingestion.runtime;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

import org.postgresql.Driver;

/** The PostgreSQL server that {@code DB_HOST} names. */
final class DatabaseServer {
    private static final int SECONDS_TO_ANSWER = 30;

    private DatabaseServer() {}

    /**
     * Logs on once.
     *
     * @throws StartupException where the server does not answer or does not let us in
     */
    static void check(Settings.Database database) throws StartupException {
        Properties properties = new Properties();
        properties.setProperty("user", database.user());
        properties.setProperty("password", database.password());
        properties.setProperty("loginTimeout", Integer.toString(SECONDS_TO_ANSWER));
        properties.setProperty("connectTimeout", Integer.toString(SECONDS_TO_ANSWER));
        try (Connection connection = new Driver().connect(database.jdbcUrl(), properties)) {
            connection.isValid(SECONDS_TO_ANSWER);
        } catch (SQLException e) {
            // the driver's advice comes after the first sentence
            String problem = StartupException.reason(e).replaceFirst("(?<=[a-z])\\. .*", "");
            throw new StartupException("The database " + database.name() + " at " + database.host() + ":"
                    + database.port() + " cannot be used, see DB_HOST, DB_PORT, DB_NAME, DB_USER and DB_PASS: "
                    + problem);
        }
    }
}
