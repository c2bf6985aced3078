package org.imagingingestion.runtime;

import java.util.concurrent.TimeUnit;

import org.apache.camel.CamelContext;
import org.imagingingestion.camel.dimse.DimseComponent;
import org.imagingingestion.camel.dimse.DimseServer;
import org.imagingingestion.camel.dimse.DimseStatistics;
import org.imagingingestion.dicom.Dictionary;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** Measures what peers ask for by DIMSE, and what they are answered. */
final class DimseMetrics {
    private final MeterRegistry registry;

    DimseMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Begins with the ports that are open. */
    void measure(CamelContext context) {
        if (context.hasComponent("dimse") instanceof DimseComponent dimse) {
            dimse.servers().forEach(this::measure);
        }
    }

    private void measure(DimseServer server) {
        String port = Integer.toString(server.port());
        DimseStatistics statistics = server.statistics();
        Gauge.builder("imaging.dimse.associations.open", server, DimseServer::associations)
                .description("Associations that are open")
                .tag("port", port)
                .register(registry);
        FunctionCounter.builder("imaging.dimse.associations", statistics, DimseStatistics::accepted)
                .description("Associations that were asked for, and what became of them")
                .tags("port", port, "outcome", "accepted")
                .register(registry);
        FunctionCounter.builder("imaging.dimse.associations", statistics, DimseStatistics::rejectedAssociations)
                .tags("port", port, "outcome", "rejected")
                .register(registry);
        FunctionCounter.builder("imaging.dimse.associations", statistics, DimseStatistics::aborted)
                .tags("port", port, "outcome", "aborted")
                .register(registry);
        FunctionCounter.builder("imaging.dimse.bytes", statistics, DimseStatistics::bytesReceived)
                .description("Bytes of associations that have ended")
                .tags("port", port, "direction", "in")
                .register(registry);
        FunctionCounter.builder("imaging.dimse.bytes", statistics, DimseStatistics::bytesSent)
                .tags("port", port, "direction", "out")
                .register(registry);
        statistics.setListener((answer, nanos) -> Timer.builder("imaging.dimse.requests")
                .description("Time from a request to its last answer")
                .tags(
                        "port",
                        port,
                        "command",
                        answer.command().toString(),
                        "sop_class",
                        nameOf(answer.sopClassUID()),
                        "peer",
                        answer.callingAETitle(),
                        "status",
                        String.format("%04X", answer.status()))
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS));
    }

    private static String nameOf(String sopClassUID) {
        Dictionary.UIDEntry entry = Dictionary.uid(sopClassUID);
        return entry == null ? sopClassUID : entry.keyword();
    }
}
