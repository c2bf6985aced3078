package org.imagingingestion.dicom;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Input of a parser that takes one piece of a document, such as a start tag, whole into memory: fails where a piece is too
 * long. Remembers which failures are the input's own, since parsers wrap them.
 */
final class BoundedInput extends FilterInputStream {
    private final long limit;
    private long sinceLastPiece;
    private boolean exceeded;
    private IOException failure;

    BoundedInput(InputStream in, long limit) {
        super(in);
        this.limit = limit;
    }

    /** To be called between two pieces. */
    void proceed() {
        sinceLastPiece = 0;
    }

    /** Whether a piece was too long. */
    boolean isExceeded() {
        return exceeded;
    }

    /** What went wrong below, {@code null} where nothing did. */
    IOException failure() {
        return failure;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (sinceLastPiece > limit) {
            exceeded = true;
            throw new IOException("more than " + limit + " bytes in one piece");
        }
        try {
            int n = super.read(bytes, offset, length);
            sinceLastPiece += Math.max(0, n);
            return n;
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /** The document's end is not the stream's. */
    @Override
    public void close() {}
}
