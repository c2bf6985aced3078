package org.imagingingestion.dicom;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The character sets that Specific Character Set (0008,0005) declares (PS3.3 §C.12.1.1.2), with code extensions by ISO
 * 2022 escape sequences (PS3.5 §6.1.2.5).
 *
 * <p>Bytes that no declared set accounts for are not guessed into another alphabet. Where nothing is declared for bytes
 * above 127 (no value, ISO_IR 6, an unknown term), each becomes the character of the same number, U+0080 to U+00FF, and
 * is written back as that byte. Where a set is declared, what is not valid in it is read as U+FFFD. Nothing is refused.
 *
 * <p>Immutable, safe for use by several threads.
 */
public final class SpecificCharacterSet {
    static final byte ESC = 0x1B;

    /** The default repertoire, ISO_IR 6, which is what is meant where nothing is declared. */
    public static final SpecificCharacterSet DEFAULT = new SpecificCharacterSet();

    /** Unicode in UTF-8, ISO_IR 192. */
    public static final SpecificCharacterSet UTF8 = new SpecificCharacterSet("ISO_IR 192");

    private final String[] definedTerms;
    private final Charset charset;
    final boolean extended;
    final GraphicSet initialG0;
    final GraphicSet initialG1;
    /** What bytes above 127 are read in before any escape sequence; written values never count on it. */
    final GraphicSet readG1;

    final GraphicSet[] declared;

    private SpecificCharacterSet(String... definedTerms) {
        this.definedTerms = definedTerms;
        List<DefinedTerm> terms = new ArrayList<>();
        for (String term : definedTerms) {
            terms.add(DefinedTerm.of(term));
        }
        DefinedTerm first = terms.isEmpty() ? DefinedTerm.of("") : terms.get(0);
        charset = first.charset();
        extended = terms.size() > 1 || first.isExtension();
        initialG0 = first.initialG0();
        initialG1 = first.initialG1();
        readG1 = initialG1 != null ? initialG1 : first.right();
        declared = terms.stream().flatMap(term -> term.sets().stream()).toArray(GraphicSet[]::new);
    }

    /**
     * What these values of Specific Character Set declare.
     *
     * @param definedTerms in the order of the attribute's values; the first one may be empty. Spaces, underscores and
     *     hyphens may be mistaken for each other; an unknown term declares nothing.
     */
    public static SpecificCharacterSet of(String... definedTerms) {
        if (definedTerms == null || definedTerms.length == 0) {
            return DEFAULT;
        }
        if (definedTerms.length == 1) {
            String only = definedTerms[0];
            if (only == null || only.isBlank()) {
                return DEFAULT;
            }
            if (only.equals(UTF8.definedTerms[0])) {
                return UTF8;
            }
        }
        String[] terms = new String[definedTerms.length];
        for (int i = 0; i < terms.length; i++) {
            terms[i] = definedTerms[i] == null ? "" : definedTerms[i].strip();
        }
        return new SpecificCharacterSet(terms);
    }

    /** The values of Specific Character Set as they were given, none for the default repertoire. */
    public String[] definedTerms() {
        return definedTerms.clone();
    }

    /**
     * Reads a value.
     *
     * @param vr says which characters are delimiters, at which the set declared first is in force again (PS3.5
     *     §6.1.2.5.3); in VRs that Specific Character Set does not bear on, bytes are read as by {@link #DEFAULT}
     * @return the characters with padding and delimiters, U+FFFD for each invalid byte; never fails
     */
    public String decode(byte[] bytes, int offset, int length, VR vr) {
        if (charset != null && vr.isText()) {
            return new String(bytes, offset, length, charset);
        }
        if (!vr.isText() || isPlain(bytes, offset, length)) {
            return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
        }
        return new TextDecoder(this, vr).decode(bytes, offset, offset + length);
    }

    /**
     * Writes a value.
     *
     * @param vr as for {@link #decode}
     * @return the bytes without padding, escape sequences among them where code extensions are declared; {@code ?} for
     *     each character that the declared sets do not have
     */
    public byte[] encode(String text, VR vr) {
        SpecificCharacterSet set = vr.isText() ? this : DEFAULT;
        return set.charset != null ? text.getBytes(set.charset) : new TextEncoder(set, vr).encode(text);
    }

    @Override
    public String toString() {
        return String.join("\\", definedTerms);
    }

    /** Whether the declared sets have all these characters, where a backslash separates values. */
    public boolean canEncode(String text) {
        return canEncode(text, VR.LO);
    }

    /** Whether the declared sets have all these characters in a value of the VR. */
    public boolean canEncode(String text, VR vr) {
        SpecificCharacterSet set = vr.isText() ? this : DEFAULT;
        if (set.charset != null) {
            return set.charset.newEncoder().canEncode(text);
        }
        TextEncoder encoder = new TextEncoder(set, vr);
        encoder.encode(text);
        return encoder.isComplete();
    }

    /** Whether each byte is the character of the same number, which needs no work. */
    private boolean isPlain(byte[] bytes, int offset, int length) {
        boolean plainRight = !extended && (initialG1 == null || initialG1 == GraphicSet.LATIN_1);
        for (int i = offset; i < offset + length; i++) {
            byte b = bytes[i];
            if (b < 0 && !plainRight
                    || b == ESC && extended
                    || (b == '\\' || b == '~') && initialG0 == GraphicSet.ROMAJI) {
                return false;
            }
        }
        return true;
    }

    /** Whether the set declared first is in force again at this character (PS3.5 §6.1.2.5.3). */
    static boolean isDelimiter(int c, VR vr) {
        return c < 0x20 && c != ESC || c == '\\' && vr.isMultiValued() || (c == '^' || c == '=') && vr == VR.PN;
    }
}
