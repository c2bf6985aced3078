package org.imagingingestion.dicom.net;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Closes connections that are stuck where Java knows no timeout: in a write, or in a handshake of many small steps. */
final class Watch {
    private static final long PERIOD_MILLIS = 500;
    private static final Set<Transport> WATCHED = ConcurrentHashMap.newKeySet();
    private static Thread thread;

    private Watch() {}

    static void add(Transport transport) {
        synchronized (Watch.class) {
            WATCHED.add(transport);
            if (thread == null) {
                thread = new Thread(Watch::run, "dimse-watch");
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    static void remove(Transport transport) {
        WATCHED.remove(transport);
    }

    private static void run() {
        while (true) {
            try {
                Thread.sleep(PERIOD_MILLIS);
            } catch (InterruptedException e) {
                // nobody is to stop it while there is something to watch
                Thread.interrupted();
            }
            long now = System.nanoTime();
            WATCHED.forEach(transport -> transport.closeWhenOverdue(now));
            synchronized (Watch.class) {
                if (WATCHED.isEmpty()) {
                    thread = null;
                    return;
                }
            }
        }
    }
}
