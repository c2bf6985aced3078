package org.imagingingestion.camel.instance;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Keeps what is read, up to the moment from which that is of no use any more. */
final class RecordedInput extends FilterInputStream {
    private final HeaderSpool kept;
    private boolean ended;

    RecordedInput(InputStream in, HeaderSpool kept) {
        super(in);
        this.kept = kept;
    }

    /** From now on nothing is kept. */
    void end() {
        ended = true;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int n = in.read(bytes, offset, length);
        if (n > 0 && !ended) {
            kept.write(bytes, offset, n);
        }
        return n;
    }
}
