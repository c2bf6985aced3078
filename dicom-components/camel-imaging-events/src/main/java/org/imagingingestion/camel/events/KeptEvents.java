package org.imagingingestion.camel.events;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.event.CloudEventHttp;
import org.imagingingestion.dicom.event.DicomAvailableEvent;
import org.imagingingestion.dicom.event.StudyRevisionEvent;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamInfo;

/** Events that the broker still has, delivered or not: a subscription can be told of them again, and nobody else is. */
final class KeptEvents {
    /** Those that are not there for one to work on. */
    private static final List<String> TYPES = List.of(DicomAvailableEvent.TYPE, StudyRevisionEvent.TYPE);

    private final NatsConnection connection;
    private final Streams streams;
    private final long mostBytes;

    /**
     * What is to be told again.
     *
     * @param study UID of the study, {@code null} for all
     * @param from when the events happened, {@code null} for any time
     * @param to before which they happened, {@code null} for any time
     */
    record Choice(String study, Instant from, Instant to) {
        boolean has(CloudEvent event) {
            return (study == null || event.partitionKey().endsWith("/" + study))
                    && (from == null || !event.time().isBefore(from))
                    && (to == null || event.time().isBefore(to));
        }
    }

    /** @param mostBytes of an event that is unpacked to be looked at */
    KeptEvents(NatsConnection connection, Streams streams, long mostBytes) {
        this.connection = connection;
        this.streams = streams;
        this.mostBytes = mostBytes;
    }

    /**
     * Tells a subscription again.
     *
     * @return of how many events
     * @throws DicomException NO_SUCH_OBJECT_INSTANCE where the broker has no such subscription
     */
    long replay(String subscription, Choice choice) throws DicomException {
        long replayed = 0;
        boolean isKnown = false;
        try {
            JetStreamManagement management = connection.get().jetStreamManagement(streams.options());
            for (String type : TYPES) {
                if (streams.has(management, type, subscription)) {
                    isKnown = true;
                    replayed += replay(management, type, subscription, choice);
                }
            }
        } catch (IOException | JetStreamApiException | RuntimeException e) {
            throw new DicomException(DicomStatus.OUT_OF_RESOURCES, "The broker does not give its events", e);
        }
        if (!isKnown) {
            throw new DicomException(DicomStatus.NO_SUCH_OBJECT_INSTANCE, "The broker has no such subscription");
        }
        return replayed;
    }

    private long replay(JetStreamManagement management, String type, String subscription, Choice choice)
            throws IOException, JetStreamApiException, DicomException {
        String stream = streams.name(type);
        StreamInfo info = management.getStreamInfo(stream);
        long last = info.getStreamState().getLastSequence();
        long next = Math.max(1, info.getStreamState().getFirstSequence());
        long replayed = 0;
        String run = UUID.randomUUID().toString();
        while (next <= last) {
            MessageInfo kept = Streams.next(management, stream, next, streams.subject(type));
            if (kept == null || kept.getSeq() > last) {
                break;
            }
            // what was told again before is there as it was told first, too
            if (Streams.subscription(kept.getHeaders()) == null && has(kept, choice)) {
                boolean isPacked = Packing.isPacked(kept.getHeaders());
                streams.restore(type, run + "-" + kept.getSeq(), subscription, isPacked, kept.getData());
                replayed++;
            }
            next = kept.getSeq() + 1;
        }
        return replayed;
    }

    private boolean has(MessageInfo kept, Choice choice) {
        try {
            boolean isPacked = Packing.isPacked(kept.getHeaders());
            return choice.has(CloudEventHttp.readStructured(
                    isPacked ? Packing.unpack(kept.getData(), mostBytes) : kept.getData()));
        } catch (DicomException e) {
            // what is no event is nobody's
            return false;
        }
    }
}
