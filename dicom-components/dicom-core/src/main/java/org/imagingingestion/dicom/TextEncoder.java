package org.imagingingestion.dicom;

/** Writes one value in graphic sets, with escape sequences where they are declared (PS3.5 §6.1.2.5). */
final class TextEncoder {
    private final SpecificCharacterSet characterSet;
    private final VR vr;
    private final Bytes bytes = new Bytes(64);
    private GraphicSet g0;
    private GraphicSet g1;
    private boolean complete = true;

    TextEncoder(SpecificCharacterSet characterSet, VR vr) {
        this.characterSet = characterSet;
        this.vr = vr;
        g0 = characterSet.initialG0;
        g1 = characterSet.initialG1;
    }

    /** Whether the declared sets had all characters. */
    boolean isComplete() {
        return complete;
    }

    byte[] encode(String text) {
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            if (SpecificCharacterSet.isDelimiter(c, vr)) {
                returnToInitial();
                bytes.write(c);
            } else if (c == ' ' || c == 0x7F || c == SpecificCharacterSet.ESC && !characterSet.extended) {
                designate(characterSet.initialG0);
                bytes.write(c);
            } else if (c > Character.MAX_VALUE || !writeInAny((char) c)) {
                substitute(c);
            }
        }
        returnToInitial();
        return bytes.toByteArray();
    }

    private boolean writeInAny(char c) {
        if (writeIn(g0, c)
                || writeIn(g1, c)
                || writeIn(characterSet.initialG0, c)
                || writeIn(characterSet.initialG1, c)) {
            return true;
        }
        if (characterSet.extended) {
            for (GraphicSet set : characterSet.declared) {
                if (writeIn(set, c)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean writeIn(GraphicSet set, char c) {
        int code = set == null ? -1 : set.encode(c);
        // a yen sign of JIS X 0201 would be read as the delimiter that has its byte
        if (code < 0 || set.width() == 1 && SpecificCharacterSet.isDelimiter(code, vr)) {
            return false;
        }
        designate(set);
        if (set.width() == 2) {
            bytes.write(code >> 8);
        }
        bytes.write(code);
        return true;
    }

    /** Writes what the sets do not have: the byte it was read from where it was kept as one, else a question mark. */
    private void substitute(int c) {
        complete = false;
        if (c >= 0x80 && c <= 0xFF && g1 == null && characterSet.readG1 == null) {
            designate(characterSet.initialG0);
            bytes.write(c);
        } else {
            writeInAny('?');
        }
    }

    private void returnToInitial() {
        designate(characterSet.initialG0);
        if (characterSet.initialG1 == null) {
            g1 = null;
        } else {
            designate(characterSet.initialG1);
        }
    }

    private void designate(GraphicSet set) {
        if (set == g0 || set == g1) {
            return;
        }
        bytes.write(set.escape());
        if (set.isRight()) {
            g1 = set;
        } else {
            g0 = set;
        }
    }
}
