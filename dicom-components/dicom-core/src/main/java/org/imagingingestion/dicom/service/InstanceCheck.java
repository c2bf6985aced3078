package org.imagingingestion.dicom.service;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.UIDs;

/** What an instance has to fulfil to be taken, and what its sender is told (PS3.18 §10.5.2, Annex I.2; PS3.4 §B.2.3). */
public final class InstanceCheck {
    private static final RecordOutcome ADDED = new RecordOutcome(RecordOutcome.Kind.ADDED, null);

    private InstanceCheck() {}

    /**
     * Checks the header of an instance.
     *
     * @param studyInstanceUID that it shall belong to, {@code null} for any
     * @throws DicomException naming the attribute that keeps it from being taken
     */
    public static void check(InstanceBody body, String studyInstanceUID) throws DicomException {
        DataSet header = body.dataSet();
        requireUID(header, Tag.SOPClassUID, "SOP Class UID");
        requireUID(header, Tag.SOPInstanceUID, "SOP Instance UID");
        requireUID(header, Tag.StudyInstanceUID, "Study Instance UID");
        requireUID(header, Tag.SeriesInstanceUID, "Series Instance UID");
        if (!isSame(body, Tag.MediaStorageSOPClassUID, Tag.SOPClassUID)) {
            throw new DicomException(
                    DicomStatus.DATA_SET_DOES_NOT_MATCH_SOP_CLASS,
                    "SOP Class UID of the data set is not the one of the File Meta Information");
        }
        if (studyInstanceUID != null && !studyInstanceUID.equals(header.string(Tag.StudyInstanceUID))) {
            throw new DicomException(
                    DicomStatus.DATA_SET_DOES_NOT_MATCH_SOP_CLASS, "Study Instance UID is not the one of the path");
        }
    }

    /**
     * What the sender of an instance is told when a route has taken it.
     *
     * @param result what the route ended with: what the manifest did, what another system did to which it was sent, or anything
     *     else where the route has read the instance to its end
     * @throws DicomException where the route has not
     */
    public static DicomStatus status(InstanceBody body, Object result) throws DicomException {
        if (result instanceof RecordOutcome outcome) {
            return status(body, outcome);
        }
        if (result instanceof StoreResult sent && sent.instances().size() == 1) {
            return sent.instances().get(0).status();
        }
        if (!body.isComplete()) {
            throw new DicomException(DicomStatus.PROCESSING_FAILURE, "The route did not take the instance to its end");
        }
        return status(body, ADDED);
    }

    private static DicomStatus status(InstanceBody body, RecordOutcome outcome) {
        return switch (outcome.kind()) {
            case REFUSED -> DicomStatus.DUPLICATE_SOP_INSTANCE;
            case KEPT_FIRST -> DicomStatus.DATA_SET_DOES_NOT_MATCH_SOP_CLASS_WARNING;
            default -> AttributeCheck.isValid(body.dataSet()) && isNamedByMetaInformation(body)
                    ? DicomStatus.SUCCESS
                    : DicomStatus.DATA_SET_DOES_NOT_MATCH_SOP_CLASS_WARNING;
        };
    }

    private static void requireUID(DataSet header, int tag, String name) throws DicomException {
        String uid = header.string(tag);
        if (uid == null) {
            throw new DicomException(DicomStatus.CANNOT_UNDERSTAND, name + " is missing");
        }
        if (!UIDs.isLenient(uid)) {
            throw new DicomException(DicomStatus.CANNOT_UNDERSTAND, name + " is not a UID");
        }
    }

    /**
     * Whether the File Meta Information names the instance of the data set. Programs that change UIDs often leave it as it was, so
     * that it is no reason to refuse the instance.
     */
    private static boolean isNamedByMetaInformation(InstanceBody body) {
        return isSame(body, Tag.MediaStorageSOPInstanceUID, Tag.SOPInstanceUID);
    }

    private static boolean isSame(InstanceBody body, int metaTag, int tag) {
        String inMeta = body.fileMetaInformation().string(metaTag);
        return inMeta == null || inMeta.equals(body.dataSet().string(tag));
    }
}
