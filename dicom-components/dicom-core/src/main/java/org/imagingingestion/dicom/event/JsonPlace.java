package org.imagingingestion.dicom.event;

import java.util.Arrays;

/**
 * Where a value stands in a document in UTF-8.
 *
 * @param start of its first byte
 * @param end behind its last byte
 */
record JsonPlace(int start, int end) {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    /**
     * Finds the value of a member of the object that a document is. It looks for brackets and quotation marks only, much faster than a
     * parser: whoever reads the value, and what {@link #without} leaves, finds whatever else is wrong.
     *
     * @param member in ASCII
     * @return {@code null} where there is none; where there are several, the last
     */
    static JsonPlace of(byte[] json, String member) {
        try {
            return find(json, member);
        } catch (ArrayIndexOutOfBoundsException e) {
            // it ends too early, which its reader tells better
            return null;
        }
    }

    private static JsonPlace find(byte[] json, String member) {
        JsonPlace found = null;
        int at = next(
                json, Arrays.mismatch(json, BYTE_ORDER_MARK) == BYTE_ORDER_MARK.length ? BYTE_ORDER_MARK.length : 0);
        if (json[at] != '{') {
            return null;
        }
        at = next(json, at + 1);
        while (json[at] == '"') {
            int name = at + 1;
            int nameEnd = stringEnd(json, name);
            at = next(json, nameEnd);
            if (json[at] != ':') {
                return null;
            }
            int start = next(json, at + 1);
            int end = valueEnd(json, start);
            if (isName(json, name, nameEnd - 1, member)) {
                found = new JsonPlace(start, end);
            }
            at = next(json, end);
            if (json[at] != ',') {
                break;
            }
            at = next(json, at + 1);
        }
        return json[at] == '}' ? found : null;
    }

    private static boolean isName(byte[] json, int start, int end, String member) {
        if (end - start != member.length()) {
            return false;
        }
        for (int i = 0; i < member.length(); i++) {
            if (json[start + i] != member.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The first byte from here on that is no white space. */
    private static int next(byte[] json, int start) {
        int at = start;
        while (isSpace(json[at])) {
            at++;
        }
        return at;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private static int valueEnd(byte[] json, int start) {
        int at = start;
        int depth = 0;
        do {
            switch (json[at++]) {
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                case '"' -> at = stringEnd(json, at);
                default -> {
                    if (depth == 0) {
                        at = literalEnd(json, at);
                    }
                }
            }
        } while (depth > 0);
        return at;
    }

    private static int literalEnd(byte[] json, int start) {
        int at = start;
        while (!isSpace(json[at]) && json[at] != ',' && json[at] != '}') {
            at++;
        }
        return at;
    }

    private static int stringEnd(byte[] json, int start) {
        int at = start;
        while (json[at] != '"') {
            at += json[at] == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    /** The value as it stands there. */
    byte[] in(byte[] json) {
        return Arrays.copyOfRange(json, start, end);
    }

    /** The document with null in its place. */
    byte[] without(byte[] json) {
        byte[] rest = new byte[json.length - (end - start) + NULL.length];
        System.arraycopy(json, 0, rest, 0, start);
        System.arraycopy(NULL, 0, rest, start, NULL.length);
        System.arraycopy(json, end, rest, start + NULL.length, json.length - end);
        return rest;
    }
}
