package org.imagingingestion.dicom;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A set of graphic characters that ISO 2022 designates to G0 (bytes 21-7E) or G1 (bytes A0-FF) by an escape sequence
 * (PS3.3 §C.12.1.1.2, Tables C.12-3 and C.12-4).
 */
enum GraphicSet {
    ASCII(0, 1, "(B", "US-ASCII"),
    ROMAJI(0, 1, "(J", "US-ASCII"),
    JIS_X0208(0, 2, "$B", "x-JIS0208"),
    JIS_X0212(0, 2, "$(D", "JIS_X0212-1990"),
    LATIN_1(1, 1, "-A", "ISO-8859-1"),
    LATIN_2(1, 1, "-B", "ISO-8859-2"),
    LATIN_3(1, 1, "-C", "ISO-8859-3"),
    LATIN_4(1, 1, "-D", "ISO-8859-4"),
    CYRILLIC(1, 1, "-L", "ISO-8859-5"),
    ARABIC(1, 1, "-G", "ISO-8859-6"),
    GREEK(1, 1, "-F", "ISO-8859-7"),
    HEBREW(1, 1, "-H", "ISO-8859-8"),
    LATIN_5(1, 1, "-M", "ISO-8859-9"),
    LATIN_9(1, 1, "-b", "ISO-8859-15"),
    THAI(1, 1, "-T", "TIS-620"),
    KATAKANA(1, 1, ")I", "JIS_X0201"),
    KS_X1001(1, 2, "$)C", "EUC-KR"),
    GB_2312(1, 2, "$)A", "GB2312");

    private static final char UNASSIGNED = '\uFFFD';
    private static final GraphicSet[] ALL = values();

    private final boolean right;
    private final int width;
    private final byte[] escape;
    private final String charset;
    private volatile Table table;

    GraphicSet(int half, int width, String finalBytes, String charset) {
        this.right = half == 1;
        this.width = width;
        this.escape = ('\u001B' + finalBytes).getBytes(StandardCharsets.US_ASCII);
        this.charset = charset;
    }

    /** Whether it is designated to G1. */
    boolean isRight() {
        return right;
    }

    /** Bytes of one character. */
    int width() {
        return width;
    }

    /** The escape sequence that designates it, with its ESC. */
    byte[] escape() {
        return escape;
    }

    /** The set that the escape sequence at this place designates, {@code null} where there is none that DICOM has. */
    static GraphicSet designatedAt(byte[] bytes, int from, int to) {
        for (GraphicSet set : ALL) {
            int end = from + set.escape.length;
            if (end <= to && Arrays.equals(bytes, from, end, set.escape, 0, set.escape.length)) {
                return set;
            }
        }
        return null;
    }

    /** The character of a byte, U+FFFD where it has none. */
    char decode(int b) {
        return table().characters[b & 0x7F];
    }

    /** The character of two bytes, U+FFFD where they have none. */
    char decode(int first, int second) {
        return table().characters[(first & 0x7F) << 7 | second & 0x7F];
    }

    /** The bytes of a character, the first one in bits 15-8 where there are two; -1 where the set does not have it. */
    int encode(char c) {
        return table().codeOf(c);
    }

    private Table table() {
        Table loaded = table;
        if (loaded == null) {
            loaded = new Table(this);
            table = loaded;
        }
        return loaded;
    }

    /** Characters by their code without its high bits, and codes by characters in pages of 256. */
    private static final class Table {
        private final char[] characters;
        private final char[][] pages = new char[256][];

        Table(GraphicSet set) {
            Charset charset = Charset.forName(set.charset);
            characters = new char[set.width == 1 ? 1 << 7 : 1 << 14];
            Arrays.fill(characters, UNASSIGNED);
            int high = set.right ? 0x80 : 0;
            if (set.width == 1) {
                for (int b = set.right ? 0 : 0x20; b < 0x80; b++) {
                    assign(b, b | high, charset, (byte) (b | high));
                }
            } else {
                for (int first = 0x21; first < 0x7F; first++) {
                    for (int second = 0x21; second < 0x7F; second++) {
                        int code = (first | high) << 8 | second | high;
                        assign(first << 7 | second, code, charset, (byte) (first | high), (byte) (second | high));
                    }
                }
            }
            if (set == ROMAJI) {
                replace(0x5C, '\u00A5');
                replace(0x7E, '\u203E');
            }
        }

        private void assign(int index, int code, Charset charset, byte... bytes) {
            String text = new String(bytes, charset);
            if (text.length() == 1 && text.charAt(0) != UNASSIGNED) {
                characters[index] = text.charAt(0);
                page(text.charAt(0))[text.charAt(0) & 0xFF] = (char) code;
            }
        }

        private void replace(int code, char c) {
            page(characters[code])[characters[code] & 0xFF] = 0;
            characters[code] = c;
            page(c)[c & 0xFF] = (char) code;
        }

        private char[] page(char c) {
            char[] page = pages[c >> 8];
            if (page == null) {
                page = new char[256];
                pages[c >> 8] = page;
            }
            return page;
        }

        int codeOf(char c) {
            char[] page = pages[c >> 8];
            return page == null || page[c & 0xFF] == 0 ? -1 : page[c & 0xFF];
        }
    }
}
