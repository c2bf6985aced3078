package org.imagingingestion.camel.events;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.cloudevents.CloudEvents;
import org.apache.camel.support.DefaultProducer;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.event.CloudEvent;

/** Sends the event that is the body, and goes on when the broker has it durably; or sees to dead letters. */
public class JetStreamProducer extends DefaultProducer {
    /** It is a part of a subject, where dots, asterisks and the like have a meaning. */
    private static final Pattern TYPE = Pattern.compile("[\\w-]+");

    /** What the server takes as the name of a consumer. */
    private static final Pattern NAME = Pattern.compile("[^\\s.*>/\\\\\\p{Cntrl}]{1,256}");

    private final JetStreamEndpoint endpoint;
    private Streams streams;
    private DeadLetters deadLetters;
    private KeptEvents keptEvents;

    JetStreamProducer(JetStreamEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        NatsConnection connection = endpoint.getComponent().connection();
        streams = new Streams(connection, endpoint);
        deadLetters = new DeadLetters(connection, streams, endpoint.getMaxBytesInFlight());
        keptEvents = new KeptEvents(connection, streams, endpoint.getMaxBytesInFlight());
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Message message = exchange.getMessage();
        switch (endpoint.getOperation()) {
            case PUBLISH -> {
                CloudEvent event = message.getMandatoryBody(CloudEvent.class);
                streams.publish(event, EventMessage.traceparent(message, event));
            }
            case DEAD_LETTERS -> message.setBody(deadLetters.list());
            case REPLAY -> message.setBody(replay(message));
        }
    }

    private long replay(Message message) throws DicomException {
        String subscription = text(message, EventConstants.SUBSCRIPTION);
        if (subscription != null && !NAME.matcher(subscription).matches()) {
            throw new DicomException(DicomStatus.INVALID_ARGUMENT_VALUE, "The subscription is none that a broker has");
        }
        KeptEvents.Choice choice = new KeptEvents.Choice(
                text(message, EventConstants.STUDY_INSTANCE_UID),
                time(message, EventConstants.FROM),
                time(message, EventConstants.TO));
        if (choice.study() == null && choice.from() == null && choice.to() == null) {
            return deadLetters.replay(type(message), subscription);
        }
        if (subscription == null) {
            throw new DicomException(
                    DicomStatus.INVALID_ARGUMENT_VALUE, "A subscription is to be named that is told again");
        }
        return keptEvents.replay(subscription, choice);
    }

    private static String text(Message message, String header) {
        String text = message.getHeader(header, String.class);
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static Instant time(Message message, String header) throws DicomException {
        String text = text(message, header);
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new DicomException(
                    DicomStatus.INVALID_ARGUMENT_VALUE,
                    header + " is not a time with its zone, as 2026-11-21T10:00:00Z");
        }
    }

    private String type(Message message) throws DicomException {
        String type = message.getHeader(CloudEvents.CAMEL_CLOUD_EVENT_TYPE, endpoint.getType(), String.class);
        if (type != null && !TYPE.matcher(type).matches()) {
            throw new DicomException(DicomStatus.INVALID_ARGUMENT_VALUE, "The type is none that events have");
        }
        return type;
    }
}
