package org.imagingingestion.camel.manifest;

import java.util.List;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.service.MatchingKey;

/** Matching keys as searches read them. */
final class Keys {
    private static final int LONGEST = 1024;
    /** UIDs of a list, or values of any other. */
    private static final int MOST = 10_000;

    private Keys() {}

    /** @throws DicomException INVALID_ARGUMENT_VALUE where no attribute could have such a value */
    static void check(MatchingKey key) throws DicomException {
        if (key.values().size() > MOST) {
            throw invalid(name(key.path()), "has more than " + MOST + " values");
        }
        for (String value : key.values()) {
            if (value != null && value.indexOf('\0') >= 0) {
                throw invalid(name(key.path()), "has a NUL character");
            }
            if (value != null && value.length() > LONGEST) {
                throw invalid(name(key.path()), "is longer than " + LONGEST + " characters");
            }
        }
    }

    /** Whether every value matches (PS3.4 §C.2.2.2.3). */
    static boolean isUniversal(MatchingKey key) {
        return key.values().stream().allMatch(value -> value == null || value.isEmpty() || value.equals("*"));
    }

    /** The values to match, without the spaces around them, which have no meaning. */
    static List<String> values(MatchingKey key) {
        return key.values().stream()
                .filter(value -> value != null && !value.isEmpty())
                .map(String::strip)
                .toList();
    }

    /** How exceptions name a key: its keywords, or tags where it has none. */
    static String name(List<Integer> path) {
        StringBuilder name = new StringBuilder();
        for (int tag : path) {
            String keyword = Dictionary.keywordOf(tag);
            name.append(name.length() == 0 ? "" : ".").append(keyword == null ? Tag.toHexString(tag) : keyword);
        }
        return name.toString();
    }

    static DicomException invalid(String key, String problem) {
        return new DicomException(DicomStatus.INVALID_ARGUMENT_VALUE, key + " " + problem);
    }

    static int number(String value, String key) throws DicomException {
        try {
            return Integer.parseInt(value.startsWith("+") ? value.substring(1) : value);
        } catch (NumberFormatException e) {
            throw invalid(key, "is not a whole number (PS3.5 §6.2)");
        }
    }
}
