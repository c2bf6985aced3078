package org.imagingingestion.dicom;

import java.util.ArrayList;
import java.util.List;

/** Values of characters: separated, without padding, and read as numbers. */
final class Strings {
    private Strings() {}

    /** Separates values and takes their padding away, as PS3.5 §6.2 has it for the VR. */
    static String[] split(String text, VR vr) {
        if (!vr.isMultiValued()) {
            return new String[] {trim(text, vr)};
        }
        if (text.indexOf('\\') < 0) {
            return new String[] {trim(text, vr)};
        }
        List<String> values = new ArrayList<>();
        int start = 0;
        for (int end = text.indexOf('\\'); end >= 0; end = text.indexOf('\\', start)) {
            values.add(trim(text.substring(start, end), vr));
            start = end + 1;
        }
        values.add(trim(text.substring(start), vr));
        return values.toArray(String[]::new);
    }

    private static String trim(String value, VR vr) {
        int start = 0;
        int end = value.length();
        while (end > 0 && isPadding(value.charAt(end - 1))) {
            end--;
        }
        boolean leadingIsPadding =
                switch (vr) {
                    case LT, ST, UT, UC, UR -> false;
                    default -> true;
                };
        while (leadingIsPadding && start < end && value.charAt(start) == ' ') {
            start++;
        }
        return value.substring(start, end);
    }

    private static boolean isPadding(char c) {
        return c == ' ' || c == 0;
    }

    static int toInt(String value, int absent) {
        try {
            return value == null ? absent : Integer.parseInt(value.startsWith("+") ? value.substring(1) : value);
        } catch (NumberFormatException e) {
            return absent;
        }
    }

    static long toLong(String value) {
        return Long.parseLong(value.startsWith("+") ? value.substring(1) : value);
    }
}
