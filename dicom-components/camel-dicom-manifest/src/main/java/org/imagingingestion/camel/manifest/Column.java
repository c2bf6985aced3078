package org.imagingingestion.camel.manifest;

import java.util.List;

import org.imagingingestion.dicom.DataSet;

/**
 * A column that holds an attribute for searches.
 *
 * @param name of the column
 * @param tag of the attribute
 * @param kind how the attribute is kept and compared
 * @param index how it is indexed
 */
record Column(String name, int tag, Kind kind, Index index) {
    enum Index {
        /** Not by itself. */
        NONE,
        /** By its values. */
        VALUES,
        /** By the trigrams in it. */
        TRIGRAMS,
        /** By both. */
        BOTH;

        boolean hasTrigrams() {
            return this == TRIGRAMS || this == BOTH;
        }
    }

    enum Kind {
        /** One UID or several are asked for. */
        UID("text"),
        /** Compared with regard to case; wildcards. */
        TEXT("text"),
        /** Person name, compared without regard to case, a group at a time; wildcards. */
        NAME("text"),
        /** The same without accents, for fuzzy matching. */
        PLAIN_NAME("text"),
        DATE("date"),
        TIME("time"),
        NUMBER("integer");

        private final String sqlType;

        Kind(String sqlType) {
            this.sqlType = sqlType;
        }

        String sqlType() {
            return sqlType;
        }
    }

    /** What is kept of a data set in each of these columns. */
    static String[] values(List<Column> columns, DataSet dataSet) {
        String[] values = new String[columns.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = columns.get(i).value(dataSet);
        }
        return values;
    }

    /** What is kept of a data set, as text that PostgreSQL reads as the column's type; {@code null} where there is nothing to match. */
    String value(DataSet dataSet) {
        return switch (kind) {
            case UID, TEXT -> Values.text(dataSet.string(tag));
            case NAME -> Values.name(dataSet.string(tag));
            case PLAIN_NAME -> Values.plainName(dataSet.string(tag));
            case DATE -> Values.date(dataSet.string(tag));
            case TIME -> Values.time(dataSet.string(tag));
            case NUMBER -> Values.number(dataSet, tag);
        };
    }
}
