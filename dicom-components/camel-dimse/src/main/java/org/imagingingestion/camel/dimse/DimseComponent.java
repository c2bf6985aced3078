package org.imagingingestion.camel.dimse;

import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** Makes the endpoints, and holds the ports that they share. */
@Component("dimse")
public class DimseComponent extends DefaultComponent {
    @Metadata(description = "Options that endpoints start from.")
    private DimseConfiguration configuration = new DimseConfiguration();

    private final Map<InetSocketAddress, DimseServer> servers = new ConcurrentHashMap<>();

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        DimseConfiguration options = configuration.copy();
        DimseEndpoint endpoint = new DimseEndpoint(uri, this, remaining, options);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** Adds a consumer to the port that it shall listen on, which is opened for the first. */
    synchronized DimseServer add(DimseConsumer consumer) throws Exception {
        DimseConfiguration options = consumer.getEndpoint().getConfiguration();
        InetSocketAddress address = new InetSocketAddress(options.getHost(), options.getPort());
        DimseServer server = servers.get(address);
        if (server == null) {
            server = new DimseServer(getCamelContext(), address, options);
            server.start();
            servers.put(address, server);
        }
        server.add(consumer);
        return server;
    }

    /** Takes a consumer away from its port, which is closed after the last. */
    synchronized void remove(DimseConsumer consumer, DimseServer server) {
        if (server.remove(consumer)) {
            servers.values().remove(server);
            server.stop();
        }
    }

    /** The ports that are listened on. */
    public Collection<DimseServer> servers() {
        return List.copyOf(servers.values());
    }

    public DimseConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(DimseConfiguration configuration) {
        this.configuration = configuration;
    }
}
