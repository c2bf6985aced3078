package org.imagingingestion.camel.instance;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;

/** Private elements that are known to have nothing in them that identifies anybody (PS3.15 §E.3.10). */
final class SafePrivate {
    private static final Pattern ENTRY =
            Pattern.compile("\\(\\s*([0-9A-Fa-f]{4})\\s*,\\s*[xX]{2}([0-9A-Fa-f]{2})\\s*,\\s*\"([^\"]+)\"\\s*\\)");

    private record Entry(int group, int element, String creator) {}

    private final Set<Entry> entries = new HashSet<>();

    /**
     * Reads a list.
     *
     * @param text {@code (0019,xx0C,"SIEMENS MR HEADER")}, separated by semicolons or lines
     * @throws IllegalArgumentException naming what is wrong in it
     */
    static SafePrivate parse(String text) {
        SafePrivate safe = new SafePrivate();
        for (String each : text.split("[;\n]")) {
            if (each.isBlank()) {
                continue;
            }
            Matcher matcher = ENTRY.matcher(each.strip());
            if (!matcher.matches() || (Integer.parseInt(matcher.group(1), 16) & 1) == 0) {
                throw new IllegalArgumentException("safePrivate has " + each.strip()
                        + ", which is no private element as (0019,xx0C,\"SIEMENS MR HEADER\")");
            }
            safe.entries.add(new Entry(
                    Integer.parseInt(matcher.group(1), 16),
                    Integer.parseInt(matcher.group(2), 16),
                    creator(matcher.group(3))));
        }
        return safe;
    }

    boolean contains(DataSet dataSet, int tag) {
        String creator = dataSet.privateCreator(tag);
        return creator != null
                && !Tag.isPrivateCreator(tag)
                && entries.contains(new Entry(Tag.group(tag), tag & 0xFF, creator(creator)));
    }

    private static String creator(String text) {
        return text.strip().toUpperCase(Locale.ROOT);
    }
}
