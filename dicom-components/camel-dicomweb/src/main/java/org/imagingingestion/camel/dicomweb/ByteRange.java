package org.imagingingestion.camel.dicomweb;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a representation that a client asks for (RFC 9110 §14).
 *
 * @param offset of the first byte
 * @param length in bytes; 0 where no byte of the representation is meant
 */
record ByteRange(long offset, long length) {
    private static final Pattern ONE =
            Pattern.compile("bytes\\s*=\\s*(\\d{0,18})-(\\d{0,18})", Pattern.CASE_INSENSITIVE);

    /**
     * Reads a Range header.
     *
     * @param total length of the representation
     * @return {@code null} where all of it is to be given: no header, another unit, several ranges, or a header that is not
     *     well-formed
     */
    static ByteRange parse(String header, long total) {
        Matcher matcher = header == null ? null : ONE.matcher(header.strip());
        if (matcher == null || !matcher.matches()) {
            return null;
        }
        String first = matcher.group(1);
        String last = matcher.group(2);
        if (first.isEmpty()) {
            return last.isEmpty() ? null : suffix(Long.parseLong(last), total);
        }
        long from = Long.parseLong(first);
        long to = last.isEmpty() ? Long.MAX_VALUE : Long.parseLong(last);
        if (to < from) {
            return null;
        }
        return from >= total ? new ByteRange(0, 0) : new ByteRange(from, Math.min(to, total - 1) - from + 1);
    }

    private static ByteRange suffix(long wanted, long total) {
        long length = Math.min(wanted, total);
        return new ByteRange(total - length, length);
    }

    /** Such as {@code bytes 0-99/1000}. */
    String contentRange(long total) {
        return length == 0 ? "bytes */" + total : "bytes " + offset + "-" + (offset + length - 1) + "/" + total;
    }
}
