package org.imagingingestion.camel.dimse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.PresentationContext;
import org.imagingingestion.dicom.net.UserInformation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes results of storage commitment to requestors that have closed their association, until they take them. */
final class CommitmentDelivery {
    private static final Logger LOG = LoggerFactory.getLogger(CommitmentDelivery.class);
    private static final long FIRST_DELAY_MILLIS = 1000;
    private static final long LONGEST_DELAY_MILLIS = TimeUnit.MINUTES.toMillis(10);
    private static final long LONGEST_ANSWER_MILLIS = TimeUnit.MINUTES.toMillis(1);
    private static final int THREADS = 4;
    private static final int MOST_WAITING = 500;
    private static final long GIVEN_UP_AFTER_MILLIS = TimeUnit.DAYS.toMillis(7);

    private final CommitService service;
    private final DimseConsumer consumer;
    private final Path folder;
    private final DimseConfiguration options;
    private final Map<String, AtomicInteger> waiting = new ConcurrentHashMap<>();
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private ScheduledExecutorService executor;

    CommitmentDelivery(CommitService service, DimseConsumer consumer, Path folder) {
        this.service = service;
        this.consumer = consumer;
        this.folder = folder;
        options = consumer.getEndpoint().getConfiguration().copy();
        options.setResponseTimeout(Math.min(options.getResponseTimeout(), LONGEST_ANSWER_MILLIS));
    }

    Path folder() {
        return folder;
    }

    /** Begins, with what was left when the process ended. */
    void start() {
        executor = consumer.getEndpoint()
                .getCamelContext()
                .getExecutorServiceManager()
                .newScheduledThreadPool(this, "DimseCommitment", THREADS);
        executor.execute(this::resume);
    }

    void stop() {
        consumer.getEndpoint().getCamelContext().getExecutorServiceManager().shutdownGraceful(executor);
    }

    private void resume() {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            files.sorted().forEach(this::resume);
        } catch (IOException | UncheckedIOException e) {
            LOG.error("The folder {} cannot be read: {}", folder, e.getMessage());
        }
    }

    private void resume(Path file) {
        try {
            if (Commitment.isAbandoned(file)) {
                Files.deleteIfExists(file);
            }
            if (!Commitment.isOne(file)) {
                return;
            }
            Commitment commitment = Commitment.read(file);
            if (commitment.called().equals(consumer.aeTitle())) {
                waiting(commitment.caller()).incrementAndGet();
                schedule(file, commitment.caller(), FIRST_DELAY_MILLIS);
            }
        } catch (IOException | DicomException | IllegalArgumentException e) {
            LOG.error("{} is no request for storage commitment that can be read: {}", file, e.getMessage());
        }
    }

    private AtomicInteger waiting(String caller) {
        return waiting.computeIfAbsent(caller, c -> new AtomicInteger());
    }

    /** @throws DicomException RESOURCE_LIMITATION where a requestor has left too many results waiting */
    void requireRoom(String caller) throws DicomException {
        if (waiting(caller).get() >= MOST_WAITING) {
            throw new DicomException(
                    DicomStatus.RESOURCE_LIMITATION, "Earlier results of storage commitment were not taken");
        }
    }

    /** Takes care of a result from now on. */
    void add(Commitment commitment) {
        waiting(commitment.caller()).incrementAndGet();
        schedule(commitment.file(), commitment.caller(), FIRST_DELAY_MILLIS);
    }

    private void schedule(Path file, String caller, long delay) {
        executor.schedule(() -> deliver(file, caller, delay), delay, TimeUnit.MILLISECONDS);
    }

    /** One at a time to a requestor, so that one that does not answer keeps no other waiting. */
    private void deliver(Path file, String caller, long delay) {
        if (!busy.add(caller)) {
            schedule(file, caller, FIRST_DELAY_MILLIS);
            return;
        }
        boolean isDone = false;
        try {
            isDone = isDelivered(file);
        } catch (IOException | DicomException | RuntimeException e) {
            isDone = isGivenUp(file);
            LOG.warn(
                    "A storage commitment of {} is {}: {}",
                    caller,
                    isDone ? "given up" : "not taken yet",
                    e.getMessage());
        } finally {
            busy.remove(caller);
            if (isDone) {
                waiting(caller).decrementAndGet();
            } else {
                schedule(file, caller, Math.min(2 * delay, LONGEST_DELAY_MILLIS));
            }
        }
    }

    private boolean isDelivered(Path file) throws IOException, DicomException {
        Commitment commitment = Commitment.read(file);
        Optional<RemoteAE> requestor =
                consumer.registry().find(commitment.caller()).filter(entity -> entity.host() != null);
        if (requestor.isEmpty()) {
            LOG.warn(
                    "A storage commitment of {} is not reported: it closed its association, and is not in the AE registry",
                    commitment.caller());
            commitment.forget();
        } else {
            deliver(commitment, requestor.get());
        }
        return true;
    }

    private void deliver(Commitment commitment, RemoteAE requestor) throws IOException, DicomException {
        // in Implicit VR Little Endian alone: there are requestors that fail with another one beside it
        List<PresentationContext> contexts =
                List.of(new PresentationContext(1, CommitService.SOP_CLASS, List.of(TransferSyntaxes.NATIVE.get(1))));
        List<UserInformation.RoleSelection> roles =
                List.of(new UserInformation.RoleSelection(CommitService.SOP_CLASS, false, true));
        Caller caller = new Caller(requestor, commitment.called(), options);
        try (Association association = caller.associate(contexts, roles)) {
            service.report(commitment, association, association.context(CommitService.SOP_CLASS));
        }
    }

    private static boolean isGivenUp(Path file) {
        try {
            long age =
                    System.currentTimeMillis() - Files.getLastModifiedTime(file).toMillis();
            return age > GIVEN_UP_AFTER_MILLIS && Files.deleteIfExists(file);
        } catch (IOException e) {
            return true;
        }
    }
}
