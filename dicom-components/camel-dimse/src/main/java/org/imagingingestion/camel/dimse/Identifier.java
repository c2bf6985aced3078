package org.imagingingestion.camel.dimse;

import java.util.ArrayList;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.Sequence;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.UIDs;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.MatchingKey;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryLevel;

/** The identifier of a query or a retrieval (PS3.4 §C.4.1.1.3, §C.4.2.1.4), and the search that it means. */
final class Identifier {
    private final DataSet dataSet;
    private final QueryLevel level;

    private Identifier(DataSet dataSet, QueryLevel level) {
        this.dataSet = dataSet;
        this.level = level;
    }

    /**
     * Reads an identifier.
     *
     * @param relational whether unique keys of the levels above may be left out
     * @throws DicomException A900H naming the attribute that keeps it from being one
     */
    static Identifier of(DataSet dataSet, String sopClassUID, boolean relational) throws DicomException {
        Identifier identifier = new Identifier(dataSet, level(dataSet, sopClassUID));
        if (!relational) {
            identifier.requireKeysAbove(isPatientRoot(sopClassUID) ? QueryLevel.PATIENT : QueryLevel.STUDY);
        }
        return identifier;
    }

    private static boolean isPatientRoot(String sopClassUID) {
        Dictionary.UIDEntry entry = Dictionary.uid(sopClassUID);
        return entry != null && entry.keyword().startsWith("Patient");
    }

    private static QueryLevel level(DataSet dataSet, String sopClassUID) throws DicomException {
        String name = dataSet.string(Tag.QueryRetrieveLevel, "");
        QueryLevel level =
                switch (name) {
                    case "PATIENT" -> QueryLevel.PATIENT;
                    case "STUDY" -> QueryLevel.STUDY;
                    case "SERIES" -> QueryLevel.SERIES;
                    case "IMAGE" -> QueryLevel.IMAGE;
                    default -> throw mismatch(
                            name.isEmpty()
                                    ? "Query/Retrieve Level is missing"
                                    : "There is no such Query/Retrieve Level");
                };
        if (level == QueryLevel.PATIENT && !isPatientRoot(sopClassUID)) {
            throw mismatch("Study Root has no level PATIENT");
        }
        return level;
    }

    private void requireKeysAbove(QueryLevel root) throws DicomException {
        for (QueryLevel above : QueryLevel.values()) {
            if (above.compareTo(root) >= 0
                    && above.compareTo(level) < 0
                    && dataSet.strings(uniqueKey(above)).length != 1) {
                throw mismatch(Dictionary.nameOf(uniqueKey(above)) + " is to have one value at level " + level);
            }
        }
    }

    private static DicomException mismatch(String message) {
        return new DicomException(DicomStatus.DATA_SET_DOES_NOT_MATCH_SOP_CLASS, message);
    }

    static int uniqueKey(QueryLevel level) {
        return switch (level) {
            case PATIENT -> Tag.PatientID;
            case STUDY -> Tag.StudyInstanceUID;
            case SERIES -> Tag.SeriesInstanceUID;
            case IMAGE -> Tag.SOPInstanceUID;
        };
    }

    QueryLevel level() {
        return level;
    }

    DataSet dataSet() {
        return dataSet;
    }

    /** The search for what matches (PS3.4 §C.2.2.2). */
    Query query(String provider, boolean fuzzy, int limit) {
        List<MatchingKey> keys = new ArrayList<>();
        List<List<Integer>> returned = new ArrayList<>();
        for (Element element : dataSet) {
            int tag = element.tag();
            if (tag == Tag.QueryRetrieveLevel
                    || tag == Tag.SpecificCharacterSet
                    || tag == Tag.TimezoneOffsetFromUTC
                    || tag == Tag.RetrieveAETitle
                    || tag == Tag.InstanceAvailability
                    || Tag.isGroupLength(tag)
                    || Tag.isPrivateCreator(tag)) {
                continue;
            }
            returned.add(List.of(tag));
            if (element instanceof Sequence sequence) {
                sequence.items().forEach(item -> addItem(tag, item, keys));
            } else if (element instanceof Element.Value value && !value.isEmpty()) {
                add(List.of(tag), value, dataSet, keys);
            }
        }
        return new Query(provider, level, keys, returned, false, fuzzy, limit, 0);
    }

    /** The search for the instances of what is to be retrieved: unique keys only (PS3.4 §C.4.2.1.4.1). */
    Query instances(String provider) throws DicomException {
        List<MatchingKey> keys = new ArrayList<>();
        for (QueryLevel each : QueryLevel.values()) {
            int tag = uniqueKey(each);
            String[] values = dataSet.strings(tag);
            if (values.length > 0 && each.compareTo(level) <= 0) {
                requireUnique(each, values);
                keys.add(new MatchingKey(List.of(tag), Dictionary.vrOf(tag), List.of(values)));
            }
        }
        if (dataSet.strings(uniqueKey(level)).length == 0) {
            throw mismatch(Dictionary.nameOf(uniqueKey(level)) + " is missing at level " + level);
        }
        return new Query(provider, QueryLevel.IMAGE, keys, List.of(), false, false, Integer.MAX_VALUE, 0);
    }

    /** Nobody retrieves by what matches anything. */
    private static void requireUnique(QueryLevel level, String[] values) throws DicomException {
        for (String value : values) {
            boolean isUnique = level == QueryLevel.PATIENT
                    ? values.length == 1 && !value.isEmpty() && value.indexOf('*') < 0 && value.indexOf('?') < 0
                    : UIDs.isLenient(value);
            if (!isUnique) {
                throw mismatch(Dictionary.nameOf(uniqueKey(level)) + " is to be "
                        + (level == QueryLevel.PATIENT ? "one value without wildcards" : "UIDs"));
            }
        }
    }

    private static void addItem(int sequence, DataSet item, List<MatchingKey> keys) {
        for (Element element : item) {
            if (element instanceof Element.Value value && !value.isEmpty()) {
                add(List.of(sequence, element.tag()), value, item, keys);
            }
        }
    }

    private static void add(List<Integer> path, Element.Value value, DataSet owner, List<MatchingKey> keys) {
        VR vr = value.vr() == VR.UN ? Dictionary.vrOf(value.tag()) : value.vr();
        List<String> values = new ArrayList<>();
        for (String each : owner.strings(value)) {
            if (!each.isEmpty()) {
                values.add(each);
            }
        }
        if (!values.isEmpty()) {
            keys.add(new MatchingKey(path, vr, values));
        }
    }
}
