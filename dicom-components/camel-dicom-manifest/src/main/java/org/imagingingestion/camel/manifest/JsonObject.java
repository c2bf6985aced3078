package org.imagingingestion.camel.manifest;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

import org.imagingingestion.dicom.VR;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** A DICOM JSON object put together of attributes that are JSON already, given out in the order of their tags (PS3.18 §F.2.2). */
final class JsonObject {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private int[] tags = new int[32];
    private byte[][] sources = new byte[32][];
    private int[] starts = new int[32];
    private int[] ends = new int[32];
    private int size;

    /** Adds an attribute that stands in another object; the first one added of a tag is kept. */
    JsonObject add(JsonMembers members, int index) {
        return add(members.tagAt(index), members.json(), members.start(index), members.end(index));
    }

    /** Adds an attribute of one value that is text, which must need no escaping. */
    JsonObject addText(int tag, VR vr, String value) {
        return add(tag, member(tag, vr, value.isEmpty() ? null : '"' + value + '"'));
    }

    /** Adds an attribute whose value is a number. */
    JsonObject addNumber(int tag, VR vr, long value) {
        return add(tag, member(tag, vr, Long.toString(value)));
    }

    /** Adds an attribute of any values that are text. */
    JsonObject addStrings(int tag, VR vr, String... values) {
        StringBuilder json = new StringBuilder();
        for (String value : values) {
            json.append(json.length() == 0 ? "\"" : ",\"");
            JsonStringEncoder.getInstance().quoteAsString(value, json);
            json.append('"');
        }
        return add(tag, member(tag, vr, values.length == 0 ? null : json.toString()));
    }

    /** Adds an attribute without a value. */
    JsonObject addEmpty(int tag, VR vr) {
        return add(tag, member(tag, vr, null));
    }

    /** An attribute with its name, as JSON. */
    static byte[] member(int tag, VR vr, String values) {
        String head = '"' + HEX.toHexDigits(tag) + "\":{\"vr\":\"" + vr;
        return (values == null ? head + "\"}" : head + "\",\"Value\":[" + values + "]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    JsonObject add(int tag, byte[] member) {
        return add(tag, member, 0, member.length);
    }

    private JsonObject add(int tag, byte[] source, int start, int end) {
        int at = size;
        while (at > 0 && Integer.compareUnsigned(tags[at - 1], tag) > 0) {
            at--;
        }
        if (at > 0 && tags[at - 1] == tag) {
            return this;
        }
        makeRoom(at);
        tags[at] = tag;
        sources[at] = source;
        starts[at] = start;
        ends[at] = end;
        return this;
    }

    private void makeRoom(int at) {
        if (size == tags.length) {
            tags = Arrays.copyOf(tags, size * 2);
            sources = Arrays.copyOf(sources, size * 2);
            starts = Arrays.copyOf(starts, size * 2);
            ends = Arrays.copyOf(ends, size * 2);
        }
        System.arraycopy(tags, at, tags, at + 1, size - at);
        System.arraycopy(sources, at, sources, at + 1, size - at);
        System.arraycopy(starts, at, starts, at + 1, size - at);
        System.arraycopy(ends, at, ends, at + 1, size - at);
        size++;
    }

    boolean contains(int tag) {
        for (int i = 0; i < size; i++) {
            if (tags[i] == tag) {
                return true;
            }
        }
        return false;
    }

    byte[] toBytes() {
        return toMembers().json();
    }

    JsonMembers toMembers() {
        int length = 1 + Math.max(1, size);
        for (int i = 0; i < size; i++) {
            length += ends[i] - starts[i];
        }
        byte[] out = new byte[length];
        JsonMembers members = new JsonMembers(out, size);
        int at = 0;
        out[at++] = '{';
        for (int i = 0; i < size; i++) {
            if (i > 0) {
                out[at++] = ',';
            }
            int end = at + ends[i] - starts[i];
            System.arraycopy(sources[i], starts[i], out, at, end - at);
            members.add(tags[i], at, end);
            at = end;
        }
        out[at] = '}';
        return members;
    }
}
