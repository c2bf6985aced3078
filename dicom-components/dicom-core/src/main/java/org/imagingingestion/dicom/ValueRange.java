package org.imagingingestion.dicom;

/**
 * What a date, time or datetime spans, or a query for one asks for: from a first to a last moment, both of them within, each
 * {@code null} where the range is open (PS3.4 §C.2.2.2.5).
 *
 * @param <T> the moments
 */
public sealed interface ValueRange<T extends Comparable<? super T>> permits DateRange, TimeRange, DateTimeRange {

    /** The first moment, {@code null} where the range has no beginning. */
    T from();

    /** The last moment, {@code null} where the range has no end. */
    T to();

    /** Whether the moment is in the range. */
    default boolean contains(T moment) {
        return (from() == null || from().compareTo(moment) <= 0) && (to() == null || to().compareTo(moment) >= 0);
    }

    /** Whether some moment is in both ranges, which is how a query matches a value that is not given to the last digit. */
    default boolean overlaps(ValueRange<T> other) {
        return (from() == null || other.to() == null || from().compareTo(other.to()) <= 0)
                && (to() == null || other.from() == null || to().compareTo(other.from()) >= 0);
    }
}
