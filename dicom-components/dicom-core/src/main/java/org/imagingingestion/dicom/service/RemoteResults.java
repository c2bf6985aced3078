package org.imagingingestion.dicom.service;

import java.io.Closeable;
import java.util.Iterator;
import java.util.NoSuchElementException;

import org.imagingingestion.dicom.DicomException;

/**
 * What another system gives, read from its connection while it is gone through: once, by one thread, and to be closed.
 *
 * @param <T> what is given; where it is a stream, it ends when the next one is asked for
 */
public abstract class RemoteResults<T> implements Iterator<T>, Closeable {
    private T next;
    private boolean ended;

    /**
     * Reads the next one.
     *
     * @return {@code null} behind the last
     */
    protected abstract T read() throws DicomException;

    /** Whether the one given last is not at its end, so that what follows cannot be known yet. */
    protected boolean isUnderWay() {
        return false;
    }

    /**
     * Takes the next one.
     *
     * @return {@code null} behind the last
     */
    public final T poll() throws DicomException {
        T result = peek();
        next = null;
        return result;
    }

    /**
     * The next one, which stays so.
     *
     * @return {@code null} behind the last
     */
    public final T peek() throws DicomException {
        if (next == null && !ended) {
            ended = true;
            try {
                next = read();
                ended = next == null;
            } finally {
                if (ended) {
                    close();
                }
            }
        }
        return next;
    }

    /**
     * Whether there is one more; {@code true} too while the one given last is not read to its end.
     *
     * @throws RemoteResultsException where it cannot be had
     */
    @Override
    public final boolean hasNext() {
        if (next == null && !ended && isUnderWay()) {
            return true;
        }
        try {
            return peek() != null;
        } catch (DicomException e) {
            throw new RemoteResultsException(e);
        }
    }

    /**
     * The next one.
     *
     * @return {@code null} where {@link #hasNext()} could not know that there is none
     * @throws RemoteResultsException where it cannot be had
     */
    @Override
    public final T next() {
        boolean known = ended || !isUnderWay();
        try {
            T result = poll();
            if (result == null && known) {
                throw new NoSuchElementException();
            }
            return result;
        } catch (DicomException e) {
            throw new RemoteResultsException(e);
        }
    }

    /** Ends it early; does nothing where it has been gone through. */
    @Override
    public abstract void close();
}
