package org.imagingingestion.camel.instance;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.UUID;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.UIDs;

/** What stands for identifiers: the same for the same identifier and key, in any process, and no way back without the key. */
final class Pseudonyms {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SHORTEST_KEY = 16;
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int LONGEST_SHIFT = 3652;

    private final SecretKeySpec key;

    /** @throws IllegalArgumentException where the key is too short to be a secret */
    Pseudonyms(String key) {
        if (key == null || key.isBlank()) {
            throw new IllegalArgumentException(
                    "De-identification needs a key, the secret that UIDs and pseudonyms are made with");
        }
        if (key.strip().length() < SHORTEST_KEY) {
            throw new IllegalArgumentException(
                    "The key of de-identification is to have " + SHORTEST_KEY + " characters at least");
        }
        this.key = new SecretKeySpec(key.strip().getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    /** The UID that stands for a UID; those that the standard registers stand for themselves. */
    String uid(String uid) {
        if (Dictionary.uid(uid) != null) {
            return uid;
        }
        ByteBuffer bits = hash("uid", uid);
        // version 8 and the variant of RFC 9562, so that it is a UUID
        long most = bits.getLong() & ~0xF000L | 0x8000L;
        long least = bits.getLong() & ~(3L << 62) | 1L << 63;
        return UIDs.of(new UUID(most, least));
    }

    /** What stands for an identifier: 16 letters and digits. */
    String identifier(String identifier) {
        ByteBuffer bits = hash("identifier", identifier);
        long most = bits.getLong();
        long next = bits.getShort() & 0xFFFF;
        StringBuilder text = new StringBuilder(16);
        for (int i = 0; i < 12; i++) {
            text.append(DIGITS.charAt((int) (most >>> 59 - 5 * i) & 31));
        }
        long left = (most & 15) << 16 | next;
        for (int i = 3; i >= 0; i--) {
            text.append(DIGITS.charAt((int) (left >>> 5 * i) & 31));
        }
        return text.toString();
    }

    /** By how many days a patient's dates are moved: to the past, up to ten years. */
    int days(String patient) {
        return -1 - (int) Long.remainderUnsigned(hash("days", patient).getLong(), LONGEST_SHIFT);
    }

    private ByteBuffer hash(String purpose, String value) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(purpose.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return ByteBuffer.wrap(mac.doFinal(value.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
