package org.imagingingestion.camel.manifest;

import java.text.Normalizer;
import java.time.LocalDate;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DateRange;
import org.imagingingestion.dicom.PersonName;
import org.imagingingestion.dicom.TimeRange;

/** Values as they are kept for searches. What is not valid is not kept for searches; it stays in the attributes as it came. */
final class Values {
    /** Longest text kept, in UTF-16 units; no VR that is searched may have as much (PS3.5 §6.2), and no index takes it all. */
    static final int LONGEST_TEXT = 256;

    private static final int LONGEST_NAME_GROUP = 128;

    private Values() {}

    /** Text without NUL, which PostgreSQL has not; {@code null} for none. */
    static String text(String value) {
        return value == null || value.isEmpty() ? null : cut(withoutNul(value), LONGEST_TEXT);
    }

    static String withoutNul(String value) {
        return value.indexOf('\0') < 0 ? value : value.replace("\0", "");
    }

    private static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }

    /**
     * A person name as {@code =alphabetic=ideographic=phonetic=}, as it is compared (PS3.4 §C.2.2.2.1); {@code null} where it has
     * nothing but delimiters, which DICOM JSON does not have either.
     */
    static String name(String value) {
        if (value == null || value.isEmpty()) {
            return null;
        }
        PersonName name = PersonName.of(normalized(withoutNul(value)));
        String groups = group(name.alphabetic()) + '=' + group(name.ideographic()) + '=' + group(name.phonetic());
        return groups.length() == 2 ? null : '=' + groups + '=';
    }

    private static String group(String group) {
        return cut(group.replace("=", ""), LONGEST_NAME_GROUP);
    }

    /** As {@link #name} without accents. */
    static String plainName(String value) {
        String name = name(value);
        return name == null ? null : PersonName.withoutAccents(name);
    }

    /** A name, or a pattern of names, without regard to case and to how letters with accents are composed. */
    static String normalized(String name) {
        return Normalizer.normalize(PersonName.normalized(name), Normalizer.Form.NFC);
    }

    /** A DA as PostgreSQL reads it, {@code null} where it is no date. */
    static String date(String value) {
        LocalDate date = value == null
                ? null
                : DateRange.ofValue(value).map(DateRange::from).orElse(null);
        // PostgreSQL has no year 0
        return date == null || date.getYear() < 1 ? null : date.toString();
    }

    /** A TM as PostgreSQL reads it, what is left out of it zero; {@code null} where it is no time. */
    static String time(String value) {
        return value == null
                ? null
                : TimeRange.ofValue(value).map(range -> range.from().toString()).orElse(null);
    }

    /** A whole number in decimal, {@code null} where there is none or it has more than 32 bits. */
    static String number(DataSet dataSet, int tag) {
        String text = dataSet.string(tag);
        if (text == null) {
            return null;
        }
        try {
            return Integer.toString(Integer.parseInt(text.startsWith("+") ? text.substring(1) : text));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
