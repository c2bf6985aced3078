package org.imagingingestion.dicom;

/** Integer and decimal strings (PS3.5 §6.2, IS and DS) as JSON numbers (RFC 8259 §6) of the same digits. */
final class JsonNumber {
    /** Characters of the longest number; what is longer stays a string. */
    static final int MAX_LENGTH = 40;

    private JsonNumber() {}

    /**
     * Leaves a plus sign and leading zeros away and gives a bare point its zero, which JSON asks for; changes no other
     * digit.
     *
     * @param decimal whether a point and an exponent are allowed
     * @param into at least {@link #MAX_LENGTH} characters
     * @return length of the number, 0 where the text is none or a double could not hold its magnitude
     */
    static int of(byte[] text, int from, int to, boolean decimal, char[] into) {
        if (to - from > MAX_LENGTH - 2) {
            return 0;
        }
        int length = 0;
        int at = from;
        if (at < to && (text[at] == '-' || text[at] == '+')) {
            if (text[at++] == '-') {
                into[length++] = '-';
            }
        }
        int whole = digits(text, at, to);
        int first = at;
        while (first < at + whole - 1 && text[first] == '0') {
            first++;
        }
        if (whole == 0) {
            into[length++] = '0';
        }
        length = copy(text, first, at + whole, into, length);
        at += whole;
        int fraction = 0;
        if (decimal && at < to && text[at] == '.') {
            fraction = digits(text, ++at, to);
            if (fraction > 0) {
                into[length++] = '.';
                length = copy(text, at, at + fraction, into, length);
                at += fraction;
            }
        }
        if (whole + fraction == 0) {
            return 0;
        }
        return decimal && at < to ? exponent(text, at, to, into, length) : at == to ? length : 0;
    }

    private static int exponent(byte[] text, int from, int to, char[] into, int start) {
        int at = from;
        int length = start;
        if (text[at] != 'e' && text[at] != 'E') {
            return 0;
        }
        into[length++] = (char) text[at++];
        if (at < to && (text[at] == '-' || text[at] == '+')) {
            into[length++] = (char) text[at++];
        }
        int digits = digits(text, at, to);
        return digits > 0 && digits <= 2 && at + digits == to ? copy(text, at, to, into, length) : 0;
    }

    private static int digits(byte[] text, int from, int to) {
        int at = from;
        while (at < to && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
        return at - from;
    }

    private static int copy(byte[] text, int from, int to, char[] into, int start) {
        int length = start;
        for (int i = from; i < to; i++) {
            into[length++] = (char) text[i];
        }
        return length;
    }
}
