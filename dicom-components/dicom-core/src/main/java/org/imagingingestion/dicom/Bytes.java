package org.imagingingestion.dicom;

import java.io.ByteArrayOutputStream;

/** Bytes that are put together, without the checked exceptions of a stream. */
final class Bytes extends ByteArrayOutputStream {
    Bytes(int expectedLength) {
        super(expectedLength);
    }

    @Override
    public void write(byte[] bytes) {
        write(bytes, 0, bytes.length);
    }
}
