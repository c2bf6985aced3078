package org.imagingingestion.dicom.net;

import java.time.Duration;

/**
 * How long an association waits for its peer.
 *
 * @param connect for the transport connection and the TLS handshake
 * @param association for A-ASSOCIATE-RQ, A-ASSOCIATE-AC and the closing of the connection: the ARTIM timer (PS3.8 §9.1.4)
 * @param response for the answer to an operation
 * @param idle for the next operation
 * @param data for the next byte within a message, in either direction; also the time over which a peer is to reach
 *     {@link #LEAST_RATE}
 * @param release for A-RELEASE-RP
 */
public record Timeouts(
        Duration connect, Duration association, Duration response, Duration idle, Duration data, Duration release) {
    /** Bytes a second within a message, below which a peer is taken for stuck. */
    public static final int LEAST_RATE = 1024;

    public static final Timeouts DEFAULT = new Timeouts(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofMinutes(5),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10));
}
