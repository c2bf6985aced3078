package org.imagingingestion.dicom;

import java.time.LocalTime;
import java.util.Optional;

/**
 * Times of day from one to another, of VR TM, in microseconds.
 *
 * @param from the first time, {@code null} where the range has no beginning
 * @param to the last time, {@code null} where the range has no end
 */
public record TimeRange(LocalTime from, LocalTime to) implements ValueRange<LocalTime> {
    private static final String ANY_DAY = "20000101";
    private static final String RULE =
            "TM is HH, HHMM, HHMMSS or HHMMSS.F to six digits; a range of them is A-B, A- or -B, A not after B"
                    + " (PS3.5 §6.2, PS3.4 §C.2.2.2.5.2)";

    /**
     * Reads what a query asks for: a time, or a range {@code A-B}, {@code A-} or {@code -B} (PS3.4 §C.2.2.2.5.2). A time
     * without minutes or seconds is all of its hour or minute.
     *
     * @throws DicomException where it is neither, or A is after B
     */
    public static TimeRange of(String query) throws DicomException {
        RangeSyntax.Ends<LocalTime> ends = RangeSyntax.parse(query, TimeRange::ends, RULE);
        return new TimeRange(ends.from(), ends.to());
    }

    /** What a stored value spans, empty where it is not a time; {@code HH:MM:SS}, as it was once written, is one. */
    public static Optional<TimeRange> ofValue(String value) {
        return Optional.ofNullable(ends(value.strip())).map(ends -> new TimeRange(ends.from(), ends.to()));
    }

    private static RangeSyntax.Ends<LocalTime> ends(String value) {
        boolean colons = value.length() >= 5
                && value.charAt(2) == ':'
                && (value.length() == 5 || value.length() >= 8 && value.charAt(5) == ':');
        String digits = colons ? value.replace(":", "") : value;
        DateTimeFields fields = digits.length() < 2 || colons && value.length() - digits.length() > 2
                ? null
                : DateTimeFields.of(ANY_DAY + digits);
        return fields == null
                ? null
                : new RangeSyntax.Ends<>(
                        fields.first().toLocalTime(), fields.last().toLocalTime());
    }
}
