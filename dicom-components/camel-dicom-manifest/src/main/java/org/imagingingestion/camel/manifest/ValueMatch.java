package org.imagingingestion.camel.manifest;

import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

import org.imagingingestion.dicom.DateRange;
import org.imagingingestion.dicom.DateTimeRange;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.TimeRange;
import org.imagingingestion.dicom.UIDs;
import org.imagingingestion.dicom.ValueRange;
import org.imagingingestion.dicom.service.MatchingKey;

/** Matching of values outside the database, by the rules of PS3.4 §C.2.2.2. */
final class ValueMatch {
    private ValueMatch() {}

    /** What the values of an attribute must be, one of them at least, to match the key. */
    static Predicate<String[]> of(MatchingKey key) throws DicomException {
        List<Predicate<String>> any = new ArrayList<>();
        for (String value : Keys.values(key)) {
            any.add(value(key, value));
        }
        return values -> Arrays.stream(values)
                .anyMatch(value -> !value.isEmpty() && any.stream().anyMatch(one -> one.test(value)));
    }

    private static Predicate<String> value(MatchingKey key, String value) throws DicomException {
        String name = Keys.name(key.path());
        return switch (key.vr()) {
            case DA -> range(name, value, DateRange::of, DateRange::ofValue);
            case TM -> range(name, value, TimeRange::of, TimeRange::ofValue);
            case DT -> range(
                    name,
                    value,
                    query -> DateTimeRange.of(query, ZoneOffset.UTC),
                    stored -> DateTimeRange.ofValue(stored, ZoneOffset.UTC));
            case PN -> personName(value);
            case UI -> uid(name, value);
            case DS, FD, FL, IS, SL, SS, SV, UL, US, UV -> number(name, value);
            case AE, AS, CS, LO, LT, SH, ST, UC, UN, UR, UT -> text(value);
            default -> throw Keys.invalid(name, "is of VR " + key.vr() + ", which cannot be matched");
        };
    }

    private interface Parser<T extends Comparable<? super T>> {
        ValueRange<T> of(String query) throws DicomException;
    }

    private static <T extends Comparable<? super T>> Predicate<String> range(
            String name, String value, Parser<T> parser, Function<String, Optional<? extends ValueRange<T>>> stored)
            throws DicomException {
        try {
            ValueRange<T> range = parser.of(value);
            return text -> stored.apply(text).filter(range::overlaps).isPresent();
        } catch (DicomException e) {
            throw Keys.invalid(name, "is neither a value nor a range: " + e.getMessage());
        }
    }

    private static Predicate<String> uid(String name, String value) throws DicomException {
        if (!UIDs.isLenient(value)) {
            throw Keys.invalid(name, "is not a UID or a list of UIDs (PS3.5 §9.1)");
        }
        return value::equals;
    }

    private static Predicate<String> number(String name, String value) throws DicomException {
        BigDecimal number = decimal(value);
        if (number == null) {
            throw Keys.invalid(name, "is not a number (PS3.5 §6.2)");
        }
        return text -> {
            BigDecimal stored = decimal(text);
            return stored != null && stored.compareTo(number) == 0;
        };
    }

    private static BigDecimal decimal(String text) {
        try {
            return new BigDecimal(text.strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static Predicate<String> text(String value) {
        return Wildcards.hasWildcards(value) ? text -> Wildcards.matches(value, text) : value::equals;
    }

    private static Predicate<String> personName(String value) {
        String[] groups = Values.normalized(value).split("=", 3);
        List<Predicate<String>> patterns = new ArrayList<>();
        for (String group : groups) {
            patterns.add(group.isEmpty() || group.equals("*") ? text -> true : text(group));
        }
        return text -> {
            String[] stored = (Values.normalized(text) + "==").split("=", 3);
            if (groups.length == 1) {
                return Arrays.stream(stored).anyMatch(group -> patterns.get(0).test(group.replace("=", "")));
            }
            for (int i = 0; i < groups.length; i++) {
                if (!patterns.get(i).test(stored[i].replace("=", ""))) {
                    return false;
                }
            }
            return true;
        };
    }
}
