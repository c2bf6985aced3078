package org.imagingingestion.camel.manifest;

import java.util.Arrays;

/**
 * Bytes told by their differences from others: metadata of instances of one series is nearly the same, so an instance
 * takes little room, is written fast and is put together again at the speed of memory.
 *
 * <p>Encoded: the length, then runs of literal bytes and copies. A copy is a length and, where it differs from that of the
 * copy before, the distance back to its source, which is in the base or in what is decoded so far. Numbers are in seven
 * bits a byte, the lowest first.
 */
final class Delta {
    /** Most bytes that the length takes. */
    static final int LENGTH_BYTES = 5;

    private static final int SHORTEST_COPY = 6;
    private static final int MOST_BITS = 17;

    private Delta() {}

    /** What others are told from, with an index of its contents. */
    static final class Base {
        private final byte[] bytes;
        private int[] index;

        Base(byte[] bytes) {
            this.bytes = bytes;
        }

        byte[] bytes() {
            return bytes;
        }

        /** Positions, from 1, of each hash of {@link #SHORTEST_COPY} bytes. */
        private synchronized int[] index() {
            if (index == null) {
                int[] table = new int[1 << bits(bytes.length)];
                for (int i = 0; i + SHORTEST_COPY <= bytes.length; i++) {
                    table[hash(bytes, i, table.length)] = i + 1;
                }
                index = table;
            }
            return index;
        }
    }

    static byte[] encode(Base base, byte[] data) {
        return new Encoder(base, data).encode();
    }

    /** @throws IndexOutOfBoundsException where the bytes were not encoded from this base */
    static byte[] decode(byte[] base, byte[] encoded) {
        return new Decoder(base, encoded).decode();
    }

    /** Length of what was encoded, of which the first {@link #LENGTH_BYTES} bytes are enough. */
    static int length(byte[] encoded) {
        return new Decoder(encoded, encoded).number();
    }

    private static int bits(int length) {
        return Math.max(10, Math.min(MOST_BITS, 32 - Integer.numberOfLeadingZeros(length)));
    }

    private static int hash(byte[] bytes, int at, int size) {
        int low = bytes[at] & 0xFF | (bytes[at + 1] & 0xFF) << 8 | (bytes[at + 2] & 0xFF) << 16 | bytes[at + 3] << 24;
        int high = bytes[at + 4] & 0xFF | (bytes[at + 5] & 0xFF) << 8;
        int hash = (low * 0x9E3779B1 ^ high * 0x85EBCA6B) * 0xC2B2AE35;
        return hash >>> Integer.numberOfLeadingZeros(size) + 1;
    }

    private static final class Encoder {
        private final byte[] base;
        private final int[] baseIndex;
        private final byte[] data;
        private final int[] dataIndex;
        private byte[] out;
        private int size;
        private int distance;

        Encoder(Base base, byte[] data) {
            this.base = base.bytes;
            this.baseIndex = base.index();
            this.data = data;
            this.dataIndex = new int[1 << bits(data.length)];
            this.out = new byte[64 + data.length / 8];
        }

        byte[] encode() {
            number(data.length);
            int literal = 0;
            int at = 0;
            while (at + SHORTEST_COPY <= data.length) {
                int source = source(at);
                int length = source < 0 ? 0 : equal(source, at);
                if (length < SHORTEST_COPY) {
                    at++;
                    continue;
                }
                copy(literal, at, base.length + at - source, length);
                at += length;
                literal = at;
            }
            number(data.length - literal);
            bytes(literal, data.length);
            return Arrays.copyOf(out, size);
        }

        /** Where the same may stand, counted from the start of the base through the data; -1 where nowhere known. */
        private int source(int at) {
            int hash = hash(data, at, dataIndex.length);
            int earlier = dataIndex[hash];
            dataIndex[hash] = at + 1;
            int aligned = base.length + at - distance;
            if (distance > 0 && aligned >= 0 && equal(aligned, at) >= SHORTEST_COPY) {
                return aligned;
            }
            if (earlier > 0 && equal(base.length + earlier - 1, at) >= SHORTEST_COPY) {
                return base.length + earlier - 1;
            }
            return baseIndex[hash(data, at, baseIndex.length)] - 1;
        }

        private int equal(int source, int at) {
            if (source >= base.length) {
                int from = source - base.length;
                int mismatch = Arrays.mismatch(data, from, from + data.length - at, data, at, data.length);
                return mismatch < 0 ? data.length - at : mismatch;
            }
            int most = Math.min(base.length - source, data.length - at);
            int mismatch = Arrays.mismatch(base, source, source + most, data, at, at + most);
            return mismatch < 0 ? most : mismatch;
        }

        private void copy(int literal, int at, int from, int length) {
            number(at - literal);
            bytes(literal, at);
            boolean same = from == distance;
            number((length - SHORTEST_COPY) * 2L + (same ? 1 : 0));
            if (!same) {
                number(from);
                distance = from;
            }
        }

        private void number(long value) {
            if (size + 10 > out.length) {
                out = Arrays.copyOf(out, out.length * 2);
            }
            long rest = value;
            while (rest > 0x7F) {
                out[size++] = (byte) (rest | 0x80);
                rest >>>= 7;
            }
            out[size++] = (byte) rest;
        }

        private void bytes(int from, int to) {
            if (size + to - from > out.length) {
                out = Arrays.copyOf(out, Math.max(out.length * 2, size + to - from));
            }
            System.arraycopy(data, from, out, size, to - from);
            size += to - from;
        }
    }

    private static final class Decoder {
        private final byte[] base;
        private final byte[] in;
        private int at;

        Decoder(byte[] base, byte[] in) {
            this.base = base;
            this.in = in;
        }

        byte[] decode() {
            byte[] out = new byte[number()];
            int size = 0;
            int distance = 0;
            while (true) {
                int literal = number();
                System.arraycopy(in, at, out, size, literal);
                at += literal;
                size += literal;
                if (size == out.length && at == in.length) {
                    return out;
                }
                int token = number();
                int length = (token >>> 1) + SHORTEST_COPY;
                distance = (token & 1) == 0 ? number() : distance;
                copy(out, size, base.length + size - distance, length);
                size += length;
            }
        }

        private void copy(byte[] out, int size, int source, int length) {
            if (source < base.length) {
                System.arraycopy(base, source, out, size, length);
                return;
            }
            int from = source - base.length;
            if (from + length <= size) {
                System.arraycopy(out, from, out, size, length);
                return;
            }
            for (int i = 0; i < length; i++) {
                out[size + i] = out[from + i];
            }
        }

        private int number() {
            int value = 0;
            for (int shift = 0; shift < 35; shift += 7) {
                byte b = in[at++];
                value |= (b & 0x7F) << shift;
                if (b >= 0) {
                    return value;
                }
            }
            throw new IndexOutOfBoundsException(at);
        }
    }
}
