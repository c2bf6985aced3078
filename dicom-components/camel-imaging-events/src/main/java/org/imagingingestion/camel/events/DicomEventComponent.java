package org.imagingingestion.camel.events;

import java.util.Map;

import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** Events of stored instances. */
@Component("dicom-event")
public class DicomEventComponent extends DefaultComponent {
    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        DicomEventEndpoint endpoint = new DicomEventEndpoint(uri, this);
        endpoint.setOperation(DicomEventEndpoint.Operation.valueOf(remaining));
        setProperties(endpoint, parameters);
        return endpoint;
    }
}
