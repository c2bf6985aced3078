package org.imagingingestion.runtime;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the application. Whatever keeps it from starting is one line on the standard error, and the exit code 1. */
@QuarkusMain
public final class Main {
    private Main() {}

    public static void main(String... args) throws InterruptedException {
        // before anything logs
        System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
        try {
            new Launcher(Settings.of(environment())).run(args);
        } catch (StartupException e) {
            fail(e);
        }
    }

    /** Variables; of those that name the role and the transport, the system properties count first, as everywhere. */
    private static Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        for (String property : List.of("imaging.role", "imaging.events.transport")) {
            String value = System.getProperty(property);
            if (value != null) {
                environment.put(property.toUpperCase(Locale.ROOT).replace('.', '_'), value);
            }
        }
        return environment;
    }

    static void fail(StartupException problem) {
        complain(problem);
        System.exit(1);
    }

    static void complain(StartupException problem) {
        System.err.println("imaging-ingestion: " + problem.getMessage());
    }
}
