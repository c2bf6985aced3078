package org.imagingingestion.camel.manifest;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

import org.apache.camel.Converter;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.cloudevents.CloudEvents;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.event.ImageStoredEvent;
import org.imagingingestion.dicom.service.StoredInstance;

/** Makes events of messages that have Camel's headers of CloudEvents, and JSON of events, so that either can be sent on. */
@Converter(generateLoader = true)
public final class CloudEventConverter {
    private CloudEventConverter() {}

    /** @return {@code null} where the message has not the headers of an event */
    @Converter(allowNull = true)
    public static CloudEvent toCloudEvent(byte[] json, Exchange exchange) {
        if (exchange == null) {
            return null;
        }
        Message message = exchange.getMessage();
        String id = message.getHeader(CloudEvents.CAMEL_CLOUD_EVENT_ID, String.class);
        String source = message.getHeader(CloudEvents.CAMEL_CLOUD_EVENT_SOURCE, String.class);
        String type = message.getHeader(CloudEvents.CAMEL_CLOUD_EVENT_TYPE, String.class);
        String subject = message.getHeader(CloudEvents.CAMEL_CLOUD_EVENT_SUBJECT, String.class);
        String time = message.getHeader(CloudEvents.CAMEL_CLOUD_EVENT_TIME, String.class);
        String partitionKey = message.getHeader(DicomManifestConstants.PARTITION_KEY, String.class);
        if (id == null || source == null || type == null || subject == null || time == null || partitionKey == null) {
            return null;
        }
        return new CloudEvent(
                id,
                source,
                type,
                subject,
                Instant.parse(time),
                partitionKey,
                message.getHeader(DicomManifestConstants.TRACEPARENT, String.class),
                json);
    }

    /** @return what an ImageStoredEvent tells to be recorded; {@code null} where it does not tell all of it, or is no such event */
    @Converter(allowNull = true)
    public static StoredInstance toStoredInstance(CloudEvent event) throws DicomException {
        return ImageStoredEvent.TYPE.equals(event.type())
                ? ImageStoredEvent.parse(event.data()).stored()
                : null;
    }

    /** The event's data. */
    @Converter
    public static byte[] toBytes(CloudEvent event) {
        return event.data();
    }

    /** The event's data. */
    @Converter
    public static InputStream toInputStream(CloudEvent event) {
        return new ByteArrayInputStream(event.data());
    }

    /** The event's data. */
    @Converter
    public static String toString(CloudEvent event) {
        return new String(event.data(), StandardCharsets.UTF_8);
    }
}
