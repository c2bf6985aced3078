package org.imagingingestion.runtime;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;
import org.imagingingestion.dicom.service.ServiceHeaders;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.quarkus.arc.Unremovable;

/** Spans of what routes do that take something in, keep it, and tell of it. What they send on is in the context of the span. */
@Unremovable
@ApplicationScoped
public class TracedRoutes implements RoutePolicyFactory {
    private static final String OPEN = "CamelImagingSpan";

    @Inject
    Tracing tracing;

    /** A span that has not ended. @param outer the context that the route came with @param below the span that it was called within */
    private record Open(Span span, String outer, Open below) {}

    @Override
    public RoutePolicy createRoutePolicy(CamelContext camelContext, String routeId, NamedNode node) {
        if (!tracing.isOn() || !(node instanceof RouteDefinition route)) {
            return null;
        }
        String from = route.getInput().getEndpointUri();
        if (from.startsWith("dicom-manifest:events") || from.startsWith("kamelet:imaging-events-")) {
            return new Spans(routeId, SpanKind.CONSUMER);
        }
        if (routeId.startsWith("storage-space-")) {
            return new Spans("storage space", SpanKind.CLIENT);
        }
        return switch (routeId) {
            case "ingest", "record", "publish", "event-relay" -> new Spans(routeId, SpanKind.INTERNAL);
            default -> null;
        };
    }

    private final class Spans extends RoutePolicySupport {
        private final String name;
        private final SpanKind kind;

        Spans(String name, SpanKind kind) {
            this.name = name;
            this.kind = kind;
        }

        @Override
        public void onExchangeBegin(Route route, Exchange exchange) {
            String outer = exchange.getMessage().getHeader(ServiceHeaders.TRACEPARENT, String.class);
            Span span = tracing.start(name, kind, outer);
            exchange.setProperty(OPEN, new Open(span, outer, exchange.getProperty(OPEN, Open.class)));
            exchange.getMessage().setHeader(ServiceHeaders.TRACEPARENT, Tracing.traceparent(span));
        }

        @Override
        public void onExchangeDone(Route route, Exchange exchange) {
            Open open = exchange.getProperty(OPEN, Open.class);
            if (exchange.getException() != null) {
                open.span().setStatus(StatusCode.ERROR);
                open.span()
                        .setAttribute(
                                "error.type", exchange.getException().getClass().getName());
            }
            open.span().end();
            exchange.setProperty(OPEN, open.below());
            if (open.outer() == null) {
                exchange.getMessage().removeHeader(ServiceHeaders.TRACEPARENT);
            } else {
                exchange.getMessage().setHeader(ServiceHeaders.TRACEPARENT, open.outer());
            }
        }
    }
}
