package org.imagingingestion.runtime;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.apache.camel.CamelContext;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready before the routes run: the port is open already while they start, and Camel's own checks come only then. */
@Readiness
@ApplicationScoped
public class RoutesHealthCheck implements HealthCheck {
    @Inject
    CamelContext context;

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("Routes")
                .status(context.getStatus().isStarted())
                .build();
    }
}
