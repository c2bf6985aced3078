package org.imagingingestion.dicom;

import java.time.LocalDate;
import java.util.Optional;

/**
 * Days from one to another, of VR DA.
 *
 * @param from the first day, {@code null} where the range has no beginning
 * @param to the last day, {@code null} where the range has no end
 */
public record DateRange(LocalDate from, LocalDate to) implements ValueRange<LocalDate> {
    private static final String RULE =
            "DA is YYYYMMDD; a range of them is A-B, A- or -B, A not after B (PS3.5 §6.2, PS3.4 §C.2.2.2.5.1)";

    /**
     * Reads what a query asks for: a date, or a range {@code A-B}, {@code A-} or {@code -B} (PS3.4 §C.2.2.2.5.1).
     *
     * @throws DicomException where it is neither, or A is after B
     */
    public static DateRange of(String query) throws DicomException {
        RangeSyntax.Ends<LocalDate> ends = RangeSyntax.parse(query, DateRange::ends, RULE);
        return new DateRange(ends.from(), ends.to());
    }

    /** The day of a stored value, empty where it is not a date; {@code YYYY.MM.DD}, as it was once written, is one. */
    public static Optional<DateRange> ofValue(String value) {
        return Optional.ofNullable(ends(value.strip())).map(ends -> new DateRange(ends.from(), ends.to()));
    }

    private static RangeSyntax.Ends<LocalDate> ends(String value) {
        boolean dotted = value.length() == 10 && value.charAt(4) == '.' && value.charAt(7) == '.';
        String digits = dotted ? value.substring(0, 4) + value.substring(5, 7) + value.substring(8) : value;
        if (digits.length() != 8) {
            return null;
        }
        DateTimeFields fields = DateTimeFields.of(digits);
        return fields == null ? null : new RangeSyntax.Ends<>(fields.date(), fields.date());
    }
}
