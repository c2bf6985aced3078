package org.imagingingestion.dicom;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Bytes of a value that comes in pieces, never more than a limit. */
final class HeldBytes extends OutputStream {
    /** More bytes than allowed. */
    static final class TooManyException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private final long limit;
    private byte[] bytes = new byte[256];
    private int length;

    HeldBytes(long limit) {
        this.limit = limit;
    }

    @Override
    public void write(int b) throws IOException {
        room(1);
        bytes[length++] = (byte) b;
    }

    @Override
    public void write(byte[] source, int offset, int count) throws IOException {
        room(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    private void room(int count) throws IOException {
        if (length + (long) count > limit) {
            throw new TooManyException();
        }
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + count, (int) Math.min(limit, 2L * bytes.length)));
        }
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }
}
