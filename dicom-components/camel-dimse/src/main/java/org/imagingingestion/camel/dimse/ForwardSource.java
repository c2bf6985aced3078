package org.imagingingestion.camel.dimse;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

import org.imagingingestion.dicom.DicomWriter;
import org.imagingingestion.dicom.service.KeptInstance;

/** Gives long values out of a kept instance, over one stream as long as their places come one after the other. */
final class ForwardSource implements DicomWriter.BulkSource, Closeable {
    private final KeptInstance instance;
    private InputStream in;
    private long position;

    ForwardSource(KeptInstance instance) {
        this.instance = instance;
    }

    @Override
    public InputStream open(long offset, long length) throws IOException {
        if (in == null || offset < position) {
            close();
            in = instance.open();
            position = 0;
        }
        in.skipNBytes(offset - position);
        position = offset;
        return new Value(in);
    }

    @Override
    public void close() throws IOException {
        if (in != null) {
            in.close();
            in = null;
        }
    }

    /** Counts what is read, and leaves the stream open for the value after it. */
    private final class Value extends FilterInputStream {
        Value(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            position += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int n = super.read(bytes, offset, length);
            position += Math.max(n, 0);
            return n;
        }

        @Override
        public void close() {
            // others follow
        }
    }
}
