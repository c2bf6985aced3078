package org.imagingingestion.camel.dicomweb;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;

/** Search for studies, series and instances by QIDO-RS, the search transaction of DICOMweb (PS3.18 §10.6). */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "qido",
        title = "QIDO-RS",
        syntax = "qido:address",
        consumerOnly = true,
        category = {Category.HEALTH, Category.HTTP})
public class QidoEndpoint extends DicomwebEndpoint {
    @UriParam(
            label = "consumer",
            defaultValue = "1000",
            description = "Most matches in one answer, whatever limit is asked for")
    private int maxResults = 1000;

    @UriParam(
            label = "consumer",
            defaultValue = "200",
            enums = "200,204",
            description =
                    "HTTP status of an answer without a match: 200 with an empty list, or 204 as the standard had it up to 2025")
    private int noMatchStatus = 200;

    public QidoEndpoint(String uri, QidoComponent component, String address) {
        super(uri, component, address);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (maxResults < 1) {
            throw new IllegalArgumentException("maxResults of " + getEndpointUri() + " is to be at least 1");
        }
        if (noMatchStatus != 200 && noMatchStatus != 204) {
            throw new IllegalArgumentException("noMatchStatus of " + getEndpointUri() + " is to be 200 or 204");
        }
        QidoConsumer consumer = new QidoConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("qido: answers searches; it does not send them yet");
    }

    public int getMaxResults() {
        return maxResults;
    }

    public void setMaxResults(int maxResults) {
        this.maxResults = maxResults;
    }

    public int getNoMatchStatus() {
        return noMatchStatus;
    }

    public void setNoMatchStatus(int noMatchStatus) {
        this.noMatchStatus = noMatchStatus;
    }
}
