package org.imagingingestion.camel.dimse;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.AssociationException;
import org.imagingingestion.dicom.net.Message;
import org.imagingingestion.dicom.net.ServiceUser;
import org.imagingingestion.dicom.service.KeptInstance;

/** Sends instances to an application entity that somebody else names (PS3.4 §C.4.2, PS3.7 §9.1.4). */
final class MoveService extends RetrieveService {
    private static final int MOST_FAILURES_IN_A_ROW = 3;
    private static final long LOOK_EVERY_MILLIS = 20;

    MoveService(DimseConsumer consumer) {
        super(consumer);
    }

    @Override
    public void answer(Association association, Message request) throws IOException, DicomException {
        RemoteAE destination = destination(request);
        List<KeptInstance> instances = instances(association, request);
        Move move = new Move(
                new Caller(
                        destination,
                        consumer.callingAE(),
                        consumer.getEndpoint().getConfiguration()),
                instances,
                new Progress(association, request, instances.size()),
                new ServiceUser.MoveOriginator(
                        association.callingAETitle(), request.command().messageID()));
        int parallel = Math.min(
                consumer.getEndpoint().getConfiguration().getParallelAssociations(), Math.max(1, instances.size()));
        if (parallel == 1) {
            move.run(association, request);
        } else {
            move.run(association, request, parallel);
        }
    }

    private RemoteAE destination(Message request) throws DicomException {
        String title = request.command().elements().string(Tag.MoveDestination);
        return consumer.registry()
                .find(title == null ? "" : title)
                .filter(entity -> entity.host() != null)
                .orElseThrow(() -> new DicomException(
                        DicomStatus.MOVE_DESTINATION_UNKNOWN, "The move destination is not in the AE registry"));
    }

    /** One C-MOVE under way. */
    private final class Move {
        private final Caller caller;
        private final List<KeptInstance> instances;
        private final Progress progress;
        private final ServiceUser.MoveOriginator originator;
        private final AtomicInteger next = new AtomicInteger();
        private volatile boolean isStopped;

        Move(Caller caller, List<KeptInstance> instances, Progress progress, ServiceUser.MoveOriginator originator) {
            this.caller = caller;
            this.instances = instances;
            this.progress = progress;
            this.originator = originator;
        }

        void run(Association association, Message request) throws IOException {
            try (InstanceSender sender = new InstanceSender(caller)) {
                int lost = 0;
                for (int i = next.getAndIncrement(); i < instances.size(); i = next.getAndIncrement()) {
                    if (association.isCancelled(request)) {
                        progress.end(true);
                        return;
                    }
                    lost = send(sender, i, lost);
                    progress.tell();
                }
            }
            progress.end(false);
        }

        /** Several associations at once, watched by the thread of the one that asked for it. */
        void run(Association association, Message request, int parallel) throws IOException {
            ExecutorService threads = consumer.getEndpoint()
                    .getCamelContext()
                    .getExecutorServiceManager()
                    .newFixedThreadPool(this, "DimseMove", parallel);
            try {
                List<Future<?>> senders = new ArrayList<>();
                for (int i = 0; i < parallel; i++) {
                    senders.add(threads.submit(this::sendAll));
                }
                boolean cancelled = false;
                for (Future<?> sender : senders) {
                    while (!isDone(sender)) {
                        cancelled = cancelled || association.isCancelled(request);
                        isStopped = cancelled;
                        progress.tell();
                    }
                }
                progress.end(cancelled);
            } finally {
                isStopped = true;
                consumer.getEndpoint()
                        .getCamelContext()
                        .getExecutorServiceManager()
                        .shutdownGraceful(threads);
            }
        }

        private boolean isDone(Future<?> sender) throws IOException {
            try {
                sender.get(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException e) {
                return false;
            } catch (ExecutionException e) {
                throw new IOException("Sending failed", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("Interrupted while instances were being sent", e);
            }
        }

        private void sendAll() {
            try (InstanceSender sender = new InstanceSender(caller)) {
                int lost = 0;
                for (int i = next.getAndIncrement(); i < instances.size() && !isStopped; i = next.getAndIncrement()) {
                    lost = send(sender, i, lost);
                }
            }
        }

        /** @param lost associations that were lost in a row, after which a destination is given up; gives the new number */
        private int send(InstanceSender sender, int index, int lost) {
            KeptInstance instance = instances.get(index);
            if (lost >= MOST_FAILURES_IN_A_ROW) {
                progress.failed(instance, new AssociationException("The destination was given up"));
                return lost;
            }
            try {
                progress.sent(instance, sender.send(instance, instances.subList(index, instances.size()), originator));
                return 0;
            } catch (AssociationException e) {
                progress.failed(instance, e);
                return lost + 1;
            } catch (DicomException | IOException e) {
                progress.failed(instance, e);
                return 0;
            }
        }
    }
}
