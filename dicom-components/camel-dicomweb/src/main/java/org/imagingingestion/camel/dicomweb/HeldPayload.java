package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** Bytes in memory. */
final class HeldPayload extends Payload {
    private final byte[] bytes;

    HeldPayload(byte[] bytes) {
        this.bytes = bytes;
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    long length() {
        return bytes.length;
    }

    @Override
    InputStream open(long offset, long length) {
        return new ByteArrayInputStream(bytes, (int) offset, (int) length);
    }
}
