package org.imagingingestion.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready as long as instances can be written to the storage folder, and there is room for some. */
@Readiness
@ApplicationScoped
public class StorageHealthCheck implements HealthCheck {
    private static final long MEGABYTE = 1_000_000;

    @ConfigProperty(name = "imaging.storage.folder")
    Path folder;

    @ConfigProperty(name = "imaging.storage.least-free-megabytes")
    long leastFreeMegabytes;

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("Storage space");
        try {
            long free = Files.getFileStore(folder).getUsableSpace() / MEGABYTE;
            boolean writable = Files.isWritable(folder);
            return response.withData("folder", folder.toString())
                    .withData("writable", writable)
                    .withData("freeMegabytes", free)
                    .status(writable && free >= leastFreeMegabytes)
                    .build();
        } catch (IOException e) {
            return response.withData("folder", folder.toString())
                    .withData("problem", StartupException.reason(e))
                    .down()
                    .build();
        }
    }
}
