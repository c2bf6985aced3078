package org.imagingingestion.camel.dimse;

import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the endpoints, and holds the ports that they share. */
@Component("dimse")
public class DimseComponent extends DefaultComponent {
    @Metadata(description = "Options that endpoints start from.")
    private DimseConfiguration configuration = new DimseConfiguration();

    private static final Logger LOG = LoggerFactory.getLogger(DimseComponent.class);
    private static final long EVICT_EVERY_MILLIS = 1000;

    private final Map<InetSocketAddress, DimseServer> servers = new ConcurrentHashMap<>();
    private final Set<DimseProducer.Client> clients = ConcurrentHashMap.newKeySet();
    private ScheduledExecutorService watch;

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
        } else if (!server.isAs(options)) {
            throw new IllegalArgumentException(consumer.getEndpoint().printable()
                    + " shares its port with endpoints of other limits, timeouts or TLS options");
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

    /** Has a client release what it does not use. */
    synchronized void watch(DimseProducer.Client client) {
        if (clients.isEmpty()) {
            watch = getCamelContext().getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "DimseIdle");
            watch.scheduleWithFixedDelay(
                    () -> clients.forEach(DimseComponent::evict),
                    EVICT_EVERY_MILLIS,
                    EVICT_EVERY_MILLIS,
                    TimeUnit.MILLISECONDS);
        }
        clients.add(client);
    }

    private static void evict(DimseProducer.Client client) {
        try {
            client.evict();
        } catch (RuntimeException e) {
            LOG.warn("Associations that are not used could not be released: {}", e.toString());
        }
    }

    synchronized void forget(DimseProducer.Client client) {
        if (clients.remove(client) && clients.isEmpty()) {
            getCamelContext().getExecutorServiceManager().shutdownNow(watch);
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
