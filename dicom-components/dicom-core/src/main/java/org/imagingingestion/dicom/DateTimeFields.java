package org.imagingingestion.dicom;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;

/**
 * What {@code YYYYMMDDHHMMSS.FFFFFF}, shortened from the right, spans (PS3.5 §6.2, VR DT).
 *
 * @param first its first microsecond
 * @param last its last microsecond
 */
record DateTimeFields(LocalDateTime first, LocalDateTime last) {
    private static final int FRACTION = 15;
    private static final int MAXIMUM = FRACTION + 6;
    private static final int LEAP_SECOND = 60;

    LocalDate date() {
        return first.toLocalDate();
    }

    /** Reads the digits, {@code null} where they are not of this form or not in the calendar. */
    static DateTimeFields of(String text) {
        int length = text.length();
        boolean fraction = length > FRACTION && length <= MAXIMUM && text.charAt(FRACTION - 1) == '.';
        if (!fraction && (length < 4 || length > FRACTION - 1 || length % 2 != 0)) {
            return null;
        }
        int year = number(text, 0, 4);
        int month = field(text, 4, 1, 1, 12);
        int day = year < 0 || month < 0
                ? -1
                : field(text, 6, 1, 1, YearMonth.of(year, month).lengthOfMonth());
        int hour = field(text, 8, 0, 0, 23);
        int minute = field(text, 10, 0, 0, 59);
        int second = field(text, 12, 0, 0, LEAP_SECOND);
        int micros = fraction ? micros(text) : 0;
        if (day < 0 || hour < 0 || minute < 0 || second < 0 || micros < 0) {
            return null;
        }
        // java.time has no leap seconds
        LocalDateTime first =
                LocalDateTime.of(year, month, day, hour, minute, Math.min(second, LEAP_SECOND - 1), micros * 1000);
        return new DateTimeFields(first, end(first, length).minus(1, ChronoUnit.MICROS));
    }

    private static LocalDateTime end(LocalDateTime first, int length) {
        return switch (length) {
            case 4 -> first.plusYears(1);
            case 6 -> first.plusMonths(1);
            case 8 -> first.plusDays(1);
            case 10 -> first.plusHours(1);
            case 12 -> first.plusMinutes(1);
            case FRACTION - 1 -> first.plusSeconds(1);
            default -> first.plus(powerOfTen(MAXIMUM - length), ChronoUnit.MICROS);
        };
    }

    private static int micros(String text) {
        int digits = number(text, FRACTION, text.length());
        return digits < 0 ? -1 : digits * powerOfTen(MAXIMUM - text.length());
    }

    private static int powerOfTen(int exponent) {
        int power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= 10;
        }
        return power;
    }

    /** Two digits, {@code absent} where the text has ended, -1 where they are not a number from least to most. */
    private static int field(String text, int from, int absent, int least, int most) {
        if (from >= text.length()) {
            return absent;
        }
        int number = number(text, from, from + 2);
        return number < least || number > most ? -1 : number;
    }

    /** The number that these digits are, -1 where they are not all digits. */
    static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
