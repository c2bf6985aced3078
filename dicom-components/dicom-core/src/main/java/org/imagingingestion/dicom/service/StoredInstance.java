package org.imagingingestion.dicom.service;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.TransferSyntax;

/**
 * An instance whose bytes are durable in a storage space, to be recorded in the manifest.
 *
 * @param provider the storage space and tenant it belongs to
 * @param objectName its key there
 * @param length bytes of the Part 10 file
 * @param sha256 digest of the file, 32 bytes
 * @param transferSyntax of the data set in the file
 * @param dataSet the whole data set, long values by their place in the file
 */
public record StoredInstance(
        String provider,
        String objectName,
        long length,
        byte[] sha256,
        TransferSyntax transferSyntax,
        DataSet dataSet) {}
