package org.imagingingestion.camel.dimse;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.EndpointServiceLocation;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.util.URISupport;

/** Exchange DICOM instances with scanners, workstations and archives by DIMSE, the network protocol of DICOM (PS3.7, PS3.8). */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "dimse",
        title = "DIMSE",
        syntax = "dimse:application",
        category = {Category.HEALTH, Category.NETWORKING},
        headersClass = DimseConstants.class)
public class DimseEndpoint extends DefaultEndpoint implements EndpointServiceLocation {
    @UriPath(
            description =
                    "Of a consumer the AE title that it answers to; of a producer AETITLE@host:port, or the AE title alone of"
                            + " one in the AE registry")
    @Metadata(required = true)
    private final String application;

    @UriParam
    private DimseConfiguration configuration;

    public DimseEndpoint(String uri, DimseComponent component, String application, DimseConfiguration configuration) {
        super(uri, component);
        this.application = application;
        this.configuration = configuration;
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        DimseConsumer consumer = new DimseConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        return new DimseProducer(this);
    }

    @Override
    public DimseComponent getComponent() {
        return (DimseComponent) super.getComponent();
    }

    /** Its URI as messages may have it: without passwords, which they would carry into logs. */
    String printable() {
        return URISupport.sanitizeUri(getEndpointUri());
    }

    public String getApplication() {
        return application;
    }

    public DimseConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(DimseConfiguration configuration) {
        this.configuration = configuration;
    }

    @Override
    public String getServiceUrl() {
        int at = application.indexOf('@');
        return at < 0 ? configuration.getHost() + ':' + configuration.getPort() : application.substring(at + 1);
    }

    @Override
    public String getServiceProtocol() {
        return "dimse";
    }
}
