package org.imagingingestion.camel.instance;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Adds a zero byte where the length would be odd, as behind a deflated data set (PS3.5 §A.5). */
final class EvenInput extends FilterInputStream {
    private boolean odd;

    EvenInput(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int n = in.read(bytes, offset, length);
        if (n > 0) {
            odd ^= (n & 1) != 0;
        } else if (odd) {
            odd = false;
            bytes[offset] = 0;
            return 1;
        }
        return n;
    }
}
