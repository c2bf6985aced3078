package org.imagingingestion.dicom;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.UUID;

/** Unique identifiers: whether they are written as they should be, and new ones (PS3.5 §9 and Annex B). */
public final class UIDs {
    private static final int MAXIMUM_LENGTH = 64;

    private UIDs() {}

    /**
     * Whether a text is a UID (PS3.5 §9.1): up to 64 characters, components of digits separated by dots, none empty, none
     * with a leading zero but 0 itself.
     */
    public static boolean isValid(String uid) {
        return isWritten(uid, false);
    }

    /** Whether a text is a UID but for leading zeros in components, which are found in the field and do no harm. */
    public static boolean isLenient(String uid) {
        return isWritten(uid, true);
    }

    private static boolean isWritten(String uid, boolean leadingZeros) {
        if (uid == null || uid.isEmpty() || uid.length() > MAXIMUM_LENGTH) {
            return false;
        }
        int start = 0;
        for (int i = 0; i <= uid.length(); i++) {
            char c = i == uid.length() ? '.' : uid.charAt(i);
            if (c == '.') {
                if (i == start || !leadingZeros && uid.charAt(start) == '0' && i - start > 1) {
                    return false;
                }
                start = i + 1;
            } else if (c < '0' || c > '9') {
                return false;
            }
        }
        return true;
    }

    /** A new UID, derived from a random UUID under the root 2.25 (PS3.5 §B.2). */
    public static String create() {
        return of(UUID.randomUUID());
    }

    /** The UID derived from a UUID (PS3.5 §B.2): its 128 bits as one unsigned decimal number under the root 2.25. */
    public static String of(UUID uuid) {
        byte[] bits = ByteBuffer.allocate(16)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
        return "2.25." + new BigInteger(1, bits);
    }
}
