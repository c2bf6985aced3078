package org.imagingingestion.dicom.service;

/**
 * A retrieval, by WADO-RS, C-MOVE or C-GET.
 *
 * @param provider the tenant whose instances are meant
 * @param studyInstanceUID never {@code null}
 * @param seriesInstanceUID {@code null} for all series
 * @param sopInstanceUID {@code null} for all instances
 * @param content what is wanted of them
 */
public record Retrieval(
        String provider, String studyInstanceUID, String seriesInstanceUID, String sopInstanceUID, Content content) {
    public enum Content {
        /** Where the objects are. */
        LOCATIONS,
        /** The metadata of the instances, as it was made ready when they were recorded. */
        METADATA,
        /** Only the state of it, to compare with what a client has. */
        VERSION
    }
}
