package org.imagingingestion.tests;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

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
    private static final int CHECKED_OF_EARLIER_ROUNDS = 30;
    private static final Duration TO_ACKNOWLEDGE = Duration.ofSeconds(60);

    @TempDir
    Path data;

    private final Random random = new Random(SEED);
    private final Load load = new Load(SEED);

    @Test
    void keepsWhatItAcknowledgedHoweverOftenItIsKilled() throws Exception {
        ProcessHandle postgres = null;
        Set<Integer> earlier = Set.of();
        for (int round = 0; round <= ROUNDS; round++) {
            boolean isLast = round == ROUNDS;
            try (ImagingIngestion server = builder(isLast).start()) {
                awaitEnd(postgres);
                postgres = server.postgres().orElseThrow();
                DicomwebClient client = new DicomwebClient(server.dicomWeb());
                assertFound(client, isLast ? load.acknowledged() : newest(earlier));
                sendTheRestAgain(client);
                assertNoneIsDoubled(client);
                if (isLast) {
                    awaitOneObjectEach();
                } else {
                    earlier = Set.copyOf(load.acknowledged());
                    killUnderLoad(server);
                }
            }
        }
        awaitEnd(postgres);
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

    private static void awaitEnd(ProcessHandle postgres) {
        if (postgres != null) {
            await().atMost(Duration.ofSeconds(30)).until(() -> !postgres.isAlive());
        }
    }

    /** Those of the last round, and some of all before. */
    private Set<Integer> newest(Set<Integer> earlier) {
        Set<Integer> checked = new HashSet<>(load.acknowledged());
        checked.removeAll(earlier);
        List<Integer> all = new ArrayList<>(earlier);
        for (int i = 0; i < CHECKED_OF_EARLIER_ROUNDS && !all.isEmpty(); i++) {
            checked.add(all.get(random.nextInt(all.size())));
        }
        return checked;
    }

    private void assertFound(DicomwebClient client, Collection<Integer> numbers) {
        Map<String, List<String>> found = new TreeMap<>();
        for (int number : numbers) {
            assertThat(found.computeIfAbsent(load.study(number), study -> search(client, study)))
                    .as("search for %d, seed %d", number, SEED)
                    .contains(load.instance(number));
            HttpResponse<byte[]> response = client.get(load.path(number), "application/dicom; transfer-syntax=*");
            assertThat(response.statusCode())
                    .as("retrieval of %d, seed %d", number, SEED)
                    .isEqualTo(200);
            assertThat(response.body()).as("bytes of %d, seed %d", number, SEED).isEqualTo(load.file(number));
        }
    }

    private static List<String> search(DicomwebClient client, String study) {
        HttpResponse<byte[]> response = client.get("studies/" + study + "/instances", DicomwebClient.DICOM_JSON);
        assertThat(response.statusCode()).isEqualTo(200);
        List<String> instances = new ArrayList<>();
        DicomwebClient.json(response)
                .forEach(instance -> instances.addAll(DicomwebClient.values(instance, "00080018")));
        return instances;
    }

    private void sendTheRestAgain(DicomwebClient client) {
        List<Integer> rest = load.sent()
                .filter(number -> !load.acknowledged().contains(number))
                .boxed()
                .toList();
        rest.forEach(number -> assertThat(load.send(client, List.of(number))).isEqualTo(200));
        assertThat(load.acknowledged()).hasSize((int) load.sent().count());
    }

    private void assertNoneIsDoubled(DicomwebClient client) {
        Map<String, Set<String>> sent = load.sent()
                .boxed()
                .collect(Collectors.groupingBy(
                        load::study, TreeMap::new, Collectors.mapping(load::instance, Collectors.toSet())));
        sent.forEach((study, instances) -> {
            assertThat(search(client, study)).containsExactlyInAnyOrderElementsOf(instances);
            assertThat(DicomwebClient.values(
                            client.json("studies?StudyInstanceUID=" + study).get(0), "00201208"))
                    .containsExactly(Integer.toString(instances.size()));
        });
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
                awaitEnd(postgres);
                int before = load.acknowledged().size();
                await().atMost(Duration.ofSeconds(90))
                        .until(() -> load.acknowledged().size() > before + MOST_BEFORE_THE_END);
            }

            assertThat(load.answers().keySet()).isSubsetOf(200, 202, 503);
            assertThat(server.get("/q/health/ready").statusCode()).isEqualTo(200);
            assertFound(client, load.acknowledged());
            sendTheRestAgain(client);
            assertNoneIsDoubled(client);
        }
        assertThat(data.resolve("postgres/postmaster.pid")).doesNotExist();
    }
}
