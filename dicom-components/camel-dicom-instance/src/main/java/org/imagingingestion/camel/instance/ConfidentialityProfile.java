package org.imagingingestion.camel.instance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What becomes of an attribute by the Basic Application Level Confidentiality Profile and options of it (PS3.15 §E.2, §E.3). */
final class ConfidentialityProfile {
    /** Edition of the standard that the table is from. */
    static final String EDITION = "2024b";

    private static final Map<Integer, Row> ROWS = new HashMap<>();
    private static final List<Row> REPEATING = new ArrayList<>();

    static {
        for (String line : read("confidentiality-profile.tsv").split("\n")) {
            if (!line.startsWith("#")) {
                add(Row.of(line.split("\t", -1)));
            }
        }
    }

    private ConfidentialityProfile() {}

    enum Action {
        KEEP,
        REMOVE,
        EMPTY,
        DUMMY,
        UID,
        /** Dates go on by some days. */
        SHIFT,
        /** Kept where it is known to be harmless, else as without the option. */
        CLEAN
    }

    /**
     * A line of the table.
     *
     * @param mask ones for the digits of the tag that are fixed
     * @param code as the standard writes it, such as X/Z/D
     * @param options letters, as the head of the table has them
     */
    record Row(int tag, int mask, String code, String options) {
        private static Row of(String[] columns) {
            int mask = 0;
            for (char digit : columns[0].toCharArray()) {
                mask = mask << 4 | (digit == 'x' ? 0 : 0xF);
            }
            return new Row(
                    Integer.parseUnsignedInt(columns[0].replace('x', '0'), 16),
                    mask,
                    columns[1],
                    columns.length > 2 ? columns[2] : "");
        }

        /** What is done with it where these options are used. */
        Action action(Set<ProfileOption> used) {
            if (has('F') && used.contains(ProfileOption.RETAIN_MODIFIED_DATES)) {
                return Action.SHIFT;
            }
            if (has('F') && used.contains(ProfileOption.RETAIN_FULL_DATES)
                    || has('U') && used.contains(ProfileOption.RETAIN_UIDS)
                    || has('D') && used.contains(ProfileOption.RETAIN_DEVICE_IDENTITY)
                    || has('I') && used.contains(ProfileOption.RETAIN_INSTITUTION_IDENTITY)
                    || has('P') && used.contains(ProfileOption.RETAIN_PATIENT_CHARACTERISTICS)) {
                return Action.KEEP;
            }
            if (has('C') && used.contains(ProfileOption.CLEAN_DESCRIPTORS)
                    || has('d') && used.contains(ProfileOption.RETAIN_DEVICE_IDENTITY)
                    || has('p') && used.contains(ProfileOption.RETAIN_PATIENT_CHARACTERISTICS)) {
                return Action.CLEAN;
            }
            return basicAction();
        }

        /**
         * What is done with it without options. Of a choice that depends on the attribute's type in the IOD, the one that every type
         * allows: an attribute that is there stays, and one that has a value has another.
         */
        Action basicAction() {
            return switch (code.substring(code.lastIndexOf('/') + 1)) {
                case "X" -> Action.REMOVE;
                case "Z" -> Action.EMPTY;
                case "D" -> Action.DUMMY;
                case "U", "U*" -> Action.UID;
                default -> throw new IllegalStateException(code);
            };
        }

        /** Whether there is an option that cleans it. */
        boolean isCleaned() {
            return has('C') || has('d') || has('p');
        }

        private boolean has(char option) {
            return options.indexOf(option) >= 0;
        }
    }

    private static String read(String resource) {
        try (InputStream in = ConfidentialityProfile.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(Row row) {
        if (row.mask() == -1) {
            ROWS.put(row.tag(), row);
        } else {
            REPEATING.add(row);
        }
    }

    /** The line of an attribute, {@code null} where the profile leaves it as it is. */
    static Row row(int tag) {
        Row row = ROWS.get(tag);
        if (row != null) {
            return row;
        }
        for (Row each : REPEATING) {
            if ((tag & each.mask()) == each.tag()) {
                return each;
            }
        }
        return null;
    }

    /** All lines, in no order. */
    static List<Row> rows() {
        List<Row> rows = new ArrayList<>(ROWS.values());
        rows.addAll(REPEATING);
        return Collections.unmodifiableList(rows);
    }
}
