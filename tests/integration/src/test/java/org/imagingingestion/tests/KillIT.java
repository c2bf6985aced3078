package org.imagingingestion.tests;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The promise: what was acknowledged is there after any crash, once and byte for byte, and the rest can be sent again. */
class KillIT {
    private static final long SEED = Long.getLong("imaging.seed", 20261121);
    private static final int ROUNDS = Integer.getInteger("imaging.kill.rounds", 20);
    private static final int FEWEST_BEFORE_THE_END = 20;
    private static final int MOST_BEFORE_THE_END = 200;
    private static final Duration TO_ACKNOWLEDGE = Duration.ofSeconds(60);

    @TempDir
    Path data;

    private final Random random = new Random(SEED);
    private final Load load = new Load(SEED);
    private final Promise promise = new Promise(load);

    @Test
    void keepsWhatItAcknowledgedHoweverOftenItIsKilled() throws Exception {
        ProcessHandle postgres = null;
        Set<Integer> earlier = Set.of();
        for (int round = 0; round <= ROUNDS; round++) {
            boolean isLast = round == ROUNDS;
            try (ImagingIngestion server = builder(isLast).start()) {
                Promise.awaitEnd(postgres);
                postgres = server.postgres().orElseThrow();
                DicomwebClient client = new DicomwebClient(server.dicomWeb());
                promise.assertFound(client, isLast ? load.acknowledged() : promise.newest(earlier, random));
                sendTheRestAgain(client);
                promise.assertNoneIsDoubled(client);
                if (isLast) {
                    awaitOneObjectEach();
                } else {
                    earlier = Set.copyOf(load.acknowledged());
                    killUnderLoad(server);
                }
            }
        }
        Promise.awaitEnd(postgres);
        assertThat(load.answers().keySet()).containsExactly(200);
    }

    /** The last one looks at once for objects that earlier ones had not recorded when they were killed. */
    private ImagingIngestion.Builder builder(boolean isLast) {
        ImagingIngestion.Builder builder = ImagingIngestion.on(data);
        return isLast
                ? builder.property("imaging.sweep.delay", "1000")
                        .property("imaging.sweep.period", "2000")
                        .property("imaging.sweep.minimum-age", "5000")
                : builder;
    }

    private void killUnderLoad(ImagingIngestion server) throws Exception {
        int before = load.acknowledged().size();
        int enough = before + FEWEST_BEFORE_THE_END + random.nextInt(MOST_BEFORE_THE_END - FEWEST_BEFORE_THE_END);
        try (Load.Running running = load.start(server.dicomWeb())) {
            awaitAcknowledged(enough);
            server.kill();
        }
    }

    private void awaitAcknowledged(int enough) {
        await().atMost(TO_ACKNOWLEDGE)
                .pollDelay(Duration.ofMillis(random.nextInt(200)))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> load.acknowledged().size() >= enough);
    }

    private void sendTheRestAgain(DicomwebClient client) {
        List<Integer> rest = load.sent()
                .filter(number -> !load.acknowledged().contains(number))
                .boxed()
                .toList();
        rest.forEach(number -> assertThat(load.send(client, List.of(number))).isEqualTo(200));
        assertThat(load.acknowledged()).hasSize((int) load.sent().count());
    }

    private void awaitOneObjectEach() {
        StorageFolder storage = new StorageFolder(data.resolve("storage"));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> storage.objects().size() <= load.acknowledged().size());
        assertThat(storage.objects()).hasSize(load.acknowledged().size());
        assertThat(storage.unfinished()).isEmpty();
    }

    @Test
    void goesOnWhenItsDatabaseIsKilled() throws Exception {
        try (ImagingIngestion server = ImagingIngestion.on(data).start()) {
            DicomwebClient client = new DicomwebClient(server.dicomWeb());
            ProcessHandle postgres = server.postgres().orElseThrow();
            try (Load.Running running = load.start(server.dicomWeb())) {
                awaitAcknowledged(FEWEST_BEFORE_THE_END);
                postgres.destroyForcibly();
                Promise.awaitEnd(postgres);
                int before = load.acknowledged().size();
                await().atMost(Duration.ofSeconds(90))
                        .until(() -> load.acknowledged().size() > before + MOST_BEFORE_THE_END);
            }

            assertThat(load.answers().keySet()).isSubsetOf(200, 202, 503);
            assertThat(server.get("/q/health/ready").statusCode()).isEqualTo(200);
            promise.assertFound(client, load.acknowledged());
            sendTheRestAgain(client);
            promise.assertNoneIsDoubled(client);
        }
        assertThat(data.resolve("postgres/postmaster.pid")).doesNotExist();
    }
}
