package org.imagingingestion.dicom.service;

import java.util.List;

/**
 * What answers a {@link Retrieval}. All lists are empty where nothing is there.
 *
 * @param version changes with whatever the retrieval would give back; {@code null} where nothing is there
 * @param locations for {@link Retrieval.Content#LOCATIONS}, by series number and instance number
 * @param metadata for {@link Retrieval.Content#METADATA}, in the same order; as {@link QueryResult#matches()}
 * @param objects where to read the locations from, {@code null} until a storage space has put itself there
 */
public record RetrievalResult(
        String version, List<InstanceLocation> locations, List<byte[]> metadata, ObjectSource objects) {
    public RetrievalResult withObjects(ObjectSource source) {
        return new RetrievalResult(version, locations, metadata, source);
    }
}
