package org.imagingingestion.camel.dicomweb;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

import org.imagingingestion.dicom.service.SenderException;

/** What a client sends: at most so many bytes, and whatever fails in reading it is the client's. */
final class Sent extends FilterInputStream {
    private final long most;
    private long count;

    Sent(InputStream in, long most) {
        super(in);
        this.most = most;
    }

    /** Bytes read so far. */
    long count() {
        return count;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /** @throws SenderException a {@link PayloadTooLargeException} where it is longer */
    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int n;
        try {
            n = in.read(bytes, offset, length);
        } catch (SenderException e) {
            throw e;
        } catch (IOException e) {
            throw new SenderException("The sender broke off", e);
        }
        count += Math.max(n, 0);
        if (count > most) {
            throw new PayloadTooLargeException(most);
        }
        return n;
    }
}
