package org.imagingingestion.camel.dimse;

import java.util.Map;

import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Ready as long as the port is listened on. */
final class DimseHealthCheck extends AbstractHealthCheck {
    private final DimseServer server;

    DimseHealthCheck(DimseServer server) {
        super("dicom", "dimse-" + server.port());
        this.server = server;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        builder.detail("port", server.port()).detail("associations", server.associations());
        if (server.isListening()) {
            builder.up();
        } else {
            builder.message("The port is not listened on").down();
        }
    }
}
