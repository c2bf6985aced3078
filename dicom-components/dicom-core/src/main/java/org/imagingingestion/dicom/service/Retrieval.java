package org.imagingingestion.dicom.service;

import java.util.List;

/**
 * A retrieval, by WADO-RS, C-MOVE or C-GET.
 *
 * @param provider the tenant whose instances are meant
 * @param studyInstanceUID never {@code null}
 * @param seriesInstanceUID {@code null} for all series
 * @param sopInstanceUID {@code null} for all instances
 * @param content what is wanted of them
 * @param sopInstanceUIDs the only ones that are wanted, empty for all: for {@link Content#METADATA} as {@link RetrievalResult#left()}
 *     named them, of which those that are there are given; for {@link Content#LOCATIONS} those that all have to be there, which are
 *     given in this order; others come by series and instance number
 */
public record Retrieval(
        String provider,
        String studyInstanceUID,
        String seriesInstanceUID,
        String sopInstanceUID,
        Content content,
        List<String> sopInstanceUIDs) {
    public enum Content {
        /** Where the objects are. */
        LOCATIONS,
        /** The metadata of the instances, as it was made ready when they were recorded, of as many as are given at once. */
        METADATA,
        /** Only the state of it, to compare with what a client has. */
        VERSION
    }

    public Retrieval(
            String provider,
            String studyInstanceUID,
            String seriesInstanceUID,
            String sopInstanceUID,
            Content content) {
        this(provider, studyInstanceUID, seriesInstanceUID, sopInstanceUID, content, List.of());
    }

    /** The same for these instances only. */
    public Retrieval of(List<String> instances) {
        return new Retrieval(provider, studyInstanceUID, seriesInstanceUID, sopInstanceUID, content, instances);
    }
}
