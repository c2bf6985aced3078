package org.imagingingestion.tests;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Subscriptions of routes of one's own, and dead letters of NATS: what can be seen of them, and what can be done. */
class DeliveriesIT {
    private static final String SUBSCRIPTIONS =
            """
            - route:
                id: taking
                from:
                  uri: kamelet:imaging-events-local-source
                  parameters:
                    subscription: taking
                    type: DicomAvailableEvent
                  steps:
                    - unmarshal:
                        json:
                          library: Jackson
            - route:
                id: refusing
                from:
                  uri: dicom-manifest:events
                  parameters:
                    subscription: refusing
                    maxAttempts: 1
                  steps:
                    - throwException:
                        exceptionType: java.lang.IllegalStateException
                        message: Doe^Jane
            """;

    private static NatsServer nats;
    private static ImagingIngestion server;
    private static String study;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        Path home = folder.resolve("home");
        for (String part : List.of("routes", "integrations", "kamelets")) {
            Files.createDirectories(home.resolve(part));
            try (DirectoryStream<Path> files =
                    Files.newDirectoryStream(ImagingIngestion.project().resolve(part), "*.yaml")) {
                for (Path file : files) {
                    Files.copy(file, home.resolve(part).resolve(file.getFileName()));
                }
            }
        }
        Files.writeString(home.resolve("integrations/subscriptions.yaml"), SUBSCRIPTIONS);
        nats = NatsServer.start(folder.resolve("nats"));
        server = ImagingIngestion.on(folder.resolve("data"))
                .environment("NATS_URL", nats.url())
                .environment("IMAGING_HOME", home.toString())
                .property("imaging.events.administration", "true")
                // only the instance is told of, however long it takes
                .property("imaging.revisions.delay", "3600")
                .property("imaging.revisions.longest-wait", "3600")
                .start();
        study = Samples.uid();
        DataSet dataSet = Samples.header(study, Samples.uid());
        new DicomwebClient(server.dicomWeb()).storeAll(Samples.file(dataSet));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> deliveries("taking").get("delivered").asInt() == 1
                        && deliveries("refusing").get("dead").asInt() == 1);
        nats.publish("ImageStoredEvent", "nonsense");
        await().atMost(Duration.ofSeconds(30)).until(() -> deadLettersOfNats().size() == 1);
    }

    private static JsonNode deadLettersOfNats() throws IOException {
        return new ObjectMapper()
                .readTree(server.get("/imaging/broker/dead-letters").body());
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.close();
        nats.close();
    }

    private static JsonNode deliveries(String subscription) throws IOException {
        for (JsonNode each :
                new ObjectMapper().readTree(server.get("/imaging/deliveries").body())) {
            if (each.get("subscription").asText().equals(subscription)) {
                return each;
            }
        }
        throw new AssertionError("no subscription " + subscription);
    }

    private static HttpResponse<String> command(String name, String... parameters) {
        return post("/imaging/deliveries/" + name, parameters);
    }

    private static HttpResponse<String> post(String command, String... parameters) {
        StringBuilder path = new StringBuilder(command + "?");
        for (int i = 0; i < parameters.length; i += 2) {
            path.append(parameters[i])
                    .append('=')
                    .append(URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8))
                    .append('&');
        }
        return server.send(HttpRequest.newBuilder(server.uri(path.toString()))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.noBody()));
    }

    @Test
    void relaysToTheBrokerUnderTheNameThatItAlwaysHad() throws IOException {
        assertThat(deliveries("broker").get("provider").asText()).isEqualTo("default");
    }

    @Test
    void showsSubscriptionsAndDeadLetters() {
        JsonNode page = Script.node("deliveries.mjs", server.uri("/"));

        assertThat(page.get("deliveries").toString())
                .contains("\"taking\",\"DicomAvailableEvent of default\"")
                .contains("\"refusing\",\"all of default\"")
                .contains("java.lang.IllegalStateException")
                .doesNotContain("Doe");
        assertThat(page.get("deadLetters").toString())
                .contains("\"refusing\",\"DicomAvailableEvent\",\"/studies/" + study)
                .contains("\"event-processor of NATS\",\"ImageStoredEvent\"")
                .contains("CloudEvent is not well-formed")
                .doesNotContain("Doe");
    }

    @Test
    void measuresThem() {
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(server.get("/q/metrics").body())
                        .contains("imaging_delivery_dead{subscription=\"refusing\"} 1.0")
                        .contains("imaging_delivery_pending{subscription=\"taking\"} 0.0")
                        .contains("imaging_broker_dead_letters{type=\"ImageStoredEvent\"} 1.0")
                        .containsPattern("imaging_delivery_delivered_total\\{subscription=\"taking\"\\} [1-9]")
                        .containsPattern("imaging_delivery_failures_total\\{subscription=\"refusing\"\\} [1-9]"));
    }

    @Test
    void deliversAgainOnCommand() throws Exception {
        int delivered = deliveries("taking").get("delivered").asInt();

        HttpResponse<String> answer =
                command("replay", "subscription", "taking", "study", study, "from", "2020-01-01T00:00:00+01:00");

        assertThat(answer.body()).isEqualTo("1");
        assertThat(answer.statusCode()).isEqualTo(200);
        await().until(() -> deliveries("taking").get("delivered").asInt() > delivered);
        assertThat(command("replay", "subscription", "taking", "study", "1.2.3").body())
                .isEqualTo("0");
        assertThat(command("replay", "subscription", "refusing").statusCode()).isEqualTo(200);
        await().until(() -> deliveries("refusing").get("dead").asInt() == 1);
    }

    @Test
    void putsDeadLettersOfNatsBackOnCommand() throws Exception {
        String died = deadLettersOfNats().at("/0/died").asText();

        HttpResponse<String> answer = post("/imaging/broker/replay", "type", "ImageStoredEvent");

        assertThat(answer.body()).isEqualTo("1");
        assertThat(answer.statusCode()).isEqualTo(200);
        // it is no better than before
        await().until(() -> deadLettersOfNats().size() == 1
                && !deadLettersOfNats().at("/0/died").asText().equals(died));
        assertThat(post("/imaging/broker/replay", "type", "DicomAvailableEvent").body())
                .isEqualTo("0");
        assertThat(post("/imaging/broker/replay", "type", ">").statusCode()).isEqualTo(400);
    }

    @Test
    void refusesCommandsThatItCannotFollow() {
        assertThat(command("replay").statusCode()).isEqualTo(400);
        assertThat(command("replay", "subscription", "nobody").statusCode()).isEqualTo(404);
        assertThat(command("replay", "subscription", "taking", "from", "yesterday")
                        .statusCode())
                .isEqualTo(400);
        assertThat(command("unsubscribe", "subscription", "refusing").statusCode())
                .isEqualTo(409);
    }

    @Test
    void takesNoCommandThatAPageOfAnotherSiteCouldGive() throws Exception {
        for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "multipart/form-data")) {
            HttpResponse<String> answer = server.send(HttpRequest.newBuilder(server.uri(
                            "/imaging/deliveries/unsubscribe?subscription=refusing&Content-Type=application/json"))
                    .header("Content-Type", type)
                    .POST(HttpRequest.BodyPublishers.noBody()));
            assertThat(answer.statusCode()).as(type).isEqualTo(415);
        }
        assertThat(server.send(HttpRequest.newBuilder(server.uri("/imaging/deliveries/replay?subscription=refusing"))
                                .POST(HttpRequest.BodyPublishers.ofString("{}")))
                        .statusCode())
                .isBetween(400, 415);
        assertThat(server.get("/imaging/deliveries/replay?subscription=refusing")
                        .statusCode())
                .isBetween(400, 415);
        assertThat(deliveries("refusing").get("dead").asInt()).isEqualTo(1);
    }
}
