package org.imagingingestion.dicom;

/** Reads one value that is made of graphic sets, with escape sequences where they are declared (PS3.5 §6.1.2.5). */
final class TextDecoder {
    private static final char INVALID = '\uFFFD';

    private final SpecificCharacterSet characterSet;
    private final VR vr;
    private GraphicSet g0;
    private GraphicSet g1;

    TextDecoder(SpecificCharacterSet characterSet, VR vr) {
        this.characterSet = characterSet;
        this.vr = vr;
        returnToInitial();
    }

    private void returnToInitial() {
        g0 = characterSet.initialG0;
        g1 = characterSet.readG1;
    }

    String decode(byte[] bytes, int from, int to) {
        StringBuilder text = new StringBuilder(to - from);
        int at = from;
        while (at < to) {
            GraphicSet designated = characterSet.extended && bytes[at] == SpecificCharacterSet.ESC
                    ? GraphicSet.designatedAt(bytes, at, to)
                    : null;
            if (designated == null) {
                at += character(bytes, at, to, text);
            } else {
                designate(designated);
                at += designated.escape().length;
            }
        }
        return text.toString();
    }

    private void designate(GraphicSet set) {
        if (set.isRight()) {
            g1 = set;
        } else {
            g0 = set;
        }
    }

    /** Appends the character at this place. @return how many bytes it has */
    private int character(byte[] bytes, int at, int to, StringBuilder text) {
        int b = bytes[at] & 0xFF;
        GraphicSet set = b < 0x80 ? g0 : g1;
        if (set != null && set.width() == 2 && isPair(bytes, at, to)) {
            text.append(set.decode(b, bytes[at + 1]));
            return 2;
        }
        boolean delimiter = SpecificCharacterSet.isDelimiter(b, vr);
        if (delimiter) {
            returnToInitial();
        }
        boolean asIs = delimiter || b <= 0x20 || b == 0x7F || set == null;
        text.append(asIs ? (char) b : set.width() == 2 ? INVALID : set.decode(b));
        return 1;
    }

    /** Whether two bytes of the same half follow. */
    private static boolean isPair(byte[] bytes, int at, int to) {
        return at + 1 < to && bytes[at] < 0 == bytes[at + 1] < 0 && isGraphic(bytes[at]) && isGraphic(bytes[at + 1]);
    }

    private static boolean isGraphic(int b) {
        int low = b & 0x7F;
        return low > 0x20 && low < 0x7F;
    }
}
