package org.imagingingestion.camel.instance;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.List;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.StreamCache;
import org.apache.camel.support.DefaultProducer;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.event.DicomAvailableEvent;
import org.imagingingestion.dicom.event.ImageStoredEvent;
import org.imagingingestion.dicom.event.StudyRevisionEvent;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.RecordOutcome;
import org.imagingingestion.dicom.service.ServiceHeaders;

/** Ends the route of what is not selected. */
final class FilterProducer extends DefaultProducer {
    private static final String EVENT_TYPE = "CamelCloudEventType";

    private final Selection selection;

    FilterProducer(DicomInstanceEndpoint endpoint, Selection selection) {
        super(endpoint);
        this.selection = selection;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Message message = exchange.getMessage();
        List<Candidate> candidates = events(message);
        boolean isInstance = candidates == null;
        if (isInstance) {
            candidates = List.of(instance(exchange));
        }
        for (Candidate candidate : candidates) {
            if (selection.takes(candidate)) {
                return;
            }
        }
        exchange.setRouteStop(true);
        if (isInstance) {
            // a sender is told that it is taken
            message.setBody(new RecordOutcome(RecordOutcome.Kind.ADDED, null));
        }
    }

    /** What the event in the body tells, {@code null} where there is none. */
    private static List<Candidate> events(Message message) throws DicomException, IOException {
        Object body = message.getBody();
        if (body instanceof DicomAvailableEvent event) {
            return List.of(Candidate.of(event));
        }
        if (body instanceof ImageStoredEvent event) {
            return List.of(Candidate.of(event));
        }
        if (body instanceof StudyRevisionEvent event) {
            return Candidate.of(event);
        }
        if (body instanceof CloudEvent event) {
            return Candidate.ofEvent(event.type(), event.data());
        }
        String type = message.getHeader(EVENT_TYPE, String.class);
        if (type == null || Bodies.isInstance(body)) {
            return null;
        }
        byte[] json = json(message);
        return json == null ? null : Candidate.ofEvent(type, json);
    }

    /** The body as JSON, {@code null} where it is none, which it tells by its first byte. */
    private static byte[] json(Message message) throws IOException {
        Object body = message.getBody();
        if (body instanceof InputStream in && !(body instanceof StreamCache)) {
            PushbackInputStream looked = new PushbackInputStream(in, 1);
            int first = looked.read();
            if (first >= 0) {
                looked.unread(first);
            }
            message.setBody(first == '{' ? looked.readAllBytes() : looked);
        }
        byte[] bytes = message.getBody() instanceof PushbackInputStream ? null : message.getBody(byte[].class);
        return bytes == null || bytes.length == 0 || bytes[0] != '{' ? null : bytes;
    }

    private static Candidate instance(Exchange exchange) throws IOException, DicomException {
        Message message = exchange.getMessage();
        InstanceBody instance = Bodies.open(message.getBody(), Bodies.opened(exchange));
        Candidate candidate = Candidate.ofInstance(
                message.getHeader(ServiceHeaders.PROVIDER, String.class),
                message.getHeader(ServiceHeaders.CALLING_AE_TITLE, String.class),
                instance.dataSet());
        // what has been opened goes on: it may be a stream, or have to be retrieved again
        message.setBody(instance);
        return candidate;
    }
}
