package org.imagingingestion.camel.dicomweb;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;

import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.service.SenderException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a server answers. The body is read from the connection, which is cut where it is not read to its end. */
final class Answer implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Answer.class);
    private static final int LONGEST_QUOTE = 300;
    private static final int DRAINED = 64 << 10;

    private final HttpUriRequestBase request;
    private final ClassicHttpResponse response;
    private final Watch watch;
    private final InputStream received;
    private InputStream body;
    private boolean ended;

    Answer(HttpUriRequestBase request, ClassicHttpResponse response, Watch watch, long idleTimeout) throws IOException {
        this.request = request;
        this.response = response;
        this.watch = watch;
        HttpEntity entity = response.getEntity();
        InputStream content = entity == null ? null : entity.getContent();
        ended = content == null;
        received = ended ? InputStream.nullInputStream() : new Received(watch.guard(content, idleTimeout));
    }

    /** Has all of the body come within so long; for one that is read at once. */
    Answer within(long milliseconds) {
        watch.limit(milliseconds);
        return this;
    }

    /** Status code. */
    int status() {
        return response.getCode();
    }

    /** Whether what was asked for is done. */
    boolean isSuccess() {
        return status() >= 200 && status() < 300;
    }

    /** Value of a header, {@code null} where there is none. */
    String header(String name) {
        Header header = response.getFirstHeader(name);
        return header == null ? null : header.getValue();
    }

    /** Media type of the body, {@code null} where it is not said. */
    MediaType contentType() {
        String header = header("Content-Type");
        try {
            return header == null ? null : MediaType.parse(header);
        } catch (DicomException e) {
            return null;
        }
    }

    /** The body, not compressed any more. Reading throws {@link SenderException} where the server breaks off. */
    InputStream body() throws IOException {
        if (body == null) {
            String coding = header("Content-Encoding");
            if (coding == null || coding.equalsIgnoreCase("identity")) {
                body = received;
            } else if (coding.equalsIgnoreCase("gzip") || coding.equalsIgnoreCase("x-gzip")) {
                body = new GZIPInputStream(received, 16 << 10);
            } else {
                throw new SenderException("The answer is compressed in a way that was not asked for");
            }
        }
        return body;
    }

    /** The beginning of the body as a text. */
    String quote() {
        try {
            return new String(body().readNBytes(LONGEST_QUOTE), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** Reads what is left where it is short, so that the connection can be used again. */
    void drain() {
        try {
            received.readNBytes(DRAINED);
        } catch (IOException e) {
            LOG.debug("The end of an answer did not come: {}", e.getClass().getName());
        }
    }

    @Override
    public void close() {
        watch.close();
        if (!ended) {
            request.cancel();
        }
        try {
            response.close();
        } catch (IOException e) {
            LOG.debug("A connection is not closed properly: {}", e.getClass().getName());
        }
    }

    /** Knows of its end. */
    private final class Received extends InputStream {
        private final InputStream in;

        Received(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (ended) {
                return -1;
            }
            try {
                int n = in.read(bytes, offset, length);
                ended = n < 0;
                return n;
            } catch (IOException e) {
                throw new SenderException("The server broke off", e);
            }
        }
    }
}
