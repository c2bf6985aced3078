package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Payloads one behind the other. */
final class JoinedPayload extends Payload {
    private final List<Payload> payloads;
    private final long length;

    private JoinedPayload(List<Payload> payloads) {
        this.payloads = payloads;
        this.length = payloads.stream().mapToLong(Payload::length).sum();
    }

    static Payload of(List<Payload> payloads) {
        return payloads.size() == 1 ? payloads.get(0) : new JoinedPayload(payloads);
    }

    @Override
    long length() {
        return length;
    }

    @Override
    void collect(long offset, long length, List<Piece> pieces) {
        long start = 0;
        long end = offset + length;
        for (Payload payload : payloads) {
            long from = Math.max(offset, start);
            long to = Math.min(end, start + payload.length());
            if (from < to) {
                payload.collect(from - start, to - from, pieces);
            }
            start += payload.length();
        }
    }

    @Override
    InputStream open(long offset, long length) {
        List<Piece> pieces = new ArrayList<>();
        collect(offset, length, pieces);
        return new Stream(pieces.iterator());
    }

    private static final class Stream extends InputStream {
        private final Iterator<Piece> left;
        private InputStream current = InputStream.nullInputStream();

        Stream(Iterator<Piece> left) {
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int n = current.read(bytes, offset, length);
            while (n < 0 && left.hasNext()) {
                current.close();
                current = left.next().open();
                n = current.read(bytes, offset, length);
            }
            return n;
        }

        @Override
        public void close() throws IOException {
            current.close();
        }
    }
}
