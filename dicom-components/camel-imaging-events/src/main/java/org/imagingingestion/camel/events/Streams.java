package org.imagingingestion.camel.events;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.event.CloudEventHttp;
import org.imagingingestion.dicom.event.EventId;
import org.imagingingestion.dicom.event.ImageStoredEvent;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.PublishOptions;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;

/**
 * The streams of events, one a type, and one of dead letters; made where they are missing and otherwise left as they are.
 *
 * <p>An {@link ImageStoredEvent} is kept until it is processed, and a full stream takes no more of them. Other events, which the
 * database keeps as well, are kept for a time.
 */
final class Streams {
    static final String DEAD = "dead";

    /** The code of the error where there is no such stream, consumer or message. */
    static final int NOT_FOUND = 404;

    /** What the API says where a message to be deleted is gone; such errors have the status 500. */
    private static final int NO_MESSAGE = 10057;

    private static final String CONTENT_TYPE = "content-type";
    static final String REASON = "imaging-reason";

    /** Of a dead letter, whose it is; of an event that is told again, who alone is told. */
    static final String SUBSCRIPTION = "imaging-subscription";

    private static final int LONGEST_REASON = 500;

    /** Bytes that the headers of a message take at most, but for its id and the reason. */
    private static final int HEADERS = 512;

    private static final Pattern PLAIN_ID = Pattern.compile("[!-~]{1,256}");

    private final NatsConnection connection;
    private final JetStreamEndpoint endpoint;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    Streams(NatsConnection connection, JetStreamEndpoint endpoint) {
        this.connection = connection;
        this.endpoint = endpoint;
    }

    /** The stream of a type of events, {@link #DEAD} for dead letters. */
    String name(String type) {
        return endpoint.getSubject().replace('.', '-') + "-" + type;
    }

    /** The subject of a type of events. */
    String subject(String type) {
        return endpoint.getSubject() + "." + type;
    }

    /**
     * Sends an event and waits until it is kept.
     *
     * @param traceparent of the trace that it is sent in, {@code null} for none
     * @throws DicomException OUT_OF_RESOURCES where it may not be
     */
    void publish(CloudEvent event, String traceparent) throws DicomException {
        Headers headers = new Headers();
        if (traceparent != null) {
            headers.put(EventConstants.TRACEPARENT, traceparent);
        }
        publish(event.type(), subject(event.type()), event.id(), headers, CloudEventHttp.structured(event));
    }

    /** Keeps what cannot be processed, as it came, and by whom and why. */
    void bury(String type, String id, String subscription, String reason, byte[] data, boolean isPacked)
            throws DicomException {
        Headers headers = new Headers().put(REASON, headerValue(reason)).put(SUBSCRIPTION, headerValue(subscription));
        Packing.mark(headers, isPacked);
        publish(DEAD, deadSubject(type), id, headers, data);
    }

    /** Who alone a message is for, {@code null} where it is for all. */
    static String subscription(Headers headers) {
        return headers == null ? null : headers.getFirst(SUBSCRIPTION);
    }

    /** Sends an event as it was, to a subscription alone, or to all where it is {@code null}. */
    void restore(String type, String id, String subscription, boolean isPacked, byte[] data) throws DicomException {
        Headers headers = new Headers();
        if (subscription != null) {
            headers.put(SUBSCRIPTION, subscription);
        }
        Packing.mark(headers, isPacked);
        publish(type, subject(type), id, headers, data);
    }

    /** The subject of the dead letters of a type. */
    String deadSubject(String type) {
        return subject(DEAD) + "." + type;
    }

    /** What a header may have: no line breaks, and ASCII only. */
    private static String headerValue(String text) {
        String printable = text.replaceAll("[^ -~]", "?");
        return printable.substring(0, Math.min(LONGEST_REASON, printable.length()));
    }

    /** An id as a header may have it: itself where that is plain, else its digest. */
    private static String messageId(String id) {
        return PLAIN_ID.matcher(id).matches() ? id : EventId.of(id);
    }

    private void publish(String stream, String subject, String eventId, Headers headers, byte[] data)
            throws DicomException {
        String id = messageId(eventId);
        Connection nats = connection.get();
        byte[] body = data;
        // the broker counts headers too; what fits once fits with a reason as well
        long most = nats.getMaxPayload() - id.length() - HEADERS - (stream.equals(DEAD) ? 0 : LONGEST_REASON);
        if (data.length > most && !Packing.isPacked(headers)) {
            body = Packing.pack(data);
            Packing.mark(headers, true);
        }
        if (body.length > most) {
            throw new DicomException(
                    DicomStatus.INVALID_OBJECT_INSTANCE,
                    "An event of " + data.length + " bytes, " + body.length
                            + " when compressed, is longer than the broker takes (max_payload of NATS): "
                            + nats.getMaxPayload());
        }
        headers.put(CONTENT_TYPE, CloudEventHttp.STRUCTURED);
        try {
            NatsMessage message = NatsMessage.builder()
                    .subject(subject)
                    .headers(headers)
                    .data(body)
                    .build();
            if (!known.contains(stream)) {
                make(nats, stream);
            }
            nats.jetStream(options())
                    .publish(
                            message,
                            PublishOptions.builder()
                                    .expectedStream(name(stream))
                                    .messageId(id)
                                    .build());
        } catch (IllegalArgumentException e) {
            throw new DicomException(
                    DicomStatus.INVALID_OBJECT_INSTANCE,
                    "An event has in its type or id what NATS takes from nobody",
                    e);
        } catch (IOException | JetStreamApiException | RuntimeException e) {
            known.remove(stream);
            throw new DicomException(DicomStatus.OUT_OF_RESOURCES, "The broker does not take an event", e);
        }
    }

    /** The next message of a subject, {@code null} where there is none. */
    static MessageInfo next(JetStreamManagement management, String stream, long from, String subject)
            throws IOException, JetStreamApiException {
        try {
            return management.getNextMessage(stream, from, subject);
        } catch (JetStreamApiException e) {
            if (e.getErrorCode() == NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    /** Removes a dead letter, if it is not gone already. */
    void removeDead(JetStreamManagement management, long sequence) throws IOException, JetStreamApiException {
        try {
            management.deleteMessage(name(DEAD), sequence, false);
        } catch (JetStreamApiException e) {
            if (e.getErrorCode() != NOT_FOUND && e.getApiErrorCode() != NO_MESSAGE) {
                throw e;
            }
        }
    }

    JetStreamOptions options() {
        return JetStreamOptions.builder()
                .requestTimeout(Duration.ofMillis(endpoint.getTimeout()))
                .build();
    }

    /** Makes the stream of a type where it is missing. */
    void make(Connection nats, String type) throws IOException, JetStreamApiException {
        JetStreamManagement management = nats.jetStreamManagement(options());
        try {
            management.getStreamInfo(name(type));
        } catch (JetStreamApiException e) {
            if (e.getErrorCode() != NOT_FOUND) {
                throw e;
            }
            management.addStream(configuration(type));
        }
        known.add(type);
    }

    private StreamConfiguration configuration(String type) {
        boolean dead = type.equals(DEAD);
        boolean work = type.equals(ImageStoredEvent.TYPE);
        return StreamConfiguration.builder()
                .name(name(type))
                .subjects(dead ? subject(type) + ".>" : subject(type))
                .storageType(StorageType.File)
                .replicas(endpoint.getReplicas())
                .retentionPolicy(work ? RetentionPolicy.WorkQueue : RetentionPolicy.Limits)
                .discardPolicy(work || dead ? DiscardPolicy.New : DiscardPolicy.Old)
                .maxAge(work || dead ? Duration.ZERO : Duration.ofMillis(endpoint.getMaxAge()))
                .maxBytes(endpoint.getMaxBytes())
                .duplicateWindow(Duration.ofMillis(endpoint.getDuplicateWindow()))
                .build();
    }

    /** Whether the server knows a consumer. */
    boolean has(JetStreamManagement management, String type, String subscription)
            throws IOException, JetStreamApiException {
        try {
            management.getConsumerInfo(name(type), subscription);
            return true;
        } catch (JetStreamApiException e) {
            if (e.getErrorCode() == NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
