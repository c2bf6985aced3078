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
 * The body of a request, read as it arrives, many messages at a time: waking its reader for each costs more than the
 * message. The client is held back by its connection: at most {@value #WINDOW} messages wait, and as many are being read.
 */
final class RequestBody extends InputStream {
    private static final int WINDOW = 12;
    private static final String CONTINUE = "100-continue";
    /** Bytes a second on the whole, once it was waited for longer than the idle timeout: a reader's thread is held meanwhile. */
    private static final long LEAST_RATE = 1024;

    private static final int ENOUGH = 256 << 10;
    /** Longest that what has come waits for more. */
    private static final long LINGER = TimeUnit.MILLISECONDS.toNanos(5);

    private final HttpServerRequest request;
    private final long idleTimeout;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<ByteBuf> reading = new ArrayDeque<>(WINDOW);
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>(WINDOW);
    private int bytesWaiting;
    /** Messages that have been asked for and have not come. */
    private int expected;

    private boolean started;
    private long waited;
    private boolean dropped;
    private Runnable atEnd;
    private boolean ended;
    private Throwable failure;
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
                ByteBuf bytes = buffer.getByteBuf();
                waiting.add(bytes);
                bytesWaiting += bytes.readableBytes();
                expected--;
                if (waiting.size() == 1 || isEnough()) {
                    arrived.signal();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isEnough() {
        return ended || bytesWaiting >= ENOUGH || expected == 0 && !waiting.isEmpty();
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
            reading.clear();
            waiting.clear();
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
            return ended && failure == null && waiting.isEmpty() && reading.isEmpty();
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
        if (reading.isEmpty() && !take()) {
            return -1;
        }
        ByteBuf current = reading.peek();
        int n = Math.min(length, current.readableBytes());
        current.readBytes(bytes, offset, n);
        if (!current.isReadable()) {
            reading.remove();
        }
        count += n;
        return n;
    }

    /** Takes all that waits. @return {@code false} at the end */
    private boolean take() throws IOException {
        lock.lock();
        try {
            if (!started) {
                started = true;
                if (CONTINUE.equalsIgnoreCase(request.getHeader("Expect"))) {
                    request.response().writeContinue();
                }
            }
            if (expected < WINDOW / 2) {
                request.fetch(WINDOW - expected);
                expected = WINDOW;
            }
            await();
            reading.addAll(waiting);
            waiting.clear();
            bytesWaiting = 0;
            if (reading.isEmpty() && failure != null) {
                throw new IOException("The client broke off", failure);
            }
            return !reading.isEmpty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        } finally {
            lock.unlock();
        }
    }

    private void await() throws InterruptedException, IOException {
        long most = TimeUnit.MILLISECONDS.toNanos(idleTimeout);
        long left = most;
        while (waiting.isEmpty() && !ended) {
            if (left <= 0) {
                throw new IOException("The client sent nothing for " + idleTimeout + " ms");
            }
            left = arrived.awaitNanos(left);
        }
        waited += most - left;
        if (waited > most && count < LEAST_RATE * TimeUnit.NANOSECONDS.toSeconds(waited)) {
            throw new IOException("The client sent less than " + LEAST_RATE + " bytes a second");
        }
        left = LINGER;
        while (!isEnough() && left > 0) {
            left = arrived.awaitNanos(left);
        }
    }
}
