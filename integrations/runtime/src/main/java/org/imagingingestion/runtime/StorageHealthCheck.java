package org.imagingingestion.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.apache.camel.CamelContext;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;
import org.imagingingestion.camel.storage.DicomStorageComponent;
import org.imagingingestion.camel.storage.StorageSpace;

/**
 * Ready as long as the storage folder can be read and, where instances come in, be written and has room for some; or an object store
 * answers, and takes them.
 */
@Readiness
@ApplicationScoped
public class StorageHealthCheck implements HealthCheck {
    private static final String FILES = "storage-space-file-action";
    private static final long MEGABYTE = 1_000_000;

    @Inject
    CamelContext context;

    @ConfigProperty(name = "imaging.storage.space")
    String kamelet;

    @ConfigProperty(name = "imaging.storage.folder")
    Path folder;

    @ConfigProperty(name = "imaging.storage.least-free-megabytes")
    long leastFreeMegabytes;

    @ConfigProperty(name = "imaging.role")
    String role;

    private final LastingCheck check = new LastingCheck(this::checkAll);

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("Storage space");
        try {
            return kamelet.equals(FILES) ? files(response) : objects(response);
        } catch (IOException e) {
            return response.withData("problem", StartupException.reason(e))
                    .down()
                    .build();
        }
    }

    private HealthCheckResponse files(HealthCheckResponseBuilder response) throws IOException {
        response.withData("folder", folder.toString());
        long free = Files.getFileStore(folder).getUsableSpace() / MEGABYTE;
        boolean writable = Files.isWritable(folder);
        boolean receives = Role.of(role).map(Role::receives).orElse(true);
        return response.withData("writable", writable)
                .withData("freeMegabytes", free)
                .status(Files.isReadable(folder) && (!receives || writable && free >= leastFreeMegabytes))
                .build();
    }

    private HealthCheckResponse objects(HealthCheckResponseBuilder response) throws IOException {
        response.withData("kamelet", kamelet);
        check.run();
        return response.up().build();
    }

    private void checkAll() throws IOException {
        if (context.hasComponent("dicom-storage") instanceof DicomStorageComponent component) {
            for (StorageSpace space : component.spaces()) {
                space.check();
            }
        }
    }
}
