package org.imagingingestion.dicom.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Ids that are the same for the same happening, whoever tells of it and however often. */
public final class EventId {
    private static final int BYTES = 16;

    private EventId() {}

    /** An id of what an event tells of: 32 hexadecimal digits. */
    public static String of(String type, Object... parts) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        add(digest, type);
        for (Object part : parts) {
            add(digest, String.valueOf(part));
        }
        return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
    }

    /** With its length, so that parts do not run into each other. */
    private static void add(MessageDigest digest, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
        digest.update(bytes);
    }
}
