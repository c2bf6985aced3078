package org.imagingingestion.camel.dicomweb;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.SynchronizationAdapter;
import org.imagingingestion.dicom.service.RemoteResults;
import org.imagingingestion.dicom.service.ServiceHeaders;

/** Sends to the DICOMweb service of another system. */
abstract class DicomwebProducer extends DefaultProducer {
    private final DicomwebEndpoint endpoint;
    private DicomwebClient client;

    DicomwebProducer(DicomwebEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    /** The client, in the trace that an exchange is part of. */
    final DicomwebClient client(Exchange exchange) {
        return client.within(exchange.getMessage().getHeader(ServiceHeaders.TRACEPARENT, String.class));
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        client = endpoint.client();
    }

    /** Leaves what a route may know of an answer. @param httpStatus 0 where there was none @param warning may be {@code null} */
    static void setAnswer(Exchange exchange, int httpStatus, String warning) {
        Message message = exchange.getMessage();
        message.removeHeader(DicomwebConstants.HTTP_STATUS);
        message.removeHeader(DicomwebConstants.WARNING);
        if (httpStatus != 0) {
            message.setHeader(DicomwebConstants.HTTP_STATUS, httpStatus);
        }
        if (warning != null) {
            message.setHeader(DicomwebConstants.WARNING, warning);
        }
    }

    /** Has results for the body, until the exchange is done. */
    static void setResults(Exchange exchange, RemoteResults<?> results) {
        exchange.getMessage().setBody(results);
        closeWhenDone(exchange, results::close);
    }

    /** Has something done when the exchange is. */
    static void closeWhenDone(Exchange exchange, Runnable close) {
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                close.run();
            }
        });
    }
}
