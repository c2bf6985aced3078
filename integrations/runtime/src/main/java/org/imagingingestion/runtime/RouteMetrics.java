package org.imagingingestion.runtime;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;
import org.imagingingestion.camel.dicomweb.StowConsumer;
import org.imagingingestion.camel.manifest.DicomManifestComponent;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.RecordOutcome;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.arc.Unremovable;

/** Measures what the routes do: how long each takes, what is stored, and what is not and why. */
@Unremovable
@ApplicationScoped
public class RouteMetrics implements RoutePolicyFactory {
    private static final String BEGUN = "CamelImagingBegun";
    private static final String RECEIVED = "CamelImagingReceived";
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30)
    };

    @Inject
    MeterRegistry registry;

    @Override
    public RoutePolicy createRoutePolicy(CamelContext camelContext, String routeId, NamedNode route) {
        return switch (routeId) {
            case "ingest" -> {
                Gauge.builder("imaging.manifest.queue", camelContext, RouteMetrics::queueLength)
                        .description("Instances that wait to be recorded")
                        .register(registry);
                yield new Storing();
            }
            case "dicomweb-stow" -> new Failures();
            case "dicomweb-qido" -> new Timing("imaging.search");
            case "dicomweb-wado" -> new Timing("imaging.retrieve");
            default -> null;
        };
    }

    private static double queueLength(CamelContext context) {
        return context.hasComponent("dicom-manifest") instanceof DicomManifestComponent manifest
                ? manifest.queueLength()
                : 0;
    }

    private class Timing extends RoutePolicySupport {
        private final Timer timer;

        Timing(String name) {
            timer = Timer.builder(name)
                    .description("Time that the route took")
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry);
        }

        @Override
        public void onExchangeBegin(Route route, Exchange exchange) {
            exchange.setProperty(BEGUN, System.nanoTime());
        }

        @Override
        public void onExchangeDone(Route route, Exchange exchange) {
            timer.record(System.nanoTime() - exchange.getProperty(BEGUN, Long.class), TimeUnit.NANOSECONDS);
        }
    }

    /** What STOW-RS does not store, by reason: much of it is refused before the route. */
    private final class Failures extends RoutePolicySupport {
        @Override
        public void onStart(Route route) {
            if (route.getConsumer() instanceof StowConsumer stow) {
                for (DicomStatus reason : DicomStatus.values()) {
                    if (reason.isFailure()) {
                        FunctionCounter.builder("imaging.store.failures", stow, consumer -> consumer.failures(reason))
                                .description("Instances that were not stored")
                                .tag("reason", reason.name())
                                .register(registry);
                    }
                }
            }
        }
    }

    private final class Storing extends Timing {
        Storing() {
            super("imaging.store");
            for (RecordOutcome.Kind outcome : RecordOutcome.Kind.values()) {
                if (outcome != RecordOutcome.Kind.REFUSED) {
                    stored(outcome, 0, 0);
                }
            }
        }

        @Override
        public void onExchangeBegin(Route route, Exchange exchange) {
            super.onExchangeBegin(route, exchange);
            exchange.setProperty(RECEIVED, exchange.getMessage().getBody());
        }

        @Override
        public void onExchangeDone(Route route, Exchange exchange) {
            super.onExchangeDone(route, exchange);
            Object received = exchange.removeProperty(RECEIVED);
            if (exchange.getException() == null
                    && exchange.getMessage().getBody() instanceof RecordOutcome outcome
                    && outcome.kind() != RecordOutcome.Kind.REFUSED
                    && received instanceof InstanceBody body) {
                stored(outcome.kind(), 1, body.length());
            }
        }

        private void stored(RecordOutcome.Kind outcome, int count, long length) {
            registry.counter("imaging.instances.stored", "outcome", outcome.name())
                    .increment(count);
            registry.counter("imaging.bytes.stored", "outcome", outcome.name()).increment(length);
        }
    }
}
