package org.imagingingestion.camel.events;

import java.util.Map;

import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** CloudEvents by HTTP. */
@Component("cloudevents")
public class CloudEventsComponent extends DefaultComponent {
    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        CloudEventsEndpoint endpoint = new CloudEventsEndpoint(uri, this);
        endpoint.setAddress(remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }
}
