package org.imagingingestion.camel.storage;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ThreadLocalRandom;

import org.imagingingestion.dicom.service.UnavailableException;

/**
 * A part of an object. Where the connection is cut it asks for the rest, of the same version of the object; where that does not
 * come either, reading fails: what ends without a failure is whole.
 */
final class ResumedStream extends InputStream {
    private static final int MOST_FAILURES = 3;
    private static final int LONGEST_PAUSE = 500;

    private final ObjectStore store;
    private final String key;
    private ObjectStore.Download download;
    private long position;
    private long left;
    private int failures;

    /** @param length in bytes, at most what the object has from the offset */
    ResumedStream(ObjectStore store, String key, long offset, long length) throws IOException {
        this.store = store;
        this.key = key;
        position = offset;
        if (length > 0) {
            download = store.get(key, offset, length, null);
            left = download.length();
        }
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
        while (left > 0) {
            try {
                int n = download.stream().read(bytes, offset, (int) Math.min(length, left));
                if (n < 0) {
                    throw new EOFException("The object store broke off");
                }
                position += n;
                left -= n;
                failures = 0;
                return n;
            } catch (IOException e) {
                resume(e);
            } catch (RuntimeException e) {
                // clients of services throw their own
                resume(new UnavailableException(
                        "The object store broke off: " + e.getClass().getSimpleName()));
            }
        }
        return -1;
    }

    private void resume(IOException failure) throws IOException {
        download.cancel().run();
        if (++failures > MOST_FAILURES) {
            throw failure;
        }
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(LONGEST_PAUSE));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while an object was read");
        }
        ObjectStore.Download rest = store.get(key, position, left, download.version());
        if (rest.length() != left) {
            rest.cancel().run();
            throw new UnavailableException("The object store has another length of the object than it had");
        }
        download = rest;
    }

    @Override
    public void close() throws IOException {
        if (download == null) {
            return;
        }
        if (left > 0) {
            download.cancel().run();
        } else {
            download.stream().close();
        }
        left = 0;
    }
}
