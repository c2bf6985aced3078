package org.imagingingestion.runtime;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import jakarta.inject.Inject;

import org.apache.camel.CamelContext;
import org.apache.camel.quarkus.core.CamelRuntime;
import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.QuarkusApplication;

/** Runs the routes, says where they are to be found, and waits for their end. */
public class Application implements QuarkusApplication {
    @Inject
    CamelRuntime routes;

    @Inject
    CamelContext context;

    @Inject
    MeterRegistry metrics;

    @ConfigProperty(name = "quarkus.http.port")
    int port;

    @ConfigProperty(name = "imaging.dimse.ae-title")
    String aeTitle;

    @ConfigProperty(name = "imaging.dimse.port")
    int dimsePort;

    @ConfigProperty(name = "imaging.role")
    String role;

    @ConfigProperty(name = "imaging.data")
    String data;

    @ConfigProperty(name = "imaging.pipes.without-error-handler")
    Optional<List<String>> pipesWithoutErrorHandler;

    @ConfigProperty(name = "imaging.stow.retrieve-address")
    String root;

    /** Ends it as soon as it has started, which is for the archive of its classes. */
    @ConfigProperty(name = "imaging.end-when-started", defaultValue = "false")
    boolean endWhenStarted;

    @Override
    public int run(String... args) {
        context.addLifecycleStrategy(new WaitingMetrics(metrics));
        new PipeFailures(pipesWithoutErrorHandler.map(Set::copyOf).orElse(Set.of())).watch(context);
        routes.start(args);
        new DimseMetrics(metrics).measure(context);
        new BrokerMetrics(metrics).measure(context);
        new ForwardMetrics(metrics).measure(context);
        new DeliveryMetrics(metrics).measure(context);
        if (endWhenStarted) {
            return 0;
        }
        System.out.print(announcement());
        return routes.waitForExit();
    }

    private String announcement() {
        String address = "http://localhost:" + port;
        Role started = Role.of(role).orElseThrow();
        StringBuilder text = new StringBuilder("imaging-ingestion answers, %.1f s after its start; Ctrl-C stops it%n"
                .formatted((System.currentTimeMillis()
                                - ManagementFactory.getRuntimeMXBean().getStartTime())
                        / 1000.0));
        if (started != Role.ALL_IN_ONE) {
            text.append(line("role", role));
        }
        if (started == Role.ALL_IN_ONE || started == Role.WADO) {
            text.append(line("page", address + "/"));
        }
        if (started == Role.ALL_IN_ONE || started == Role.WADO || started == Role.STOW) {
            text.append(line("DICOMweb", address + root));
        }
        if (started.speaksDimse()) {
            text.append(line("DIMSE", aeTitle + " on port " + dimsePort));
        }
        text.append(line("health", address + "/q/health"));
        text.append(line("metrics", address + "/q/metrics"));
        text.append(line("data", data));
        return text + (started == Role.ALL_IN_ONE ? example(address + root) : "");
    }

    private static String line(String name, String value) {
        return "  %-9s %s%n".formatted(name, value);
    }

    private static String example(String service) {
        return """
                Store a DICOM file, and list the studies:
                  curl -H 'Content-Type: application/dicom' -H 'Accept: application/dicom+json' --data-binary @FILE %1$s/studies
                  curl %1$s/studies
                """
                .formatted(service);
    }
}
