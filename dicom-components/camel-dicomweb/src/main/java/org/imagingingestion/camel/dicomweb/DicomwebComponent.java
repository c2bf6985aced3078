package org.imagingingestion.camel.dicomweb;

import java.util.Map;

import org.apache.camel.Endpoint;
import org.apache.camel.SSLContextParametersAware;
import org.apache.camel.spi.Metadata;
import org.apache.camel.support.DefaultComponent;

/** What the three components have in common. */
abstract class DicomwebComponent extends DefaultComponent implements SSLContextParametersAware {
    @Metadata(
            label = "producer,security",
            defaultValue = "false",
            description = "Whether producers use the global SSLContextParameters where they have none of their own")
    private boolean useGlobalSslContextParameters;

    abstract DicomwebEndpoint newEndpoint(String uri, String address);

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        DicomwebEndpoint endpoint = newEndpoint(uri, remaining);
        setProperties(endpoint, parameters);
        AuthenticationConfiguration authentication = endpoint.getAuthentication();
        if (authentication.getSslContextParameters() == null) {
            authentication.setSslContextParameters(retrieveGlobalSslContextParameters());
        }
        return endpoint;
    }

    @Override
    public boolean isUseGlobalSslContextParameters() {
        return useGlobalSslContextParameters;
    }

    @Override
    public void setUseGlobalSslContextParameters(boolean useGlobalSslContextParameters) {
        this.useGlobalSslContextParameters = useGlobalSslContextParameters;
    }
}
