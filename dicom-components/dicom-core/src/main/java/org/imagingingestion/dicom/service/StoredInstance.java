package org.imagingingestion.dicom.service;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.UIDs;

/**
 * An instance whose bytes are durable in a storage space, to be recorded in the manifest.
 *
 * @param provider the storage space and tenant it belongs to
 * @param objectName its key there
 * @param length bytes of the Part 10 file
 * @param sha256 digest of the file, 32 bytes
 * @param transferSyntax of the data set in the file
 * @param dataSet the whole data set, long values by their place in the file
 * @param bulkIndex where the long values are, as {@link BulkIndex#encode} has it
 * @param receivedFrom calling AE title of the sender; {@code null} where it has none
 */
public record StoredInstance(
        String provider,
        String objectName,
        long length,
        byte[] sha256,
        TransferSyntax transferSyntax,
        DataSet dataSet,
        byte[] bulkIndex,
        String receivedFrom) {

    /** One whose data set has the places of its long values. */
    public StoredInstance(
            String provider,
            String objectName,
            long length,
            byte[] sha256,
            TransferSyntax transferSyntax,
            DataSet dataSet) {
        this(provider, objectName, length, sha256, transferSyntax, dataSet, null, null);
    }

    @Override
    public byte[] bulkIndex() {
        return bulkIndex != null ? bulkIndex : BulkIndex.of(dataSet).encode();
    }

    /** The same of another storage space. */
    public StoredInstance withProvider(String other) {
        return new StoredInstance(other, objectName, length, sha256, transferSyntax, dataSet, bulkIndex, receivedFrom);
    }

    /** The same of a sender. */
    public StoredInstance withReceivedFrom(String callingAETitle) {
        return new StoredInstance(
                provider, objectName, length, sha256, transferSyntax, dataSet, bulkIndex, callingAETitle);
    }

    /**
     * One of the UIDs that it is known by.
     *
     * @throws DicomException DATA_SET_DOES_NOT_MATCH_SOP_CLASS where it is missing or is none
     */
    public String uid(int tag) throws DicomException {
        String uid = dataSet.string(tag);
        if (!UIDs.isLenient(uid)) {
            throw new DicomException(
                    DicomStatus.DATA_SET_DOES_NOT_MATCH_SOP_CLASS,
                    Dictionary.keywordOf(tag) + " is " + (uid == null ? "missing" : "not a UID (PS3.5 §9.1)"));
        }
        return uid;
    }
}
