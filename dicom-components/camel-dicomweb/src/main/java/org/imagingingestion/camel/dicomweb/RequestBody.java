package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/**
 * The body of a request, read as it arrives. The client is held back by its connection: at most {@value #WINDOW} messages
 * wait to be read.
 */
final class RequestBody extends InputStream {
    private static final int WINDOW = 16;

    private final HttpServerRequest request;
    private final long idleTimeout;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();
    private ByteBuf current;
    private boolean started;
    private boolean dropped;
    private Runnable atEnd;
    private boolean ended;
    private Throwable failure;
    private int taken;
    private long count;

    /** To be made on the event loop, before the first byte. @param idleTimeout longest wait for a byte, in milliseconds */
    RequestBody(HttpServerRequest request, long idleTimeout) {
        this.request = request;
        this.idleTimeout = idleTimeout;
        request.pause();
        request.handler(this::onBuffer);
        request.endHandler(nothing -> onEnd(null));
        request.exceptionHandler(this::onEnd);
    }

    private void onBuffer(Buffer buffer) {
        lock.lock();
        try {
            if (!dropped) {
                waiting.add(buffer.getByteBuf());
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void onEnd(Throwable cause) {
        Runnable then;
        lock.lock();
        try {
            ended = true;
            failure = cause;
            then = atEnd;
            atEnd = null;
            arrived.signal();
        } finally {
            lock.unlock();
        }
        if (then != null) {
            then.run();
        }
    }

    /** Takes no more of it: what has come and what is to come is dropped, as fast as the client sends it. */
    void drop() {
        lock.lock();
        try {
            dropped = true;
            waiting.clear();
            current = null;
        } finally {
            lock.unlock();
        }
        request.resume();
    }

    /** Runs something when the client has sent all of it, or has broken off; at once where it already has. */
    void whenEnded(Runnable then) {
        lock.lock();
        try {
            if (!ended) {
                atEnd = then;
                return;
            }
        } finally {
            lock.unlock();
        }
        then.run();
    }

    /** Bytes read so far. */
    long count() {
        return count;
    }

    /** Whether all of it has been read. */
    boolean isConsumed() {
        lock.lock();
        try {
            return ended && failure == null && waiting.isEmpty() && current == null;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the client broke off, so that nobody is there for an answer. */
    boolean isBroken() {
        lock.lock();
        try {
            return failure != null;
        } finally {
            lock.unlock();
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
        if (current == null || !current.isReadable()) {
            current = next();
            if (current == null) {
                return -1;
            }
        }
        int n = Math.min(length, current.readableBytes());
        current.readBytes(bytes, offset, n);
        if (!current.isReadable()) {
            current = null;
        }
        count += n;
        return n;
    }

    private ByteBuf next() throws IOException {
        lock.lock();
        try {
            if (!started) {
                started = true;
                request.fetch(WINDOW);
            }
            long left = TimeUnit.MILLISECONDS.toNanos(idleTimeout);
            while (waiting.isEmpty() && !ended) {
                if (left <= 0) {
                    throw new IOException("The client sent nothing for " + idleTimeout + " ms");
                }
                left = arrived.awaitNanos(left);
            }
            ByteBuf next = waiting.poll();
            if (next == null) {
                if (failure != null) {
                    throw new IOException("The client broke off", failure);
                }
                return null;
            }
            if (++taken >= WINDOW / 2) {
                request.fetch(taken);
                taken = 0;
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        } finally {
            lock.unlock();
        }
    }
}
