package org.imagingingestion.tests;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The main job of a cluster: what it acknowledged is kept, found and told of, once, whatever fails meanwhile. */
class ClusterIT {
    private final long seed = Long.getLong("imaging.seed", System.nanoTime() & 0xffffff);
    private static final int ROUNDS = Integer.getInteger("imaging.faults.rounds", 2);
    private static final int SOME = 20;
    private static final int LONGEST_FAULT_MILLISECONDS = 3000;
    private static final Duration AT_MOST = Duration.ofSeconds(90);

    @TempDir
    static Path folder;

    private static Cluster cluster;

    private final Random random = new Random(seed);

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.on(folder)
                .throughLinks()
                .property("imaging.storage.timeout", "3000")
                .property("imaging.manifest.silence-timeout", "10")
                .property("imaging.revisions.delay", "1")
                // what comes late by an event has been found by the sweep already
                .property("imaging.sweep.delay", "1000")
                .property("imaging.sweep.period", "1000")
                .property("imaging.sweep.minimum-age", "2000")
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @BeforeEach
    void startReplicas() {
        cluster.startReplicas();
    }

    @Test
    void doesItsJobThoughAReplicaOfEachRoleIsKilled() throws Exception {
        Traffic byStow = Traffic.byStow(seed, cluster);
        Traffic byDimse = Traffic.byDimse(seed + 1, cluster);
        try (Load.Running one = byStow.start();
                Load.Running two = byDimse.start()) {
            awaitMore(byStow, byDimse);
            for (String role : Cluster.ROLES) {
                cluster.replicas(role).get(random.nextInt(Cluster.REPLICAS)).kill();
            }
            awaitMore(byStow, byDimse);
        }
        assertKept(byStow, byDimse);
    }

    @Test
    void keepsItsPromisesWhateverFails() throws Exception {
        Traffic byStow = Traffic.byStow(seed + 2, cluster);
        Traffic byDimse = Traffic.byDimse(seed + 3, cluster);
        Faults faults = new Faults(cluster, random);
        System.out.printf("%d rounds of faults, seed %d%n", ROUNDS, seed);
        for (int round = 1; round <= ROUNDS; round++) {
            List<Faults.Fault> drawn = faults.draw();
            System.out.printf("round %d: %s%n", round, drawn);
            try (Load.Running one = byStow.start();
                    Load.Running two = byDimse.start()) {
                awaitMore(byStow, byDimse);
                for (Faults.Fault fault : drawn) {
                    fault.begin().run();
                    pass(random.nextInt(LONGEST_FAULT_MILLISECONDS));
                }
                for (Faults.Fault fault : drawn) {
                    fault.end().run();
                }
            }
            cluster.startReplicas();
            assertKept(byStow, byDimse);
            System.out.printf("round %d: %s; %s%n", round, byStow, byDimse);
        }
    }

    private static void pass(int milliseconds) {
        await().pollDelay(Duration.ofMillis(milliseconds)).until(() -> true);
    }

    private static void awaitMore(Traffic... all) {
        for (Traffic traffic : all) {
            int enough = traffic.acknowledged() + SOME;
            await().atMost(AT_MOST).until(() -> traffic.acknowledged() >= enough);
        }
    }

    /** What was acknowledged is kept, and then the rest is as well, all of it found, told of and counted once. */
    private void assertKept(Traffic... all) {
        DicomwebClient client = new DicomwebClient(cluster.dicomWeb());
        for (Traffic traffic : all) {
            // of the same instances each time
            long seed = random.nextLong();
            eventually(() -> traffic.assertKept(client, new Random(seed)));
            eventually(traffic::sendTheRest);
            eventually(() -> traffic.assertCountedOnce(client));
            eventually(() -> traffic.assertTold(cluster.nats().subjects("DicomAvailableEvent")));
            eventually(() -> traffic.assertRevised(cluster.nats().events("StudyRevisionEvent")));
            traffic.looked();
        }
        for (Cluster.Replica replica : cluster.replicas()) {
            assertThat(replica.process().output() + replica.process().errors())
                    .as(replica.toString())
                    .doesNotContain("Doe", "NullPointerException");
        }
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().atMost(AT_MOST)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .untilAsserted(assertion);
    }
}
