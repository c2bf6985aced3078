package org.imagingingestion.camel.dicomweb;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;

/** Receive and send DICOM instances by STOW-RS, the store transaction of DICOMweb (PS3.18 §10.5). */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "stow",
        title = "STOW-RS",
        syntax = "stow:address",
        headersClass = DicomwebConstants.class,
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

    @UriParam(
            label = "producer",
            defaultValue = "100",
            description = "Most instances of one request, where the body is several")
    private int batchSize = 100;

    @UriParam(
            label = "producer",
            defaultValue = "536870912",
            description = "Bytes after which no further instance is begun in a request, where the body is several")
    private long batchBytes = 512L << 20;

    @UriParam(
            label = "producer",
            defaultValue = "false",
            description =
                    "Whether several instances of which some were not stored end with an exception. A single one always does.")
    private boolean failWhenIncomplete;

    @UriParam(
            label = "producer",
            defaultValue = "false",
            description =
                    "Whether an instance that the server has already (409, or Failure Reason 0111H) is deleted there and stored"
                            + " again, where it can be read again")
    private boolean overwrite;

    @UriParam(
            label = "producer",
            defaultValue = "false",
            description =
                    "Whether instances are sent when the server has said by 100 Continue that it takes them, or after 3 seconds")
    private boolean expectContinue;

    @UriParam(
            label = "producer",
            defaultValue = "FAIL",
            description =
                    "What an instance is that the server has already (409, or Failure Reason 0111H): FAIL, not stored; COMPARE, stored if the"
                            + " server gives it back by WADO-RS with the same transfer syntax and the same data set, byte for byte")
    private DuplicatePolicy duplicates = DuplicatePolicy.FAIL;

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
        if (batchSize < 1 || batchBytes < 1) {
            throw new IllegalArgumentException("batchSize and batchBytes are to be at least 1");
        }
        return new StowProducer(this);
    }

    /** Some say the address of the resource that is posted to. */
    @Override
    String service() {
        return getAddress().replaceFirst("/studies/?$", "");
    }

    @Override
    boolean expectsContinue() {
        return expectContinue;
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

    public int getBatchSize() {
        return batchSize;
    }

    public void setBatchSize(int batchSize) {
        this.batchSize = batchSize;
    }

    public long getBatchBytes() {
        return batchBytes;
    }

    public void setBatchBytes(long batchBytes) {
        this.batchBytes = batchBytes;
    }

    public boolean isFailWhenIncomplete() {
        return failWhenIncomplete;
    }

    public void setFailWhenIncomplete(boolean failWhenIncomplete) {
        this.failWhenIncomplete = failWhenIncomplete;
    }

    public boolean isOverwrite() {
        return overwrite;
    }

    public void setOverwrite(boolean overwrite) {
        this.overwrite = overwrite;
    }

    public boolean isExpectContinue() {
        return expectContinue;
    }

    public void setExpectContinue(boolean expectContinue) {
        this.expectContinue = expectContinue;
    }

    public DuplicatePolicy getDuplicates() {
        return duplicates;
    }

    public void setDuplicates(DuplicatePolicy duplicates) {
        this.duplicates = duplicates;
    }
}
