package org.imagingingestion.camel.dicomweb;

import org.apache.camel.Exchange;
import org.imagingingestion.dicom.service.Query;

/** Makes the search that the body is, and leaves what it finds. */
class QidoProducer extends DicomwebProducer {
    private final QidoEndpoint endpoint;

    QidoProducer(QidoEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        if (!(exchange.getMessage().getBody() instanceof Query query)) {
            throw new IllegalArgumentException("The body for a qido: producer is to be a " + Query.class.getName());
        }
        SearchAddresses addresses =
                new SearchAddresses(query, endpoint.getMultipleValues().equals("list"), endpoint.getMaxUrlLength());
        Matches matches = new Matches(client(exchange), query, addresses, endpoint.getPageSize());
        try {
            matches.peek();
        } finally {
            setAnswer(exchange, matches.httpStatus(), matches.warning());
        }
        setResults(exchange, matches);
    }
}
