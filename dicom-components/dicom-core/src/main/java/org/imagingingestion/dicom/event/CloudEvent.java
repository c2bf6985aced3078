package org.imagingingestion.dicom.event;

import java.time.Instant;
import java.util.Objects;

/**
 * Something that happened, as others are told of it: the context attributes of CloudEvents 1.0 and the JSON that is its data.
 *
 * @param id the same for the same happening, however often it is told; unique with the source
 * @param source who tells of it, a URI reference
 * @param type what kind of thing happened, {@code ImageStoredEvent} say
 * @param subject what it happened to, as a path of DICOMweb: {@code /studies/…/series/…/instances/…}
 * @param time when it happened
 * @param partitionKey events of one key are told in their order
 * @param traceparent the W3C trace context in which it happened; may be {@code null}
 * @param data JSON in UTF-8
 */
public record CloudEvent(
        String id,
        String source,
        String type,
        String subject,
        Instant time,
        String partitionKey,
        String traceparent,
        byte[] data) {

    public CloudEvent {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(partitionKey, "partitionKey");
        Objects.requireNonNull(data, "data");
    }

    /** The SOP Instance UID of the instance that the subject names; empty where it names none. */
    public String sopInstanceUID() {
        int at = subject.lastIndexOf(EventPath.INSTANCES);
        return at < 0 ? "" : subject.substring(at + EventPath.INSTANCES.length());
    }
}
