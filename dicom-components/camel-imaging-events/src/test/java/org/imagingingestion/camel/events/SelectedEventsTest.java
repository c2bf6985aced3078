package org.imagingingestion.camel.events;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.camel.Exchange;
import org.apache.camel.cloudevents.CloudEvents;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.imagingingestion.dicom.event.DicomAvailableEvent;
import org.imagingingestion.dicom.service.Opened;
import org.imagingingestion.dicom.service.PartialFailure;
import org.imagingingestion.dicom.service.ServiceHeaders;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SelectedEventsTest {
    private static final class Incomplete extends Exception implements PartialFailure {
        private static final long serialVersionUID = 1L;

        @Override
        public Set<String> taken() {
            return Set.of("1", "3");
        }
    }

    private static byte[] available(String instance) {
        return new DicomAvailableEvent(
                        "north", null, "1.2", "1.3", instance, "1.2.840.1", "1.2.840.2", "00", "CT", null, null)
                .toJson();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tellsWhatWasTakenWhereNothingElseIsDoneWithItAndClosesWhatWasOpened(boolean isPartial) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            DicomEventEndpoint endpoint =
                    context.getEndpoint("dicom-event:events?type=DicomAvailableEvent", DicomEventEndpoint.class);
            AtomicBoolean closed = new AtomicBoolean();
            DelegateAsyncProcessor route = new DelegateAsyncProcessor(exchange -> {
                Opened opened = new Opened();
                opened.add(() -> closed.set(true));
                exchange.setProperty(ServiceHeaders.OPENED, opened);
                throw new IllegalStateException("A step wraps it", new Incomplete());
            });
            Exchange exchange = new DefaultExchange(context);
            exchange.getMessage().setHeader(CloudEvents.CAMEL_CLOUD_EVENT_TYPE, DicomAvailableEvent.TYPE);
            exchange.getMessage().setBody(List.of(available("1"), available("2"), available("3")));

            new SelectedEvents(new EventFilter(endpoint), route, isPartial).process(exchange);

            assertThat(exchange.getException()).isInstanceOf(IllegalStateException.class);
            assertThat(closed).isTrue();
            assertThat(exchange.getProperty(ServiceHeaders.TAKEN)).isEqualTo(isPartial ? Set.of("1", "3") : null);
        }
    }
}
