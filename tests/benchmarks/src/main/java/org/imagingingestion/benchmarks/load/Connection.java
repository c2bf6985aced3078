package org.imagingingestion.benchmarks.load;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * One keep-alive HTTP/1.1 connection over a blocking socket. Requests are prepared bytes; of an answer it keeps the
 * status and the length of the body, and the body itself only when asked. Not for more than one thread.
 */
public final class Connection implements AutoCloseable {
    private static final int BUFFER = 256 * 1024;
    private static final int LONGEST_LINE = 16 * 1024;

    private final InetSocketAddress address;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER).flip();
    private final byte[] line = new byte[LONGEST_LINE];
    private SocketChannel channel;
    private ByteArrayOutputStream captured;
    private String contentType;
    private long bodyLength;
    private long declaredLength;
    private boolean chunked;
    private boolean closing;

    /** A connection to a loopback port, opened when first used. */
    public Connection(int port) {
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /**
     * Sends a request and reads its answer, discarding the body.
     *
     * @param request buffers whose remaining bytes are sent; they are consumed
     * @return the HTTP status
     */
    public int exchange(ByteBuffer... request) throws IOException {
        return exchange(null, request);
    }

    /** As {@link #exchange(ByteBuffer...)}, with the body of the answer written to the given stream. */
    public int exchange(ByteArrayOutputStream body, ByteBuffer... request) throws IOException {
        captured = body;
        open();
        send(request);
        int status;
        do {
            status = readHead();
        } while (status == 100);
        readBody(status);
        if (closing) {
            close();
        }
        return status;
    }

    /** The length of the last answer's body, chunk framing not counted. */
    public long bodyLength() {
        return bodyLength;
    }

    /** The content type of the last answer, empty when it had none. */
    public String contentType() {
        return contentType;
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }

    private void open() throws IOException {
        if (channel == null) {
            channel = SocketChannel.open();
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.connect(address);
            in.clear().flip();
        }
    }

    private void send(ByteBuffer... request) throws IOException {
        if (request.length == 1) {
            while (request[0].hasRemaining()) {
                channel.write(request[0]);
            }
            return;
        }
        ByteBuffer last = request[request.length - 1];
        while (last.hasRemaining()) {
            channel.write(request);
        }
    }

    private int readHead() throws IOException {
        contentType = "";
        declaredLength = -1;
        chunked = false;
        int length = readLine();
        if (length < 12) {
            throw new IOException("not a status line");
        }
        int status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + line[11] - '0';
        closing = line[7] == '0';
        while ((length = readLine()) > 0) {
            header(length);
        }
        return status;
    }

    private void header(int length) {
        if (startsWith("content-length:")) {
            declaredLength = Long.parseLong(text(15, length));
        } else if (startsWith("transfer-encoding:")) {
            chunked = text(18, length).equalsIgnoreCase("chunked");
        } else if (startsWith("connection:")) {
            closing = text(11, length).equalsIgnoreCase("close");
        } else if (captured != null && startsWith("content-type:")) {
            contentType = text(13, length);
        }
    }

    private boolean startsWith(String name) {
        for (int i = 0; i < name.length(); i++) {
            int c = line[i];
            if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String text(int from, int length) {
        return new String(line, from, length - from, StandardCharsets.ISO_8859_1).trim();
    }

    private void readBody(int status) throws IOException {
        bodyLength = 0;
        if (status == 204 || status == 304) {
            return;
        }
        if (chunked) {
            readChunks();
        } else if (declaredLength >= 0) {
            skip(declaredLength);
        } else {
            readToEnd();
        }
    }

    private void readChunks() throws IOException {
        while (true) {
            readLine();
            int size = 0;
            for (int i = 0, digit; (digit = Character.digit(line[i], 16)) >= 0; i++) {
                size = size << 4 | digit;
            }
            if (size == 0) {
                break;
            }
            skip(size);
            readLine();
        }
        while (readLine() > 0) {
            // trailers tell nothing that is measured
            continue;
        }
    }

    private void readToEnd() throws IOException {
        closing = true;
        try {
            while (true) {
                skip(Math.max(1, in.remaining()));
            }
        } catch (EOFException e) {
            return;
        }
    }

    private void skip(long count) throws IOException {
        long left = count;
        while (left > 0) {
            if (!in.hasRemaining()) {
                fill();
            }
            int step = (int) Math.min(left, in.remaining());
            if (captured != null) {
                byte[] copy = new byte[step];
                in.get(copy);
                captured.write(copy, 0, step);
            } else {
                in.position(in.position() + step);
            }
            left -= step;
            bodyLength += step;
        }
    }

    /** Reads up to CRLF into {@link #line}, zero-terminated, and returns the length without CRLF. */
    private int readLine() throws IOException {
        int length = 0;
        while (true) {
            if (!in.hasRemaining()) {
                fill();
            }
            byte b = in.get();
            if (b == '\n') {
                length = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
                line[length] = 0;
                return length;
            }
            if (length == LONGEST_LINE - 1) {
                throw new IOException("header line too long");
            }
            line[length++] = b;
        }
    }

    private void fill() throws IOException {
        in.clear();
        int count = channel.read(in);
        in.flip();
        if (count < 0) {
            throw new EOFException("the server closed the connection");
        }
    }
}
