package org.imagingingestion.camel.storage;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Names of objects: {@code {provider}/{study}/{series}/{instance}_{receipt}.dcm}. */
final class ObjectName {
    static final String SUFFIX = ".dcm";

    /** File systems take names of up to 255 bytes, and the last of them has a receipt and a suffix. */
    private static final int MOST_BYTES_OF_A_PART = 200;

    private ObjectName() {}

    /** A name that no receipt had before. The parts come from outside and are percent-encoded. */
    static String create(String provider, String studyInstanceUID, String seriesInstanceUID, String sopInstanceUID) {
        return encode(provider)
                + '/'
                + encode(studyInstanceUID)
                + '/'
                + encode(seriesInstanceUID)
                + '/'
                + encode(sopInstanceUID)
                + '_'
                + UUID.randomUUID()
                + SUFFIX;
    }

    /** Whether no file can be named after a part. */
    static boolean isTooLong(String part) {
        return part.length() > MOST_BYTES_OF_A_PART || encode(part).length() > MOST_BYTES_OF_A_PART;
    }

    /** One part, with everything but letters, digits, dot, hyphen and underscore as %XX; a dot at its start too. */
    static String encode(String part) {
        StringBuilder encoded = new StringBuilder(part.length());
        for (byte b : part.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b >= '0' && b <= '9'
                    || b >= 'a' && b <= 'z'
                    || b >= 'A' && b <= 'Z'
                    || b == '-'
                    || b == '_'
                    || b == '.' && !encoded.isEmpty();
            if (plain) {
                encoded.append((char) b);
            } else {
                encoded.append('%')
                        .append(Character.toUpperCase(Character.forDigit(b >> 4 & 0xF, 16)))
                        .append(Character.toUpperCase(Character.forDigit(b & 0xF, 16)));
            }
        }
        return encoded.toString();
    }
}
