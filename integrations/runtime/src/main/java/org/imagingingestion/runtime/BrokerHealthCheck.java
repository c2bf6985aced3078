package org.imagingingestion.runtime;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.apache.camel.CamelContext;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.imagingingestion.camel.events.JetStreamComponent;

/** Ready as long as the broker can be reached, where nothing can be taken in without it; otherwise it only tells. */
@Readiness
@ApplicationScoped
public class BrokerHealthCheck implements HealthCheck {
    @Inject
    CamelContext context;

    @ConfigProperty(name = "imaging.ingest.by")
    String ingestBy;

    @Override
    public HealthCheckResponse call() {
        boolean used = context.hasComponent("jetstream") instanceof JetStreamComponent nats && nats.isUsed();
        boolean connected = !used || ((JetStreamComponent) context.hasComponent("jetstream")).isConnected();
        return HealthCheckResponse.named("Broker")
                .withData("used", used)
                .withData("connected", connected)
                .status(connected || !ingestBy.equals("publish"))
                .build();
    }
}
