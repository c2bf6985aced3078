package org.imagingingestion.tests;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What can happen to a cluster in the middle of its work, to be drawn by lot. */
final class Faults {
    private static final int MOST_AT_ONCE = 3;

    /** What begins or ends something. */
    interface Step {
        void run() throws Exception;
    }

    /** @param end mends it, but for roles, which whoever runs the cluster starts again */
    record Fault(String name, Step begin, Step end) {
        @Override
        public String toString() {
            return name;
        }
    }

    private final Random random;
    private final List<List<Fault>> kinds = new ArrayList<>();

    Faults(Cluster cluster, Random random) {
        this.random = random;
        List<Fault> replicas = new ArrayList<>();
        for (Cluster.Replica replica : cluster.replicas()) {
            replicas.add(new Fault("kill -9 of " + replica, replica::kill, () -> {}));
        }
        List<Fault> roles = new ArrayList<>();
        for (String role : Cluster.ROLES) {
            roles.add(new Fault(
                    "kill -9 of each " + role, () -> cluster.replicas(role).forEach(Cluster.Replica::kill), () -> {}));
        }
        kinds.add(replicas);
        kinds.add(roles);
        kinds.add(List.of(
                new Fault("kill -9 of PostgreSQL", cluster.database()::kill, cluster.database()::start),
                new Fault("kill -9 of NATS", cluster.nats()::kill, cluster.nats()::start),
                new Fault("kill -9 of the S3 server", cluster.s3()::kill, cluster.s3()::start),
                new Fault("full disk of PostgreSQL", cluster.database()::takeRoom, () -> {
                    cluster.database().kill();
                    cluster.database().start();
                }),
                new Fault("full disk of NATS", cluster.nats()::takeRoom, () -> {
                    cluster.nats().kill();
                    cluster.nats().start();
                })));
        List<Fault> networks = new ArrayList<>();
        cluster.links().forEach((server, link) -> {
            networks.add(new Fault("no network to " + server, link::refuse, link::heal));
            networks.add(new Fault("silence of " + server, link::keepSilent, link::heal));
            networks.add(new Fault("slow network to " + server, () -> link.slow(bytes()), link::heal));
            networks.add(new Fault(
                    "network to " + server + " cut on the way there", () -> link.cutUpAfter(bytes()), link::heal));
            networks.add(new Fault(
                    "network to " + server + " cut on the way back",
                    () -> link.cutDownAfter(bytes() / 10),
                    link::heal));
        });
        kinds.add(networks);
    }

    private int bytes() {
        return 1 + random.nextInt(300_000);
    }

    /** One to three of them, of different kinds. */
    List<Fault> draw() {
        List<List<Fault>> drawn = new ArrayList<>(kinds);
        Collections.shuffle(drawn, random);
        return drawn.stream()
                .limit(1 + random.nextInt(MOST_AT_ONCE))
                .map(kind -> kind.get(random.nextInt(kind.size())))
                .toList();
    }
}
