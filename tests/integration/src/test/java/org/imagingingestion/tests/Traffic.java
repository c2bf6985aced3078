package org.imagingingestion.tests;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What comes to a cluster by one protocol, and what is demanded of the cluster for it. */
final class Traffic {
    private final Load load;
    private final Supplier<Load.Client> clients;
    private final Promise promise;
    private Set<Integer> earlier = Set.of();

    private Traffic(Load load, Supplier<Load.Client> clients, UnaryOperator<byte[]> compared) {
        this.load = load;
        this.clients = () -> new LastingClient(clients);
        promise = new Promise(load, compared);
    }

    static Traffic byStow(long seed, Cluster cluster) {
        return new Traffic(
                new Load(seed), () -> Load.stow(new DicomwebClient(cluster.dicomWeb())), UnaryOperator.identity());
    }

    static Traffic byDimse(long seed, Cluster cluster) {
        return new Traffic(
                new Load(seed), cluster::dimse, bytes -> Part10.of(bytes).dataSet());
    }

    Load.Running start() {
        return load.start(clients);
    }

    int acknowledged() {
        return load.acknowledged().size();
    }

    /** What was acknowledged since the last look, and some of what was before, is found as it was sent. */
    void assertKept(DicomwebClient client, Random random) {
        promise.assertFound(client, promise.newest(earlier, random));
    }

    void looked() {
        earlier = Set.copyOf(load.acknowledged());
    }

    /** Sends what was not acknowledged, which is taken now. */
    void sendTheRest() {
        try (Load.Client client = clients.get()) {
            load.sent()
                    .filter(number -> !load.acknowledged().contains(number))
                    .forEach(number -> load.send(client, List.of(number)));
        }
        assertThat(load.acknowledged()).hasSize((int) load.sent().count());
    }

    void assertCountedOnce(DicomwebClient client) {
        promise.assertNoneIsDoubled(client);
    }

    /** Each instance was said to be available. */
    void assertTold(Set<String> subjects) {
        assertThat(subjects)
                .containsAll(load.acknowledged().stream()
                        .map(number -> "/" + load.path(number))
                        .toList());
    }

    /** The revisions of each study are without gaps, and each instance came with one of them. */
    void assertRevised(Iterable<JsonNode> events) {
        Map<String, Map<Integer, JsonNode>> revisions = new TreeMap<>();
        for (JsonNode event : events) {
            JsonNode revision = event.path("data");
            JsonNode other = revisions
                    .computeIfAbsent(event.path("subject").asText(), study -> new TreeMap<>())
                    .put(revision.path("revision").asInt(), revision);
            assertThat(other).isIn(null, revision);
        }
        Map<String, Set<String>> expected = new TreeMap<>();
        load.sent()
                .forEach(number -> expected.computeIfAbsent("/studies/" + load.study(number), study -> new HashSet<>())
                        .add(load.path(number).replaceFirst(".*/series/(.*)/instances/", "$1/")));
        expected.forEach((study, instances) -> {
            Map<Integer, JsonNode> ofStudy = revisions.getOrDefault(study, Map.of());
            List<String> additions = new ArrayList<>();
            ofStudy.values().forEach(revision -> {
                revision.at("/changeSet/additions").forEach(addition -> additions.add(addition.asText()));
                assertThat(revision.at("/changeSet/deletions")).isEmpty();
            });
            assertThat(additions).as(study).containsExactlyInAnyOrderElementsOf(instances);
            assertThat(ofStudy.keySet())
                    .as(study)
                    .containsExactlyElementsOf(
                            IntStream.range(0, ofStudy.size()).boxed().toList());
        });
    }

    @Override
    public String toString() {
        return load + ": " + load.sent().count() + " sent, "
                + load.acknowledged().size() + " acknowledged, answers " + load.answers();
    }
}
