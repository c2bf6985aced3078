package org.imagingingestion.camel.dicomweb;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import org.imagingingestion.dicom.DateRange;
import org.imagingingestion.dicom.DateTimeRange;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.TimeRange;
import org.imagingingestion.dicom.UIDs;
import org.imagingingestion.dicom.VR;

/** The values that a query wants an attribute to have, and whether its VR can have them (PS3.4 §C.2.2.2). */
final class MatchingValues {
    private static final Pattern INTEGER = Pattern.compile("[+-]?\\d{1,20}");
    private static final Pattern DECIMAL = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");
    private static final Pattern TAG = Pattern.compile("[0-9A-Fa-f]{8}");
    private static final Pattern EVERYTHING = Pattern.compile("\\**");
    private static final Pattern SEPARATOR = Pattern.compile("[,\\\\]");

    private MatchingValues() {}

    /** Whether any value matches, and none at all too: nothing, or asterisks alone (PS3.4 §C.2.2.2.3). */
    static boolean isUniversal(String value) {
        return EVERYTHING.matcher(value).matches();
    }

    /**
     * The values to match.
     *
     * @param key that has the value, as the client wrote it
     * @return a list of UIDs, or of code strings, one by one; otherwise the one value
     * @throws DicomException where the VR has no such values; it names the key and the rule, not the value
     */
    static List<String> parse(String key, VR vr, String value) throws DicomException {
        if (value.chars().anyMatch(c -> c < ' ' || c == 0x7F)) {
            throw refused(key, "control characters cannot be matched");
        }
        switch (vr) {
            case UI -> {
                return list(key, value, UIDs::isLenient, "UI has UIDs, separated by commas");
            }
            case CS -> {
                return list(key, value, code -> true, "");
            }
            case DA, TM, DT -> requireRange(key, vr, value);
            case IS, SL, SS, UL, US, SV, UV -> require(key, INTEGER, value, vr + " has whole numbers");
            case DS, FL, FD -> require(key, DECIMAL, value, vr + " has decimal numbers");
            case AT -> require(key, TAG, value, "AT has tags of eight hexadecimal digits");
            case SQ -> throw refused(key, "a sequence is matched by the attributes in it");
            case OB, OD, OF, OL, OV, OW, UN -> throw refused(key, vr + " cannot be matched");
            default -> {
                // any text may be looked for
            }
        }
        return List.of(value);
    }

    private interface Rule {
        boolean allows(String value);
    }

    private static List<String> list(String key, String value, Rule rule, String text) throws DicomException {
        List<String> values = new ArrayList<>();
        for (String part : SEPARATOR.split(value)) {
            String one = part.strip();
            if (!one.isEmpty()) {
                if (!rule.allows(one)) {
                    throw refused(key, text);
                }
                values.add(one);
            }
        }
        if (values.isEmpty()) {
            throw refused(key, "there is no value in the list");
        }
        return values;
    }

    private static void requireRange(String key, VR vr, String value) throws DicomException {
        try {
            switch (vr) {
                case DA -> DateRange.of(value);
                case TM -> TimeRange.of(value);
                default -> DateTimeRange.of(value, ZoneOffset.UTC);
            }
        } catch (DicomException e) {
            throw refused(
                    key,
                    switch (vr) {
                        case DA -> "DA is YYYYMMDD, or a range A-B, A- or -B";
                        case TM -> "TM is HHMMSS.FFFFFF, from the right as much left out as wanted, or a range A-B, A- or -B";
                        default -> "DT is YYYYMMDDHHMMSS.FFFFFF&ZZXX, or a range A-B, A- or -B";
                    });
        }
    }

    private static void require(String key, Pattern pattern, String value, String rule) throws DicomException {
        if (!pattern.matcher(value.strip()).matches()) {
            throw refused(key, rule);
        }
    }

    private static DicomException refused(String key, String rule) {
        return new DicomException(
                DicomStatus.INVALID_ARGUMENT_VALUE, "The value of " + key + " cannot be looked for: " + rule);
    }
}
