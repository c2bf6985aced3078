package org.imagingingestion.camel.instance;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Closes a stream, once, as soon as it is read to its end or fails. */
final class ClosedAtEnd extends FilterInputStream {
    private boolean ended;
    private boolean closed;

    ClosedAtEnd(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (ended) {
            return -1;
        }
        try {
            int n = super.read(bytes, offset, length);
            if (n < 0) {
                ended = true;
                close();
            }
            return n;
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            super.close();
        }
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
