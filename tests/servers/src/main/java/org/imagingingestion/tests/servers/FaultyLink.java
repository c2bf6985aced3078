package org.imagingingestion.tests.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A network between a client and a server on this machine that can be cut, slow or wrong, or answer in the server's place. */
public final class FaultyLink implements AutoCloseable {
    private static final long NEVER = Long.MAX_VALUE;

    private final ServerSocket listening;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    /** Bytes that still pass before the connections are cut. */
    private final AtomicLong up = new AtomicLong(NEVER);

    private final AtomicLong down = new AtomicLong(NEVER);
    private final AtomicLong untilWrong = new AtomicLong(NEVER);
    private volatile boolean refusing;
    private volatile boolean silent;
    private volatile int bytesPerSecond;
    private volatile byte[] answer;

    /** @param target port of the server on the loopback address */
    public FaultyLink(int target) throws IOException {
        this.target = target;
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "faulty-link");
        thread.setDaemon(true);
        thread.start();
    }

    public int port() {
        return listening.getLocalPort();
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** Connections so far. */
    public int connections() {
        return connections.get();
    }

    /** Cuts all connections, once so many more bytes have gone to the server; then goes on as before. */
    public void cutUpAfter(long bytes) {
        up.set(bytes);
    }

    /** Cuts all connections, once so many more bytes have come from the server; then goes on as before. */
    public void cutDownAfter(long bytes) {
        down.set(bytes);
    }

    /** Changes the byte that follows so many others to the server. */
    public void changeUpAfter(long bytes) {
        untilWrong.set(bytes);
    }

    /** Closes connections as they come. */
    public void refuse() {
        refusing = true;
        cut();
    }

    /** Takes what comes and hands nothing on. */
    public void keepSilent() {
        silent = true;
    }

    /** Hands on no faster than this, in each direction. */
    public void slow(int bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Answers each request on a new connection itself, and closes it. */
    public void answer(int status, String contentType, String body) {
        answer = ("HTTP/1.1 " + status + " Of The Link\r\nConnection: close\r\nContent-Type: " + contentType
                        + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
        cut();
    }

    /** All is well again. */
    public void heal() {
        up.set(NEVER);
        down.set(NEVER);
        untilWrong.set(NEVER);
        refusing = false;
        silent = false;
        bytesPerSecond = 0;
        answer = null;
        cut();
    }

    private void cut() {
        sockets.forEach(FaultyLink::close);
        sockets.clear();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                connections.incrementAndGet();
                sockets.add(client);
                start(() -> connect(client));
            } catch (IOException e) {
                // it was closed
                return;
            }
        }
    }

    private void connect(Socket client) {
        if (refusing) {
            close(client);
            return;
        }
        try {
            if (answer != null) {
                answer(client);
                return;
            }
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(server);
            start(() -> hand(client, server, up, untilWrong));
            hand(server, client, down, new AtomicLong(NEVER));
        } catch (IOException e) {
            close(client);
        }
    }

    private void answer(Socket client) throws IOException {
        client.setSoTimeout(200);
        try {
            client.getInputStream().read();
            client.getOutputStream().write(answer);
            client.shutdownOutput();
            // what is not read resets the connection, and the answer with it
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
        } finally {
            close(client);
        }
    }

    private void hand(Socket from, Socket to, AtomicLong untilCut, AtomicLong untilChange) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] bytes = new byte[16 << 10];
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                if (silent) {
                    continue;
                }
                change(bytes, n, untilChange);
                int passing = (int) Math.min(n, untilCut.get());
                out.write(bytes, 0, passing);
                if (untilCut.get() != NEVER && untilCut.addAndGet(-passing) <= 0) {
                    untilCut.set(NEVER);
                    cut();
                }
                if (bytesPerSecond > 0) {
                    LockSupport.parkNanos(n * 1_000_000_000L / bytesPerSecond);
                }
            }
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private static void change(byte[] bytes, int n, AtomicLong untilChange) {
        long until = untilChange.get();
        if (until < n) {
            bytes[(int) until] ^= 1;
            untilChange.set(NEVER);
        } else if (until != NEVER) {
            untilChange.addAndGet(-n);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        cut();
    }
}
