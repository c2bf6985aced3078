package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import org.imagingingestion.dicom.DicomException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances of one request, which are taken from those to be sent while the request is on its way: each is opened when the
 * one before is sent. What cannot be opened is left out, and has failed.
 */
final class StoreBatch {
    private static final Logger LOG = LoggerFactory.getLogger(StoreBatch.class);

    private final Iterator<OutgoingInstance> instances;
    private final int mostInstances;
    private final long mostBytes;
    private final List<OutgoingInstance> taken = new ArrayList<>();
    private Iterator<OutgoingInstance> again = List.<OutgoingInstance>of().iterator();
    private OutgoingInstance next;
    private long bytes;

    /** @param mostBytes after which no further instance is begun */
    StoreBatch(Iterator<OutgoingInstance> instances, int mostInstances, long mostBytes) {
        this.instances = instances;
        this.mostInstances = mostInstances;
        this.mostBytes = mostBytes;
    }

    /** Begins with the first one once more, for another attempt. */
    void restart() {
        again = List.copyOf(taken).iterator();
        next = null;
        bytes = 0;
    }

    /** The next instance, open; {@code null} behind the last. */
    OutgoingInstance peek() {
        while (next == null) {
            OutgoingInstance instance = again.hasNext() ? again.next() : take();
            if (instance == null) {
                return null;
            }
            if (instance.result() == null && isOpen(instance)) {
                next = instance;
            }
        }
        return next;
    }

    private OutgoingInstance take() {
        if (taken.size() >= mostInstances || bytes >= mostBytes || !instances.hasNext()) {
            return null;
        }
        OutgoingInstance instance = instances.next();
        if (instance != null) {
            taken.add(instance);
        }
        return instance;
    }

    private static boolean isOpen(OutgoingInstance instance) {
        try {
            instance.open();
            return true;
        } catch (DicomException | IOException e) {
            LOG.debug("An instance is not sent: {}", e.getClass().getName());
            instance.close();
            instance.failed(e);
            return false;
        }
    }

    /** To be called when the next instance has been sent. */
    void sent(long length) {
        next.close();
        next = null;
        bytes += length;
    }

    /** The one that is being sent, for whom it cannot be read to its end. */
    OutgoingInstance current() {
        return next;
    }

    /** Those that have been taken so far, in their order. */
    List<OutgoingInstance> taken() {
        return taken;
    }

    /** Length of the only instance where there is one and it is known, else -1. */
    long onlyLength() {
        return mostInstances == 1 && next != null ? next.length() : -1;
    }

    /** Whether all that were sent can be sent again. */
    boolean isRepeatable() {
        return taken.stream().allMatch(instance -> instance.result() != null || instance.isRepeatable());
    }

    /** Closes what is still open. */
    void close() {
        taken.forEach(OutgoingInstance::close);
    }
}
