package org.imagingingestion.runtime;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.imagingingestion.camel.dimse.DimseListener;
import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.Message;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.quarkus.arc.Unremovable;

/** A span for each operation that a peer asks for by DIMSE, which has no place for a context: it begins a trace. */
@Unremovable
@ApplicationScoped
public class TracedOperations implements DimseListener {
    @Inject
    Tracing tracing;

    private final Map<Message, Span> spans = new ConcurrentHashMap<>();

    @Override
    public String begun(Association association, Message request) {
        if (!tracing.isOn()) {
            return null;
        }
        String command = request.command().field().toString();
        Span span = tracing.start(command, SpanKind.SERVER, null);
        span.setAttribute("dimse.command", command);
        span.setAttribute("dimse.sop_class", request.context().abstractSyntax());
        span.setAttribute("dimse.association", association.id());
        spans.put(request, span);
        return Tracing.traceparent(span);
    }

    @Override
    public void ended(Association association, Message request) {
        Span span = spans.remove(request);
        if (span == null) {
            return;
        }
        if (request.status() == null) {
            span.setStatus(StatusCode.ERROR, "The association ended before the answer");
        } else {
            span.setAttribute("dimse.status", request.status().hex());
            if (request.status().isFailure()) {
                span.setStatus(StatusCode.ERROR);
            }
        }
        span.end();
    }
}
