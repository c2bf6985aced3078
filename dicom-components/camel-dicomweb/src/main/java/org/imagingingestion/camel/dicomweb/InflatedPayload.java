package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.SequenceInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

import org.imagingingestion.dicom.DicomParseException;
import org.imagingingestion.dicom.DicomParser;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.service.BulkIndex;

/**
 * A part of a deflated data set (PS3.5 §A.5). It is inflated from its start each time, and what comes before the part is thrown
 * away.
 */
final class InflatedPayload extends Payload {
    private static final int CHUNK = 16 << 10;

    private final Payload object;
    private final BulkIndex.Range range;

    /**
     * @param object the stored file
     * @param range counted in the inflated data set
     */
    InflatedPayload(Payload object, BulkIndex.Range range) {
        this.object = object;
        this.range = range;
    }

    @Override
    long length() {
        return range.length();
    }

    @Override
    InputStream open(long offset, long length) throws IOException {
        long start = dataSetOffset();
        InputStream inflated = inflate(object.open(start, object.length() - start));
        try {
            inflated.skipNBytes(range.offset() + offset);
        } catch (IOException e) {
            inflated.close();
            throw e;
        }
        return new BoundedStream(inflated, length);
    }

    private long dataSetOffset() throws IOException {
        try (InputStream in = object.open(0, object.length());
                DicomParser parser = new DicomParser(ParseLimits.STREAMING).stopBefore(0)) {
            byte[] chunk = new byte[CHUNK];
            for (int n = in.read(chunk); n >= 0 && parser.dataSet() == null; n = in.read(chunk)) {
                parser.feed(chunk, 0, n);
            }
            return parser.dataSetOffset();
        } catch (DicomParseException e) {
            throw new IOException("A stored object cannot be parsed", e);
        }
    }

    private static InputStream inflate(InputStream deflated) throws IOException {
        PushbackInputStream in = new PushbackInputStream(deflated, 2);
        byte[] head = in.readNBytes(2);
        in.unread(head);
        // some writers put the zlib wrapper (RFC 1950 §2.2) around it
        boolean zlib = head.length == 2 && (head[0] & 0x0F) == 8 && ((head[0] & 0xFF) << 8 | head[1] & 0xFF) % 31 == 0;
        Inflater inflater = new Inflater(!zlib);
        // the inflater may want a byte more than there is
        InputStream padded = new SequenceInputStream(in, new ByteArrayInputStream(new byte[1]));
        return new InflaterInputStream(padded, inflater, CHUNK) {
            @Override
            public long skip(long n) throws IOException {
                byte[] passed = new byte[(int) Math.min(CHUNK, n)];
                long left = n;
                for (int read = 0; left > 0 && read >= 0; left -= Math.max(read, 0)) {
                    read = read(passed, 0, (int) Math.min(passed.length, left));
                }
                return n - left;
            }

            @Override
            public void close() throws IOException {
                inflater.end();
                super.close();
            }
        };
    }
}
