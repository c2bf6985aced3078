package org.imagingingestion.camel.manifest;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryLevel;

/** Which attributes a search gives back (PS3.18 Tables 10.6.3-3 to 10.6.3-5), but for those that are computed. */
final class ReturnKeys {
    /** Given back without a value where they have none. */
    private static final int[] PATIENT = {Tag.PatientName, Tag.PatientID, Tag.PatientBirthDate, Tag.PatientSex};

    private static final int[] STUDY = {
        Tag.StudyDate,
        Tag.StudyTime,
        Tag.AccessionNumber,
        Tag.ReferringPhysicianName,
        Tag.PatientName,
        Tag.PatientID,
        Tag.PatientBirthDate,
        Tag.PatientSex,
        Tag.StudyInstanceUID,
        Tag.StudyID
    };
    private static final int[] SERIES = {Tag.Modality, Tag.SeriesInstanceUID, Tag.SeriesNumber};

    /** Given back where they have a value. */
    private static final int[] PATIENT_IF_KNOWN = {Tag.IssuerOfPatientID};

    private static final int[] STUDY_IF_KNOWN = {Tag.TimezoneOffsetFromUTC, Tag.StudyDescription};
    private static final int[] SERIES_IF_KNOWN = {
        Tag.TimezoneOffsetFromUTC,
        Tag.SeriesDescription,
        Tag.PerformedProcedureStepStartDate,
        Tag.PerformedProcedureStepStartTime,
        Tag.RequestAttributesSequence
    };

    /** What every answer about an instance has from its columns, asked for or not: its metadata need not be read for them. */
    private static final Set<Integer> IN_COLUMNS = inColumns();

    private final boolean all;
    private final Set<Integer> included = new HashSet<>();

    private ReturnKeys(boolean all) {
        this.all = all;
    }

    static ReturnKeys of(Query query) {
        ReturnKeys keys = new ReturnKeys(query.includeAll());
        for (List<Integer> path : query.includeFields()) {
            int tag = path.get(0);
            if (query.level() != QueryLevel.IMAGE || !IN_COLUMNS.contains(tag)) {
                keys.included.add(tag);
            }
        }
        return keys;
    }

    private static Set<Integer> inColumns() {
        Set<Integer> tags = new HashSet<>(List.of(
                Tag.StudyInstanceUID,
                Tag.SeriesInstanceUID,
                Tag.SOPInstanceUID,
                Tag.SOPClassUID,
                Tag.InstanceAvailability,
                Tag.RetrieveURL,
                Tag.AvailableTransferSyntaxUID));
        Columns.IMAGE.forEach(column -> tags.add(column.tag()));
        return Set.copyOf(tags);
    }

    /** Whether attributes of the level are asked for that are not given back anyway. */
    boolean includes(QueryLevel level) {
        return all || included.stream().anyMatch(tag -> InformationModel.levelOf(tag) == level);
    }

    /** Adds what is to be given back of a level's attributes. */
    void add(JsonObject object, QueryLevel level, JsonMembers attributes) {
        int[] always =
                switch (level) {
                    case PATIENT -> PATIENT;
                    case STUDY -> STUDY;
                    default -> SERIES;
                };
        int[] ifKnown =
                switch (level) {
                    case PATIENT -> PATIENT_IF_KNOWN;
                    case STUDY -> STUDY_IF_KNOWN;
                    default -> SERIES_IF_KNOWN;
                };
        for (int i = 0; i < attributes.size(); i++) {
            int tag = attributes.tagAt(i);
            if (all || contains(always, tag) || contains(ifKnown, tag) || included.contains(tag)) {
                object.add(attributes, i);
            }
        }
        for (int tag : always) {
            if (!object.contains(tag)) {
                object.addEmpty(tag, Dictionary.vrOf(tag));
            }
        }
    }

    /** Adds what is asked for by name of attributes of a level above that is found. */
    void addIncluded(JsonObject object, JsonMembers attributes) {
        for (int i = 0; i < attributes.size(); i++) {
            if (included.contains(attributes.tagAt(i))) {
                object.add(attributes, i);
            }
        }
    }

    private static boolean contains(int[] tags, int tag) {
        return Arrays.stream(tags).anyMatch(t -> t == tag);
    }

    boolean isAll() {
        return all;
    }
}
