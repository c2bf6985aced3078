package org.imagingingestion.runtime;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

import org.apache.camel.CamelContext;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;

/**
 * The HTTP server listens before all routes are there, and while they stop. Whoever asks then is told to come again, rather
 * than that there is no such resource, which clients take for an answer.
 */
@ApplicationScoped
class StartingFilter {
    private static final int PRIORITY = 1000;

    @Inject
    CamelContext context;

    void register(@Observes Filters filters) {
        filters.register(this::filter, PRIORITY);
    }

    private void filter(RoutingContext request) {
        // health and metrics tell how it is at any time
        if (context.getStatus().isStarted() || request.normalizedPath().startsWith("/q/")) {
            request.next();
            return;
        }
        request.response()
                .setStatusCode(503)
                .putHeader("Retry-After", "2")
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .end("It is starting or stopping\n");
    }
}
