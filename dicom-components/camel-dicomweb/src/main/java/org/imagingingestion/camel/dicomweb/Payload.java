package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Bytes to be sent, whole or in part, of which the number is known before they are read. */
abstract class Payload {
    /** A run of bytes of a payload that is not put together from others. */
    record Piece(Payload payload, long offset, long length) {
        InputStream open() throws IOException {
            return payload.open(offset, length);
        }
    }

    /** How many bytes there are. */
    abstract long length();

    /**
     * Reads a part. The stream has at most so many bytes; less only where what is stored is cut short.
     *
     * @param offset of the first byte, from 0
     * @param length at most what there is from there
     */
    abstract InputStream open(long offset, long length) throws IOException;

    /** Adds what a part is put together from, in order. */
    void collect(long offset, long length, List<Piece> pieces) {
        if (length > 0) {
            pieces.add(new Piece(this, offset, length));
        }
    }

    /** A part of this as a payload of its own. */
    Payload slice(long offset, long length) {
        return offset == 0 && length == length() ? this : new Slice(this, offset, length);
    }

    private static final class Slice extends Payload {
        private final Payload whole;
        private final long start;
        private final long length;

        Slice(Payload whole, long start, long length) {
            this.whole = whole;
            this.start = start;
            this.length = length;
        }

        @Override
        long length() {
            return length;
        }

        @Override
        InputStream open(long offset, long length) throws IOException {
            return whole.open(start + offset, length);
        }

        @Override
        void collect(long offset, long length, List<Piece> pieces) {
            whole.collect(start + offset, length, pieces);
        }
    }
}
