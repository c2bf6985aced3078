package org.imagingingestion.runtime;

import jakarta.enterprise.context.ApplicationScoped;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.imagingingestion.camel.events.JetStreamComponent;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;

import io.quarkus.arc.Unremovable;

/**
 * Takes no instance in whose event cannot be sent. It would be refused after it was stored, and as its sender tries again and again
 * for as long as the broker is away, objects that nothing refers to would fill the storage space.
 */
@Unremovable
@ApplicationScoped
public class BrokerPolicy implements RoutePolicyFactory {
    @ConfigProperty(name = "imaging.ingest.by")
    String ingestBy;

    @Override
    public RoutePolicy createRoutePolicy(CamelContext camelContext, String routeId, NamedNode route) {
        return routeId.equals("ingest") && ingestBy.equals("publish") ? new Gate(camelContext) : null;
    }

    private static final class Gate extends RoutePolicySupport {
        private final CamelContext context;

        Gate(CamelContext context) {
            this.context = context;
        }

        @Override
        public void onExchangeBegin(Route route, Exchange exchange) {
            if (context.hasComponent("jetstream") instanceof JetStreamComponent nats
                    && nats.isUsed()
                    && !nats.isConnected()) {
                exchange.setException(new DicomException(DicomStatus.OUT_OF_RESOURCES, "The broker is not connected"));
                exchange.setRouteStop(true);
            }
        }
    }
}
