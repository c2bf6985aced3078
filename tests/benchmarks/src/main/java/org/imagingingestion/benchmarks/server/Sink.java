package org.imagingingestion.benchmarks.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The limit for storing: an HTTP server that looks at nothing but the length of a request, writes its body into a file of
 * its own, and answers 200. A thread a connection, bytes never in the heap.
 */
public final class Sink {
    /** What becomes of a body. */
    public enum Mode {
        /** Read and forgotten. */
        DISCARD,
        /** Written to a file. */
        WRITE,
        /** Written to a file and forced to the disk before the answer. */
        FSYNC
    }

    private static final int BUFFER = 1 << 20;
    private static final Set<StandardOpenOption> CREATE =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Type: application/dicom+json\r\nContent-Length: 2\r\n\r\n{}"
                    .getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

    private final SocketChannel socket;
    private final Mode mode;
    private final Path folder;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer answer =
            ByteBuffer.allocateDirect(ANSWER.length).put(ANSWER).flip();
    private final AtomicLong files;

    private Sink(SocketChannel socket, Mode mode, Path folder, AtomicLong files) {
        this.socket = socket;
        this.mode = mode;
        this.folder = folder;
        this.files = files;
    }

    /**
     * Serves until the process is ended.
     *
     * @param args port, mode, folder
     */
    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(args[0]);
        Mode mode = Mode.valueOf(args[1]);
        Path folder = Files.createDirectories(Path.of(args[2]));
        AtomicLong files = new AtomicLong();
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
            while (true) {
                SocketChannel socket = server.accept();
                socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
                Thread thread = new Thread(new Sink(socket, mode, folder, files)::serve);
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    private void serve() {
        try (socket) {
            while (one()) {
                // next request of this connection
                continue;
            }
        } catch (IOException e) {
            System.err.println("connection ended: " + e);
        }
    }

    private boolean one() throws IOException {
        in.clear();
        int head;
        while ((head = endOfHead()) < 0) {
            if (socket.read(in) < 0) {
                return false;
            }
        }
        long length = contentLength(head);
        in.flip().position(head);
        if (mode == Mode.DISCARD || length == 0) {
            discard(length);
        } else {
            write(length);
        }
        answer.rewind();
        while (answer.hasRemaining()) {
            socket.write(answer);
        }
        return true;
    }

    private void discard(long length) throws IOException {
        long left = length - in.remaining();
        while (left > 0) {
            left -= fill(left);
        }
    }

    private void write(long length) throws IOException {
        Path path = folder.resolve(files.incrementAndGet() + ".dcm");
        try (FileChannel file = FileChannel.open(path, CREATE)) {
            long left = length;
            while (true) {
                // a body that fits is written in one call, as a server that knew nothing better would
                while (in.remaining() < left && in.limit() < in.capacity()) {
                    int position = in.position();
                    in.position(in.limit()).limit(in.capacity());
                    if (socket.read(in) < 0) {
                        throw new IOException("body ended early");
                    }
                    in.flip().position(position);
                }
                left -= in.remaining();
                while (in.hasRemaining()) {
                    file.write(in);
                }
                if (left <= 0) {
                    break;
                }
                in.clear().flip();
            }
            if (mode == Mode.FSYNC) {
                file.force(true);
            }
        }
    }

    private int fill(long most) throws IOException {
        in.clear().limit((int) Math.min(most, BUFFER));
        int count = socket.read(in);
        if (count < 0) {
            throw new IOException("body ended early");
        }
        return count;
    }

    private int endOfHead() {
        for (int i = 3; i < in.position(); i++) {
            if (in.get(i) == '\n' && in.get(i - 2) == '\n' && in.get(i - 1) == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    private long contentLength(int head) {
        for (int i = 0; i < head - LENGTH.length; i++) {
            if (matches(i)) {
                long value = 0;
                for (int at = i + LENGTH.length; in.get(at) != '\r'; at++) {
                    value = in.get(at) == ' ' ? value : value * 10 + in.get(at) - '0';
                }
                return value;
            }
        }
        return 0;
    }

    private boolean matches(int at) {
        for (int i = 0; i < LENGTH.length; i++) {
            if ((in.get(at + i) | 0x20) != (LENGTH[i] | 0x20)) {
                return false;
            }
        }
        return true;
    }
}
