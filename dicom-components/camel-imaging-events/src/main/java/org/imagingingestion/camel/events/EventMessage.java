package org.imagingingestion.camel.events;

import java.util.List;

import org.apache.camel.Message;
import org.apache.camel.cloudevents.CloudEvents;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.service.ServiceHeaders;

/** What an event looks like in a route: itself as the body, its attributes as the headers that Camel has for them. */
final class EventMessage {
    private EventMessage() {}

    static void set(Message message, CloudEvent event) {
        message.setBody(event);
        message.setHeader(CloudEvents.CAMEL_CLOUD_EVENT_VERSION, CloudEvents.v1_0.version());
        message.setHeader(CloudEvents.CAMEL_CLOUD_EVENT_ID, event.id());
        message.setHeader(CloudEvents.CAMEL_CLOUD_EVENT_SOURCE, event.source());
        message.setHeader(CloudEvents.CAMEL_CLOUD_EVENT_TYPE, event.type());
        message.setHeader(CloudEvents.CAMEL_CLOUD_EVENT_SUBJECT, event.subject());
        message.setHeader(CloudEvents.CAMEL_CLOUD_EVENT_TIME, event.time().toString());
        message.setHeader(CloudEvents.CAMEL_CLOUD_EVENT_DATA_CONTENT_TYPE, "application/json");
        message.setHeader(EventConstants.PARTITION_KEY, event.partitionKey());
        if (event.traceparent() != null) {
            message.setHeader(EventConstants.TRACEPARENT, event.traceparent());
        }
    }

    /** What several events of a study look like: a list as the body, and what they have in common as headers. */
    static void set(Message message, List<CloudEvent> events) {
        message.setBody(events);
        message.setHeader(CloudEvents.CAMEL_CLOUD_EVENT_TYPE, events.get(0).type());
        message.setHeader(EventConstants.PARTITION_KEY, events.get(0).partitionKey());
    }

    /** The trace that an event is sent in: that of the exchange, else the one that it happened in; {@code null} for none. */
    static String traceparent(Message message, CloudEvent event) {
        String current = message.getHeader(EventConstants.TRACEPARENT, event.traceparent(), String.class);
        return ServiceHeaders.isTraceparent(current) ? current : null;
    }
}
