package org.imagingingestion.camel.dicomweb;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Numbers in the other byte order: big endian values as little endian (PS3.5 §7.3). */
final class SwappedPayload extends Payload {
    private final Payload numbers;
    private final int unit;

    /** @param unit bytes of a number */
    SwappedPayload(Payload numbers, int unit) {
        this.numbers = numbers;
        this.unit = unit;
    }

    @Override
    long length() {
        return numbers.length();
    }

    @Override
    InputStream open(long offset, long length) throws IOException {
        long start = offset - offset % unit;
        long end = Math.min(numbers.length(), (offset + length + unit - 1) / unit * unit);
        InputStream swapped = new Swapper(numbers.open(start, end - start), unit);
        try {
            swapped.skipNBytes(offset - start);
        } catch (IOException e) {
            swapped.close();
            throw e;
        }
        return new BoundedStream(swapped, length);
    }

    private static final class Swapper extends FilterInputStream {
        private static final int CHUNK = 8 << 10;

        private final int unit;
        private final byte[] chunk = new byte[CHUNK];
        private int position;
        private int limit;

        Swapper(InputStream in, int unit) {
            super(in);
            this.unit = unit;
        }

        @Override
        public int read() throws IOException {
            return fill() ? chunk[position++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int n = Math.min(length, limit - position);
            System.arraycopy(chunk, position, bytes, offset, n);
            position += n;
            return n;
        }

        @Override
        public long skip(long n) throws IOException {
            if (n <= 0 || !fill()) {
                return 0;
            }
            int skipped = (int) Math.min(n, limit - position);
            position += skipped;
            return skipped;
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        private boolean fill() throws IOException {
            if (position < limit) {
                return true;
            }
            position = 0;
            limit = in.readNBytes(chunk, 0, CHUNK);
            // a number cut short at the end stays as it is
            for (int number = 0; number + unit <= limit; number += unit) {
                for (int low = number, high = number + unit - 1; low < high; low++, high--) {
                    byte swap = chunk[low];
                    chunk[low] = chunk[high];
                    chunk[high] = swap;
                }
            }
            return limit > 0;
        }
    }
}
