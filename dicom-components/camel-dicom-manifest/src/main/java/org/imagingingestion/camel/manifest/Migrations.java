package org.imagingingestion.camel.manifest;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;

/** Brings the manifest's schema, which is its own, to what this version needs. */
final class Migrations {
    private static final String SCHEMA = "manifest";
    private static final String LOCATION = "classpath:org/imagingingestion/camel/manifest/migration";

    private Migrations() {}

    /** Several processes may do so at once. */
    static void run(DataSource dataSource) {
        Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(UnhurriedDataSource.of(dataSource))
                .defaultSchema(SCHEMA)
                .schemas(SCHEMA)
                .locations(LOCATION)
                .load()
                .migrate();
    }
}
