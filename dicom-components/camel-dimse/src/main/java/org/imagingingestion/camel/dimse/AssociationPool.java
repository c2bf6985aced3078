package org.imagingingestion.camel.dimse;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.AssociationException;
import org.imagingingestion.dicom.net.PresentationContext;

/** Associations with one peer that are kept for a while, for operations other than C-STORE. */
final class AssociationPool implements Closeable {
    private record Idle(Association association, long since) {}

    private final Caller caller;
    private final List<PresentationContext> contexts;
    private final long idleNanos;
    private final long waitMillis;
    private final Semaphore places;
    private final Deque<Idle> idle = new ArrayDeque<>();

    /** @param contexts what its associations are good for */
    AssociationPool(Caller caller, List<PresentationContext> contexts, DimseConfiguration options) {
        this.caller = caller;
        this.contexts = contexts;
        idleNanos = TimeUnit.MILLISECONDS.toNanos(options.getPooledIdleTime());
        waitMillis = options.getResponseTimeout();
        places = new Semaphore(options.getPooledAssociations());
    }

    /** An association that nobody else uses, to be given back. */
    Association take() throws IOException, InterruptedException {
        if (!places.tryAcquire(waitMillis, TimeUnit.MILLISECONDS)) {
            throw new AssociationException("All associations to the peer are in use");
        }
        try {
            Association kept = kept();
            return kept != null ? kept : caller.associate(contexts, List.of());
        } catch (IOException | RuntimeException e) {
            places.release();
            throw e;
        }
    }

    private synchronized Association kept() {
        while (!idle.isEmpty()) {
            Association association = idle.pop().association();
            if (association.isOpen() && !association.hasInput()) {
                return association;
            }
            // its peer has ended it
            association.disconnect();
        }
        return null;
    }

    /** Gives an association back. @param isGood whether it can be used again */
    void give(Association association, boolean isGood) {
        if (isGood && association.isOpen()) {
            synchronized (this) {
                idle.push(new Idle(association, System.nanoTime()));
            }
        } else {
            association.disconnect();
        }
        places.release();
    }

    /** Releases those that were not used for a while. */
    void evict() {
        release(idleNanos);
    }

    @Override
    public void close() {
        release(Long.MIN_VALUE);
    }

    private void release(long unusedNanos) {
        List<Association> old = new ArrayList<>();
        synchronized (this) {
            while (!idle.isEmpty() && System.nanoTime() - idle.peekLast().since() > unusedNanos) {
                old.add(idle.pollLast().association());
            }
        }
        old.forEach(Association::close);
    }
}
