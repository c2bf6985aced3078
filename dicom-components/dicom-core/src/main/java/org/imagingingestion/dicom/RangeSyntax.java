package org.imagingingestion.dicom;

import java.util.function.Function;

/** How a query writes ranges of DA, TM and DT (PS3.4 §C.2.2.2.5). */
final class RangeSyntax {
    private RangeSyntax() {}

    /** The ends of a range, {@code null} where it is open. */
    record Ends<T extends Comparable<? super T>>(T from, T to) {}

    /**
     * Reads one value, {@code A-B}, {@code A-} or {@code -B}. Where a hyphen may also be the sign of a UTC offset, a single
     * value is what is meant, else the first reading in which A is not after B.
     *
     * @param value what one value spans, {@code null} where it is not one
     * @param rule what the exception says
     * @throws DicomException where the text is none of these; it does not name the text, which may be a patient's
     */
    static <T extends Comparable<? super T>> Ends<T> parse(String text, Function<String, Ends<T>> value, String rule)
            throws DicomException {
        String range = text.strip();
        Ends<T> ends = value.apply(range);
        for (int hyphen = range.indexOf('-'); ends == null && hyphen >= 0; hyphen = range.indexOf('-', hyphen + 1)) {
            String first = range.substring(0, hyphen).strip();
            String last = range.substring(hyphen + 1).strip();
            ends = between(first, last, value);
        }
        if (ends == null) {
            throw new DicomException(DicomStatus.INVALID_ARGUMENT_VALUE, rule);
        }
        return ends;
    }

    private static <T extends Comparable<? super T>> Ends<T> between(
            String first, String last, Function<String, Ends<T>> value) {
        Ends<T> begin = first.isEmpty() ? new Ends<>(null, null) : value.apply(first);
        Ends<T> end = last.isEmpty() ? new Ends<>(null, null) : value.apply(last);
        if (begin == null || end == null || begin.from == null && end.to == null) {
            return null;
        }
        boolean reversed = begin.from != null && end.to != null && begin.from.compareTo(end.to) > 0;
        return reversed ? null : new Ends<>(begin.from, end.to);
    }
}
