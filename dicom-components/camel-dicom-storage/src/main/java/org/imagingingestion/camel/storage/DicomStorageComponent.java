package org.imagingingestion.camel.storage;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** Opens each storage space once, however many endpoints use it. */
@Component("dicom-storage")
public class DicomStorageComponent extends DefaultComponent {
    /** Options that tell what is done, rather than where. */
    private static final List<String> OF_AN_OPERATION = List.of("operation", "provider", "minimumAge");

    /** By their folder, or by their options. */
    private final Map<Object, StorageSpace> spaces = new ConcurrentHashMap<>();

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        Map<String, Object> place = new TreeMap<>(parameters);
        place.keySet().removeAll(OF_AN_OPERATION);
        place.put("kind", remaining);
        DicomStorageEndpoint endpoint = new DicomStorageEndpoint(uri, this, place);
        endpoint.setKind(remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** The storage space of an endpoint. @throws Exception where it cannot be opened */
    synchronized StorageSpace open(DicomStorageEndpoint endpoint) throws Exception {
        Object key = endpoint.getKind().equals("file") ? folder(endpoint) : endpoint.place();
        StorageSpace space = spaces.get(key);
        if (space == null) {
            space = switch (endpoint.getKind()) {
                case "file" -> new FileStorageSpace(
                        folder(endpoint), endpoint.isFsync(), endpoint.getJournaledLength(), endpoint.isDirect());
                case "s3" -> ObjectStorageSpaces.s3(endpoint.getConfiguration());
                case "azure" -> ObjectStorageSpaces.azure(endpoint.getConfiguration());
                default -> throw new IllegalArgumentException(
                        "A storage space is of kind file, s3 or azure, not " + endpoint.getKind());
            };
            spaces.put(key, space);
        }
        return space;
    }

    private static Path folder(DicomStorageEndpoint endpoint) {
        return Path.of(required("path", endpoint.getPath())).toAbsolutePath().normalize();
    }

    /** @throws IllegalArgumentException where an option is not given */
    static String required(String option, String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("The option " + option + " of the storage space is not given");
        }
        return value;
    }

    /** The storage spaces that are open, for health checks and metrics. */
    public Collection<StorageSpace> spaces() {
        return List.copyOf(spaces.values());
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
