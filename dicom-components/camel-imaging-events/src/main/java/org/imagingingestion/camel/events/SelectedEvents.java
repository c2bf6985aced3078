package org.imagingingestion.camel.events;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.cloudevents.CloudEvents;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.event.DicomAvailableEvent;
import org.imagingingestion.dicom.service.Opened;
import org.imagingingestion.dicom.service.PartialFailure;
import org.imagingingestion.dicom.service.ServiceHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands on the events that are wanted, by their data; the others are done with. */
final class SelectedEvents extends DelegateAsyncProcessor {
    private static final Logger LOG = LoggerFactory.getLogger(SelectedEvents.class);

    private final EventFilter filter;
    private final boolean isPartial;

    /** @param isPartial whether what was taken of several is done with though others were not */
    SelectedEvents(EventFilter filter, Processor processor, boolean isPartial) {
        super(processor);
        this.filter = filter;
        this.isPartial = isPartial;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        boolean isWanted = false;
        try {
            isWanted = select(filter, exchange.getIn());
        } catch (Exception e) {
            exchange.setException(e);
        }
        if (isWanted) {
            return super.process(exchange, doneSync -> {
                closeOpened(exchange);
                if (isPartial && exchange.getException() != null) {
                    exchange.setProperty(ServiceHeaders.TAKEN, PartialFailure.taken(exchange.getException()));
                }
                callback.done(doneSync);
            });
        }
        callback.done(true);
        return true;
    }

    private static void closeOpened(Exchange exchange) {
        Opened opened = exchange.getProperty(ServiceHeaders.OPENED, Opened.class);
        if (opened != null) {
            try {
                opened.close();
            } catch (IOException e) {
                LOG.debug(
                        "What was read is not closed properly: {}", e.getClass().getName());
            }
        }
    }

    /** Has the event's data for the body, or those of several events. @return whether any is wanted */
    static boolean select(EventFilter filter, Message message) throws Exception {
        String type = message.getHeader(CloudEvents.CAMEL_CLOUD_EVENT_TYPE, String.class);
        setProvider(message);
        if (message.getBody() instanceof List<?> batch) {
            List<byte[]> wanted = new ArrayList<>(batch.size());
            for (Object event : batch) {
                byte[] data = data(message, event);
                if (filter.matches(type, data)) {
                    wanted.add(data);
                }
            }
            message.setBody(wanted);
            return !wanted.isEmpty();
        }
        byte[] data = data(message, message.getBody());
        message.setBody(data);
        if (!filter.matches(type, data)) {
            return false;
        }
        if (DicomAvailableEvent.TYPE.equals(type)) {
            message.setHeader(
                    ServiceHeaders.CALLING_AE_TITLE,
                    DicomAvailableEvent.parse(data).receivedFrom());
        }
        return true;
    }

    /** Whose it is, which brokers tell as part of the partition only. */
    private static void setProvider(Message message) {
        String partitionKey = message.getHeader(EventConstants.PARTITION_KEY, "", String.class);
        int slash = partitionKey.lastIndexOf('/');
        if (slash >= 0 && message.getHeader(ServiceHeaders.PROVIDER) == null) {
            message.setHeader(ServiceHeaders.PROVIDER, partitionKey.substring(0, slash));
        }
    }

    static byte[] data(Message message, Object event) throws Exception {
        return event instanceof CloudEvent cloudEvent
                ? cloudEvent.data()
                : message.getExchange()
                        .getContext()
                        .getTypeConverter()
                        .mandatoryConvertTo(byte[].class, message.getExchange(), event);
    }
}
