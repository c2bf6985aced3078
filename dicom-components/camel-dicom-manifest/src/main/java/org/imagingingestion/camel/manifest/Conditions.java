package org.imagingingestion.camel.manifest;

import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;

import org.imagingingestion.dicom.DateRange;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.PersonName;
import org.imagingingestion.dicom.TimeRange;
import org.imagingingestion.dicom.UIDs;
import org.imagingingestion.dicom.ValueRange;

/** Conditions of a search as SQL, values only ever as parameters (PS3.4 §C.2.2.2). */
final class Conditions {
    private final StringBuilder sql = new StringBuilder();
    private final List<Object> parameters = new ArrayList<>();

    String sql() {
        return sql.toString();
    }

    List<Object> parameters() {
        return parameters;
    }

    /** Adds a condition that must hold besides the others. */
    Conditions and(String condition, Object... values) {
        sql.append(sql.length() == 0 ? "" : " AND ").append(condition);
        parameters.addAll(List.of(values));
        return this;
    }

    /**
     * A column must match one of these values.
     *
     * @param alias of the table
     * @param key names the attribute in exceptions
     */
    Conditions match(String alias, Column column, List<String> values, String key) throws DicomException {
        String name = alias + '.' + column.name();
        if (column.kind() == Column.Kind.UID) {
            return uids(name, values, key);
        }
        sql.append(sql.length() == 0 ? "" : " AND ").append('(');
        for (int i = 0; i < values.size(); i++) {
            sql.append(i == 0 ? "" : " OR ");
            value(name, column, values.get(i), key);
        }
        sql.append(')');
        return this;
    }

    private Conditions uids(String name, List<String> values, String key) throws DicomException {
        for (String uid : values) {
            if (!UIDs.isLenient(uid)) {
                throw Keys.invalid(key, "is not a UID or a list of UIDs (PS3.5 §9.1)");
            }
        }
        return values.size() == 1
                ? and(name + " = ?", values.get(0))
                : and(name + " = ANY (?)", (Object) values.toArray(String[]::new));
    }

    private void value(String name, Column column, String value, String key) throws DicomException {
        switch (column.kind()) {
            case TEXT -> text(name, column, value);
            case NAME -> personName(name, column, Values.normalized(value));
            case PLAIN_NAME -> personName(name, column, PersonName.withoutAccents(Values.normalized(value)));
            case DATE -> range(name, dates(value, key));
            case TIME -> range(name, times(value, key));
            case NUMBER -> parameter(name + " = ?", Keys.number(value, key));
            default -> throw new IllegalArgumentException(column.kind().name());
        }
    }

    private void text(String name, Column column, String value) {
        if (!Wildcards.hasWildcards(value)) {
            if (column.index() == Column.Index.TRIGRAMS) {
                parameter("manifest.indexable(" + name + ") LIKE ? AND ", Wildcards.spelt(Wildcards.escape(value)));
            }
            parameter(name + " = ?", Values.text(value));
        } else {
            like(name, column, Wildcards.like(value));
        }
    }

    private void like(String name, Column column, String pattern) {
        if (column.index().hasTrigrams()) {
            parameter("manifest.indexable(" + name + ") LIKE ? AND ", Wildcards.spelt(pattern));
        }
        parameter(name + " LIKE ?", pattern);
    }

    /** One group is looked for in all three; several are each looked for in their own (PS3.5 §6.2.1). */
    private void personName(String name, Column column, String value) {
        String[] groups = value.split("=", 3);
        if (groups.length > 1) {
            groups(name, column, groups);
        } else if (value.isEmpty()) {
            sql.append("TRUE");
        } else {
            String pattern = Wildcards.like(value);
            like(name, column, "%=" + pattern + "=%");
            if (Wildcards.hasWildcards(value)) {
                // the wildcards may have gone across groups
                parameter(" AND (split_part(" + name + ", '=', 2) LIKE ?", pattern);
                parameter(" OR split_part(" + name + ", '=', 3) LIKE ?", pattern);
                parameter(" OR split_part(" + name + ", '=', 4) LIKE ?)", pattern);
            }
        }
    }

    private void groups(String name, Column column, String... groups) {
        sql.append("TRUE");
        for (int i = 0; i < groups.length; i++) {
            if (!groups[i].isEmpty() && !groups[i].equals("*")) {
                String pattern = Wildcards.like(groups[i]);
                sql.append(" AND ");
                like(name, column, "%=" + pattern + "=%");
                parameter(" AND split_part(" + name + ", '=', " + (i + 2) + ") LIKE ?", pattern);
            }
        }
    }

    private void range(String name, ValueRange<?> range) {
        if (range.from() != null && range.from().equals(range.to())) {
            parameter(name + " = ?", range.from());
            return;
        }
        if (range.from() != null) {
            parameter(name + " >= ?", range.from());
        }
        if (range.to() != null) {
            parameter((range.from() == null ? "" : " AND ") + name + " <= ?", range.to());
        }
    }

    private static ValueRange<LocalDate> dates(String value, String key) throws DicomException {
        try {
            return DateRange.of(value);
        } catch (DicomException e) {
            throw Keys.invalid(key, "is neither a date nor a range of dates: " + e.getMessage());
        }
    }

    private static ValueRange<LocalTime> times(String value, String key) throws DicomException {
        try {
            return TimeRange.of(value);
        } catch (DicomException e) {
            throw Keys.invalid(key, "is neither a time nor a range of times: " + e.getMessage());
        }
    }

    private void parameter(String condition, Object value) {
        sql.append(condition);
        parameters.add(value);
    }
}
