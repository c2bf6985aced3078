package org.imagingingestion.runtime;

import java.util.Locale;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.camel.CamelContext;
import org.apache.camel.support.LifecycleStrategySupport;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Measures how many requests wait for one of the threads of their service. */
final class WaitingMetrics extends LifecycleStrategySupport {
    private static final Pattern CONSUMER = Pattern.compile("([A-Z][a-z]+)Consumer.*");

    private final MeterRegistry registry;

    WaitingMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void onThreadPoolAdd(
            CamelContext camelContext,
            ThreadPoolExecutor threadPool,
            String id,
            String sourceId,
            String routeId,
            String threadPoolProfileId) {
        Matcher consumer = CONSUMER.matcher(id);
        if (consumer.matches()) {
            Gauge.builder("imaging.requests.waiting", threadPool.getQueue(), queue -> queue.size())
                    .description("Requests that wait to be worked on")
                    .tag("service", consumer.group(1).toLowerCase(Locale.ROOT))
                    .strongReference(true)
                    .register(registry);
        }
    }
}
