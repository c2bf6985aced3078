package org.imagingingestion.camel.manifest;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import org.imagingingestion.dicom.service.RecordOutcome;

/** An instance that waits to be recorded, and whoever waits for it. */
final class Pending {
    private final PreparedInstance instance;
    private final ConflictPolicy policy;
    private final AtomicBoolean claimed = new AtomicBoolean();
    private final CompletableFuture<RecordOutcome> outcome = new CompletableFuture<>();

    Pending(PreparedInstance instance, ConflictPolicy policy) {
        this.instance = instance;
        this.policy = policy;
    }

    PreparedInstance instance() {
        return instance;
    }

    ConflictPolicy policy() {
        return policy;
    }

    /**
     * Takes it, to write it or to give it up; only one of those who try succeeds. What was given up is never written
     * afterwards.
     */
    boolean claim() {
        return claimed.compareAndSet(false, true);
    }

    CompletableFuture<RecordOutcome> outcome() {
        return outcome;
    }
}
