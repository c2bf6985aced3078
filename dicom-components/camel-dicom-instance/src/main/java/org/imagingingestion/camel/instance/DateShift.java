package org.imagingingestion.camel.instance;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Moves dates by whole days (PS3.5 §6.2, VR DA and DT), so that times of day and intervals stay. */
final class DateShift {
    private static final Pattern DATE = Pattern.compile("(\\d{4})(\\d{2})(\\d{2})|(\\d{4})\\.(\\d{2})\\.(\\d{2})");
    private static final Pattern DATE_TIME =
            Pattern.compile("(\\d{4})(\\d{2})?(\\d{2})?(?:\\d{2}){0,3}(?:\\.\\d{1,6})?(?:[+-]\\d{4})?");
    private static final DateTimeFormatter COMPACT =
            DateTimeFormatter.ofPattern("uuuuMMdd").withResolverStyle(ResolverStyle.STRICT);

    private DateShift() {}

    /** @return {@code null} where it is no date */
    static String date(String text, int days) {
        Matcher matcher = DATE.matcher(text);
        return matcher.matches() ? shifted(text.replace(".", ""), days) : null;
    }

    /** @return {@code null} where it is no date and time; one without a day is moved as if it was the first */
    static String dateTime(String text, int days) {
        Matcher matcher = DATE_TIME.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        int known = matcher.group(3) != null ? 8 : matcher.group(2) != null ? 6 : 4;
        String shifted = shifted(text.substring(0, known) + "0101".substring(known - 4), days);
        return shifted == null ? null : shifted.substring(0, known) + text.substring(known);
    }

    private static String shifted(String date, int days) {
        try {
            LocalDate moved = LocalDate.parse(date, COMPACT).plusDays(days);
            return moved.getYear() < 1 ? null : COMPACT.format(moved);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
