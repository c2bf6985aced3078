package org.imagingingestion.camel.fhir;

import java.util.Map;

import org.apache.camel.Endpoint;
import org.apache.camel.SSLContextParametersAware;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.imagingingestion.camel.dicomweb.AuthenticationConfiguration;

/** Makes the endpoints that publish studies. */
@Component("fhir-imaging-study")
public class FhirImagingStudyComponent extends DefaultComponent implements SSLContextParametersAware {
    @Metadata(
            label = "security",
            defaultValue = "false",
            description = "Whether producers use the global SSLContextParameters where they have none of their own")
    private boolean useGlobalSslContextParameters;

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        FhirImagingStudyEndpoint endpoint = new FhirImagingStudyEndpoint(uri, this, remaining);
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
