package org.imagingingestion.camel.dicomweb;

import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;

/** One request and its answer, for a thread that may block. */
final class HttpCall {
    /** Milliseconds that a client may go on to send what nobody reads, before it is cut off. */
    private static final long LINGER = 5_000;

    private final RoutingContext context;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final List<String> path;
    private final String baseUrl;
    private final long idleTimeout;
    private final Set<String> ownHeaders = new HashSet<>();
    private RequestBody body;
    private ResponseBody stream;
    private boolean answered;

    /** To be made on the event loop. @param path decoded segments below the service's root */
    HttpCall(RoutingContext context, List<String> path, DicomwebEndpoint endpoint) {
        this.context = context;
        this.request = context.request();
        this.response = context.response();
        this.path = path;
        this.idleTimeout = endpoint.getIdleTimeout();
        this.baseUrl = endpoint.getExternalAddress() != null ? externalRoot(endpoint) : requestedRoot();
        if (request.method().equals(HttpMethod.POST)) {
            body = new RequestBody(request, idleTimeout);
        }
    }

    private static String externalRoot(DicomwebEndpoint endpoint) {
        String address = endpoint.getExternalAddress();
        return address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
    }

    private String requestedRoot() {
        return origin() + context.<String>get(DicomwebServer.ROOT);
    }

    String method() {
        return request.method().name();
    }

    boolean isHead() {
        return request.method().equals(HttpMethod.HEAD);
    }

    /** The decoded segments of the path below the service's root. */
    List<String> path() {
        return path;
    }

    /** Address of the service as the client knows it, with no slash at its end. */
    String baseUrl() {
        return baseUrl;
    }

    /** Scheme and authority that the request was sent to. */
    String origin() {
        Object authority = request.authority();
        return request.scheme() + "://" + (authority != null ? authority : request.localAddress());
    }

    /** The first value of a request header, {@code null} where there is none. */
    String header(String name) {
        return request.getHeader(name);
    }

    /** All values of a request header. */
    List<String> headers(String name) {
        return request.headers().getAll(name);
    }

    /**
     * The query parameters in their order, decoded.
     *
     * @throws DicomException where they are not well percent-encoded
     */
    List<Map.Entry<String, String>> query() throws DicomException {
        List<Map.Entry<String, String>> parameters = new ArrayList<>();
        String query = request.query();
        if (query == null || query.isEmpty()) {
            return parameters;
        }
        for (String pair : query.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                parameters.add(Map.entry(decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1))));
            }
        }
        return parameters;
    }

    private static String decode(String encoded) throws DicomException {
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new DicomException(
                    DicomStatus.INVALID_ARGUMENT_VALUE, "A query parameter is not well percent-encoded");
        }
    }

    /** The request's body, read as it arrives; {@code null} for methods that have none. */
    RequestBody body() {
        return body;
    }

    /** Declared length of the body, -1 where it is not. */
    long contentLength() {
        String length = header("Content-Length");
        try {
            return length == null ? -1 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Whether the status line is on its way, so that nothing but the connection can tell of a failure. */
    boolean isAnswered() {
        return answered || response.headWritten() || response.ended();
    }

    /** Sets a header of the answer. */
    HttpCall set(String name, String value) {
        ownHeaders.add(name);
        response.putHeader(name, value);
        return this;
    }

    /** Forgets the headers that were set for an answer that could not be given; to be called before another one. */
    void reset() {
        ownHeaders.forEach(response.headers()::remove);
        response.setChunked(false);
        releaseStream();
    }

    /** Answers with no body. */
    void send(int status) {
        boolean closes = dropBody();
        Future<Void> sent = response.setStatusCode(status).end();
        if (closes) {
            sent.onComplete(done -> closeAfterBody());
        }
    }

    /**
     * Drops what is left of a request whose answer is there before its end.
     *
     * @return whether the connection is to end with it
     */
    private boolean dropBody() {
        if (body == null || body.isConsumed()) {
            return false;
        }
        if (request.version() != HttpVersion.HTTP_2) {
            set("Connection", "close");
        }
        body.drop();
        return true;
    }

    /** Lets the client come to read its answer: to close at once would reset what it has not read yet. */
    private void closeAfterBody() {
        long timer = context.vertx().setTimer(LINGER, id -> endConnection());
        body.whenEnded(() -> {
            if (context.vertx().cancelTimer(timer)) {
                endConnection();
            }
        });
    }

    private void endConnection() {
        if (request.version() != HttpVersion.HTTP_2) {
            request.connection().close();
        } else if (!request.isEnded()) {
            // the others on the connection go on
            response.reset();
        }
    }

    /** Answers with a body that is at hand; a HEAD request gets its length alone. */
    void send(int status, String contentType, byte[] bytes) {
        send(status, contentType, Unpooled.wrappedBuffer(bytes));
    }

    /** Answers with a body that is at hand, which is released then; a HEAD request gets its length alone. */
    void send(int status, String contentType, ByteBuf bytes) {
        begin(status, contentType).set("Content-Length", Integer.toString(bytes.readableBytes()));
        boolean closes = dropBody();
        answered = true;
        if (isHead()) {
            bytes.release();
            response.end();
        } else {
            // the server does not release what it is given to write
            response.end(Buffer.buffer(bytes)).onComplete(done -> {
                bytes.release();
                if (closes) {
                    closeAfterBody();
                }
            });
        }
    }

    private HttpCall begin(int status, String contentType) {
        response.setStatusCode(status);
        return set("Content-Type", contentType);
    }

    /** Answers with a short text. */
    void sendText(int status, String message) {
        send(status, "text/plain; charset=utf-8", (message + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Answers with a body that is written as the client takes it. The stream is to be closed at the end; where it is not, the
     * connection is, so that a body cut short is never taken for a whole one.
     *
     * @param length of the body, -1 where it is not known
     */
    OutputStream stream(int status, String contentType, long length) {
        begin(status, contentType);
        if (length >= 0) {
            set("Content-Length", Long.toString(length));
        } else {
            response.setChunked(true);
        }
        if (isHead()) {
            answered = true;
            response.end();
            return OutputStream.nullOutputStream();
        }
        stream = new ResponseBody(response, FileSender.sink(request), idleTimeout);
        return stream;
    }

    /** Whether {@link #sendFile} can send files on this connection. */
    boolean takesFiles() {
        return FileSender.sink(request) != null;
    }

    /**
     * Answers with a part of a file, with bytes before and behind it. Nobody waits for the client, and the file is closed at the
     * end. Not for HEAD requests.
     */
    void sendFile(
            int status, String contentType, byte[] head, FileChannel file, long offset, long length, byte[] tail) {
        begin(status, contentType).set("Content-Length", Long.toString(head.length + length + tail.length));
        answered = true;
        new FileSender(response, FileSender.sink(request), file, offset, length, tail, idleTimeout).send(head);
    }

    /** Ends the connection, the only way left to tell that an answer is not whole. */
    void abort() {
        releaseStream();
        if (request.version() != HttpVersion.HTTP_2 && request.connection() instanceof ConnectionBase connection) {
            FileSender.cut(connection);
        } else if (!response.reset()) {
            request.connection().close();
        }
    }

    private void releaseStream() {
        if (stream != null) {
            stream.release();
            stream = null;
        }
    }
}
