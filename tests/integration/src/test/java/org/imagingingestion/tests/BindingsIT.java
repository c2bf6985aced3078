package org.imagingingestion.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Bindings by settings and by Pipes, in one process with everything else, to real archives and to one that fails as it is told. */
class BindingsIT {
    private static final Duration SOON = Duration.ofMinutes(3);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Sends what a scanner stored on. */
    private static final String FROM_SCANNER =
            """
            apiVersion: camel.apache.org/v1
            kind: Pipe
            metadata:
              name: scanner
            spec:
              source:
                ref: {kind: Kamelet, apiVersion: camel.apache.org/v1, name: dicom-instance-source}
                properties: {subscription: scanner, modality: MG}
              steps:
                - ref: {kind: Kamelet, apiVersion: camel.apache.org/v1, name: dicom-retrieve-action}
                - ref: {kind: Kamelet, apiVersion: camel.apache.org/v1, name: dicom-filter-action}
                  properties: {aeTitle: "OTHER,SCANNER"}
              sink:
                ref: {kind: Kamelet, apiVersion: camel.apache.org/v1, name: dicom-stow-sink}
                properties: {address: %s}
              errorHandler:
                none: {}
            """;

    /** Keeps what is posted to a path in a storage space of its own. */
    private static final String TO_RESEARCH =
            """
            apiVersion: camel.apache.org/v1
            kind: Pipe
            metadata:
              name: inbox
            spec:
              source:
                ref: {kind: Kamelet, apiVersion: camel.apache.org/v1, name: stow-source}
                properties: {path: /research, provider: research}
              sink:
                ref: {kind: Kamelet, apiVersion: camel.apache.org/v1, name: dicom-storage-sink}
              errorHandler:
                none: {}
            """;

    @TempDir
    static Path folder;

    private static Orthanc orthanc;
    private static ScriptedArchive archive;
    private static int pacsPort;
    private static Dcmtk.Server pacs;
    private static int otherPort;
    private static Dcmtk.Server other;
    private static ImagingIngestion.Builder builder;
    private static ImagingIngestion server;

    @BeforeAll
    static void start() throws Exception {
        archive = ScriptedArchive.start();
        pacsPort = ImagingIngestion.freePort();
        otherPort = ImagingIngestion.freePort();
        builder = ImagingIngestion.on(folder.resolve("data"));
        orthanc = Orthanc.in(folder.resolve("orthanc"), archive.dicomWeb());
        Path pipes = Files.createDirectories(folder.resolve("pipes"));
        for (String sample : List.of("ct-to-cstore", "dimse-to-storage", "dimse-to-stow", "stow-to-cstore")) {
            Files.writeString(pipes.resolve(sample + ".yaml"), sample(sample));
        }
        Files.writeString(
                pipes.resolve("mr.yaml"),
                sample("instance-to-stow").replace("subscription: archive", "subscription: mr\n      modality: MR,XA"));
        Files.writeString(
                pipes.resolve("research.yaml"), sample("deidentified-to-stow").replace("modality: MR", "modality: US"));
        Files.writeString(pipes.resolve("scanner.yaml"), FROM_SCANNER.formatted(archive.dicomWeb()));
        Files.writeString(pipes.resolve("inbox.yaml"), TO_RESEARCH);
        server = builder.environment("RESEARCH_KEY", "of sixteen characters and more")
                .environment("STOW_ENDPOINT", orthanc.dicomWeb() + "/studies")
                .environment("DIMSE_TARGET_HOST", "127.0.0.1")
                .environment("DIMSE_TARGET_PORT", Integer.toString(pacsPort))
                .environment("DIMSE_TARGET_AE", "PACS")
                .environment("SELECTOR", "nobody,def.*")
                .environment("PIPE", pipes.toString())
                .property("imaging.events.administration", "true")
                .start();
        pacs = new Dcmtk(folder, pacsPort).storescp(pacsPort);
        other = new Dcmtk(folder, otherPort).storescp(otherPort);
    }

    private static String sample(String name) throws IOException {
        return Files.readString(ImagingIngestion.project().resolve("operator-manifests/samples/" + name + ".yaml"))
                .replace("port: 11113", "port: " + otherPort)
                .replace("http://localhost:8042/dicom-web", archive.dicomWeb().toString());
    }

    @AfterAll
    static void end() {
        server.close();
        pacs.close();
        other.close();
        orthanc.close();
        archive.close();
    }

    private static DataSet instance(String study, String modality) {
        return Samples.header(study, Samples.uid()).setString(Tag.Modality, VR.CS, modality);
    }

    /** One that is longer than what a step reads before the next one does. */
    private static DataSet image(String study, String modality) {
        return Samples.pixels(
                Samples.image(instance(study, modality), 512, 512, 4), Samples.bytes(512 * 512 * 4, study.hashCode()));
    }

    /** Stores instances, one after the other. @return their SOP Instance UIDs */
    private static List<String> store(DataSet... instances) {
        List<String> uids = new ArrayList<>();
        for (DataSet each : instances) {
            new DicomwebClient(server.dicomWeb()).storeAll(Samples.file(each));
            uids.add(each.string(Tag.SOPInstanceUID));
        }
        return uids;
    }

    private static JsonNode json(String path) {
        try {
            return JSON.readTree(server.get(path).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode subscription(String name) {
        for (JsonNode each : json("/imaging/deliveries")) {
            if (each.get("subscription").asText().equals(name)) {
                return each;
            }
        }
        throw new AssertionError("no subscription " + name);
    }

    /** Reasons of the dead letters of a study. */
    private static List<String> deadLetters(String subscription, String study) {
        List<String> reasons = new ArrayList<>();
        for (JsonNode each : json("/imaging/dead-letters")) {
            if (each.get("subscription").asText().equals(subscription)
                    && each.get("subject").asText().contains(study)) {
                reasons.add(each.get("lastError").asText());
            }
        }
        return reasons;
    }

    private static HttpResponse<String> replay(String query) {
        return server.send(HttpRequest.newBuilder(server.uri("/imaging/deliveries/replay?" + query))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.noBody()));
    }

    private static Map<String, byte[]> inPacs() {
        return in(pacs);
    }

    /** Data sets that storescp has, by SOP Instance UID. */
    private static Map<String, byte[]> in(Dcmtk.Server storescp) {
        try (Stream<Path> files = Files.list(storescp.folder())) {
            return files.map(BindingsIT::read).collect(Collectors.toMap(Part10::sopInstanceUID, Part10::dataSet));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Part10 read(Path file) {
        try {
            return Part10.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Files that Orthanc has of a study. */
    private static List<byte[]> inOrthanc(String study) {
        return orthanc.instances().stream()
                .map(orthanc::file)
                .filter(file -> Dcmtk.dataSet(file).string(Tag.StudyInstanceUID).equals(study))
                .toList();
    }

    @Test
    void sendEachInstanceOnAsItIs() {
        String study = Samples.uid();
        DataSet large =
                Samples.pixels(Samples.image(instance(study, "CT"), 512, 512, 8), Samples.bytes(512 * 512 * 8, 1));
        byte[] file = Samples.file(large);

        List<String> uids = store(large, instance(study, "CT"));

        // a file that is just being written is no file yet
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> inOrthanc(study).size() == 2 && inPacs().keySet().containsAll(uids));
        assertThat(inOrthanc(study)).anySatisfy(kept -> assertThat(kept).isEqualTo(file));
        assertThat(inPacs().get(uids.get(0))).isEqualTo(Part10.of(file).dataSet());
        // neither is an MR
        assertThat(archive.requests(study)).isEmpty();
        assertThat(subscription("stow").get("types").toString()).isEqualTo("[\"DicomAvailableEvent\"]");
    }

    @Test
    void sendEachOfSeveralThatWaitTogether() {
        byte[][] files = new byte[30][];
        Map<String, byte[]> sent = new HashMap<>();
        String study = Samples.uid();
        for (int i = 0; i < files.length; i++) {
            DataSet each = i % 2 == 0 ? image(study, "CT") : instance(study, "CT");
            files[i] = Samples.file(each);
            sent.put(each.string(Tag.SOPInstanceUID), Part10.of(files[i]).dataSet());
        }

        new DicomwebClient(server.dicomWeb()).storeAll(files);

        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> {
            assertThat(inOrthanc(study)).hasSize(files.length);
            assertThat(inPacs()).containsAllEntriesOf(sent);
        });
        await().atMost(SOON)
                .until(() -> subscription("cstore").get("pending").asInt()
                                + subscription("stow").get("pending").asInt()
                        == 0);
        assertThat(deadLetters("stow", study)).isEmpty();
        assertThat(deadLetters("cstore", study)).isEmpty();
    }

    @Test
    void waitForATargetThatIsAwayAndHoldNothingElseUp() throws Exception {
        String study = Samples.uid();
        pacs.close();
        List<String> uids =
                store(Stream.generate(() -> instance(study, "CT")).limit(7).toArray(DataSet[]::new));

        await().atMost(SOON).until(() -> inOrthanc(study).size() == 7);
        await().atMost(SOON).until(() -> subscription("cstore").get("failing").asInt() > 0);
        assertThat(subscription("cstore").get("lastError").asText()).contains("No connection to 127.0.0.1:" + pacsPort);
        assertThat(subscription("cstore").get("failingSince").asText()).isNotEmpty();
        assertThat(subscription("stow").get("failing").asInt()).isZero();
        assertThat(server.get("/q/metrics").body())
                .contains("imaging_delivery_failures_total{subscription=\"cstore\"}");

        pacs = new Dcmtk(folder, pacsPort).storescp(pacsPort);
        await().atMost(SOON).ignoreExceptions().until(() -> inPacs().keySet().containsAll(uids));
        await().atMost(SOON).until(() -> subscription("cstore").get("pending").asInt() == 0);
        assertThat(subscription("cstore").get("dead").asInt()).isZero();
    }

    @Test
    void leaveATargetAloneAsLongAsItAsksAndKeepTheOrderOfAStudy() {
        String study = Samples.uid();
        AtomicInteger attempts = new AtomicInteger();
        archive.answers(each -> each.string(Tag.StudyInstanceUID).equals(study) && attempts.getAndIncrement() < 2
                ? 429 + 74 * (attempts.get() % 2)
                : 200);

        List<String> uids = store(instance(study, "MR"), instance(study, "MR"), instance(study, "MR"));

        await().atMost(SOON).until(() -> archive.kept().keySet().containsAll(uids));
        List<ScriptedArchive.Request> requests = archive.requests(study);
        assertThat(requests).extracting(ScriptedArchive.Request::status).containsExactly(503, 429, 200, 200, 200);
        assertThat(requests)
                .extracting(ScriptedArchive.Request::uid)
                .containsExactly(uids.get(0), uids.get(0), uids.get(0), uids.get(1), uids.get(2));
        for (int i = 1; i < 3; i++) {
            assertThat(requests.get(i).nanos() - requests.get(i - 1).nanos())
                    .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(1_900));
        }
        assertThat(deadLetters("mr", study)).isEmpty();
    }

    @Test
    void giveUpWhatIsRefusedForGoodAndSendItAgainOnCommand() {
        String study = Samples.uid();
        DataSet refused = instance(study, "MR");
        String uid = refused.string(Tag.SOPInstanceUID);
        archive.answers(each -> each.string(Tag.SOPInstanceUID).equals(uid) ? 400 : 200);

        List<String> uids = store(refused, instance(study, "MR"));

        await().atMost(SOON).until(() -> archive.kept().containsKey(uids.get(1)));
        await().atMost(SOON).until(() -> deadLetters("mr", study).size() == 1);
        assertThat(deadLetters("mr", study).get(0)).contains("answered 400").doesNotContain("Doe");
        assertThat(archive.requests(study)).hasSize(2);

        archive.answers(each -> 200);
        assertThat(replay("subscription=mr").statusCode()).isEqualTo(200);
        await().atMost(SOON).until(() -> archive.kept().containsKey(uid));
        await().atMost(SOON).until(() -> deadLetters("mr", study).isEmpty());

        // all of the study, of which the archive has every instance
        int before = archive.requests(study).size();
        assertThat(replay("subscription=mr&study=" + study).body()).isEqualTo("2");
        await().atMost(SOON).until(() -> archive.requests(study).size() == before + 2);
        await().atMost(SOON).until(() -> subscription("mr").get("pending").asInt() == 0);
        assertThat(archive.requests(study).subList(before, before + 2))
                .extracting(ScriptedArchive.Request::status)
                .containsOnly(409);
        assertThat(deadLetters("mr", study)).isEmpty();
    }

    @Test
    void takeADuplicateForStoredOnlyWhereItIsTheSame() {
        String study = Samples.uid();
        DataSet same = instance(study, "MR");
        DataSet other = instance(study, "MR");
        archive.kept().put(same.string(Tag.SOPInstanceUID), Samples.file(same));
        DataSet theirs = Samples.header(study, other.string(Tag.SeriesInstanceUID))
                .setString(Tag.SOPInstanceUID, VR.UI, other.string(Tag.SOPInstanceUID));
        archive.kept().put(other.string(Tag.SOPInstanceUID), Samples.file(theirs));
        archive.answers(each -> 200);

        store(same, other);

        await().atMost(SOON).until(() -> deadLetters("mr", study).size() == 1);
        assertThat(deadLetters("mr", study).get(0)).contains("DUPLICATE_SOP_INSTANCE");
        assertThat(archive.requests(study))
                .extracting(ScriptedArchive.Request::status)
                .containsExactly(409, 409);
        assertThat(archive.kept().get(other.string(Tag.SOPInstanceUID))).isEqualTo(Samples.file(theirs));
    }

    @Test
    void sendOnWhatStepsMakeOfAnInstance() {
        DataSet instance = image(Samples.uid(), "US");
        archive.answers(each -> 200);

        store(instance);

        await().atMost(SOON).until(() -> archive.requests().stream().anyMatch(each -> isOf(each.instance(), "US")));
        List<DataSet> sent = archive.requests().stream()
                .map(ScriptedArchive.Request::instance)
                .filter(each -> isOf(each, "US"))
                .toList();
        assertThat(sent).hasSize(1);
        assertThat(sent.get(0).string(0x00120020)).isEqualTo("RESEARCH-1");
        assertThat(sent.get(0).string(Tag.PatientSex)).isEqualTo("F");
        assertThat(sent.get(0).string(0x00120062)).isEqualTo("YES");
        for (int tag : new int[] {Tag.PatientName, Tag.PatientID, Tag.StudyInstanceUID, Tag.SOPInstanceUID}) {
            assertThat(sent.get(0).string(tag)).isNotEqualTo(instance.string(tag));
        }
        assertThat(subscription("research").get("dead").asInt()).isZero();

        // what comes again becomes the same again, which the archive has
        assertThat(replay("subscription=research&study=" + instance.string(Tag.StudyInstanceUID))
                        .body())
                .isEqualTo("1");
        await().atMost(SOON).until(() -> archive.requests().stream()
                .anyMatch(each -> isOf(each.instance(), "US") && each.status() == 409));
        await().atMost(SOON).until(() -> subscription("research").get("pending").asInt() == 0);
        assertThat(subscription("research").get("dead").asInt()).isZero();
    }

    @Test
    void sendOnWhatASenderStored() throws Exception {
        DataSet byScanner = image(Samples.uid(), "MG");
        DataSet byPeer = instance(Samples.uid(), "MG");
        DataSet byStow = instance(Samples.uid(), "MG");
        archive.answers(each -> 200);

        store(byStow);
        storeAs("PEER", byPeer);
        storeAs("SCANNER", byScanner);

        await().atMost(SOON).until(() -> archive.kept().containsKey(byScanner.string(Tag.SOPInstanceUID)));
        await().atMost(SOON).until(() -> subscription("scanner").get("pending").asInt() == 0);
        assertThat(archive.kept())
                .doesNotContainKeys(byPeer.string(Tag.SOPInstanceUID), byStow.string(Tag.SOPInstanceUID));
        assertThat(subscription("scanner").get("dead").asInt()).isZero();
    }

    @Test
    void keepWhatComesInTheStorageSpaceThatTheyName() {
        DataSet instance = instance(Samples.uid(), "CT");
        String study = instance.string(Tag.StudyInstanceUID);

        assertThat(new DicomwebClient(server.uri("/research"))
                        .store(List.of(Samples.file(instance)))
                        .statusCode())
                .isEqualTo(200);

        assertThat(new StorageFolder(server.data().resolve("storage")).objects())
                .filteredOn(object -> object.toString().contains(study))
                .singleElement()
                .satisfies(object -> assertThat(object.toString()).contains("/research/" + study + "/"));
        assertThat(new DicomwebClient(server.dicomWeb()).json("studies?StudyInstanceUID=" + study))
                .isEmpty();
    }

    private static void storeAs(String callingAE, DataSet instance) throws IOException {
        Path file = Files.write(folder.resolve(callingAE + ".dcm"), Samples.file(instance));
        String port = Integer.toString(server.dimsePort());
        new Dcmtk(folder, server.dimsePort())
                .run("storescu", "-aet", callingAE, "-aec", "DICOM-INGEST", "127.0.0.1", port, file.toString());
    }

    private static boolean isOf(DataSet instance, String modality) {
        return modality.equals(instance.string(Tag.Modality));
    }

    @Test
    void takeWhatComesByPipes() throws Exception {
        String study = Samples.uid();
        DataSet byDimse = instance(study, "CT");
        DataSet byStow = instance(Samples.uid(), "CT");
        Path file = Files.write(folder.resolve("by-dimse.dcm"), Samples.file(byDimse));

        new Dcmtk(folder, server.dimsePort())
                .run("storescu", "-aec", "INBOX", "127.0.0.1", Integer.toString(server.dimsePort()), file.toString());
        HttpResponse<byte[]> answer = new DicomwebClient(server.uri("/pacs")).store(List.of(Samples.file(byStow)));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(in(other)).containsKey(byStow.string(Tag.SOPInstanceUID));
        assertThat(new DicomwebClient(server.dicomWeb()).json("studies?StudyInstanceUID=" + study))
                .hasSize(1);
        // it was told of as any other
        await().atMost(SOON).until(() -> inOrthanc(study).size() == 1);
        await().atMost(SOON).ignoreExceptions().until(() -> in(other).containsKey(byDimse.string(Tag.SOPInstanceUID)));
        assertThat(subscription("pacs").get("types").toString()).isEqualTo("[\"DicomAvailableEvent\"]");
        other.close();
        assertThat(new DicomwebClient(server.uri("/pacs"))
                        .store(List.of(Samples.file(instance(Samples.uid(), "CT"))))
                        .statusCode())
                .isGreaterThanOrEqualTo(409);
        other = new Dcmtk(folder, otherPort).storescp(otherPort);
    }

    @Test
    void answerAPeerWhatTheArchiveAnswers() throws Exception {
        DataSet taken = instance(Samples.uid(), "CT");
        DataSet refused = instance(Samples.uid(), "CT");
        archive.answers(each -> each.string(Tag.SOPInstanceUID).equals(refused.string(Tag.SOPInstanceUID)) ? 400 : 200);

        assertThat(storeAt("GATEWAY", taken)).contains("Store Response (Success)");
        assertThat(storeAt("GATEWAY", refused)).contains("Store Response (Unknown Status: 0x110)");

        assertThat(archive.kept()).containsKey(taken.string(Tag.SOPInstanceUID));
        assertThat(archive.requests(refused.string(Tag.StudyInstanceUID)))
                .extracting(ScriptedArchive.Request::status)
                .containsExactly(400);
    }

    /** @return what storescu says */
    private static String storeAt(String calledAE, DataSet instance) throws IOException {
        Path file = Files.write(folder.resolve(calledAE + ".dcm"), Samples.file(instance));
        String port = Integer.toString(server.dimsePort());
        return new Dcmtk(folder, server.dimsePort())
                .attempt("storescu", "-v", "-aec", calledAE, "127.0.0.1", port, file.toString())
                .output();
    }

    @Test
    void loseNothingAndDoubleNothingWhenTheProcessIsKilled() throws Exception {
        Set<String> sent = new HashSet<>();
        List<String> studies = Stream.generate(Samples::uid).limit(4).toList();
        archive.answers(each -> {
            // slow enough to be killed at it
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return 200;
        });
        for (int i = 0; i < 10; i++) {
            for (String study : studies) {
                sent.addAll(store(instance(study, "XA")));
            }
        }
        await().atMost(SOON).until(() -> archive.kept().keySet().stream().anyMatch(sent::contains));
        server.kill();
        server = builder.start();

        await().atMost(SOON).until(() -> archive.kept().keySet().containsAll(sent));
        await().atMost(SOON).ignoreExceptions().until(() -> inPacs().keySet().containsAll(sent));
        await().atMost(SOON).untilAsserted(() -> assertThat(studies)
                .as("%s", json("/imaging/deliveries"))
                .allSatisfy(study -> assertThat(inOrthanc(study)).hasSize(10)));
        await().atMost(SOON).until(() -> subscription("mr").get("pending").asInt() == 0);
        for (String study : studies) {
            assertThat(deadLetters("mr", study)).isEmpty();
            // in the order in which they were stored, but for those that were on their way when it was killed
            List<String> first = archive.requests(study).stream()
                    .filter(each -> each.status() == 200)
                    .map(ScriptedArchive.Request::uid)
                    .toList();
            assertThat(first).doesNotHaveDuplicates().hasSize(10);
        }
        assertThat(server.output() + server.errors()).doesNotContain("Doe", "\tat ");
    }
}
