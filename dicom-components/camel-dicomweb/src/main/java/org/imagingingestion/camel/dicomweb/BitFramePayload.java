package org.imagingingestion.camel.dicomweb;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A frame of one-bit pixels that begins within a byte, moved so that its first pixel is the lowest bit of the first byte
 * (PS3.5 §8.1.1, §D). Bits behind the last pixel are 0.
 */
final class BitFramePayload extends Payload {
    private final Payload bytes;
    private final int firstBit;
    private final long bits;

    /**
     * @param bytes all that hold a pixel of the frame
     * @param firstBit place of the first pixel in the first byte, 0 the lowest
     * @param bits number of pixels
     */
    BitFramePayload(Payload bytes, int firstBit, long bits) {
        this.bytes = bytes;
        this.firstBit = firstBit;
        this.bits = bits;
    }

    @Override
    long length() {
        return (bits + 7) / 8;
    }

    @Override
    InputStream open(long offset, long length) throws IOException {
        long available = Math.min(bytes.length() - offset, length + 1);
        return new BoundedStream(new Shifter(new BufferedInputStream(bytes.open(offset, available)), offset), length);
    }

    private final class Shifter extends FilterInputStream {
        private long position;
        private int low = -1;

        Shifter(InputStream in, long position) {
            super(in);
            this.position = position;
        }

        @Override
        public int read() throws IOException {
            if (low < 0) {
                low = in.read();
            }
            if (position >= BitFramePayload.this.length() || low < 0) {
                return -1;
            }
            int high = in.read();
            int value = (low | Math.max(high, 0) << 8) >> firstBit & 0xFF;
            low = high;
            position++;
            long pixelsLeft = bits - (position - 1) * 8;
            return pixelsLeft < 8 ? value & (1 << pixelsLeft) - 1 : value;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int n = 0;
            while (n < length) {
                int b = read();
                if (b < 0) {
                    break;
                }
                target[offset + n++] = (byte) b;
            }
            return n == 0 && length > 0 ? -1 : n;
        }

        @Override
        public long skip(long n) throws IOException {
            long skipped = 0;
            while (skipped < n && read() >= 0) {
                skipped++;
            }
            return skipped;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
