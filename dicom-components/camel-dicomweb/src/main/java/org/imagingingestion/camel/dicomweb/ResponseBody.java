package org.imagingingestion.camel.dicomweb;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * The body of an answer, written by a thread that waits while the client is behind: at most {@value #WINDOW} buffers of
 * {@value #BUFFER} bytes, or parts of files, are on their way.
 */
final class ResponseBody extends OutputStream {
    private static final int BUFFER = 64 << 10;
    private static final int WINDOW = 16;
    /** What may still be on its way when the thread goes. */
    private static final int LEFT_BEHIND = 4;

    private static final long FILE_PART = 1 << 20;

    private final HttpServerResponse response;
    private final ConnectionBase fileSink;
    private final long idleTimeout;
    private final Semaphore window = new Semaphore(WINDOW);
    private volatile Throwable failure;
    private ByteBuf buffer;
    private boolean closed;

    /**
     * @param fileSink the connection where it takes parts of files, {@code null} where they are to be copied
     * @param idleTimeout longest wait for the client, in milliseconds
     */
    ResponseBody(HttpServerResponse response, ConnectionBase fileSink, long idleTimeout) {
        this.response = response;
        this.fileSink = fileSink;
        this.idleTimeout = idleTimeout;
    }

    @Override
    public void write(int b) throws IOException {
        room().writeByte(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        for (int left = length; left > 0; ) {
            ByteBuf room = room();
            int n = Math.min(left, room.writableBytes());
            room.writeBytes(bytes, from, n);
            from += n;
            left -= n;
        }
    }

    /**
     * Copies so many bytes of a stream.
     *
     * @throws EOFException where it has less
     */
    void copy(InputStream in, long length) throws IOException {
        for (long left = length; left > 0; ) {
            ByteBuf room = room();
            int n = room.writeBytes(in, (int) Math.min(room.writableBytes(), left));
            if (n < 0) {
                throw new EOFException("A stored object is shorter than it was");
            }
            left -= n;
        }
    }

    /**
     * Sends a part of a file, without reading it where the connection can, and closes the file.
     *
     * @throws EOFException where the file is shorter than that
     */
    void transfer(FileChannel file, long offset, long length) throws IOException {
        if (fileSink != null && length > BUFFER) {
            transferParts(file, offset, length);
            return;
        }
        try (file) {
            for (long done = 0; done < length; ) {
                ByteBuf room = room();
                int n = room.writeBytes(file, offset + done, (int) Math.min(room.writableBytes(), length - done));
                if (n < 0) {
                    throw new EOFException("A stored object is shorter than it was");
                }
                done += n;
            }
        }
    }

    private void transferParts(FileChannel file, long offset, long length) throws IOException {
        AtomicInteger users = new AtomicInteger(1);
        try {
            if (buffer != null) {
                flush();
            } else if (!response.headWritten()) {
                response.write(Buffer.buffer());
            }
            for (long done = 0; done < length; done += FILE_PART) {
                acquire();
                users.incrementAndGet();
                FilePart part = new FilePart(file, offset + done, Math.min(FILE_PART, length - done));
                fileSink.writeToChannel(
                        part, fileSink.channelHandlerContext().newPromise().addListener(sent -> {
                            sent(sent.cause());
                            leave(users, file);
                        }));
            }
        } finally {
            leave(users, file);
        }
    }

    private static void leave(AtomicInteger users, FileChannel file) throws IOException {
        if (users.decrementAndGet() == 0) {
            file.close();
        }
    }

    @Override
    public void flush() throws IOException {
        if (buffer == null || !buffer.isReadable()) {
            return;
        }
        acquire();
        ByteBuf full = buffer;
        buffer = null;
        // the server does not release what it is given to write
        response.write(Buffer.buffer(full)).onComplete(done -> {
            full.release();
            sent(done.cause());
        });
    }

    private void sent(Throwable cause) {
        if (cause != null) {
            failure = cause;
        }
        window.release();
    }

    /** Ends the answer; the last of it may still be on its way. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            flush();
            for (int sent = 0; sent < WINDOW - LEFT_BEHIND; sent++) {
                acquire();
            }
        } finally {
            release();
        }
        response.end();
    }

    /** Gives up memory without ending the answer. */
    void release() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }

    private ByteBuf room() throws IOException {
        if (failure != null) {
            throw new IOException("The client is gone, or the object sent is", failure);
        }
        if (buffer != null && !buffer.isWritable()) {
            flush();
        }
        if (buffer == null) {
            buffer = PooledByteBufAllocator.DEFAULT.directBuffer(BUFFER, BUFFER);
        }
        return buffer;
    }

    private void acquire() throws IOException {
        try {
            if (!window.tryAcquire(idleTimeout, TimeUnit.MILLISECONDS)) {
                throw new IOException("The client took nothing for " + idleTimeout + " ms");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
        if (failure != null) {
            throw new IOException("The client is gone, or the object sent is", failure);
        }
    }
}
