package org.imagingingestion.camel.manifest;

import java.util.concurrent.ExecutorService;

import javax.sql.DataSource;

/** All that works on one database; endpoints that have the same data source share it. */
final class Manifest {
    private final Recorder recorder;
    private final Searcher searcher;
    private final Locator locator;
    private final Inventory inventory;

    Manifest(DataSource dataSource, int maxBatchSize, int queryTimeout) {
        Templates templates = new Templates();
        recorder = new Recorder(dataSource, templates, maxBatchSize);
        searcher = new Searcher(dataSource, templates, queryTimeout);
        locator = new Locator(dataSource, templates, queryTimeout);
        inventory = new Inventory(dataSource);
    }

    void start(ExecutorService executor, int writers) {
        recorder.start(executor, writers);
    }

    void stop() {
        recorder.stop();
    }

    Recorder recorder() {
        return recorder;
    }

    Searcher searcher() {
        return searcher;
    }

    Locator locator() {
        return locator;
    }

    Inventory inventory() {
        return inventory;
    }
}
