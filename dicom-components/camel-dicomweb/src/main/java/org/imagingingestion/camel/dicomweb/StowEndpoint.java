package org.imagingingestion.camel.dicomweb;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;

/** Receive DICOM instances by STOW-RS, the store transaction of DICOMweb (PS3.18 §10.5). */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "stow",
        title = "STOW-RS",
        syntax = "stow:address",
        consumerOnly = true,
        category = {Category.HEALTH, Category.HTTP})
public class StowEndpoint extends DicomwebEndpoint {
    @UriParam(
            label = "consumer",
            description =
                    "Address of the WADO-RS service for the Retrieve URLs in answers: a path on the same server, or a URL."
                            + " Default is the one that the request was sent to.")
    private String retrieveAddress;

    @UriParam(
            label = "consumer",
            defaultValue = "107374182400",
            description = "Most bytes of one request; more are answered 413, and what came before stays stored")
    private long maxRequestSize = 100L << 30;

    @UriParam(label = "consumer", defaultValue = "100000", description = "Most parts of one request")
    private int maxParts = 100_000;

    public StowEndpoint(String uri, StowComponent component, String address) {
        super(uri, component, address);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        StowConsumer consumer = new StowConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("stow: receives; it does not send yet");
    }

    public String getRetrieveAddress() {
        return retrieveAddress;
    }

    public void setRetrieveAddress(String retrieveAddress) {
        this.retrieveAddress = retrieveAddress;
    }

    public long getMaxRequestSize() {
        return maxRequestSize;
    }

    public void setMaxRequestSize(long maxRequestSize) {
        this.maxRequestSize = maxRequestSize;
    }

    public int getMaxParts() {
        return maxParts;
    }

    public void setMaxParts(int maxParts) {
        this.maxParts = maxParts;
    }
}
