package org.imagingingestion.dicom.service;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * What answers a {@link Retrieval}. All lists are empty where nothing is there.
 *
 * @param version changes with whatever the retrieval would give back; {@code null} where nothing is there
 * @param locations for {@link Retrieval.Content#LOCATIONS}, by series number and instance number
 * @param metadata for {@link Retrieval.Content#METADATA}, in the same order; as {@link QueryResult#matches()}
 * @param left for {@link Retrieval.Content#METADATA}, the SOP Instance UIDs of those whose metadata were too much to be given with
 *     the others: they come after them, and are to be asked for by {@link Retrieval#sopInstanceUIDs()}
 * @param objects where to read the locations from, {@code null} until a storage space has put itself there
 */
public record RetrievalResult(
        String version,
        List<InstanceLocation> locations,
        List<byte[]> metadata,
        List<String> left,
        ObjectSource objects) {
    public RetrievalResult(
            String version, List<InstanceLocation> locations, List<byte[]> metadata, ObjectSource objects) {
        this(version, locations, metadata, List.of(), objects);
    }

    /** The instances, to be sent on; for {@link Retrieval.Content#LOCATIONS}. */
    public List<KeptInstance> instances() {
        return locations.stream()
                .map(location -> (KeptInstance) new StoredObject(location, objects))
                .toList();
    }

    private record StoredObject(InstanceLocation location, ObjectSource objects) implements KeptInstance {
        @Override
        public String sopClassUID() {
            return location.sopClassUID();
        }

        @Override
        public String sopInstanceUID() {
            return location.sopInstanceUID();
        }

        @Override
        public String transferSyntaxUID() {
            return location.transferSyntaxUID();
        }

        @Override
        public long length() {
            return location.length();
        }

        @Override
        public InputStream open() throws IOException {
            return objects.open(location.objectName(), 0, location.length());
        }
    }

    public RetrievalResult withObjects(ObjectSource source) {
        return new RetrievalResult(version, locations, metadata, left, source);
    }
}
