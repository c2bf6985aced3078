package org.imagingingestion.camel.events;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;

/** A connection to NATS that comes when the server does, however late or often that is. */
final class NatsConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NatsConnection.class);
    private static final Duration FLUSH = Duration.ofSeconds(2);
    private static final long MILLIS_BETWEEN_ATTEMPTS = 500;

    private final Options options;
    private final Thread connector;
    private volatile Connection connection;
    private volatile boolean closed;

    NatsConnection(Options options) {
        this.options = options;
        connector = new Thread(this::keepConnected, "nats-connector");
        connector.setDaemon(true);
        connector.start();
    }

    /** A connection reconnects by itself, but for what it takes for final, such as being refused twice. */
    private void keepConnected() {
        boolean told = false;
        while (!closed) {
            try {
                Connection current = connection;
                if (current == null || current.getStatus() == Connection.Status.CLOSED) {
                    connection = Nats.connect(options);
                    LOG.info("Connected to NATS");
                    told = false;
                }
                TimeUnit.MILLISECONDS.sleep(MILLIS_BETWEEN_ATTEMPTS);
            } catch (IOException | RuntimeException e) {
                if (!told) {
                    LOG.warn("NATS cannot be reached, and is tried again: {}", e.getMessage());
                    told = true;
                }
                pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(MILLIS_BETWEEN_ATTEMPTS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isConnected() {
        Connection current = connection;
        return current != null && current.getStatus() == Connection.Status.CONNECTED;
    }

    /** The connection. @throws DicomException OUT_OF_RESOURCES where there is none now */
    Connection get() throws DicomException {
        if (!isConnected()) {
            throw new DicomException(DicomStatus.OUT_OF_RESOURCES, "The broker is not connected");
        }
        return connection;
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        connector.interrupt();
        connector.join(TimeUnit.SECONDS.toMillis(10));
        Connection current = connection;
        if (current != null) {
            try {
                // acknowledgements are on their way still
                current.flush(FLUSH);
            } catch (TimeoutException | RuntimeException e) {
                LOG.debug("The connection is lost", e);
            }
            current.close();
        }
    }
}
