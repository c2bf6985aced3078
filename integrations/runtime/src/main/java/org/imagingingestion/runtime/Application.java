package org.imagingingestion.runtime;

import java.lang.management.ManagementFactory;

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

    @ConfigProperty(name = "imaging.data")
    String data;

    @ConfigProperty(name = "imaging.stow.retrieve-address")
    String root;

    @Override
    public int run(String... args) {
        context.addLifecycleStrategy(new WaitingMetrics(metrics));
        routes.start(args);
        new DimseMetrics(metrics).measure(context);
        System.out.print(announcement());
        return routes.waitForExit();
    }

    private String announcement() {
        String address = "http://localhost:" + port;
        return """
                imaging-ingestion answers, %.1f s after its start; Ctrl-C stops it
                  page      %2$s/
                  DICOMweb  %2$s%3$s
                  DIMSE     %5$s on port %6$d
                  health    %2$s/q/health
                  metrics   %2$s/q/metrics
                  data      %4$s
                Store a DICOM file, and list the studies:
                  curl -H 'Content-Type: application/dicom' -H 'Accept: application/dicom+json' --data-binary @FILE %2$s%3$s/studies
                  curl %2$s%3$s/studies
                """
                .formatted(
                        (System.currentTimeMillis()
                                        - ManagementFactory.getRuntimeMXBean().getStartTime())
                                / 1000.0,
                        address,
                        root,
                        data,
                        aeTitle,
                        dimsePort);
    }
}
