package org.imagingingestion.camel.manifest;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.service.RecordOutcome;

/** An instance that waits to be recorded, and whoever waits for it. */
final class Pending {
    private final PreparedInstance instance;
    private final ConflictPolicy policy;
    private final CloudEvent event;
    private final AtomicBoolean claimed = new AtomicBoolean();
    private final CompletableFuture<RecordOutcome> outcome = new CompletableFuture<>();

    /** @param event that tells of the instance when it is in force */
    Pending(PreparedInstance instance, ConflictPolicy policy, CloudEvent event) {
        this.instance = instance;
        this.policy = policy;
        this.event = event;
    }

    PreparedInstance instance() {
        return instance;
    }

    ConflictPolicy policy() {
        return policy;
    }

    CloudEvent event() {
        return event;
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
