package org.imagingingestion.camel.dimse;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.apache.camel.Exchange;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.event.DeliveryFailure;
import org.imagingingestion.dicom.net.AssociationException;
import org.imagingingestion.dicom.net.DimseStatus;
import org.imagingingestion.dicom.service.KeptInstance;
import org.imagingingestion.dicom.service.StoreResult;

/** Sends instances to a peer, over associations that are kept for the next ones. */
final class StoreClient implements DimseProducer.Client {
    private record Idle(InstanceSender sender, long since) {}

    private final Caller caller;
    private final DimseConfiguration options;
    private final Semaphore places;
    private final Deque<Idle> idle = new ArrayDeque<>();

    StoreClient(Caller caller, DimseConfiguration options) {
        this.caller = caller;
        this.options = options;
        // first come, first served: a study with many instances does not keep others out
        places = new Semaphore(options.getPooledAssociations(), true);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        if (!places.tryAcquire(options.getResponseTimeout(), TimeUnit.MILLISECONDS)) {
            throw new DicomException(DicomStatus.OUT_OF_RESOURCES, "All associations to the peer are in use");
        }
        Object body = exchange.getMessage().getBody();
        try {
            process(exchange, body);
        } finally {
            places.release();
            // of one that was looked at and never opened
            if (body instanceof KeptInstance && body instanceof Closeable open) {
                open.close();
            }
        }
    }

    private void process(Exchange exchange, Object body) throws Exception {
        InstanceSender sender = take();
        boolean isGood = false;
        try {
            if (Sources.isMany(body)) {
                exchange.getMessage().setBody(sendEach(sender, Sources.each(body)));
            } else {
                DimseStatus status = send(sender, Sources.of(body), List.of());
                if (!isStored(status)) {
                    throw new FailedStatusException("C-STORE", status);
                }
                exchange.getMessage().setHeader(DimseConstants.STATUS, status.code());
            }
            isGood = true;
        } finally {
            give(sender, isGood);
        }
    }

    private StoreResult sendEach(InstanceSender sender, Iterator<?> bodies)
            throws IOException, DicomException, InterruptedException {
        List<KeptInstance> sources = new ArrayList<>();
        StoreOutcomes outcomes = new StoreOutcomes();
        bodies.forEachRemaining(body -> {
            try {
                sources.add(Sources.of(body));
            } catch (DicomException | IOException e) {
                outcomes.failed(null, e);
            }
        });
        boolean isGoing = true;
        for (int i = 0; i < sources.size() && isGoing; i++) {
            KeptInstance source = sources.get(i);
            try {
                source.describe();
                DimseStatus status = send(sender, source, sources.subList(i, sources.size()));
                boolean isThere =
                        status.code() == DicomStatus.DUPLICATE_SOP_INSTANCE.code() && outcomes.isStored(source);
                if (!isStored(status) && !isThere) {
                    throw new FailedStatusException("C-STORE", status);
                }
                outcomes.stored(source, status);
            } catch (DicomException | IOException | RuntimeException e) {
                outcomes.failed(source, e);
                // the others would fail as well, each after as long a time
                isGoing = !options.isFailWhenIncomplete()
                        || !DeliveryFailure.of(e).isOutage();
            } finally {
                // one that was looked at and never opened
                if (source instanceof Closeable open) {
                    open.close();
                }
            }
        }
        if (options.isFailWhenIncomplete()) {
            outcomes.demandComplete(sources.size());
        }
        return outcomes.result();
    }

    private boolean isStored(DimseStatus status) {
        boolean isDuplicate = status.code() == DicomStatus.DUPLICATE_SOP_INSTANCE.code();
        return status.isSuccess() || status.isWarning() || isDuplicate && options.isDuplicatesAccepted();
    }

    /** Sends an instance, again where the association was lost or the peer is out of resources for now. */
    private DimseStatus send(InstanceSender sender, KeptInstance source, List<KeptInstance> following)
            throws IOException, DicomException, InterruptedException {
        long delay = options.getRetryDelay();
        for (int left = options.getMaximumRetries(); ; left--) {
            try {
                DimseStatus status = sender.send(source, following, null);
                if (left <= 0 || !isTemporary(status)) {
                    return status;
                }
            } catch (AssociationException e) {
                if (left <= 0 || !e.isTransient()) {
                    throw e;
                }
            }
            TimeUnit.MILLISECONDS.sleep(delay);
            delay *= 2;
        }
    }

    /** A7xxH: out of resources (PS3.4 Table B.2-1). */
    private static boolean isTemporary(DimseStatus status) {
        return status.code() >> 8 == 0xA7 || status.code() == DicomStatus.RESOURCE_LIMITATION.code();
    }

    private synchronized InstanceSender take() {
        return idle.isEmpty() ? new InstanceSender(caller) : idle.pop().sender();
    }

    private void give(InstanceSender sender, boolean isGood) {
        if (isGood) {
            synchronized (this) {
                idle.push(new Idle(sender, System.nanoTime()));
            }
        } else {
            sender.close();
        }
    }

    @Override
    public void evict() {
        release(TimeUnit.MILLISECONDS.toNanos(options.getPooledIdleTime()));
    }

    @Override
    public void close() {
        release(Long.MIN_VALUE);
    }

    private void release(long unusedNanos) {
        List<InstanceSender> old = new ArrayList<>();
        synchronized (this) {
            while (!idle.isEmpty() && System.nanoTime() - idle.peekLast().since() > unusedNanos) {
                old.add(idle.pollLast().sender());
            }
        }
        old.forEach(InstanceSender::close);
    }
}
