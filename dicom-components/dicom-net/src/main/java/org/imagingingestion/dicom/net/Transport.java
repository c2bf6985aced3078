package org.imagingingestion.dicom.net;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLSocket;

/**
 * The transport connection under an association: every read and every write comes to an end, whatever the peer does.
 * Used by one thread; only {@link #close()} may come from others.
 */
final class Transport implements Closeable {
    private static final int SMALL_BUFFER = 4 << 10;
    private static final int LARGE_BUFFER = 64 << 10;
    /** Reads of at least this many bytes go past the buffer. */
    private static final int DIRECT = 16 << 10;

    private static final Duration DRAIN = Duration.ofSeconds(1);

    private final Socket plain;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] small = new byte[SMALL_BUFFER];
    private byte[] buffer = small;
    private int position;
    private int limit;
    private int soTimeout = -1;
    private long readWithin;
    /** For the rate of the peer: only the time that this side waited counts. */
    private long periodWaited;

    private long periodBytes;
    private long writeWithin = TimeUnit.SECONDS.toNanos(60);
    private volatile long overdueAt;
    private volatile boolean isOverdue;
    private long bytesRead;
    private long bytesWritten;

    /** @param socket connected; the same as {@code plain}, or TLS over it */
    Transport(Socket plain, Socket socket) throws IOException {
        this.plain = plain;
        this.socket = socket;
        plain.setTcpNoDelay(true);
        in = socket.getInputStream();
        out = socket.getOutputStream();
        Watch.add(this);
    }

    InetAddress remoteAddress() {
        return plain.getInetAddress();
    }

    /** The TLS socket, {@code null} where the connection is not encrypted. */
    SSLSocket tls() {
        return socket instanceof SSLSocket tls ? tls : null;
    }

    long bytesRead() {
        return bytesRead;
    }

    long bytesWritten() {
        return bytesWritten;
    }

    /** Shakes hands where the connection is encrypted. */
    void handshake(Duration within) throws IOException {
        if (socket instanceof SSLSocket tls) {
            begin(within.toNanos());
            try {
                tls.setSoTimeout(millis(within));
                soTimeout = -1;
                tls.startHandshake();
            } catch (SocketException e) {
                throw isOverdue ? new SocketTimeoutException("The TLS handshake takes too long") : e;
            } finally {
                overdueAt = 0;
            }
        }
    }

    /** From now on a byte is to come within this time, and at least so many that the least rate is reached. */
    void within(Duration timeout) {
        readWithin = timeout.toNanos();
        periodWaited = 0;
        periodBytes = 0;
    }

    void writeWithin(Duration timeout) {
        writeWithin = timeout.toNanos();
    }

    /** Whether there is something to read without waiting. */
    boolean isReadable() throws IOException {
        return position < limit
                || in.available() > 0
                || plain != socket && plain.getInputStream().available() > 0;
    }

    /** Gives large buffers back: to be called where nothing is expected soon. */
    void shrink() {
        if (position == limit) {
            buffer = small;
            position = 0;
            limit = 0;
        }
    }

    /** Takes a large buffer, for data to come. */
    void grow() {
        if (buffer == small) {
            byte[] large = new byte[LARGE_BUFFER];
            System.arraycopy(buffer, position, large, 0, limit - position);
            limit -= position;
            position = 0;
            buffer = large;
        }
    }

    /** Reads one byte. @return -1 at the end of the connection */
    int read() throws IOException {
        if (position == limit && !fill()) {
            return -1;
        }
        return buffer[position++] & 0xFF;
    }

    /** Reads at least one byte and at most so many. @throws EOFException at the end of the connection */
    int read(byte[] target, int offset, int length) throws IOException {
        if (position == limit) {
            if (length >= DIRECT) {
                int n = readSocket(target, offset, length);
                if (n < 0) {
                    throw new EOFException("The peer closed the connection");
                }
                return n;
            }
            if (!fill()) {
                throw new EOFException("The peer closed the connection");
            }
        }
        int n = Math.min(length, limit - position);
        System.arraycopy(buffer, position, target, offset, n);
        position += n;
        return n;
    }

    void readFully(byte[] target, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            done += read(target, offset + done, length - done);
        }
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = 0;
        int n = readSocket(buffer, 0, buffer.length);
        limit = Math.max(n, 0);
        return n >= 0;
    }

    private int readSocket(byte[] target, int offset, int length) throws IOException {
        int timeout = (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(readWithin - periodWaited));
        if (timeout != soTimeout) {
            socket.setSoTimeout(timeout);
            soTimeout = timeout;
        }
        long start = System.nanoTime();
        int n = in.read(target, offset, length);
        periodWaited += System.nanoTime() - start;
        periodBytes += Math.max(n, 0);
        bytesRead += Math.max(n, 0);
        long wanted = Timeouts.LEAST_RATE * TimeUnit.NANOSECONDS.toSeconds(readWithin);
        if (periodBytes >= wanted) {
            periodWaited = 0;
            periodBytes = 0;
        } else if (periodWaited >= readWithin) {
            throw new SocketTimeoutException("The peer sends less than " + Timeouts.LEAST_RATE + " bytes a second");
        }
        return n;
    }

    void write(byte[] source, int offset, int length) throws IOException {
        begin(writeWithin);
        try {
            out.write(source, offset, length);
            bytesWritten += length;
        } catch (SocketException e) {
            throw isOverdue ? new SocketTimeoutException("The peer does not read") : e;
        } finally {
            overdueAt = 0;
        }
    }

    private void begin(long nanos) {
        long at = System.nanoTime() + nanos;
        overdueAt = at == 0 ? 1 : at;
    }

    void closeWhenOverdue(long now) {
        long at = overdueAt;
        if (at != 0 && now - at > 0) {
            isOverdue = true;
            close();
        }
    }

    /** Tells the peer that nothing more comes; encrypted connections have no such way. */
    void endOutput() throws IOException {
        if (plain == socket) {
            plain.shutdownOutput();
        }
    }

    /** Lets the peer read the last that was sent to it: a connection closed with unread bytes in it takes that away. */
    void drain() {
        within(DRAIN);
        long until = System.nanoTime() + DRAIN.toNanos();
        byte[] chunk = new byte[DIRECT];
        try {
            if (plain == socket) {
                plain.shutdownOutput();
            }
            while (readSocket(chunk, 0, chunk.length) >= 0 && System.nanoTime() - until < 0) {
                // what comes is of no use any more
            }
        } catch (IOException e) {
            // the peer is gone, or goes on for too long
        }
    }

    /** Ends the connection as its peer expects it. */
    void end() {
        begin(TimeUnit.SECONDS.toNanos(1));
        try {
            socket.close();
        } catch (IOException e) {
            // the peer was faster
        } finally {
            close();
        }
    }

    private static int millis(Duration timeout) {
        return (int) Math.max(1, Math.min(timeout.toMillis(), Integer.MAX_VALUE));
    }

    @Override
    public void close() {
        Watch.remove(this);
        try {
            // TLS would wait for a peer that does not read; the protocol above has its own end
            plain.close();
        } catch (IOException e) {
            // it is closed as far as this side can
        }
    }
}
