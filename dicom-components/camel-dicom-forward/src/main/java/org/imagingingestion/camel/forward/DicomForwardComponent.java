package org.imagingingestion.camel.forward;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.util.PropertiesHelper;

/** Sends instances on. */
@Component("dicom-forward")
public class DicomForwardComponent extends DefaultComponent {
    private final Set<DicomForwardProducer> producers = ConcurrentHashMap.newKeySet();

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        DicomForwardEndpoint endpoint = new DicomForwardEndpoint(uri, this, remaining);
        endpoint.setStowOptions(PropertiesHelper.extractProperties(parameters, "stow."));
        endpoint.setDimseOptions(PropertiesHelper.extractProperties(parameters, "dimse."));
        setProperties(endpoint, parameters);
        return endpoint;
    }

    void add(DicomForwardProducer producer) {
        producers.add(producer);
    }

    void remove(DicomForwardProducer producer) {
        producers.remove(producer);
    }

    /** How it stands with each destination that instances wait for. */
    public List<ForwardStatistics> statistics() {
        return producers.stream()
                .flatMap(producer -> producer.statistics().stream())
                .toList();
    }
}
