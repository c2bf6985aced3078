package org.imagingingestion.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.imagingingestion.camel.events.EventSubscription;
import org.imagingingestion.camel.manifest.DicomManifestComponent;
import org.imagingingestion.camel.manifest.DicomManifestConsumer;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.event.DeliveryStatistics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;

/** Measures how the deliveries of events get on: those of this process, and what waits for any. */
final class DeliveryMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryMetrics.class);
    private static final int SECONDS = 15;

    private final MeterRegistry registry;
    private final MultiGauge pending;
    private final MultiGauge dead;
    private final MultiGauge failing;
    private final MultiGauge lag;

    DeliveryMetrics(MeterRegistry registry) {
        this.registry = registry;
        pending = gauge("pending", "Events that are to be delivered");
        dead = gauge("dead", "Events that are not tried again until they are replayed");
        failing = gauge("failing", "Events that are tried again");
        lag = gauge("lag.seconds", "Time for which the oldest event that is to be delivered has waited");
    }

    private MultiGauge gauge(String name, String description) {
        return MultiGauge.builder("imaging.delivery." + name)
                .description(description)
                .register(registry);
    }

    /** Begins with the subscriptions that there are; others that come are seen as well. */
    void measure(CamelContext context) {
        List<EventSubscription> ofBroker = new ArrayList<>();
        for (Route route : context.getRoutes()) {
            if (route.getConsumer() instanceof DicomManifestConsumer consumer) {
                count(
                        consumer.subscription(),
                        consumer,
                        DicomManifestConsumer::delivered,
                        DicomManifestConsumer::failed);
            } else if (route.getConsumer() instanceof EventSubscription consumer) {
                count(consumer.subscription(), consumer, EventSubscription::delivered, EventSubscription::failures);
                ofBroker.add(consumer);
            }
        }
        DicomManifestComponent manifest =
                context.hasComponent("dicom-manifest") instanceof DicomManifestComponent it ? it : null;
        if (manifest != null || !ofBroker.isEmpty()) {
            ScheduledExecutorService executor =
                    context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "DeliveryMetrics");
            executor.scheduleWithFixedDelay(() -> look(manifest, ofBroker), 0, SECONDS, TimeUnit.SECONDS);
        }
    }

    private <T> void count(
            String subscription, T consumer, ToDoubleFunction<T> delivered, ToDoubleFunction<T> failures) {
        FunctionCounter.builder("imaging.delivery.delivered", consumer, delivered)
                .description("Events that were delivered")
                .tag("subscription", subscription)
                .register(registry);
        FunctionCounter.builder("imaging.delivery.failures", consumer, failures)
                .description("Attempts to deliver an event that failed")
                .tag("subscription", subscription)
                .register(registry);
    }

    private void look(DicomManifestComponent manifest, List<EventSubscription> ofBroker) {
        try {
            List<DeliveryStatistics> deliveries = new ArrayList<>();
            if (manifest != null) {
                deliveries.addAll(manifest.deliveries());
            }
            ofBroker.forEach(each -> deliveries.add(each.statistics()));
            set(pending, deliveries, DeliveryStatistics::pending);
            set(dead, deliveries, DeliveryStatistics::dead);
            set(failing, deliveries, DeliveryStatistics::failing);
            set(lag, deliveries, each -> each.lag().toMillis() / 1000.0);
        } catch (DicomException | RuntimeException e) {
            LOG.debug("Deliveries cannot be counted now", e);
        }
    }

    private static void set(
            MultiGauge gauge, List<DeliveryStatistics> deliveries, ToDoubleFunction<DeliveryStatistics> figure) {
        gauge.register(
                deliveries.stream()
                        .map(each -> MultiGauge.Row.of(
                                Tags.of("subscription", each.subscription()), figure.applyAsDouble(each)))
                        .toList(),
                true);
    }
}
