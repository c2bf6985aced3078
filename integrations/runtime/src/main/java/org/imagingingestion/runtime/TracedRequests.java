package org.imagingingestion.runtime;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

import org.imagingingestion.dicom.service.ServiceHeaders;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;

/** A span for each HTTP request, in the context that it came with. Of its path, only what names no study and no patient is told. */
@ApplicationScoped
class TracedRequests {
    private static final int PRIORITY = 900;
    private static final Set<String> WORDS = Set.of(
            "dicom-web",
            "stow-rs",
            "wado-rs",
            "query",
            "events",
            "export",
            "imaging",
            "studies",
            "series",
            "instances",
            "metadata",
            "frames",
            "bulkdata",
            "pixeldata",
            "rendered",
            "thumbnail",
            "revisions",
            "statistics",
            "deliveries",
            "broker",
            "dead-letters");

    @Inject
    Tracing tracing;

    void register(@Observes Filters filters) {
        if (tracing.isOn()) {
            filters.register(this::trace, PRIORITY);
        }
    }

    private void trace(RoutingContext context) {
        if (context.normalizedPath().startsWith("/q/")) {
            context.next();
            return;
        }
        String method = context.request().method().name();
        String route = route(context.normalizedPath());
        Span span = tracing.start(
                method + " " + route, SpanKind.SERVER, context.request().getHeader(ServiceHeaders.TRACEPARENT));
        span.setAttribute("http.request.method", method);
        span.setAttribute("http.route", route);
        context.request().headers().set(ServiceHeaders.TRACEPARENT, Tracing.traceparent(span));
        context.addEndHandler(end -> {
            int status = context.response().getStatusCode();
            span.setAttribute("http.response.status_code", status);
            if (status >= 500 || end.failed()) {
                span.setStatus(StatusCode.ERROR);
            }
            span.end();
        });
        context.next();
    }

    static String route(String path) {
        return Arrays.stream(path.split("/"))
                .skip(1)
                .map(segment -> WORDS.contains(segment) ? segment : "*")
                .collect(Collectors.joining("/", "/", ""));
    }
}
