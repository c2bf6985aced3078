package org.imagingingestion.dicom;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One defined term of Specific Character Set (PS3.3 §C.12.1.1.2).
 *
 * @param charset what the whole value is encoded in, {@code null} where the value is made of graphic sets
 * @param left the set for G0, {@code null} where it has none
 * @param right the set for G1, {@code null} where it has none
 * @param isExtension whether it is a term for use with code extensions
 */
record DefinedTerm(Charset charset, GraphicSet left, GraphicSet right, boolean isExtension) {
    private static final Pattern SEPARATORS = Pattern.compile("[ _-]");
    private static final Pattern REGISTRY = Pattern.compile("^ISO(2022)?(IR)?");
    private static final Map<String, GraphicSet> RIGHT = Map.ofEntries(
            Map.entry("100", GraphicSet.LATIN_1),
            Map.entry("101", GraphicSet.LATIN_2),
            Map.entry("109", GraphicSet.LATIN_3),
            Map.entry("110", GraphicSet.LATIN_4),
            Map.entry("144", GraphicSet.CYRILLIC),
            Map.entry("127", GraphicSet.ARABIC),
            Map.entry("126", GraphicSet.GREEK),
            Map.entry("138", GraphicSet.HEBREW),
            Map.entry("148", GraphicSet.LATIN_5),
            Map.entry("203", GraphicSet.LATIN_9),
            Map.entry("166", GraphicSet.THAI));
    private static final Map<String, GraphicSet> MULTI_BYTE = Map.of(
            "87", GraphicSet.JIS_X0208,
            "159", GraphicSet.JIS_X0212,
            "149", GraphicSet.KS_X1001,
            "58", GraphicSet.GB_2312);

    /** The term, one that declares nothing where it is unknown. */
    static DefinedTerm of(String term) {
        String key = SEPARATORS.matcher(term.toUpperCase(Locale.ROOT)).replaceAll("");
        boolean extension = key.startsWith("ISO2022");
        String charset =
                switch (key) {
                    case "ISOIR192", "ISO2022IR192" -> "UTF-8";
                    case "GB18030", "ISO2022GB18030" -> "GB18030";
                    case "GBK", "ISO2022GBK" -> "GBK";
                    default -> null;
                };
        if (charset != null) {
            return new DefinedTerm(Charset.forName(charset), GraphicSet.ASCII, null, false);
        }
        String number = REGISTRY.matcher(key).replaceFirst("");
        if (number.equals(key)) {
            return new DefinedTerm(null, GraphicSet.ASCII, null, false);
        }
        if (number.equals("13")) {
            return new DefinedTerm(null, GraphicSet.ROMAJI, GraphicSet.KATAKANA, extension);
        }
        GraphicSet multiByte = MULTI_BYTE.get(number);
        if (multiByte != null) {
            return multiByte.isRight()
                    ? new DefinedTerm(null, null, multiByte, true)
                    : new DefinedTerm(null, multiByte, null, true);
        }
        return new DefinedTerm(null, GraphicSet.ASCII, RIGHT.get(number), extension);
    }

    /** What G0 holds where this is the first value. */
    GraphicSet initialG0() {
        return left == null || left.width() == 2 ? GraphicSet.ASCII : left;
    }

    /** What G1 holds where this is the first value, {@code null} for nothing that is in force without an escape sequence. */
    GraphicSet initialG1() {
        return right == null || right.width() == 2 ? null : right;
    }

    /** The sets that it declares. */
    List<GraphicSet> sets() {
        if (left == null) {
            return List.of(right);
        }
        return right == null ? List.of(left) : List.of(left, right);
    }
}
