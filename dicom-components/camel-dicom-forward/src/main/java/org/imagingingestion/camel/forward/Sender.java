package org.imagingingestion.camel.forward;

import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.support.service.ServiceHelper;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.service.ServiceHeaders;

/** Sends to one destination. */
final class Sender implements AutoCloseable {
    private final Destination destination;
    private final Producer producer;

    Sender(DicomForwardEndpoint endpoint, Destination destination) throws Exception {
        this.destination = destination;
        producer = endpoint.getCamelContext().getEndpoint(destination.uri()).createProducer();
        ServiceHelper.startService(producer);
    }

    Destination destination() {
        return destination;
    }

    /** Makes one attempt; what the destination answers is the body of the exchange then. */
    void send(Exchange exchange) throws Exception {
        producer.process(exchange);
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
    }

    /**
     * Makes attempts until one succeeds.
     *
     * @param traceparent of the trace that they are part of, {@code null} for none
     * @return the answer to it
     */
    Object send(DicomForwardEndpoint endpoint, Object instance, String traceparent)
            throws DicomException, InterruptedException {
        for (int failed = 1; ; failed++) {
            Exchange attempt = endpoint.createExchange();
            attempt.getIn().setBody(instance);
            if (traceparent != null) {
                attempt.getIn().setHeader(ServiceHeaders.TRACEPARENT, traceparent);
            }
            long asked;
            try {
                send(attempt);
                return attempt.getMessage().getBody();
            } catch (Exception e) {
                DicomException meaning = Failures.meaning(e);
                asked = meaning.retryAfter();
                if (failed > endpoint.mostRetries()
                        || !endpoint.failures().isTemporary(attempt, e)
                        || asked > endpoint.backoff().most()) {
                    throw meaning;
                }
            }
            Thread.sleep(Math.max(asked, endpoint.backoff().delay(failed)));
        }
    }

    @Override
    public void close() {
        ServiceHelper.stopAndShutdownService(producer);
    }
}
