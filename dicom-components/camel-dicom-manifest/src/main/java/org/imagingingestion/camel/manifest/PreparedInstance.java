package org.imagingingestion.camel.manifest;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomJson;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.UIDs;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.BulkIndex;
import org.imagingingestion.dicom.service.QueryLevel;
import org.imagingingestion.dicom.service.QueryResult;
import org.imagingingestion.dicom.service.StoredInstance;

/**
 * All that is written of an instance, made ready by the thread that brings it, so that a transaction has only to write.
 *
 * @param image values of {@link Columns#IMAGE}
 * @param metadata the instance as DICOM JSON, ready to be given out
 */
record PreparedInstance(
        StoredInstance stored,
        String studyInstanceUID,
        String seriesInstanceUID,
        String sopInstanceUID,
        String sopClassUID,
        LevelRow patient,
        LevelRow study,
        LevelRow series,
        String[] image,
        byte[] metadata,
        byte[] bulkIndex) {

    /** @throws DicomException DATA_SET_DOES_NOT_MATCH_SOP_CLASS where one of the four UIDs is missing or is none */
    static PreparedInstance of(StoredInstance stored) throws DicomException {
        DataSet dataSet = stored.dataSet();
        String study = stored.uid(Tag.StudyInstanceUID);
        String series = stored.uid(Tag.SeriesInstanceUID);
        String instance = stored.uid(Tag.SOPInstanceUID);
        String sopClass = stored.uid(Tag.SOPClassUID);
        JsonMembers metadata = metadata(stored, instancePath(study, series, instance) + "/bulkdata/");
        return new PreparedInstance(
                stored,
                study,
                series,
                instance,
                sopClass,
                LevelRow.of(QueryLevel.PATIENT, dataSet, metadata),
                LevelRow.of(QueryLevel.STUDY, dataSet, metadata),
                LevelRow.of(QueryLevel.SERIES, dataSet, metadata),
                Column.values(Columns.IMAGE, dataSet),
                metadata.json(),
                stored.bulkIndex());
    }

    private static JsonMembers metadata(StoredInstance stored, String bulkData) {
        byte[] json = DicomJson.toBytes(
                stored.dataSet(), (path, element) -> BulkIndex.isApart(element) ? bulkData + path : null);
        JsonMembers members = JsonMembers.of(json);
        JsonObject object = new JsonObject();
        String transferSyntax = stored.transferSyntax().uid();
        if (UIDs.isLenient(transferSyntax)) {
            object.addText(Tag.AvailableTransferSyntaxUID, VR.UI, transferSyntax);
        }
        for (int i = 0; i < members.size(); i++) {
            if (Tag.group(members.tagAt(i)) != 0x0002) {
                object.add(members, i);
            }
        }
        return object.toMembers();
    }

    /** The path of an instance below the place that stands for the address of the service. */
    static String instancePath(String study, String series, String instance) {
        return seriesPath(study, series) + "/instances/" + instance;
    }

    static String seriesPath(String study, String series) {
        return studyPath(study) + "/series/" + series;
    }

    static String studyPath(String study) {
        return (char) QueryResult.BASE_URL + "/studies/" + study;
    }
}
