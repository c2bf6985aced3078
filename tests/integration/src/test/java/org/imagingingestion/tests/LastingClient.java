package org.imagingingestion.tests;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A client that opens another connection where one is gone. What was on its way then is not acknowledged. */
final class LastingClient implements Load.Client {
    /** The status of what had no answer. */
    static final int GONE = -1;

    private static final int ATTEMPTS_TO_CONNECT = 4;
    private static final int SERVER_ERROR = 500;
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<Load.Client> connections;
    private Load.Client connection;

    LastingClient(Supplier<Load.Client> connections) {
        this.connections = connections;
    }

    @Override
    public int store(List<byte[]> files, Consumer<String> acknowledged) {
        try {
            if (connection == null) {
                connection = connect(ATTEMPTS_TO_CONNECT);
            }
            int status = connection.store(files, acknowledged);
            if (status >= SERVER_ERROR) {
                LockSupport.parkNanos(PAUSE);
            }
            return status;
        } catch (UncheckedIOException e) {
            close();
            LockSupport.parkNanos(PAUSE);
            return GONE;
        }
    }

    private Load.Client connect(int attempts) {
        try {
            return connections.get();
        } catch (UncheckedIOException e) {
            if (attempts == 1) {
                throw e;
            }
            LockSupport.parkNanos(PAUSE);
            return connect(attempts - 1);
        }
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
