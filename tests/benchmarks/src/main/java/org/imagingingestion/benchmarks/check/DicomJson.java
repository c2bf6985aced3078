package org.imagingingestion.benchmarks.check;

import java.util.List;
import java.util.Map;

import org.imagingingestion.benchmarks.BenchFailure;

/** An answer in the DICOM JSON model (PS3.18 Annex F), read just far enough to be judged. */
final class DicomJson {
    static final String SOP_INSTANCE_UID = "00080018";
    static final String STUDY_INSTANCE_UID = "0020000D";
    static final String NUMBER_OF_STUDY_RELATED_INSTANCES = "00201208";

    private DicomJson() {}

    /** The data sets of an answer. */
    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> dataSets(String text) {
        if (Json.read(text) instanceof List<?> list && list.stream().allMatch(Map.class::isInstance)) {
            return (List<Map<String, Object>>) list;
        }
        throw new BenchFailure("not a list of data sets");
    }

    /** The first value of an attribute as text, empty when there is none; integers without a fraction. */
    static String first(Map<String, Object> dataSet, String tag) {
        if (dataSet.get(tag) instanceof Map<?, ?> attribute
                && attribute.get("Value") instanceof List<?> values
                && !values.isEmpty()) {
            Object value = values.get(0);
            return value instanceof Double number ? Long.toString(number.longValue()) : String.valueOf(value);
        }
        return "";
    }
}
