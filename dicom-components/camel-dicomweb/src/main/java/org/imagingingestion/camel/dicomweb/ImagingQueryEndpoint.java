package org.imagingingestion.camel.dicomweb;

import java.util.Arrays;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;

/** Answer the query service of Alvearie Imaging Ingestion, by which its WADO and DIMSE services find what is stored; or ask it. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "imaging-query",
        title = "Imaging Query",
        syntax = "imaging-query:address",
        category = {Category.HEALTH, Category.HTTP})
public class ImagingQueryEndpoint extends DicomwebEndpoint {
    @UriParam(
            label = "consumer",
            defaultValue = "1000",
            description = "Matches of one search at most, and where no limit is asked for")
    private int maxResults = 1000;

    @UriParam(
            label = "consumer",
            description =
                    "Storage spaces and tenants that may be asked for, with commas between; * for all. Of others there is"
                            + " nothing. Default is provider.")
    private String providers;

    @UriParam(
            label = "consumer",
            description =
                    "Where matches are retrieved: a path of this server, such as /dicom-web. externalAddress, where it is"
                            + " set, takes its place.")
    private String retrieveAddress;

    public ImagingQueryEndpoint(String uri, ImagingQueryComponent component, String address) {
        super(uri, component, address);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        ImagingQueryConsumer consumer = new ImagingQueryConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        return new ImagingQueryProducer(this);
    }

    /** Whether the service has anything to say of a provider. */
    boolean answersOf(String provider) {
        String answered = providers == null || providers.isBlank() ? getProvider() : providers;
        return answered.strip().equals("*")
                || Arrays.stream(answered.split(",")).map(String::strip).anyMatch(provider::equals);
    }

    public String getProviders() {
        return providers;
    }

    public void setProviders(String providers) {
        this.providers = providers;
    }

    public int getMaxResults() {
        return maxResults;
    }

    public void setMaxResults(int maxResults) {
        this.maxResults = maxResults;
    }

    public String getRetrieveAddress() {
        return retrieveAddress;
    }

    public void setRetrieveAddress(String retrieveAddress) {
        this.retrieveAddress = retrieveAddress;
    }
}
