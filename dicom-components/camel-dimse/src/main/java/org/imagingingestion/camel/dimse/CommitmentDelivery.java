package org.imagingingestion.camel.dimse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.imagingingestion.dicom.DicomException;
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
    private static final long GIVEN_UP_AFTER_MILLIS = TimeUnit.DAYS.toMillis(7);

    private final CommitService service;
    private final DimseConsumer consumer;
    private final Path folder;
    private ScheduledExecutorService executor;

    CommitmentDelivery(CommitService service, DimseConsumer consumer, Path folder) {
        this.service = service;
        this.consumer = consumer;
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    /** Begins, with what was left when the process ended. */
    void start() {
        executor = consumer.getEndpoint()
                .getCamelContext()
                .getExecutorServiceManager()
                .newSingleThreadScheduledExecutor(this, "DimseCommitment");
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
            for (Path file : files.filter(Commitment::isOne).sorted().toList()) {
                try {
                    Commitment commitment = Commitment.read(file);
                    if (commitment.called().equals(consumer.aeTitle())) {
                        add(commitment);
                    }
                } catch (IOException | DicomException | IllegalArgumentException e) {
                    LOG.error("{} is no request for storage commitment that can be read: {}", file, e.getMessage());
                }
            }
        } catch (IOException e) {
            LOG.error("The folder {} cannot be read: {}", folder, e.getMessage());
        }
    }

    /** Takes care of a result from now on. */
    void add(Commitment commitment) {
        schedule(commitment, FIRST_DELAY_MILLIS);
    }

    private void schedule(Commitment commitment, long delay) {
        executor.schedule(() -> deliver(commitment, delay), delay, TimeUnit.MILLISECONDS);
    }

    private void deliver(Commitment commitment, long delay) {
        Optional<RemoteAE> requestor =
                consumer.registry().find(commitment.caller()).filter(entity -> entity.host() != null);
        try {
            if (requestor.isEmpty()) {
                LOG.warn(
                        "A storage commitment of {} is not reported: it closed its association, and is not in the AE registry",
                        commitment.caller());
                commitment.forget();
                return;
            }
            deliver(commitment, requestor.get());
        } catch (IOException | DicomException | RuntimeException e) {
            again(commitment, delay, e);
        }
    }

    private void deliver(Commitment commitment, RemoteAE requestor) throws IOException, DicomException {
        // in Implicit VR Little Endian alone: there are requestors that fail with another one beside it
        List<PresentationContext> contexts =
                List.of(new PresentationContext(1, CommitService.SOP_CLASS, List.of(TransferSyntaxes.NATIVE.get(1))));
        List<UserInformation.RoleSelection> roles =
                List.of(new UserInformation.RoleSelection(CommitService.SOP_CLASS, false, true));
        Caller caller = new Caller(
                requestor, commitment.called(), consumer.getEndpoint().getConfiguration());
        try (Association association = caller.associate(contexts, roles)) {
            service.report(commitment, association, association.context(CommitService.SOP_CLASS));
        }
    }

    private void again(Commitment commitment, long delay, Exception problem) {
        if (isGivenUp(commitment)) {
            LOG.error("A storage commitment of {} is given up: {}", commitment.caller(), problem.getMessage());
            return;
        }
        LOG.warn("A storage commitment of {} is not taken yet: {}", commitment.caller(), problem.getMessage());
        schedule(commitment, Math.min(2 * delay, LONGEST_DELAY_MILLIS));
    }

    private static boolean isGivenUp(Commitment commitment) {
        try {
            long age = System.currentTimeMillis()
                    - Files.getLastModifiedTime(commitment.file()).toMillis();
            if (age > GIVEN_UP_AFTER_MILLIS) {
                commitment.forget();
                return true;
            }
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
