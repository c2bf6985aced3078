package org.imagingingestion.runtime;

import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the application. Whatever keeps it from starting is one line on the standard error, and the exit code 1. */
@QuarkusMain
public final class Main {
    private Main() {}

    public static void main(String... args) throws InterruptedException {
        try {
            new AllInOne(Settings.of(System.getenv())).run(args);
        } catch (StartupException e) {
            fail(e);
        }
    }

    static void fail(StartupException problem) {
        complain(problem);
        System.exit(1);
    }

    static void complain(StartupException problem) {
        System.err.println("imaging-ingestion: " + problem.getMessage());
    }
}
