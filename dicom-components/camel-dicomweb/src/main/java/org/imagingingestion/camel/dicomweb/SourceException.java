package org.imagingingestion.camel.dicomweb;

import java.io.IOException;

/** What is to be sent cannot be read; it is no fault of the server. */
final class SourceException extends IOException {
    private static final long serialVersionUID = 1L;

    SourceException(IOException cause) {
        super(cause.getMessage(), cause);
    }

    @Override
    public synchronized IOException getCause() {
        return (IOException) super.getCause();
    }
}
