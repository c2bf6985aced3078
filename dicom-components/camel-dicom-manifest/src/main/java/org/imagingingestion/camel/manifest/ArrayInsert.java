package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** An INSERT of any number of rows in one statement: each parameter is the array of one column's values. */
final class ArrayInsert {
    private record Field(String column, String arrayType, String expression) {}

    private final String table;
    private final List<Field> fields = new ArrayList<>();
    private final StringBuilder computedColumns = new StringBuilder();
    private final StringBuilder computedValues = new StringBuilder();
    private String sql;

    private ArrayInsert(String table) {
        this.table = table;
    }

    static ArrayInsert into(String table) {
        return new ArrayInsert(table);
    }

    ArrayInsert texts(String... columns) {
        return fields("text", columns);
    }

    ArrayInsert longs(String... columns) {
        return fields("int8", columns);
    }

    ArrayInsert bytes(String... columns) {
        return fields("bytea", columns);
    }

    private ArrayInsert fields(String type, String... columns) {
        for (String column : columns) {
            fields.add(new Field(column, type, "u." + column));
        }
        return this;
    }

    /** A column whose value is an expression of its element of a text array. */
    ArrayInsert text(String column, String expression) {
        fields.add(new Field(column, "text", expression));
        return this;
    }

    /** A column whose value is an expression of its element of a bigint array. */
    ArrayInsert number(String column, String expression) {
        fields.add(new Field(column, "int8", expression));
        return this;
    }

    /** The columns of a level's attributes. */
    ArrayInsert columns(List<Column> columns) {
        for (Column column : columns) {
            text(column.name(), "u." + column.name() + "::" + column.kind().sqlType());
        }
        return this;
    }

    /** A column that is not given. */
    ArrayInsert computed(String column, String expression) {
        computedColumns.append(", ").append(column);
        computedValues.append(", ").append(expression);
        return this;
    }

    /** Ends the statement: what to do on conflict, what to return. */
    ArrayInsert end(String clauses) {
        sql = "INSERT INTO manifest." + table + " ("
                + fields.stream().map(Field::column).collect(Collectors.joining(", ")) + computedColumns + ") SELECT "
                + fields.stream().map(Field::expression).collect(Collectors.joining(", ")) + computedValues
                + " FROM unnest("
                + fields.stream().map(field -> "?::" + field.arrayType() + "[]").collect(Collectors.joining(", "))
                + ") AS u ("
                + fields.stream().map(Field::column).collect(Collectors.joining(", ")) + ") " + clauses;
        return this;
    }

    /** @param rows values in the order in which the columns were given, in the order in which the rows are to be locked */
    PreparedStatement prepare(Connection connection, List<Object[]> rows) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            bind(statement, 1, rows);
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    /** Sets the parameters of a statement that it is a part of. @return the index of the next parameter */
    int bind(PreparedStatement statement, int from, List<Object[]> rows) throws SQLException {
        int next = from;
        for (int i = 0; i < fields.size(); i++) {
            statement.setArray(
                    next++,
                    statement.getConnection().createArrayOf(fields.get(i).arrayType(), column(rows, i)));
        }
        return next;
    }

    private Object[] column(List<Object[]> rows, int index) {
        Object[] column =
                switch (fields.get(index).arrayType()) {
                    case "text" -> new String[rows.size()];
                    case "int8" -> new Long[rows.size()];
                    default -> new byte[rows.size()][];
                };
        for (int i = 0; i < column.length; i++) {
            column[i] = rows.get(i)[index];
        }
        return column;
    }

    @Override
    public String toString() {
        return sql;
    }
}
