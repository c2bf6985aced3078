package org.imagingingestion.dicom;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;

/** Writes the values of string VRs into a JSON array; those that are ASCII straight from their bytes. */
final class JsonText {
    /** The names of the component groups of a PN (PS3.18 §F.2.2). */
    static final String[] GROUPS = {"Alphabetic", "Ideographic", "Phonetic"};

    private static final SerializableString[] GROUP_NAMES = {
        new SerializedString(GROUPS[0]), new SerializedString(GROUPS[1]), new SerializedString(GROUPS[2])
    };
    private static final byte[] UNLIKE_IN_JIS_X0201 = {'\\', '~'};
    private static final byte ESC = 0x1B;

    private final JsonGenerator out;
    private final char[] number = new char[JsonNumber.MAX_LENGTH];
    private SpecificCharacterSet known;
    private boolean knownIsAscii;

    private VR vr;
    private byte[] bytes;
    private int start;
    private int end;
    private String[] decoded;

    JsonText(JsonGenerator out) {
        this.out = out;
    }

    /** Takes up an element that is not empty. @return whether there is more in it than padding */
    boolean begin(DataSet dataSet, Element.Value value) {
        vr = value.vr();
        bytes = value.bytes();
        start = 0;
        end = bytes.length;
        decoded = null;
        if ((!vr.isText() || isAscii(dataSet.characterSet())) && isAscii(bytes)) {
            return vr.isMultiValued() && indexOf('\\', 0, end) < end || trim(0, end);
        }
        decoded = dataSet.strings(value);
        return decoded.length > 1 || !isEmpty(decoded[0], vr);
    }

    /** Whether there is nothing in a value; a name of no components, {@code ^^^^} or {@code ==}, is as empty as any. */
    static boolean isEmpty(String value, VR vr) {
        if (vr != VR.PN) {
            return value.isEmpty();
        }
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) != '^' && value.charAt(i) != '=' && value.charAt(i) != ' ') {
                return false;
            }
        }
        return true;
    }

    /** Whether a byte below 128 is the ASCII character, so long as there is no escape sequence. */
    private boolean isAscii(SpecificCharacterSet set) {
        if (set != known) {
            known = set;
            knownIsAscii = set.decode(UNLIKE_IN_JIS_X0201, 0, 2, VR.LT).equals("\\~");
        }
        return knownIsAscii;
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0 || b == ESC) {
                return false;
            }
        }
        return true;
    }

    /** Writes all values, empty ones as null (PS3.18 §F.2.5). */
    void write() throws IOException {
        if (decoded != null) {
            for (String value : decoded) {
                write(value);
            }
            return;
        }
        if (!vr.isMultiValued()) {
            writeAscii(0, bytes.length);
            return;
        }
        int from = 0;
        for (int to = indexOf('\\', 0, bytes.length); to < bytes.length; to = indexOf('\\', from, bytes.length)) {
            writeAscii(from, to);
            from = to + 1;
        }
        writeAscii(from, bytes.length);
    }

    private void writeAscii(int from, int to) throws IOException {
        if (!trim(from, to)) {
            out.writeNull();
            return;
        }
        switch (vr) {
            case PN -> writeName();
            case IS, DS -> writeNumber();
            default -> out.writeUTF8String(bytes, start, end - start);
        }
    }

    private void writeNumber() throws IOException {
        int length = JsonNumber.of(bytes, start, end, vr == VR.DS, number);
        if (length > 0) {
            out.writeNumber(number, 0, length);
        } else {
            out.writeUTF8String(bytes, start, end - start);
        }
    }

    private void writeName() throws IOException {
        int from = start;
        out.writeStartObject();
        for (int group = 0; group < GROUPS.length && from <= end; group++) {
            int to = group < GROUPS.length - 1 ? indexOf('=', from, end) : end;
            if (to > from) {
                out.writeFieldName(GROUP_NAMES[group]);
                out.writeUTF8String(bytes, from, to - from);
            }
            from = to + 1;
        }
        out.writeEndObject();
    }

    private void write(String value) throws IOException {
        if (isEmpty(value, vr)) {
            out.writeNull();
        } else if (vr == VR.PN) {
            String[] groups = wellFormed(value).split("=", GROUPS.length);
            out.writeStartObject();
            for (int group = 0; group < groups.length; group++) {
                if (!groups[group].isEmpty()) {
                    out.writeFieldName(GROUP_NAMES[group]);
                    out.writeString(groups[group]);
                }
            }
            out.writeEndObject();
        } else {
            out.writeString(wellFormed(value));
        }
    }

    /** The text with U+FFFD in place of each half of a surrogate pair that has no other half, which UTF-8 cannot have. */
    static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return text.codePoints()
                        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
            }
        }
        return text;
    }

    /** As {@link Strings#split} has it. @return whether something is left, of a name more than its delimiters */
    private boolean trim(int from, int to) {
        int last = to;
        while (last > from && (bytes[last - 1] == ' ' || bytes[last - 1] == 0)) {
            last--;
        }
        int first = from;
        if (vr != VR.LT && vr != VR.ST && vr != VR.UT && vr != VR.UC && vr != VR.UR) {
            while (first < last && bytes[first] == ' ') {
                first++;
            }
        }
        start = first;
        end = last;
        if (vr == VR.PN) {
            while (first < last && (bytes[first] == '^' || bytes[first] == '=' || bytes[first] == ' ')) {
                first++;
            }
        }
        return first < last;
    }

    private int indexOf(char c, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == c) {
                return i;
            }
        }
        return to;
    }
}
