package org.imagingingestion.tests;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What is demanded of a server for a load, whatever happened to it: that what it acknowledged is found and is retrieved as it was
 * sent, once.
 *
 * @param compared what of a file is to be as it was sent
 */
record Promise(Load load, UnaryOperator<byte[]> compared) {
    private static final int CHECKED_OF_EARLIER_ROUNDS = 30;

    /** All bytes are to be as they were sent. */
    Promise(Load load) {
        this(load, UnaryOperator.identity());
    }

    /** Those acknowledged since, and some of all before. */
    Set<Integer> newest(Set<Integer> earlier, Random random) {
        Set<Integer> checked = new HashSet<>(load.acknowledged());
        checked.removeAll(earlier);
        List<Integer> all = new ArrayList<>(earlier);
        for (int i = 0; i < CHECKED_OF_EARLIER_ROUNDS && !all.isEmpty(); i++) {
            checked.add(all.get(random.nextInt(all.size())));
        }
        return checked;
    }

    void assertFound(DicomwebClient client, Collection<Integer> numbers) {
        Map<String, List<String>> found = new TreeMap<>();
        for (int number : numbers) {
            assertThat(found.computeIfAbsent(load.study(number), study -> search(client, study)))
                    .as("search for %d of %s", number, load)
                    .contains(load.instance(number));
            HttpResponse<byte[]> response = client.get(load.path(number), "application/dicom; transfer-syntax=*");
            assertThat(response.statusCode())
                    .as("retrieval of %d of %s", number, load)
                    .isEqualTo(200);
            assertThat(compared.apply(response.body()))
                    .as("bytes of %d of %s", number, load)
                    .isEqualTo(compared.apply(load.file(number)));
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

    void assertNoneIsDoubled(DicomwebClient client) {
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

    /** Waits for the end of the database of a server that was killed. */
    static void awaitEnd(ProcessHandle postgres) {
        if (postgres != null) {
            await().atMost(Duration.ofSeconds(30)).until(() -> !postgres.isAlive());
        }
    }
}
