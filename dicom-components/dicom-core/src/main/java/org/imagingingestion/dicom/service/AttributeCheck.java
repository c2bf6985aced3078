package org.imagingingestion.dicom.service;

import java.util.regex.Pattern;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.UIDs;

/** Whether the attributes that need not be valid for an instance to be stored are so (PS3.5 §6.2). */
final class AttributeCheck {
    private static final Pattern DATE =
            Pattern.compile("(\\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])|\\d{4}\\.\\d\\d\\.\\d\\d)?");
    private static final Pattern TIME =
            Pattern.compile("(([01]\\d|2[0-3])(:?[0-5]\\d(:?([0-5]\\d|60)(\\.\\d{1,6})?)?)?)?");
    private static final Pattern INTEGER = Pattern.compile("([+-]?\\d{1,11})?");
    private static final Pattern DECIMAL = Pattern.compile("([+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?)?");

    private AttributeCheck() {}

    /** Whether dates, times, numbers and UIDs at the top of a data set are what their VR allows. */
    static boolean isValid(DataSet dataSet) {
        for (Element element : dataSet) {
            if (element instanceof Element.Value value && !value.isEmpty() && !isValid(dataSet, value)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isValid(DataSet dataSet, Element.Value value) {
        return switch (value.vr()) {
            case DA -> all(dataSet, value, DATE);
            case TM -> all(dataSet, value, TIME);
            case IS -> all(dataSet, value, INTEGER);
            case DS -> all(dataSet, value, DECIMAL);
            case UI -> {
                for (String uid : dataSet.strings(value)) {
                    if (!uid.isEmpty() && !UIDs.isLenient(uid)) {
                        yield false;
                    }
                }
                yield true;
            }
            default -> true;
        };
    }

    private static boolean all(DataSet dataSet, Element.Value value, Pattern pattern) {
        for (String each : dataSet.strings(value)) {
            if (!pattern.matcher(each).matches()) {
                return false;
            }
        }
        return true;
    }
}
