package org.imagingingestion.runtime;

import java.util.function.ToDoubleFunction;

import org.apache.camel.CamelContext;
import org.imagingingestion.camel.forward.DicomForwardComponent;
import org.imagingingestion.camel.forward.ForwardStatistics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Measures what waits for destinations, and what they have taken. */
final class ForwardMetrics {
    private final MeterRegistry registry;

    ForwardMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Begins with the destinations that instances wait for. */
    void measure(CamelContext context) {
        if (context.hasComponent("dicom-forward") instanceof DicomForwardComponent component) {
            component.statistics().forEach(each -> measure(component, each.destination()));
        }
    }

    private void measure(DicomForwardComponent component, String destination) {
        Gauge.builder("imaging.forward.waiting", component, value(destination, ForwardStatistics::waiting))
                .description("Instances that are still to be sent to a destination")
                .tag("destination", destination)
                .register(registry);
        Gauge.builder("imaging.forward.failing", component, value(destination, each -> each.failing() ? 1 : 0))
                .description("Whether a destination takes nothing now")
                .tag("destination", destination)
                .register(registry);
        count(
                "delivered",
                "Instances that a destination has taken",
                component,
                destination,
                ForwardStatistics::delivered);
        count(
                "failed.attempts",
                "Attempts to send that failed",
                component,
                destination,
                ForwardStatistics::failedAttempts);
        count(
                "put.aside",
                "Instances that a destination did not take",
                component,
                destination,
                ForwardStatistics::putAside);
    }

    private void count(
            String name,
            String description,
            DicomForwardComponent component,
            String destination,
            ToDoubleFunction<ForwardStatistics> figure) {
        FunctionCounter.builder("imaging.forward." + name, component, value(destination, figure))
                .description(description)
                .tag("destination", destination)
                .register(registry);
    }

    private static ToDoubleFunction<DicomForwardComponent> value(
            String destination, ToDoubleFunction<ForwardStatistics> figure) {
        return component -> component.statistics().stream()
                .filter(each -> each.destination().equals(destination))
                .mapToDouble(figure)
                .sum();
    }
}
