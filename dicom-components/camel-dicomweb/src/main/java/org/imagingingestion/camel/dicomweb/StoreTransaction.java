package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomParseException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.service.RemoteResultsException;
import org.imagingingestion.dicom.service.SenderException;
import org.imagingingestion.dicom.service.StoreResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores instances on another system, in as many requests as it takes (PS3.18 §10.5). */
final class StoreTransaction {
    private static final int TOO_LONG = 413;
    private static final Logger LOG = LoggerFactory.getLogger(StoreTransaction.class);

    private final DicomwebClient client;
    private final StowEndpoint endpoint;
    private final String address;
    private final int batchSize;
    private final List<StoreResult.Instance> results = new ArrayList<>();
    private int httpStatus;

    /** @param address below the service @param batchSize most instances of one request */
    StoreTransaction(DicomwebClient client, StowEndpoint endpoint, String address, int batchSize) {
        this.client = client;
        this.endpoint = endpoint;
        this.address = address;
        this.batchSize = batchSize;
    }

    /**
     * Stores all instances.
     *
     * @param instances opened when their turn comes
     * @throws DicomException where a request failed as a whole; {@link #result()} has what became of the instances before
     */
    void store(Iterator<OutgoingInstance> instances) throws DicomException, InterruptedException {
        do {
            StoreBatch batch = new StoreBatch(instances, batchSize, endpoint.getBatchBytes());
            try {
                store(batch);
            } finally {
                batch.close();
                batch.taken().stream()
                        .map(OutgoingInstance::result)
                        .filter(Objects::nonNull)
                        .forEach(results::add);
            }
        } while (instances.hasNext());
    }

    /** HTTP status of the last answer, 0 where there was none. */
    int httpStatus() {
        return httpStatus;
    }

    /** What became of the instances so far. */
    StoreResult result() {
        return new StoreResult(results);
    }

    private void store(StoreBatch batch) throws DicomException, InterruptedException {
        try {
            while (batch.peek() != null && !isSent(batch)) {
                batch.restart();
            }
            if (endpoint.getDuplicates() == DuplicatePolicy.COMPARE) {
                compare(batch);
            }
            if (endpoint.isOverwrite()) {
                overwrite(batch);
            }
        } catch (DicomException e) {
            fail(batch, e);
            throw e;
        } catch (RemoteResultsException e) {
            fail(batch, e.getCause());
            throw e.getCause();
        }
    }

    private static void fail(StoreBatch batch, DicomException problem) {
        for (OutgoingInstance instance : batch.taken()) {
            if (instance.result() == null) {
                instance.failed(problem.status().code());
            }
        }
    }

    /** Makes the request. @return {@code false} where it is to be made once more, without an instance that cannot be read */
    private boolean isSent(StoreBatch batch) throws DicomException, InterruptedException {
        long responseTimeout = endpoint.getClientConfiguration().getResponseTimeout();
        StoreBody body = new StoreBody(batch, responseTimeout);
        ClientRequest request = new ClientRequest("POST", address, Map.of("Accept", MediaType.DICOM_JSON.type()), body);
        try (Answer answer = client.send(request).within(responseTimeout)) {
            httpStatus = answer.status();
            StoreAnswer read = StoreAnswer.of(answer);
            if (!read.isAboutInstances()) {
                throw client.refusal(refusal(batch), answer);
            }
            answer.drain();
            read.apply(batch.taken());
            return true;
        } catch (SourceException e) {
            OutgoingInstance broken = batch.current();
            if (broken != null) {
                broken.failed(e.getCause());
            }
            if (broken == null || batchSize == 1 || !batch.isRepeatable()) {
                throw unread(broken, e.getCause());
            }
            LOG.debug("A request is made once more without an instance that cannot be read");
            return false;
        } catch (IOException e) {
            httpStatus = 0;
            throw DicomwebException.unanswered(e);
        }
    }

    /** An instance that is too long alone always will be. */
    private DicomStatus refusal(StoreBatch batch) {
        boolean isTooLong = httpStatus == TOO_LONG && batch.taken().size() == 1;
        return isTooLong ? DicomStatus.INVALID_OBJECT_INSTANCE : DicomStatus.ofHttp(httpStatus);
    }

    private static DicomException unread(OutgoingInstance broken, IOException cause) {
        if (cause.getCause() instanceof DicomException problem) {
            return problem;
        }
        // a message may have the name of a file, and that of a patient in it
        String why = cause instanceof SenderException
                ? cause.getMessage()
                : cause.getClass().getSimpleName();
        DicomStatus status = broken == null ? DicomStatus.PROCESSING_FAILURE : broken.status(cause);
        return new DicomException(status, "What is to be stored cannot be read: " + why, cause);
    }

    private static boolean isDuplicate(OutgoingInstance instance) {
        return !instance.result().stored() && instance.result().reason() == DicomStatus.DUPLICATE_SOP_INSTANCE.code();
    }

    /** Takes for stored what the server has already, and has the same. */
    private void compare(StoreBatch batch) throws DicomException, InterruptedException {
        for (OutgoingInstance instance : batch.taken()) {
            if (isDuplicate(instance) && isThere(instance)) {
                instance.stored(0, null);
            }
        }
    }

    private boolean isThere(OutgoingInstance instance) throws DicomException, InterruptedException {
        try (Answer answer = client.send(ClientRequest.get(instance.path(), WadoProducer.MULTIPART))) {
            if (answer.status() == 404 || answer.status() == 410) {
                answer.drain();
                return false;
            }
            if (!answer.isSuccess()) {
                // that it cannot be looked at now does not tell that it is another one
                throw client.refusal(DicomStatus.ofHttp(answer.status()), answer);
            }
            try (RemoteObjects theirs = new RemoteObjects(answer)) {
                InputStream file = theirs.poll();
                return file != null && instance.isSameAs(file);
            }
        } catch (DicomParseException e) {
            // what is not DICOM is not the same
            return false;
        } catch (IOException e) {
            throw DicomwebException.unanswered(e);
        }
    }

    /** Deletes what stands in the way of instances, and stores these again. */
    private void overwrite(StoreBatch batch) throws DicomException, InterruptedException {
        List<OutgoingInstance> again = new ArrayList<>();
        for (OutgoingInstance instance : batch.taken()) {
            if (isDuplicate(instance) && instance.isRepeatable() && isDeleted(instance)) {
                instance.reset();
                again.add(instance);
            }
        }
        if (!again.isEmpty()) {
            StoreBatch second = new StoreBatch(again.iterator(), again.size(), Long.MAX_VALUE);
            while (second.peek() != null && !isSent(second)) {
                second.restart();
            }
        }
    }

    private boolean isDeleted(OutgoingInstance instance) throws DicomException, InterruptedException {
        try (Answer answer = client.send(ClientRequest.delete(instance.path()))) {
            answer.drain();
            boolean deleted = answer.isSuccess() || answer.status() == 404;
            if (!deleted) {
                LOG.debug("What stands in the way of an instance cannot be deleted: {}", answer.status());
            }
            return deleted;
        } catch (IOException e) {
            throw DicomwebException.unanswered(e);
        }
    }
}
