package org.imagingingestion.camel.dicomweb;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import org.apache.hc.core5.concurrent.Cancellable;

/**
 * Ends a request that waits too long for the server, or whose thread is interrupted. Sockets have no time limit for writing, none
 * for an answer that comes byte by byte, and take no notice of an interrupt.
 */
final class Watch implements Closeable {
    private static final long PERIOD = 100;

    private final Cancellable request;
    private final ScheduledFuture<?> checks;
    private volatile Thread waiting;
    private volatile long deadline;
    private volatile long latest;
    private volatile boolean limited;
    private volatile boolean late;
    private volatile boolean interrupted;

    Watch(ScheduledExecutorService scheduler, Cancellable request) {
        this.request = request;
        checks = scheduler.scheduleWithFixedDelay(this::check, PERIOD, PERIOD, TimeUnit.MILLISECONDS);
    }

    private void check() {
        Thread thread = waiting;
        if (thread == null) {
            return;
        }
        interrupted = thread.isInterrupted();
        late = !interrupted && System.nanoTime() - deadline > 0;
        if (interrupted || late) {
            waiting = null;
            request.cancel();
        }
    }

    /** From now on this thread waits for the server. */
    void begin(long milliseconds) {
        long time = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
        deadline = limited && latest - time < 0 ? latest : time;
        waiting = Thread.currentThread();
    }

    /** From now on all waiting together may take so long. */
    void limit(long milliseconds) {
        latest = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
        limited = true;
    }

    /** The thread does not wait any more. */
    void end() {
        waiting = null;
    }

    /** Cuts the connection, so that nothing looks complete which is not. */
    void abort() {
        end();
        request.cancel();
    }

    /** The reason for a failure, where that is this watch. */
    IOException explain(IOException failure) {
        if (interrupted) {
            return new InterruptedIOException("The request was interrupted");
        }
        if (late && !(failure instanceof SocketTimeoutException)) {
            SocketTimeoutException timeout = new SocketTimeoutException("The server took too long");
            timeout.initCause(failure);
            return timeout;
        }
        return failure;
    }

    /** A stream to the server that may take so long over each piece. */
    OutputStream guard(OutputStream out, long milliseconds) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                begin(milliseconds);
                out.write(bytes, offset, length);
                end();
            }
        };
    }

    /** A stream from the server that may take so long over each piece. */
    InputStream guard(InputStream in, long milliseconds) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                begin(milliseconds);
                try {
                    return in.read(bytes, offset, length);
                } catch (IOException e) {
                    throw explain(e);
                } finally {
                    end();
                }
            }
        };
    }

    @Override
    public void close() {
        end();
        checks.cancel(false);
    }
}
