package org.imagingingestion.camel.events;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.Route;
import org.apache.camel.support.DefaultProducer;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.event.DeliveryStatistics;
import org.imagingingestion.dicom.event.ImageStoredEvent;
import org.imagingingestion.dicom.service.RecordOutcome;
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
            case deliveries -> message.setBody(deliveries(message.getBody()));
        }
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
