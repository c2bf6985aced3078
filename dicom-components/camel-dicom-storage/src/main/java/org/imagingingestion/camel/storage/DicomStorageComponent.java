package org.imagingingestion.camel.storage;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** Opens each storage space once, however many endpoints use it. */
@Component("dicom-storage")
public class DicomStorageComponent extends DefaultComponent {
    private final Map<Path, StorageSpace> spaces = new ConcurrentHashMap<>();

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        DicomStorageEndpoint endpoint = new DicomStorageEndpoint(uri, this);
        endpoint.setKind(remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** The storage space of an endpoint. @throws Exception where it cannot be opened */
    synchronized StorageSpace open(DicomStorageEndpoint endpoint) throws Exception {
        Path path = Path.of(endpoint.getPath()).toAbsolutePath().normalize();
        StorageSpace space = spaces.get(path);
        if (space == null) {
            space = new FileStorageSpace(path, endpoint.isFsync(), endpoint.getJournaledLength(), endpoint.isDirect());
            spaces.put(path, space);
        }
        return space;
    }

    /** The storage spaces that are open, for health checks and metrics. */
    public Map<Path, StorageSpace> spaces() {
        return Map.copyOf(spaces);
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        for (StorageSpace space : spaces.values()) {
            space.close();
        }
        spaces.clear();
    }
}
