package org.imagingingestion.tests.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for servers of the tests. */
final class Ports {
    /** Below those that outgoing connections take, one of which might be in the way of a server that is started again. */
    private static final int FROM = 10_000;

    private static final int TO = 15_000;

    private Ports() {}

    /** A port of the loopback address that nothing listens on. */
    static int free() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FROM, TO);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // it is taken
            }
        }
    }
}
