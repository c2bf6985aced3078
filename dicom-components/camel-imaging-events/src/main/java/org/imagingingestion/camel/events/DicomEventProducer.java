package org.imagingingestion.camel.events;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.Route;
import org.apache.camel.support.DefaultProducer;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.event.DeliveryStatistics;
import org.imagingingestion.dicom.event.DicomAvailableEvent;
import org.imagingingestion.dicom.event.ImageStoredEvent;
import org.imagingingestion.dicom.service.RecordOutcome;
import org.imagingingestion.dicom.service.Retrieval;
import org.imagingingestion.dicom.service.ServiceHeaders;
import org.imagingingestion.dicom.service.StoredInstance;

/** Does what the endpoint's operation says, and puts the outcome in the place of the body. */
public class DicomEventProducer extends DefaultProducer {
    private final DicomEventEndpoint endpoint;
    private EventFilter filter;

    DicomEventProducer(DicomEventEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        filter = new EventFilter(endpoint);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Message message = exchange.getMessage();
        switch (endpoint.getOperation()) {
            case events -> throw new IllegalArgumentException("dicom-event:events can only be a source");
            case stored -> message.setBody(stored(message));
                // what the manifest makes of it shows later
            case accepted -> message.setBody(new RecordOutcome(RecordOutcome.Kind.ADDED, null));
            case filter -> {
                // what is not wanted is done with: there is nothing to be tried again
                exchange.setRouteStop(!SelectedEvents.select(filter, message));
            }
            case retrieval -> message.setBody(retrieval(message));
            case deliveries -> message.setBody(deliveries(message.getBody()));
        }
    }

    private static Retrieval retrieval(Message message) throws Exception {
        List<?> events =
                message.getBody() instanceof List<?> several ? several : Collections.singletonList(message.getBody());
        DicomAvailableEvent first = null;
        List<String> instances = new ArrayList<>(events.size());
        for (Object each : events) {
            DicomAvailableEvent event = DicomAvailableEvent.parse(SelectedEvents.data(message, each));
            if (event.studyInstanceUID() == null || event.sopInstanceUID() == null) {
                throw new DicomException(
                        DicomStatus.MISSING_ATTRIBUTE, "The event does not say which instance of which study it is of");
            }
            first = first == null ? event : first;
            if (!Objects.equals(event.provider(), first.provider())
                    || !event.studyInstanceUID().equals(first.studyInstanceUID())) {
                throw new DicomException(
                        DicomStatus.INVALID_ARGUMENT_VALUE, "Instances of one study alone are retrieved at once");
            }
            instances.add(event.sopInstanceUID());
        }
        if (first == null) {
            throw new DicomException(
                    DicomStatus.INVALID_ARGUMENT_VALUE, "There is no event of an instance to retrieve");
        }
        return new Retrieval(
                first.provider(), first.studyInstanceUID(), null, null, Retrieval.Content.LOCATIONS, instances);
    }

    private List<DeliveryStatistics> deliveries(Object body) {
        List<DeliveryStatistics> all = new ArrayList<>();
        if (body instanceof List<?> others) {
            others.forEach(each -> all.add((DeliveryStatistics) each));
        }
        endpoint.getCamelContext().getRoutes().stream()
                .map(Route::getConsumer)
                .filter(EventSubscription.class::isInstance)
                .map(consumer -> ((EventSubscription) consumer).statistics())
                .forEach(all::add);
        return all;
    }

    private CloudEvent stored(Message message) throws InvalidPayloadException, DicomException {
        StoredInstance stored = message.getMandatoryBody(StoredInstance.class);
        if (stored.provider() == null) {
            stored = stored.withProvider(endpoint.getProvider());
        }
        if (stored.receivedFrom() == null) {
            stored = stored.withReceivedFrom(message.getHeader(ServiceHeaders.CALLING_AE_TITLE, String.class));
        }
        ImageStoredEvent event =
                ImageStoredEvent.of(stored, endpoint.getWadoInternalEndpoint(), endpoint.getWadoExternalEndpoint());
        String traceparent = message.getHeader(EventConstants.TRACEPARENT, String.class);
        CloudEvent whole = (endpoint.isHeader() ? event : event.withoutHeader())
                .toCloudEvent(endpoint.getSource(), Instant.now(), traceparent);
        return whole.data().length <= endpoint.getMaxLength()
                ? whole
                : event.withoutHeader().toCloudEvent(endpoint.getSource(), whole.time(), traceparent);
    }
}
