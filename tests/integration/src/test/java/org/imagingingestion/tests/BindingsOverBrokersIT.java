package org.imagingingestion.tests;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A binding in a process of its own, without a database, told of instances over NATS and by HTTP. */
class BindingsOverBrokersIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final List<AutoCloseable> started = new ArrayList<>();

    private <T extends AutoCloseable> T started(T server) {
        started.add(server);
        return server;
    }

    @AfterEach
    void end() throws Exception {
        for (int i = started.size() - 1; i >= 0; i--) {
            started.get(i).close();
        }
    }

    private static String store(ImagingIngestion server, String study, String modality) {
        DataSet instance = Samples.header(study, Samples.uid()).setString(Tag.Modality, VR.CS, modality);
        new DicomwebClient(server.dicomWeb()).storeAll(Samples.file(instance));
        return instance.string(Tag.SOPInstanceUID);
    }

    private static JsonNode json(ImagingIngestion server, String path) throws IOException {
        return JSON.readTree(server.get(path).body());
    }

    private static HttpResponse<String> replay(ImagingIngestion server, String query) {
        return server.send(HttpRequest.newBuilder(server.uri("/imaging/broker/replay?" + query))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.noBody()));
    }

    private ImagingIngestion.Builder binding(String name, String broker, String url, ImagingIngestion archive) {
        return ImagingIngestion.on(folder.resolve(name))
                .jvm("-Xmx256m")
                .environment("ROLE", "binding")
                .environment(broker, url)
                .property("imaging.bindings.wado-address", archive.dicomWeb().toString());
    }

    @Test
    void deliverEverythingThoughTheyAreKilled() throws Exception {
        NatsServer nats = started(NatsServer.start(folder.resolve("nats")));
        ScriptedArchive target = started(ScriptedArchive.start());
        ImagingIngestion all = started(ImagingIngestion.on(folder.resolve("data"))
                .environment("NATS_URL", nats.url())
                .property("imaging.events.administration", "true")
                .start());
        ImagingIngestion.Builder builder = binding("binding", "NATS_URL", nats.url(), all)
                .environment("STOW_ENDPOINT", target.dicomWeb().toString());
        ImagingIngestion binding = started(builder.start());
        String study = Samples.uid();
        String refused = store(all, study, "CT");
        await().atMost(SOON).until(() -> target.kept().containsKey(refused));
        JsonNode figures = json(binding, "/imaging/deliveries").get(0);
        assertThat(figures.get("subscription").asText()).isEqualTo("stow");
        assertThat(figures.get("types").toString()).isEqualTo("[\"DicomAvailableEvent\"]");
        await().atMost(SOON)
                .until(() ->
                        json(binding, "/imaging/deliveries").at("/0/delivered").asInt() == 1);

        // away, and the process that waits for it is killed
        target.answers(each -> 503);
        String waiting = store(all, study, "CT");
        await().atMost(SOON).until(() -> target.requests().stream()
                .anyMatch(each -> each.uid().equals(waiting)));
        await().atMost(SOON)
                .until(() ->
                        json(binding, "/imaging/deliveries").at("/0/failing").asInt() == 1);
        figures = json(binding, "/imaging/deliveries").get(0);
        assertThat(figures.get("pending").asInt()).isEqualTo(1);
        assertThat(figures.get("lastError").asText()).contains("answered 503");
        binding.kill();
        String later = store(all, study, "CT");
        target.answers(each -> 200);
        ImagingIngestion again = started(builder.start());
        await().atMost(SOON).until(() -> target.kept().keySet().containsAll(Set.of(waiting, later)));

        // refused for good, listed with its reason, and sent again on command
        target.answers(each -> 422);
        String bad = store(all, study, "CT");
        await().atMost(SOON)
                .until(() -> json(all, "/imaging/broker/dead-letters").size() == 1);
        JsonNode letter = json(all, "/imaging/broker/dead-letters").get(0);
        assertThat(letter.get("subscription").asText()).isEqualTo("stow");
        assertThat(letter.get("reason").asText()).contains("answered 422").doesNotContain("Doe");
        assertThat(letter.get("subject").asText()).endsWith(bad);
        target.answers(each -> 200);
        assertThat(replay(all, "subscription=nobody").body()).isEqualTo("0");
        assertThat(replay(all, "subscription=stow").body()).isEqualTo("1");
        await().atMost(SOON).until(() -> target.kept().containsKey(bad));

        // all of the study once more, of which the archive has every instance
        int before = target.requests().size();
        assertThat(replay(all, "subscription=stow&study=" + study).body()).isEqualTo("4");
        await().atMost(SOON).until(() -> target.requests().size() == before + 4);
        assertThat(target.requests().subList(before, before + 4))
                .extracting(ScriptedArchive.Request::status)
                .containsOnly(409);
        await().atMost(SOON)
                .until(() -> json(again, "/imaging/deliveries").at("/0/pending").asInt() == 0);
        assertThat(json(all, "/imaging/broker/dead-letters")).isEmpty();
        assertThat(replay(all, "subscription=nobody&study=" + study).statusCode())
                .isEqualTo(404);
        assertThat(replay(all, "study=" + study).statusCode()).isEqualTo(400);
        again.close();

        // the same by HTTP, at the path of the subscription
        KnativeBrokerStandIn broker = started(KnativeBrokerStandIn.start());
        ScriptedArchive other = started(ScriptedArchive.start());
        ImagingIngestion byHttp = started(binding("http", "K_SINK", broker.url().toString(), all)
                .environment("STOW_ENDPOINT", other.dicomWeb().toString())
                .start());
        broker.trigger("DicomAvailableEvent", byHttp.uri("/events/stow"));
        other.answers(each -> other.requests().isEmpty() ? 503 : 200);
        List<JsonNode> events = nats.events("DicomAvailableEvent");
        for (JsonNode event : events) {
            post(broker, event);
        }
        await().atMost(SOON).until(() -> other.kept().keySet().containsAll(Set.of(refused, waiting, later, bad)));
        await().atMost(SOON).until(() -> broker.undelivered() == 0);
        assertThat(broker.refusals()).isPositive();
        assertThat(json(byHttp, "/imaging/deliveries").at("/0/subscription").asText())
                .isEqualTo("stow");
        assertThat(byHttp.output() + byHttp.errors() + again.output()).doesNotContain("Doe", "\tat ");
    }

    private static void post(KnativeBrokerStandIn broker, JsonNode event) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(broker.url())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(event.get("data").toString()));
        for (String name : List.of("specversion", "id", "source", "type", "subject", "time", "partitionkey")) {
            request.header("ce-" + name, event.get(name).asText());
        }
        assertThat(HttpClient.newHttpClient()
                        .send(request.build(), HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(202);
    }
}
