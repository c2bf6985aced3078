package org.imagingingestion.dicom.service;

import java.time.Instant;

/**
 * Where an instance is, and what is needed to give it or a part of it back.
 *
 * @param objectName key in the storage space
 * @param length bytes of the object
 * @param sha256 digest of the object, 32 bytes
 * @param bulkIndex encoded {@link BulkIndex}
 * @param recordedAt when it came to the manifest; {@code null} where that is not known
 */
public record InstanceLocation(
        String studyInstanceUID,
        String seriesInstanceUID,
        String sopInstanceUID,
        String sopClassUID,
        String transferSyntaxUID,
        String objectName,
        long length,
        byte[] sha256,
        byte[] bulkIndex,
        Instant recordedAt) {

    /** One of which it is not known when it came. */
    public InstanceLocation(
            String studyInstanceUID,
            String seriesInstanceUID,
            String sopInstanceUID,
            String sopClassUID,
            String transferSyntaxUID,
            String objectName,
            long length,
            byte[] sha256,
            byte[] bulkIndex) {
        this(
                studyInstanceUID,
                seriesInstanceUID,
                sopInstanceUID,
                sopClassUID,
                transferSyntaxUID,
                objectName,
                length,
                sha256,
                bulkIndex,
                null);
    }
}
