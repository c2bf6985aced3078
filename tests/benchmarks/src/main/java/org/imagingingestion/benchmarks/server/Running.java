package org.imagingingestion.benchmarks.server;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All servers that run, so that none outlives the benchmark, however it ends. */
final class Running {
    private static final Set<Server> SERVERS = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> List.copyOf(SERVERS).forEach(Server::close)));
    }

    private Running() {}

    static void add(Server server) {
        SERVERS.add(server);
    }

    /** Whether it ran until now. */
    static boolean remove(Server server) {
        return SERVERS.remove(server);
    }
}
