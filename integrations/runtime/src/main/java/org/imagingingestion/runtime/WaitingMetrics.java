package org.imagingingestion.runtime;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
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
    private final Map<String, List<Queue<?>>> queues = new ConcurrentHashMap<>();

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
            queues.computeIfAbsent(consumer.group(1).toLowerCase(Locale.ROOT), this::measure)
                    .add(threadPool.getQueue());
        }
    }

    private List<Queue<?>> measure(String service) {
        List<Queue<?>> ofService = new CopyOnWriteArrayList<>();
        Gauge.builder("imaging.requests.waiting", ofService, all -> all.stream()
                        .mapToInt(Queue::size)
                        .sum())
                .description("Requests that wait to be worked on")
                .tag("service", service)
                .strongReference(true)
                .register(registry);
        return ofService;
    }
}
