package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContentEncoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.traffic.AbstractTrafficShapingHandler;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Sends an answer that is a part of a file, with some bytes before and behind it. The operating system copies the file, and no
 * thread waits for the client.
 */
final class FileSender {
    private static final Logger LOG = LoggerFactory.getLogger(FileSender.class);
    private static final long PART = 1 << 20;

    private final HttpServerResponse response;
    private final ConnectionBase connection;
    private final FileChannel file;
    private final long idleTimeout;
    private final byte[] tail;
    private long offset;
    private long left;

    /** @param idleTimeout longest wait for the client, in milliseconds */
    FileSender(
            HttpServerResponse response,
            ConnectionBase connection,
            FileChannel file,
            long offset,
            long length,
            byte[] tail,
            long idleTimeout) {
        this.response = response;
        this.connection = connection;
        this.file = file;
        this.offset = offset;
        this.left = length;
        this.tail = tail;
        this.idleTimeout = idleTimeout;
    }

    /**
     * The connection of a request, if what is written there goes to the network as it is: neither encrypted nor compressed,
     * nor in the frames of HTTP/2. {@code null} otherwise.
     */
    static ConnectionBase sink(HttpServerRequest request) {
        boolean plain = request.version() == HttpVersion.HTTP_1_1 || request.version() == HttpVersion.HTTP_1_0;
        if (!plain || request.isSSL() || !(request.connection() instanceof ConnectionBase connection)) {
            return null;
        }
        var pipeline = connection.channel().pipeline();
        boolean untouched = pipeline.get(SslHandler.class) == null
                && pipeline.get(HttpContentEncoder.class) == null
                && pipeline.get(AbstractTrafficShapingHandler.class) == null;
        String channel = connection.channel().getClass().getSimpleName();
        return untouched && (channel.startsWith("Nio") || channel.startsWith("Epoll")) ? connection : null;
    }

    /** Begins to send, and closes the file at the end. The response has its status and headers. */
    void send(byte[] head) {
        try {
            connection.channel().eventLoop().execute(() -> begin(head));
        } catch (RuntimeException e) {
            closeFile();
            throw e;
        }
    }

    private void begin(byte[] head) {
        try {
            response.write(Buffer.buffer(head));
            next();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void next() {
        if (left == 0) {
            closeFile();
            response.end(Buffer.buffer(tail));
            return;
        }
        FilePart part = new FilePart(file, offset, Math.min(PART, left));
        ChannelPromise promise = connection.channelHandlerContext().newPromise();
        Watch watch = new Watch(part);
        promise.addListener(sent -> {
            watch.end();
            if (sent.isSuccess()) {
                offset += part.count();
                left -= part.count();
                next();
            } else {
                fail(sent.cause());
            }
        });
        connection.writeToChannel(part, promise);
        watch.begin(promise);
    }

    private void fail(Throwable cause) {
        LOG.debug("An answer was not sent in full: {}", cause.getMessage());
        closeFile();
        cut(connection);
    }

    /** Ends a connection at once. Its own way to close waits until all is written, which a client may never let happen. */
    static void cut(ConnectionBase connection) {
        connection.channelHandlerContext().close();
    }

    private void closeFile() {
        try {
            file.close();
        } catch (IOException e) {
            LOG.debug("A file that was read did not close", e);
        }
    }

    /** Ends the connection when the client takes nothing for too long. */
    private final class Watch implements Runnable {
        private final FilePart part;
        private long seen;
        private ScheduledFuture<?> timer;

        Watch(FilePart part) {
            this.part = part;
        }

        void begin(ChannelPromise promise) {
            if (!promise.isDone()) {
                timer = connection.channel().eventLoop().schedule(this, idleTimeout, TimeUnit.MILLISECONDS);
            }
        }

        void end() {
            if (timer != null) {
                timer.cancel(false);
            }
        }

        @Override
        public void run() {
            if (part.transferred() == seen) {
                cut(connection);
            } else {
                seen = part.transferred();
                timer = connection.channel().eventLoop().schedule(this, idleTimeout, TimeUnit.MILLISECONDS);
            }
        }
    }
}
