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
        headersClass = DicomwebConstants.class,
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

    @UriParam(
            label = "producer",
            defaultValue = "200",
            description =
                    "Matches that are asked for at once; further pages are asked for while results are gone through")
    private int pageSize = 200;

    @UriParam(
            label = "producer",
            defaultValue = "requests",
            enums = "requests,list",
            description =
                    "How several values of a key that is no UID are asked for, such as those of ModalitiesInStudy: by a request"
                            + " for each, or by a list with commas, which the standard has for UIDs only")
    private String multipleValues = "requests";

    @UriParam(
            label = "producer",
            defaultValue = "2048",
            description =
                    "Longest path and query below the address, but for limit and offset; a list of UIDs that makes it longer is asked for by"
                            + " several requests")
    private int maxUrlLength = 2048;

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
        if (pageSize < 1 || maxUrlLength < 1) {
            throw new IllegalArgumentException("pageSize and maxUrlLength are to be at least 1");
        }
        if (!multipleValues.equals("requests") && !multipleValues.equals("list")) {
            throw new IllegalArgumentException("multipleValues is to be requests or list");
        }
        return new QidoProducer(this);
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

    public int getPageSize() {
        return pageSize;
    }

    public void setPageSize(int pageSize) {
        this.pageSize = pageSize;
    }

    public String getMultipleValues() {
        return multipleValues;
    }

    public void setMultipleValues(String multipleValues) {
        this.multipleValues = multipleValues;
    }

    public int getMaxUrlLength() {
        return maxUrlLength;
    }

    public void setMaxUrlLength(int maxUrlLength) {
        this.maxUrlLength = maxUrlLength;
    }
}
