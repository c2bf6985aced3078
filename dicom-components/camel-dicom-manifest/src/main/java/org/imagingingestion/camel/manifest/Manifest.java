package org.imagingingestion.camel.manifest;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;

import javax.sql.DataSource;

/** All that works on one database; endpoints that have the same data source share it. */
final class Manifest {
    private final Recorder recorder;
    private final Searcher searcher;
    private final Locator locator;
    private final Inventory inventory;
    private final Deleter deleter;
    private final RemovedObjects removedObjects;
    private final Subscriptions subscriptions;
    private final List<Deliverer> deliverers = new CopyOnWriteArrayList<>();

    Manifest(DataSource dataSource, AvailableEvents events, int maxBatchSize, int queryTimeout) {
        Templates templates = new Templates();
        recorder = new Recorder(dataSource, templates, events, maxBatchSize, this::wake);
        searcher = new Searcher(dataSource, templates, queryTimeout);
        locator = new Locator(dataSource, templates, queryTimeout);
        inventory = new Inventory(dataSource);
        deleter = new Deleter(dataSource);
        removedObjects = new RemovedObjects(dataSource);
        subscriptions = new Subscriptions(dataSource);
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

    Deleter deleter() {
        return deleter;
    }

    RemovedObjects removedObjects() {
        return removedObjects;
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    /** Has a deliverer told at once of what this process does. */
    void add(Deliverer deliverer) {
        deliverers.add(deliverer);
    }

    void remove(Deliverer deliverer) {
        deliverers.remove(deliverer);
    }

    /** Has those who deliver events look for new ones. */
    void wake() {
        deliverers.forEach(Deliverer::wake);
    }
}
