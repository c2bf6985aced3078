package org.imagingingestion.camel.events;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.event.CloudEventHttp;
import org.imagingingestion.dicom.event.ImageStoredEvent;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamInfoOptions;
import io.nats.client.impl.Headers;
import io.nats.client.support.NatsJetStreamConstants;

/** Events that could not be processed: what there is of them, and how they come back. */
final class DeadLetters {
    private static final int MOST_LISTED = 1000;

    private final NatsConnection connection;
    private final Streams streams;
    private final long mostBytes;

    /** @param mostBytes of an event that is unpacked to be listed */
    DeadLetters(NatsConnection connection, Streams streams, long mostBytes) {
        this.connection = connection;
        this.streams = streams;
        this.mostBytes = mostBytes;
    }

    private interface Work<T> {
        T on(JetStreamManagement management) throws IOException, JetStreamApiException, DicomException;
    }

    private <T> T run(Work<T> work, T withoutStream) throws DicomException {
        try {
            return work.on(connection.get().jetStreamManagement(streams.options()));
        } catch (JetStreamApiException e) {
            if (e.getErrorCode() == Streams.NOT_FOUND) {
                return withoutStream;
            }
            throw new DicomException(DicomStatus.OUT_OF_RESOURCES, "The broker does not give its dead letters", e);
        } catch (IOException | RuntimeException e) {
            throw new DicomException(DicomStatus.OUT_OF_RESOURCES, "The broker does not give its dead letters", e);
        }
    }

    /** How many there are, by the type of the event. */
    Map<String, Long> counts() throws DicomException {
        return run(
                management -> {
                    Map<String, Long> counts = new LinkedHashMap<>();
                    management
                            .getStreamInfo(
                                    streams.name(Streams.DEAD),
                                    StreamInfoOptions.filterSubjects(streams.deadSubject(">")))
                            .getStreamState()
                            .getSubjects()
                            .forEach(subject -> counts.put(type(subject.getName()), subject.getCount()));
                    return counts;
                },
                Map.of());
    }

    private String type(String subject) {
        return subject.substring(streams.deadSubject("").length());
    }

    /** The oldest of them. */
    List<DeadLetter> list() throws DicomException {
        List<DeadLetter> letters = new ArrayList<>();
        each(">", (management, letter) -> {
            letters.add(describe(letter));
            return letters.size() < MOST_LISTED;
        });
        return letters;
    }

    private interface Visitor {
        /** @return whether to go on */
        boolean visit(JetStreamManagement management, MessageInfo letter)
                throws IOException, JetStreamApiException, DicomException;
    }

    /** Goes through those that there are now; those that come meanwhile are for another time. */
    private void each(String type, Visitor visitor) throws DicomException {
        run(
                management -> {
                    String stream = streams.name(Streams.DEAD);
                    StreamInfo info = management.getStreamInfo(stream);
                    long last = info.getStreamState().getLastSequence();
                    long next = Math.max(1, info.getStreamState().getFirstSequence());
                    while (next <= last) {
                        MessageInfo letter = Streams.next(management, stream, next, streams.deadSubject(type));
                        if (letter == null || letter.getSeq() > last || !visitor.visit(management, letter)) {
                            break;
                        }
                        next = letter.getSeq() + 1;
                    }
                    return null;
                },
                null);
    }

    private DeadLetter describe(MessageInfo letter) {
        Headers headers = letter.getHeaders();
        CloudEvent event = null;
        try {
            event = CloudEventHttp.readStructured(
                    Packing.isPacked(headers) ? Packing.unpack(letter.getData(), mostBytes) : letter.getData());
        } catch (DicomException e) {
            // that is why it is here
        }
        return new DeadLetter(
                Streams.subscription(headers),
                event == null ? null : event.id(),
                type(letter.getSubject()),
                event == null ? null : event.subject(),
                event == null ? null : event.time(),
                letter.getTime().toInstant(),
                headers == null ? null : headers.getFirst(Streams.REASON));
    }

    /**
     * Puts them back to where they were taken from, for those alone who could not process them. One is removed when it is there again, so
     * that none is lost.
     *
     * @param type of events, {@code null} for all
     * @param subscription whose dead letters, {@code null} for all
     * @return how many
     */
    long replay(String type, String subscription) throws DicomException {
        long[] replayed = {0};
        each(type == null ? ">" : type, (management, letter) -> {
            Headers headers = letter.getHeaders();
            String whose = Streams.subscription(headers);
            if (subscription != null && !subscription.equals(whose)) {
                return true;
            }
            String id = headers == null ? null : headers.getFirst(NatsJetStreamConstants.MSG_ID_HDR);
            String itsType = type(letter.getSubject());
            boolean isForAll = itsType.equals(ImageStoredEvent.TYPE);
            if (!isForAll && whose != null && !streams.has(management, itsType, whose)) {
                // nobody would take it
                return true;
            }
            // not the id that it was sent by, which the server may know still and would drop it by
            streams.restore(
                    itsType,
                    "replay-" + letter.getSeq() + "-" + id,
                    // work that is for one to do in any case is for whoever does it now
                    isForAll ? null : whose,
                    Packing.isPacked(headers),
                    letter.getData());
            streams.removeDead(management, letter.getSeq());
            replayed[0]++;
            return true;
        });
        return replayed[0];
    }
}
