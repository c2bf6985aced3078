package org.imagingingestion.dicom.service;

/**
 * Where an instance is, and what is needed to give it or a part of it back.
 *
 * @param objectName key in the storage space
 * @param length bytes of the object
 * @param sha256 digest of the object, 32 bytes
 * @param bulkIndex encoded {@link BulkIndex}
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
        byte[] bulkIndex) {}
