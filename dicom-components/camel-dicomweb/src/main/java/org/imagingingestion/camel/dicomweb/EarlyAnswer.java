package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.io.InputStream;

import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.ResponseOutOfOrderStrategy;
import org.apache.hc.core5.util.Timeout;

/** Looks for an answer while a request is on its way: a server that has refused it is not sent the rest (RFC 9112 §9.5). */
final class EarlyAnswer implements ResponseOutOfOrderStrategy {
    /** TLS tells only who waits: a millisecond for each piece of this length. */
    private static final int PIECE = 1 << 20;

    @Override
    public boolean isEarlyResponseDetected(
            ClassicHttpRequest request, HttpClientConnection connection, InputStream in, long sent, long next)
            throws IOException {
        if (connection.getSSLSession() == null) {
            return in.available() > 0;
        }
        return sent / PIECE != (sent + next) / PIECE && connection.isDataAvailable(Timeout.ofMilliseconds(1));
    }
}
