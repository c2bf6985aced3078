package org.imagingingestion.camel.instance;

import java.nio.charset.StandardCharsets;

/**
 * Overwrites by zeros what compressed frames say beside their image: application segments and comments of JPEG and JPEG-LS, which have
 * EXIF, but for those that decoders need (JFIF, ICC profiles, Adobe's, the colour transform of JPEG-LS), what follows the end of an image
 * in its fragment, and comments of the main header of JPEG 2000. All lengths stay. Streams that are none of these are left as they are.
 */
final class CompressedMetadata {
    private static final int PREFIX = 0xFF;
    private static final int SOI = 0xD8;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int APP0 = 0xE0;
    private static final int APP2 = 0xE2;
    private static final int APP8 = 0xE8;
    private static final int APP14 = 0xEE;
    private static final int APP15 = 0xEF;
    private static final int COM = 0xFE;
    private static final int SOC = 0x4F;
    private static final int JPEG_2000_COM = 0x64;
    private static final int SOT = 0x90;
    private static final byte[] NOTHING = {};
    private static final byte[] JFIF = ascii("JFIF\0");
    private static final byte[] ICC_PROFILE = ascii("ICC_PROFILE\0");
    private static final byte[] ADOBE = ascii("Adobe");
    /** The colour transform of JPEG-LS, in a segment of this and one byte. */
    private static final byte[] COLOUR_TRANSFORM = ascii("mrfx");

    private enum State {
        /** At the first byte of a fragment that may begin an image. */
        BEGIN,
        BEGUN,
        /** Before the prefix of a marker. */
        MARKER,
        CODE,
        LENGTH,
        LENGTH_LOW,
        SEGMENT,
        /** Within what entropy coding made. */
        CODED,
        CODED_PREFIX,
        /** Behind the image. */
        ENDED,
        /** Within what is not looked into. */
        OTHER
    }

    private final boolean isJpeg2000;
    private State state = State.OTHER;
    private int marker;
    private int length;
    private int at;
    private byte[] wanted = NOTHING;
    private boolean isErased;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private CompressedMetadata(boolean isJpeg2000) {
        this.isJpeg2000 = isJpeg2000;
    }

    /** For the frames of a transfer syntax (PS3.5 §A.4), {@code null} where nothing is known of them. */
    static CompressedMetadata of(String transferSyntaxUID) {
        if (transferSyntaxUID.matches("1\\.2\\.840\\.10008\\.1\\.2\\.4\\.(5\\d|6\\d|70|80|81)")) {
            return new CompressedMetadata(false);
        }
        return transferSyntaxUID.matches("1\\.2\\.840\\.10008\\.1\\.2\\.4\\.(9[0-3]|20[1-3])")
                ? new CompressedMetadata(true)
                : null;
    }

    /** A fragment begins, in which an image goes on or another begins. */
    void beginFragment() {
        if (state == State.OTHER || state == State.ENDED) {
            state = State.BEGIN;
        }
    }

    /** Takes the next bytes of a fragment. */
    void erase(byte[] bytes, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            if (take(bytes[i] & 0xFF)) {
                bytes[i] = 0;
            }
        }
    }

    /** @return whether the byte is not to stay */
    private boolean take(int next) {
        switch (state) {
            case BEGIN -> state = next == PREFIX ? State.BEGUN : State.OTHER;
            case BEGUN -> state = next == (isJpeg2000 ? SOC : SOI) ? State.MARKER : State.OTHER;
            case MARKER -> state = next == PREFIX ? State.CODE : State.OTHER;
            case CODE -> takeMarker(next);
            case LENGTH -> {
                length = next << 8;
                state = State.LENGTH_LOW;
            }
            case LENGTH_LOW -> {
                length = (length | next) - 2;
                at = 0;
                wanted = wanted();
                isErased = isMetadata() && (wanted.length == 0 || length < wanted.length);
                state = length < 0 ? State.OTHER : State.SEGMENT;
                endSegment();
            }
            case SEGMENT -> {
                return takeOfSegment(next);
            }
            case CODED -> state = next == PREFIX ? State.CODED_PREFIX : State.CODED;
            case CODED_PREFIX -> {
                // stuffed, after JPEG's rule or that of JPEG-LS, or a restart
                if (next < 0x80 || next >= 0xD0 && next < SOI) {
                    state = State.CODED;
                } else {
                    takeMarker(next);
                }
            }
            case ENDED -> {
                return true;
            }
            case OTHER -> {}
        }
        return false;
    }

    private void takeMarker(int code) {
        marker = code;
        if (code == PREFIX) {
            // any number of them may stand before a code
            return;
        }
        if (isJpeg2000) {
            state = code == SOT ? State.OTHER : code >= 0x30 && code <= 0x3F ? State.MARKER : State.LENGTH;
        } else {
            state = code == EOI
                    ? State.ENDED
                    : code == SOI || code == 1 || code >= 0xD0 && code < SOI ? State.MARKER : State.LENGTH;
        }
    }

    private boolean isMetadata() {
        return isJpeg2000 ? marker == JPEG_2000_COM : marker == COM || marker >= APP0 && marker <= APP15;
    }

    /** How an application segment begins that decoders need, empty where there is none. */
    private byte[] wanted() {
        if (isJpeg2000) {
            return NOTHING;
        }
        return switch (marker) {
            case APP0 -> JFIF;
            case APP2 -> ICC_PROFILE;
            case APP8 -> length == COLOUR_TRANSFORM.length + 1 ? COLOUR_TRANSFORM : NOTHING;
            case APP14 -> ADOBE;
            default -> NOTHING;
        };
    }

    private boolean takeOfSegment(int next) {
        if (at < wanted.length && next != wanted[at]) {
            isErased = true;
        }
        // JPEG 2000 says first what kind of comment it is
        boolean erased = isErased && !(isJpeg2000 && at < 2);
        at++;
        endSegment();
        return erased;
    }

    private void endSegment() {
        if (state == State.SEGMENT && at == length) {
            state = marker == SOS && !isJpeg2000 ? State.CODED : State.MARKER;
        }
    }
}
