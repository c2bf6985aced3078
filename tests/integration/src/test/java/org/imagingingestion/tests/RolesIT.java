package org.imagingingestion.tests;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Each role is a process of its own; they have one storage folder, one database and one broker. */
class RolesIT {
    private static final Duration AT_MOST = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    private final List<AutoCloseable> started = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (int i = started.size() - 1; i >= 0; i--) {
            started.get(i).close();
        }
    }

    private <T extends AutoCloseable> T started(T server) {
        started.add(server);
        return server;
    }

    private ImagingIngestion.Builder role(String name, String variable, String broker) {
        return ImagingIngestion.on(folder.resolve("data"))
                .jvm("-Xmx256m")
                .environment("ROLE", name)
                .environment(variable, broker);
    }

    private static ImagingIngestion.Builder with(DatabaseServer database, ImagingIngestion.Builder role) {
        return role.environment("DB_HOST", "127.0.0.1")
                .environment("DB_PORT", Integer.toString(database.port()))
                .environment("DB_NAME", "postgres")
                .environment("DB_USER", DatabaseServer.USER)
                .environment("DB_PASS", DatabaseServer.PASSWORD);
    }

    private DatabaseServer database() throws Exception {
        return started(DatabaseServer.start(folder.resolve("database")));
    }

    private static void storeUntil(Load load, Load.Running running, int count) {
        await().atMost(AT_MOST).until(() -> load.acknowledged().size() > count);
    }

    /** What was acknowledged is found in the end, as it was sent, and once. */
    private static void assertKept(Load load, DicomwebClient client) {
        Set<Integer> acknowledged = new HashSet<>(load.acknowledged());
        Promise promise = new Promise(load);
        await().atMost(AT_MOST)
                .pollInterval(Duration.ofSeconds(1))
                .ignoreExceptions()
                .untilAsserted(() -> promise.assertFound(client, acknowledged));
        assertThat(load.answers().keySet()).isSubsetOf(200, 202, 503);
    }

    /** Senders that come again and again do not fill the disk. */
    private void assertNothingIsStored(ImagingIngestion stow) {
        StorageFolder storage = new StorageFolder(folder.resolve("data/storage"));
        await().until(() -> stow.output().contains("The broker is not connected"));
        DicomwebClient client = new DicomwebClient(stow.dicomWeb());
        String study = Samples.uid();
        for (int i = 0; i < 3; i++) {
            assertThat(client.store(List.of(Samples.file(Samples.header(study, Samples.uid()))))
                            .statusCode())
                    .isEqualTo(503);
        }
        assertThat(storage.objects()).noneMatch(file -> file.toString().contains(study));
    }

    /** Of each instance that was acknowledged the broker has a word. */
    private static void assertTold(Load load, Callable<Set<String>> subjects) {
        List<String> expected = load.acknowledged().stream()
                .map(number -> "/" + load.path(number))
                .toList();
        await().atMost(AT_MOST).ignoreExceptions().untilAsserted(() -> assertThat(subjects.call())
                .containsAll(expected));
    }

    @Test
    void keepOverNatsWhatIsStoredThoughTheBrokerIsKilled() throws Exception {
        DatabaseServer database = database();
        NatsServer nats = started(NatsServer.start(folder.resolve("nats")));
        ImagingIngestion stow = started(role("stow", "NATS_URL", nats.url()).start());
        ImagingIngestion dimse = started(role("dimse", "NATS_URL", nats.url()).start());
        ImagingIngestion wado =
                started(with(database, role("wado", "NATS_URL", nats.url())).start());
        ImagingIngestion processor = started(
                with(database, role("event-processor", "NATS_URL", nats.url())).start());
        Load byStow = new Load(1);
        Load byDimse = new Load(2);

        try (Load.Running first = byStow.start(stow.dicomWeb())) {
            storeUntil(byStow, first, 40);
            nats.kill();
            await().atMost(AT_MOST).until(() -> byStow.answers().containsKey(503));
            await().atMost(AT_MOST).until(() -> stow.get("/q/health/ready").statusCode() == 503);
            assertNothingIsStored(stow);
            assertThat(wado.get("/q/health/ready").statusCode()).isEqualTo(200);
            nats.start();
            int before = byStow.acknowledged().size();
            storeUntil(byStow, first, before + 40);
        }
        try (Load.Running second = byDimse.start(() -> ServiceClassUser.ofLoad(dimse.dimsePort()))) {
            storeUntil(byDimse, second, 40);
            processor.kill();
            int before = byDimse.acknowledged().size();
            storeUntil(byDimse, second, before + 40);
        }
        ImagingIngestion again = started(
                with(database, role("event-processor", "NATS_URL", nats.url())).start());

        DicomwebClient client = new DicomwebClient(wado.dicomWeb());
        assertKept(byStow, client);
        Promise promise = new Promise(byDimse, bytes -> Part10.of(bytes).dataSet());
        await().atMost(AT_MOST)
                .pollInterval(Duration.ofSeconds(1))
                .ignoreExceptions()
                .untilAsserted(() -> promise.assertFound(client, byDimse.acknowledged()));
        assertTold(byStow, () -> nats.subjects("DicomAvailableEvent"));
        assertTold(byDimse, () -> nats.subjects("DicomAvailableEvent"));
        for (ImagingIngestion server : List.of(stow, dimse, wado, again)) {
            assertThat(server.output() + server.errors()).doesNotContain("Doe", "\tat ");
        }
        for (ImagingIngestion server : List.of(stow, dimse)) {
            assertThat(server.postgres()).isEmpty();
        }
    }

    @Test
    void leaveToATenantWhatIsItsOwnAtABrokerThatTheyShare() throws Exception {
        DatabaseServer database = database();
        NatsServer nats = started(NatsServer.start(folder.resolve("nats")));
        started(with(database, role("event-processor", "NATS_URL", nats.url()))
                .environment("PROVIDER_NAME", "one")
                .start());
        ImagingIngestion stow = started(role("stow", "NATS_URL", nats.url())
                .environment("PROVIDER_NAME", "two")
                .start());
        String study = Samples.uid();

        new DicomwebClient(stow.dicomWeb()).storeAll(Samples.file(Samples.header(study, Samples.uid())));

        await().during(Duration.ofSeconds(2))
                .atMost(AT_MOST)
                .until(() -> nats.messages("imaging-events-two-ImageStoredEvent") == 1);
        started(with(database, role("event-processor", "NATS_URL", nats.url()))
                .environment("PROVIDER_NAME", "two")
                .start());
        await().atMost(AT_MOST).until(() -> nats.messages("imaging-events-two-ImageStoredEvent") == 0);
        await().atMost(AT_MOST).until(() -> nats.messages("imaging-events-two-DicomAvailableEvent") == 1);
    }

    @Test
    void keepOverHttpWhatIsStoredThoughTheBrokerIsAway() throws Exception {
        DatabaseServer database = database();
        KnativeBrokerStandIn broker = started(KnativeBrokerStandIn.start());
        ImagingIngestion stow =
                started(role("stow", "K_SINK", broker.url().toString()).start());
        // whoever only reads needs no room
        ImagingIngestion wado =
                started(with(database, role("wado", "K_SINK", broker.url().toString()))
                        .property("imaging.storage.least-free-megabytes", "1000000000")
                        .start());
        ImagingIngestion processor = started(
                with(database, role("event-processor", "K_SINK", broker.url().toString()))
                        .start());
        broker.trigger("ImageStoredEvent", processor.uri("/events"));
        assertThat(answerToEventOf(processor, "1.2.3.5"))
                .startsWith("400 INVALID_ARGUMENT_VALUE")
                .contains("store.objectName");
        Load load = new Load(3);

        try (Load.Running running = load.start(stow.dicomWeb())) {
            storeUntil(load, running, 40);
            broker.shut();
            await().atMost(AT_MOST).until(() -> load.answers().containsKey(503));
            broker.open();
            int before = load.acknowledged().size();
            storeUntil(load, running, before + 40);
            database.stop();
            await().atMost(AT_MOST).until(() -> broker.refusals() > 0);
            for (ImagingIngestion server : List.of(wado, processor)) {
                assertThat(server.get("/q/health/ready").statusCode()).isEqualTo(503);
            }
            assertThat(stow.get("/q/health/ready").statusCode()).isEqualTo(200);
            int then = load.acknowledged().size();
            storeUntil(load, running, then + 10);
            database.start();
        }

        assertKept(load, new DicomwebClient(wado.dicomWeb()));
        assertTold(load, () -> broker.subjects("DicomAvailableEvent"));
        await().atMost(AT_MOST).until(() -> broker.undelivered() == 0);
    }

    @Test
    void keepWhatAKnativeBrokerCouldNotDeliverUntilItIsReplayed() throws Exception {
        DatabaseServer database = database();
        KnativeBrokerStandIn broker = started(KnativeBrokerStandIn.start());
        ImagingIngestion processor = started(
                with(database, role("event-processor", "K_SINK", broker.url().toString()))
                        .environment("IMAGING_EVENTS_ADMINISTRATION", "true")
                        .start());
        ImagingIngestion wado = started(
                with(database, role("wado", "K_SINK", broker.url().toString())).start());
        URI nobody = URI.create("http://127.0.0.1:" + ImagingIngestion.freePort() + "/");
        broker.trigger("StudyRevisionEvent", nobody);
        broker.trigger("ImageStoredEvent", processor.uri("/events"));
        broker.deadLetterSink(processor.uri("/events/undelivered"));

        post(broker.url(), "revision-1", "StudyRevisionEvent", "{}");
        post(broker.url(), "stored-1", "ImageStoredEvent", "{}");

        await().atMost(AT_MOST).untilAsserted(() -> assertThat(
                        wado.get("/imaging/dead-letters").body())
                .contains("revision-1", "stored-1", "\"undelivered\"", "The broker could not deliver it"));
        await().atMost(AT_MOST).until(() -> broker.undelivered() == 0);
        broker.trigger("StudyRevisionEvent", processor.uri("/imaging/revisions"));
        HttpResponse<String> replayed = processor.send(
                HttpRequest.newBuilder(processor.uri("/imaging/deliveries/replay?subscription=undelivered"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.noBody()));
        assertThat(replayed.statusCode()).as(replayed.body()).isEqualTo(200);
        assertThat(replayed.body()).contains("2");
        // the one is taken now, the other is refused for good again
        await().atMost(AT_MOST).untilAsserted(() -> assertThat(
                        wado.get("/imaging/dead-letters").body())
                .contains("stored-1")
                .doesNotContain("revision-1"));
        await().atMost(AT_MOST).until(() -> broker.undelivered() == 0);
    }

    private static void post(URI address, String id, String type, String data) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .header("ce-specversion", "1.0")
                .header("ce-id", id)
                .header("ce-source", "urn:test")
                .header("ce-type", type)
                .header("ce-subject", "/studies/1.2")
                .header("ce-partitionkey", "default/1.2")
                .POST(HttpRequest.BodyPublishers.ofString(data))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(202);
    }

    /** What is answered to an event of instance 1.2.3.4 whose object is named after another one. */
    private static String answerToEventOf(ImagingIngestion processor, String other) throws Exception {
        String event =
                """
                {"image":{"transferSyntaxUID":"1.2.840.10008.1.2.1","studyInstanceUID":"1.2","seriesInstanceUID":"1.2.3",
                "sopInstanceUID":"1.2.3.4","sopClassUID":"1.2.840.10008.5.1.4.1.1.2"},
                "store":{"provider":"default","objectName":"default/1.2/1.2.3/%s_0af76519-16cd-43dd-8448-eb211c80319c.dcm"}}
                """
                        .formatted(other);
        HttpRequest request = HttpRequest.newBuilder(processor.uri("/events"))
                .header("Content-Type", "application/json")
                .header("ce-specversion", "1.0")
                .header("ce-id", other)
                .header("ce-source", "urn:test")
                .header("ce-type", "ImageStoredEvent")
                .POST(HttpRequest.BodyPublishers.ofString(event))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    @Test
    void haveTheHeaderReadFromTheObjectWhereEventsDoNotTellIt() throws Exception {
        DatabaseServer database = database();
        NatsServer nats = started(NatsServer.start(folder.resolve("nats")));
        ImagingIngestion stow = started(role("stow", "NATS_URL", nats.url())
                .property("imaging.events.header", "false")
                .start());
        ImagingIngestion wado =
                started(with(database, role("wado", "NATS_URL", nats.url())).start());
        started(with(database, role("event-processor", "NATS_URL", nats.url())).start());
        Load load = new Load(4);

        try (Load.Running running = load.start(stow.dicomWeb())) {
            storeUntil(load, running, 20);
        }

        assertKept(load, new DicomwebClient(wado.dicomWeb()));
    }

    @Test
    void giveDimseIngestionNoMoreThanItNeedsNoManifestFor() throws Exception {
        NatsServer nats = started(NatsServer.start(folder.resolve("nats")));
        ImagingIngestion dimse = started(role("dimse", "NATS_URL", nats.url()).start());

        new Dcmtk(folder, dimse.dimsePort()).run("echoscu", "SERVER");
        assertThat(dimse.output()).contains("role      dimse").doesNotContain("page");
        assertThat(dimse.get("/dicom-web/studies").statusCode()).isEqualTo(404);
        assertThat(dimse.postgres()).isEmpty();
        try (ServiceClassUser user = ServiceClassUser.of(
                dimse.dimsePort(), "TEST", List.of(ServiceClassUser.STUDY_ROOT_FIND), "1.2.840.10008.1.2")) {
            assertThat(user.association().contexts()).isEmpty();
        }
    }

    @Test
    void answerWithoutADatabaseWhatAQueryServiceKnows() throws Exception {
        ImagingIngestion all =
                started(ImagingIngestion.on(folder.resolve("data")).start());
        ImagingIngestion wado = started(
                role("wado", "QUERY_ENDPOINT", all.uri("/query").toString()).start());
        Load load = new Load(5);

        try (Load.Running running = load.start(all.dicomWeb())) {
            storeUntil(load, running, 20);
        }

        DicomwebClient client = new DicomwebClient(wado.dicomWeb());
        assertKept(load, client);
        for (String path : List.of(
                "/dicom-web/studies?PatientName=d*&includefield=all",
                "/dicom-web/instances?fuzzymatching=true&limit=7&offset=3&includefield=RequestAttributesSequence",
                "/dicom-web/series?RequestAttributesSequence.ScheduledProcedureStepID=none",
                "/dicom-web/studies?limit=0",
                "/dicom-web/studies/" + Samples.uid() + "/metadata",
                "/dicom-web/studies?PatientBirthDate=yesterday",
                "/dicom-web/" + load.path(load.acknowledged().iterator().next()) + "/metadata")) {
            HttpResponse<String> there = all.get(path);
            HttpResponse<String> here = wado.get(path);
            assertThat(here.statusCode()).as(path).isEqualTo(there.statusCode());
            assertThat(here.body().replace(wado.dicomWeb().toString(), "ROOT"))
                    .as(path)
                    .isEqualTo(there.body().replace(all.dicomWeb().toString(), "ROOT"));
        }
        HttpResponse<String> ready = wado.get("/q/health/ready");
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(ready.body()).contains("Query service");
        all.close();
        assertThat(wado.get("/dicom-web/studies").statusCode()).isEqualTo(503);
        await().atMost(AT_MOST).until(() -> wado.get("/q/health/ready").statusCode() == 503);
        assertThat(wado.output() + wado.errors()).doesNotContain("Doe", "\tat ");
    }

    @ParameterizedTest
    @CsvSource({
        "nonsense, ROLE=nonsense is none of",
        "stow, 'ROLE=stow needs a broker'",
        "dimse, 'ROLE=dimse needs a broker'",
        "wado, 'ROLE=wado needs a database, see DB_HOST'",
        "event-processor, 'ROLE=event-processor needs a database, see DB_HOST'"
    })
    void sayWhatTheyMiss(String role, String message) throws IOException {
        ImagingIngestion.Failure failure = ImagingIngestion.on(folder.resolve("data"))
                .environment("ROLE", role)
                .startInVain();

        assertThat(failure.exitCode()).isEqualTo(1);
        assertThat(failure.errors()).contains(message);
    }
}
