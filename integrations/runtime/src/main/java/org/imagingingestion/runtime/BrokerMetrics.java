package org.imagingingestion.runtime;

import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.imagingingestion.camel.events.JetStreamConsumer;
import org.imagingingestion.dicom.DicomException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;

/** Measures what becomes of events that a broker gives. */
final class BrokerMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerMetrics.class);
    private static final int SECONDS = 15;

    private final MeterRegistry registry;
    private final MultiGauge deadLetters;

    BrokerMetrics(MeterRegistry registry) {
        this.registry = registry;
        deadLetters = MultiGauge.builder("imaging.broker.dead.letters")
                .description("Events of the broker that could not be processed and nobody has replayed")
                .register(registry);
    }

    /** Begins with the consumers that have started. */
    void measure(CamelContext context) {
        JetStreamConsumer any = null;
        for (Route route : context.getRoutes()) {
            if (route.getConsumer() instanceof JetStreamConsumer consumer) {
                measure(consumer);
                any = consumer;
            }
        }
        if (any != null) {
            JetStreamConsumer asked = any;
            context.getExecutorServiceManager()
                    .newSingleThreadScheduledExecutor(this, "BrokerMetrics")
                    .scheduleWithFixedDelay(() -> look(asked), 0, SECONDS, TimeUnit.SECONDS);
        }
    }

    private void look(JetStreamConsumer consumer) {
        try {
            deadLetters.register(
                    consumer.keptDeadLetters().entrySet().stream()
                            .map(each -> MultiGauge.Row.of(Tags.of("type", each.getKey()), each.getValue()))
                            .toList(),
                    true);
        } catch (DicomException | RuntimeException e) {
            LOG.debug("Dead letters cannot be counted now", e);
        }
    }

    private void measure(JetStreamConsumer consumer) {
        Gauge.builder("imaging.broker.in.flight", consumer, JetStreamConsumer::inFlight)
                .description("Events of the broker that are in work or wait here")
                .tags("type", consumer.type(), "subscription", consumer.subscription())
                .register(registry);
        count(consumer, "processed", JetStreamConsumer::delivered);
        count(consumer, "failed", JetStreamConsumer::failures);
        count(consumer, "dead", JetStreamConsumer::deadLetters);
    }

    private void count(JetStreamConsumer consumer, String outcome, ToDoubleFunction<JetStreamConsumer> value) {
        FunctionCounter.builder("imaging.broker.events", consumer, value)
                .description("Events of the broker by what became of them: failed ones are tried again")
                .tags("type", consumer.type(), "subscription", consumer.subscription(), "outcome", outcome)
                .register(registry);
    }
}
