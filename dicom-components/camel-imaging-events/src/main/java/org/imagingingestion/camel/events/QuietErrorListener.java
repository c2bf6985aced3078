package org.imagingingestion.camel.events;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.nats.client.Connection;
import io.nats.client.ErrorListener;

/** Logs what the client tells of a connection; the default prints all of a message that is dropped. */
final class QuietErrorListener implements ErrorListener {
    private static final Logger LOG = LoggerFactory.getLogger(QuietErrorListener.class);

    @Override
    public void errorOccurred(Connection connection, String error) {
        LOG.warn("NATS: {}", error);
    }

    @Override
    public void exceptionOccurred(Connection connection, Exception e) {
        LOG.debug("NATS connection", e);
    }
}
