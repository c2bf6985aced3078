package org.imagingingestion.camel.manifest;

import java.util.Arrays;

/**
 * Where each attribute stands in a DICOM JSON object (PS3.18 Annex F) that was made by this component: UTF-8, no white
 * space, attributes in the order of their tags. Nothing is decoded.
 */
final class JsonMembers {
    /** Bytes before a value: {@code "00080018":}. */
    private static final int NAME = 11;
    /** An attribute without a value: {@code {"vr":"UI"}}. */
    private static final int EMPTY = 11;

    private final byte[] json;
    private int[] tags;
    private int[] starts;
    private int[] ends;
    private int size;

    /** @param room for so many attributes, which are to be added */
    JsonMembers(byte[] json, int room) {
        this.json = json;
        tags = new int[room];
        starts = new int[room];
        ends = new int[room];
    }

    static JsonMembers of(byte[] json) {
        JsonMembers members = new JsonMembers(json, 128);
        members.scan();
        return members;
    }

    private void scan() {
        int at = 1;
        while (json[at] == '"') {
            int start = at;
            int tag = tag(at + 1);
            at = objectEnd(at + NAME);
            add(tag, start, at);
            if (json[at] == ',') {
                at++;
            }
        }
    }

    void add(int tag, int start, int end) {
        if (size == tags.length) {
            tags = Arrays.copyOf(tags, size * 2);
            starts = Arrays.copyOf(starts, size * 2);
            ends = Arrays.copyOf(ends, size * 2);
        }
        tags[size] = tag;
        starts[size] = start;
        ends[size++] = end;
    }

    private int tag(int at) {
        int tag = 0;
        for (int i = at; i < at + 8; i++) {
            tag = tag << 4 | Character.digit(json[i], 16);
        }
        return tag;
    }

    /** Behind the object that starts here. */
    private int objectEnd(int start) {
        int at = start;
        int depth = 0;
        while (true) {
            switch (json[at++]) {
                case '{', '[' -> depth++;
                case '}', ']' -> {
                    if (--depth == 0) {
                        return at;
                    }
                }
                case '"' -> at = stringEnd(at);
                default -> {}
            }
        }
    }

    private int stringEnd(int start) {
        int at = start;
        while (json[at] != '"') {
            at += json[at] == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    byte[] json() {
        return json;
    }

    int size() {
        return size;
    }

    int tagAt(int index) {
        return tags[index];
    }

    /** Where the attribute's name starts. */
    int start(int index) {
        return starts[index];
    }

    /** Behind the attribute's value. */
    int end(int index) {
        return ends[index];
    }

    /** Index of an attribute, negative where it is absent. */
    int find(int tag) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            int order = Integer.compareUnsigned(tags[middle], tag);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    /** Whether the attribute has no value. */
    boolean isEmpty(int index) {
        return ends[index] - starts[index] == NAME + EMPTY;
    }

    /** The attribute's value, an object with its VR. */
    byte[] value(int index) {
        return Arrays.copyOfRange(json, starts[index] + NAME, ends[index]);
    }

    /** Whether two attributes are the same, names and all. */
    boolean sameAs(int index, JsonMembers other, int otherIndex) {
        return Arrays.equals(
                json, starts[index], ends[index], other.json, other.starts[otherIndex], other.ends[otherIndex]);
    }
}
