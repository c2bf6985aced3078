package org.imagingingestion.dicom;

import java.nio.charset.StandardCharsets;

/** Tags as eight hexadecimal digits, without the cost of a format. */
final class Hex {
    private static final byte[] DIGITS = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private Hex() {}

    static String of(int tag) {
        byte[] digits = new byte[8];
        for (int i = 0; i < 8; i++) {
            digits[i] = DIGITS[tag >>> 28 - 4 * i & 0xF];
        }
        return new String(digits, StandardCharsets.ISO_8859_1);
    }

    /** Whether it is eight hexadecimal digits, of either case. */
    static boolean isTag(String text) {
        if (text == null || text.length() != 8) {
            return false;
        }
        for (int i = 0; i < 8; i++) {
            if (text.charAt(i) > 'f' || Character.digit(text.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }

    /** The tag that {@link #isTag} said it is. */
    static int tag(String text) {
        return Integer.parseUnsignedInt(text, 16);
    }
}
