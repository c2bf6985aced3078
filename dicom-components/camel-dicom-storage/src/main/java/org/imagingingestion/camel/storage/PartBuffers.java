package org.imagingingestion.camel.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.imagingingestion.dicom.service.UnavailableException;

/**
 * Memory for objects on their way, a quarter of the heap: of short ones all, of long ones the part that is sent next. Whoever comes
 * when there is none left waits, and who is slow then is failed.
 */
final class PartBuffers {
    /** Up to this an object needs no buffer of a part. */
    static final int START = 1 << 20;

    private static final int UNIT = 64 << 10;
    private static final int LEAST = 2;
    private static final int MOST = 32;
    private static final long NANOS_TO_WAIT = TimeUnit.SECONDS.toNanos(60);

    /** A sender may take so long for a buffer while others wait for one. */
    private static final long NANOS_TO_FILL = TimeUnit.SECONDS.toNanos(60);

    private final int partLength;
    private final int startLength;
    private final long nanosToFill;
    private final Semaphore free;
    /** No more than half of the memory is for starts, as each of them may wait for a part. */
    private final Semaphore freeStarts;

    private final ConcurrentLinkedQueue<byte[]> idle = new ConcurrentLinkedQueue<>();

    /** @param partLength of a part, in bytes */
    PartBuffers(int partLength) {
        this(partLength, Runtime.getRuntime().maxMemory() / 4, NANOS_TO_FILL);
    }

    PartBuffers(int partLength, long memory, long nanosToFill) {
        this.partLength = partLength;
        this.nanosToFill = nanosToFill;
        startLength = Math.min(START, partLength);
        int parts = (int) Math.max(LEAST, Math.min(MOST, memory / partLength));
        free = new Semaphore(parts * units(partLength), true);
        freeStarts = new Semaphore(parts * units(partLength) / 2 / units(startLength), true);
    }

    private static int units(int length) {
        return (length + UNIT - 1) / UNIT;
    }

    /**
     * A buffer for an object that begins so, to be closed.
     *
     * @throws IOException where there is none for a long time
     */
    Buffer begin(byte[] bytes) throws IOException {
        take(freeStarts, 1);
        try {
            take(free, units(startLength));
        } catch (IOException | RuntimeException | Error e) {
            freeStarts.release();
            throw e;
        }
        return new Buffer(bytes);
    }

    private static void take(Semaphore permits, int number) throws IOException {
        try {
            if (!permits.tryAcquire(number, NANOS_TO_WAIT, TimeUnit.NANOSECONDS)) {
                throw new UnavailableException("Too many objects are stored at once");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while other objects were stored");
        }
    }

    /** How many wait. */
    int waiting() {
        return free.getQueueLength() + freeStarts.getQueueLength();
    }

    /** The start of an object, and when it is enlarged a part of it. */
    final class Buffer implements AutoCloseable {
        private byte[] bytes;
        private int length;
        private boolean isPart;

        private Buffer(byte[] start) {
            bytes = start;
            length = start.length;
        }

        byte[] bytes() {
            return bytes;
        }

        /** How many of the bytes are the object's. */
        int length() {
            return length;
        }

        /** Reads until it is full, or the object is at its end. @return whether it is full */
        boolean fill(InputStream in) throws IOException {
            int most = isPart ? partLength : startLength;
            long start = System.nanoTime();
            while (length < most) {
                if (length == bytes.length) {
                    bytes = Arrays.copyOf(bytes, Math.min(most, Math.max(UNIT, 2 * length)));
                }
                int n = in.read(bytes, length, bytes.length - length);
                if (n < 0) {
                    return false;
                }
                length += n;
                if (System.nanoTime() - start > nanosToFill && waiting() > 0) {
                    throw new UnavailableException("The sender is too slow while others wait");
                }
            }
            return true;
        }

        /** The same from the beginning, for the next part. */
        void refill(InputStream in) throws IOException {
            length = 0;
            fill(in);
        }

        /** Makes room for a part. @throws IOException where there is none for a long time */
        void enlarge() throws IOException {
            take(free, units(partLength));
            byte[] part = idle.poll();
            if (part == null) {
                part = allocate();
            }
            System.arraycopy(bytes, 0, part, 0, length);
            releaseStart();
            bytes = part;
            isPart = true;
        }

        private byte[] allocate() {
            try {
                return new byte[partLength];
            } catch (OutOfMemoryError e) {
                free.release(units(partLength));
                throw e;
            }
        }

        private void releaseStart() {
            free.release(units(startLength));
            freeStarts.release();
        }

        @Override
        public void close() {
            if (isPart) {
                idle.add(bytes);
                free.release(units(partLength));
            } else {
                releaseStart();
            }
        }
    }
}
