package org.imagingingestion.camel.instance;

import java.util.Map;

import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** Filters, coerces and de-identifies instances. */
@Component("dicom-instance")
public class DicomInstanceComponent extends DefaultComponent {
    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        DicomInstanceEndpoint endpoint = new DicomInstanceEndpoint(uri, this);
        endpoint.setOperation(
                getCamelContext().getTypeConverter().mandatoryConvertTo(InstanceOperation.class, remaining));
        setProperties(endpoint, parameters);
        return endpoint;
    }
}
