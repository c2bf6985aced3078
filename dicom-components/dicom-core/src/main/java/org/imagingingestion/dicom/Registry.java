package org.imagingingestion.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.imagingingestion.dicom.Dictionary.Entry;
import org.imagingingestion.dicom.Dictionary.UIDEntry;

/** The table {@code dictionary.tsv} in memory. Elements are found by halving a sorted array, without boxing. */
final class Registry {
    static final Registry INSTANCE = new Registry("dictionary.tsv");

    private final List<Entry> elements = new ArrayList<>(6000);
    private final Map<String, Entry> byKeyword = new HashMap<>(16384);
    private final Map<String, UIDEntry> uids = new LinkedHashMap<>(1024);
    private final Map<String, UIDEntry> uidsByKeyword = new HashMap<>(1024);
    private final Map<String, List<VR>> choices = new HashMap<>();
    private final int[] tags;
    private final Entry[] single;
    private final Entry[] repeating;

    private Registry(String resource) {
        for (String line : read(resource).split("\n")) {
            if (!line.startsWith("#")) {
                add(line.split("\t", -1));
            }
        }
        single = elements.stream().filter(e -> e.mask() == -1).toArray(Entry[]::new);
        repeating = elements.stream().filter(e -> e.mask() != -1).toArray(Entry[]::new);
        tags = Arrays.stream(single).mapToInt(e -> ordered(e.tag())).toArray();
    }

    private static String read(String resource) {
        try (InputStream in = Registry.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(String[] columns) {
        if (columns[0].indexOf('.') < 0) {
            addElement(columns);
        } else {
            addUID(columns);
        }
    }

    private void addElement(String[] columns) {
        int tag = Integer.parseUnsignedInt(columns[0].replace('x', '0'), 16);
        int mask = columns[0].indexOf('x') < 0 ? -1 : mask(columns[0]);
        List<VR> vrs = choices.computeIfAbsent(columns[1], Registry::vrs);
        boolean retired = column(columns, 5).contains("R");
        Entry entry = new Entry(tag, mask, vrs, columns[2], column(columns, 3), column(columns, 4), retired);
        elements.add(entry);
        byKeyword.putIfAbsent(entry.keyword(), entry);
    }

    private static int mask(String pattern) {
        int mask = 0;
        for (char digit : pattern.toCharArray()) {
            mask = mask << 4 | (digit == 'x' ? 0 : 0xF);
        }
        return mask;
    }

    private void addUID(String[] columns) {
        String flags = column(columns, 4);
        UIDEntry entry = new UIDEntry(
                columns[0],
                columns[1],
                column(columns, 2),
                column(columns, 3),
                flags.contains("S"),
                flags.contains("N"),
                flags.contains("R"));
        uids.put(entry.uid(), entry);
        uidsByKeyword.putIfAbsent(entry.keyword(), entry);
    }

    private static String column(String[] columns, int index) {
        return index < columns.length ? columns[index] : "";
    }

    private static List<VR> vrs(String column) {
        return column.equals("-")
                ? List.of()
                : Arrays.stream(column.split("/")).map(VR::valueOf).toList();
    }

    /** A number that is in the signed order where the tag is in the unsigned one. */
    private static int ordered(int tag) {
        return tag ^ Integer.MIN_VALUE;
    }

    Entry element(int tag) {
        int index = Arrays.binarySearch(tags, ordered(tag));
        if (index >= 0) {
            return single[index];
        }
        for (Entry entry : repeating) {
            if ((tag & entry.mask()) == entry.tag()) {
                return entry;
            }
        }
        return null;
    }

    Entry element(String keyword) {
        return keyword.isEmpty() ? null : byKeyword.get(keyword);
    }

    List<Entry> elements() {
        return Collections.unmodifiableList(elements);
    }

    UIDEntry uid(String uid) {
        return uids.get(uid);
    }

    UIDEntry uidOfKeyword(String keyword) {
        return keyword.isEmpty() ? null : uidsByKeyword.get(keyword);
    }

    List<UIDEntry> uids() {
        return List.copyOf(uids.values());
    }
}
