package org.imagingingestion.camel.dicomweb;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.RecordOutcome;

/** The Store Instances Response, instance by instance (PS3.18 §10.5.3, Annex I). */
final class StowResponse {
    private final String retrieveUrl;
    private final List<DataSet> stored = new ArrayList<>();
    private final List<DataSet> failed = new ArrayList<>();
    private final List<DataSet> otherFailures = new ArrayList<>();
    private final Set<String> studies = new HashSet<>();
    /** Error Comment (PS3.7 Annex E). */
    private static final int ERROR_COMMENT = 0x00000902;

    /** Of LO (PS3.5 §6.2). */
    private static final int MOST_COMMENT = 64;

    private final Consumer<DicomStatus> onFailure;
    private boolean warning;
    private boolean outOfResources;
    private boolean cutOff;

    /** @param retrieveUrl of the WADO-RS service, with no slash at its end @param onFailure told of each instance not stored */
    StowResponse(String retrieveUrl, Consumer<DicomStatus> onFailure) {
        this.retrieveUrl = retrieveUrl;
        this.onFailure = onFailure;
    }

    /** What is told of an instance in any answer; every part may be {@code null}. */
    record Identity(String studyInstanceUID, String seriesInstanceUID, String sopInstanceUID, String sopClassUID) {
        static final Identity UNKNOWN = new Identity(null, null, null, null);

        /** The same where it is found, {@code null} for where it says itself. */
        Identity at(RecordOutcome.Place place) {
            return place == null
                    ? this
                    : new Identity(place.studyInstanceUID(), place.seriesInstanceUID(), sopInstanceUID, sopClassUID);
        }

        static Identity of(DataSet dataSet) {
            return new Identity(
                    dataSet.string(Tag.StudyInstanceUID),
                    dataSet.string(Tag.SeriesInstanceUID),
                    dataSet.string(Tag.SOPInstanceUID),
                    dataSet.string(Tag.SOPClassUID));
        }
    }

    /** An instance is stored; the status tells whether with a warning. */
    void stored(Identity identity, DicomStatus status) {
        String study = retrieveUrl + "/studies/" + identity.studyInstanceUID();
        DataSet item = reference(identity)
                .setString(
                        Tag.RetrieveURL,
                        VR.UR,
                        study + "/series/" + identity.seriesInstanceUID() + "/instances/" + identity.sopInstanceUID());
        if (status.isWarning()) {
            warning = true;
            item.setInt(Tag.WarningReason, VR.US, status.code());
        }
        studies.add(identity.studyInstanceUID());
        stored.add(item);
    }

    /** An instance is not stored. */
    void failed(Identity identity, DicomStatus status) {
        failed(identity, status, null);
    }

    /** An instance is not stored. @param comment why, in words without patient data, {@code null} for none */
    void failed(Identity identity, DicomStatus status, String comment) {
        onFailure.accept(status);
        outOfResources |= status == DicomStatus.OUT_OF_RESOURCES;
        DataSet item = reference(identity).setInt(Tag.FailureReason, VR.US, status.code());
        if (comment != null) {
            item.setString(
                    ERROR_COMMENT,
                    VR.LO,
                    comment.replace('\\', '/').substring(0, Math.min(comment.length(), MOST_COMMENT)));
        }
        boolean known = identity.sopClassUID() != null && identity.sopInstanceUID() != null;
        (known ? failed : otherFailures).add(item);
    }

    private static DataSet reference(Identity identity) {
        DataSet item = new DataSet();
        if (identity.sopClassUID() != null) {
            item.setString(Tag.ReferencedSOPClassUID, VR.UI, identity.sopClassUID());
        }
        if (identity.sopInstanceUID() != null) {
            item.setString(Tag.ReferencedSOPInstanceUID, VR.UI, identity.sopInstanceUID());
        }
        return item;
    }

    /** The request cannot be read on, within this instance or behind it; that is told once. */
    void cutOff(Identity identity) {
        if (!cutOff) {
            cutOff = true;
            failed(identity, DicomStatus.CANNOT_UNDERSTAND);
        }
    }

    /** Whether nothing was stored and nothing refused. */
    boolean isEmpty() {
        return stored.isEmpty() && failed.isEmpty() && otherFailures.isEmpty();
    }

    /** The status of the whole (PS3.18 Table 10.5.3-1). */
    int httpStatus() {
        boolean anyFailed = !failed.isEmpty() || !otherFailures.isEmpty();
        if (stored.isEmpty()) {
            return outOfResources ? 503 : 409;
        }
        return anyFailed || warning ? 202 : 200;
    }

    DataSet dataSet() {
        DataSet response = new DataSet();
        if (studies.size() == 1) {
            response.setString(
                    Tag.RetrieveURL,
                    VR.UR,
                    retrieveUrl + "/studies/" + studies.iterator().next());
        }
        put(response, Tag.FailedSOPSequence, failed);
        put(response, Tag.ReferencedSOPSequence, stored);
        put(response, Tag.OtherFailuresSequence, otherFailures);
        return response;
    }

    private static void put(DataSet response, int tag, List<DataSet> items) {
        if (!items.isEmpty()) {
            response.setItems(tag, items.toArray(DataSet[]::new));
        }
    }
}
