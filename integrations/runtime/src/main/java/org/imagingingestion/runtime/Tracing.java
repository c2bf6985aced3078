package org.imagingingestion.runtime;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.imagingingestion.dicom.service.ServiceHeaders;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;

/**
 * Makes spans of what the process does and sends them by OTLP over HTTP, where an address is set. They tell of operations, never of
 * patients. What has no span of its own still hands the context on that it came with.
 */
@ApplicationScoped
class Tracing {
    private static final Duration TO_SEND_THE_LAST = Duration.ofSeconds(5);
    private static final TextMapGetter<String> CARRIER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String traceparent) {
            return List.of(ServiceHeaders.TRACEPARENT);
        }

        @Override
        public String get(String traceparent, String key) {
            return key.equals(ServiceHeaders.TRACEPARENT) ? traceparent : null;
        }
    };

    @ConfigProperty(name = "imaging.traces.endpoint")
    Optional<String> endpoint;

    @ConfigProperty(name = "imaging.traces.headers")
    Optional<String> headers;

    @ConfigProperty(name = "imaging.traces.service-name")
    String serviceName;

    @ConfigProperty(name = "imaging.traces.ratio")
    double ratio;

    private SdkTracerProvider provider;
    private Tracer tracer;

    @PostConstruct
    void start() {
        if (!isOn()) {
            return;
        }
        OtlpHttpSpanExporterBuilder exporter =
                OtlpHttpSpanExporter.builder().setEndpoint(endpoint.get().replaceAll("/+$", "") + "/v1/traces");
        headers.map(Tracing::parse).orElse(Map.of()).forEach(exporter::addHeader);
        provider = SdkTracerProvider.builder()
                .setResource(Resource.getDefault()
                        .merge(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), serviceName))))
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(ratio)))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter.build()).build())
                .build();
        tracer = provider.get("org.imagingingestion");
    }

    private static Map<String, String> parse(String headers) {
        return Arrays.stream(headers.split(","))
                .map(header -> header.split("=", 2))
                .filter(header -> header.length == 2)
                .collect(Collectors.toMap(header -> header[0].strip(), header -> header[1].strip(), (a, b) -> b));
    }

    /** Whether spans are made. */
    boolean isOn() {
        return endpoint.isPresent();
    }

    /** A span to be ended by the caller. @param traceparent of what it is part of, {@code null} where it is the first */
    Span start(String name, SpanKind kind, String traceparent) {
        return tracer.spanBuilder(name)
                .setSpanKind(kind)
                .setParent(W3CTraceContextPropagator.getInstance().extract(Context.root(), traceparent, CARRIER))
                .startSpan();
    }

    /** What is to be handed on to what is part of the span. */
    static String traceparent(Span span) {
        return "00-" + span.getSpanContext().getTraceId() + '-'
                + span.getSpanContext().getSpanId() + '-'
                + span.getSpanContext().getTraceFlags().asHex();
    }

    @PreDestroy
    void stop() {
        if (provider != null) {
            provider.shutdown().join(TO_SEND_THE_LAST.toSeconds(), TimeUnit.SECONDS);
        }
    }
}
