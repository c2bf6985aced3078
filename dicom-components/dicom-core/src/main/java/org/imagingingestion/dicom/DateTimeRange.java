package org.imagingingestion.dicom;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Moments from one to another, of VR DT, in microseconds.
 *
 * @param from the first moment, {@code null} where the range has no beginning
 * @param to the last moment, {@code null} where the range has no end
 */
public record DateTimeRange(Instant from, Instant to) implements ValueRange<Instant> {
    private static final int LATEST_WEST = 12 * 60;
    private static final int LATEST_EAST = 14 * 60;
    private static final String RULE =
            "DT is YYYYMMDDHHMMSS.FFFFFF&ZZXX, shortened from the right before the offset; a range of them is A-B, A- or -B,"
                    + " A not after B (PS3.5 §6.2, PS3.4 §C.2.2.2.5.3)";

    /**
     * Reads what a query asks for: a datetime, or a range {@code A-B}, {@code A-} or {@code -B} (PS3.4 §C.2.2.2.5.3). A
     * datetime with digits left out is all that it is short of: {@code 2020} the whole year. A hyphen that can be the sign
     * of an offset is one: {@code 2007-0500} is the year 2007 five hours west, {@code 2007-2008} two years.
     *
     * @param offset of values that say none, that is Timezone Offset From UTC (0008,0201) or the place's own
     * @throws DicomException where it is neither, or A is after B
     */
    public static DateTimeRange of(String query, ZoneOffset offset) throws DicomException {
        RangeSyntax.Ends<Instant> ends = RangeSyntax.parse(query, value -> ends(value, offset), RULE);
        return new DateTimeRange(ends.from(), ends.to());
    }

    /**
     * What a stored value spans, empty where it is not a datetime.
     *
     * @param offset of values that say none
     */
    public static Optional<DateTimeRange> ofValue(String value, ZoneOffset offset) {
        return Optional.ofNullable(ends(value.strip(), offset)).map(ends -> new DateTimeRange(ends.from(), ends.to()));
    }

    /** Reads {@code &ZZXX}, as in Timezone Offset From UTC (0008,0201); empty where it is not an offset (PS3.5 §6.2). */
    public static Optional<ZoneOffset> offset(String text) {
        String value = text.strip();
        int sign = value.length() != 5 ? 0 : value.charAt(0) == '+' ? 1 : value.charAt(0) == '-' ? -1 : 0;
        int number = sign == 0 ? -1 : DateTimeFields.number(value, 1, 5);
        int minutes = number / 100 * 60 + number % 100;
        if (number < 0 || number % 100 > 59 || minutes > (sign < 0 ? LATEST_WEST : LATEST_EAST)) {
            return Optional.empty();
        }
        return Optional.of(ZoneOffset.ofTotalSeconds(sign * minutes * 60));
    }

    private static RangeSyntax.Ends<Instant> ends(String value, ZoneOffset absent) {
        int sign = Math.max(value.indexOf('+'), value.indexOf('-'));
        String digits = sign < 0 ? value : value.substring(0, sign);
        ZoneOffset offset = sign < 0 ? absent : offset(value.substring(sign)).orElse(null);
        DateTimeFields fields = offset == null ? null : DateTimeFields.of(digits);
        return fields == null
                ? null
                : new RangeSyntax.Ends<>(
                        fields.first().toInstant(offset), fields.last().toInstant(offset));
    }
}
