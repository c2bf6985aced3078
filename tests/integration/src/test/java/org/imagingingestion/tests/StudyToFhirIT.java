package org.imagingingestion.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

import org.awaitility.Awaitility;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.event.CloudEventHttp;
import org.imagingingestion.dicom.event.StudyRevisionEvent;
import org.imagingingestion.tests.servers.FhirServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import io.nats.client.Connection;
import io.nats.client.Nats;

import static org.assertj.core.api.Assertions.assertThat;

/** What is stored shows at a FHIR server, revision by revision. */
class StudyToFhirIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path folder;

    private FhirServer fhir;

    private JsonNode get(String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(fhir.address() + path))
                    .header("Cache-Control", "no-cache")
                    .build();
            return JSON.readTree(
                    HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The ImagingStudy of a study, once it is as it is waited for. */
    private JsonNode whenIs(String study, Predicate<JsonNode> isSo) {
        return Awaitility.await().atMost(SOON).until(() -> found(study), isSo);
    }

    private JsonNode found(String study) {
        JsonNode entries =
                get("/ImagingStudy?identifier=urn:dicom:uid%7Curn:oid:" + study).path("entry");
        assertThat(entries.size()).isLessThan(2);
        return entries.isEmpty() ? MissingNode.getInstance() : entries.get(0).path("resource");
    }

    private static DataSet header(String study, String series) {
        return Samples.header(study, series)
                .setString(Tag.PatientID, VR.LO, study)
                .setString(Tag.IssuerOfPatientID, VR.LO, "https://hospital.example.org/mrn")
                .setString(Tag.BodyPartExamined, VR.CS, "CHEST")
                .setItems(
                        Tag.ProcedureCodeSequence,
                        new DataSet()
                                .setString(Tag.CodeValue, VR.SH, "RPID16")
                                .setString(Tag.CodingSchemeDesignator, VR.SH, "RADLEX")
                                .setString(Tag.CodeMeaning, VR.LO, "CT Thorax"));
    }

    @Test
    void showsAStudyAsItGrowsAndIsDeleted() throws Exception {
        fhir = FhirServer.shared();
        String study = Samples.uid();
        String series = Samples.uid();
        DataSet first = header(study, series);
        try (ImagingIngestion server = ImagingIngestion.on(folder)
                .environment("FHIR_ENDPOINT", fhir.address() + "/ImagingStudy")
                .environment("FHIR_AUTH_USERNAME", "me")
                .environment("FHIR_AUTH_PASSWORD", "secret")
                .environment("IMAGING_STUDY_ENDPOINT", "https://archive.example.org/dicom-web")
                .property("imaging.fhir.create-patient", "true")
                .property("imaging.fhir.time-zone", "Europe/Zurich")
                .property("imaging.revisions.delay", "1")
                .property("imaging.dicomweb.deletion", "true")
                .start()) {
            DicomwebClient client = new DicomwebClient(server.dicomWeb());

            client.storeAll(Samples.file(first));
            JsonNode one = whenIs(study, found -> !found.isMissingNode());
            client.storeAll(Samples.file(header(study, series).setString(Tag.InstanceNumber, VR.IS, "2")));
            JsonNode two =
                    whenIs(study, found -> found.path("numberOfInstances").asInt() == 2);
            client.send(client.request("studies/" + study).DELETE());
            JsonNode gone =
                    whenIs(study, found -> !found.path("status").asText().equals("available"));

            assertThat(one.path("status").asText()).isEqualTo("available");
            assertThat(one.path("started").asText()).isEqualTo("2024-02-29T10:11:12+01:00");
            assertThat(one.at("/basedOn/0/identifier/value").asText()).isEqualTo("A1");
            assertThat(one.at("/procedureCode/0/coding/0/code").asText()).isEqualTo("RPID16");
            assertThat(one.at("/series/0/uid").asText()).isEqualTo(series);
            assertThat(one.at("/series/0/bodySite/code").asText()).isEqualTo("CHEST");
            assertThat(one.at("/series/0/instance/0/uid").asText()).isEqualTo(first.string(Tag.SOPInstanceUID));
            JsonNode endpoint = get("/" + one.at("/endpoint/0/reference").asText());
            assertThat(endpoint.path("address").asText()).isEqualTo("https://archive.example.org/dicom-web");
            JsonNode patient = get("/" + one.at("/subject/reference").asText());
            assertThat(patient.at("/identifier/0/system").asText()).isEqualTo("https://hospital.example.org/mrn");
            assertThat(patient.at("/identifier/0/value").asText()).isEqualTo(study);
            assertThat(two.path("id")).isEqualTo(one.path("id"));
            assertThat(gone.path("id")).isEqualTo(one.path("id"));
            assertThat(gone.path("status").asText()).isEqualTo("cancelled");
            assertThat(gone.path("subject")).isEqualTo(one.path("subject"));
            assertThat(gone.has("series")).isFalse();
            assertThat(server.output() + server.errors()).doesNotContain(study);
        }
    }

    @Test
    void showsAStudyByAPipe() throws Exception {
        fhir = FhirServer.shared();
        String study = Samples.uid();
        Path pipe = Files.writeString(
                folder.resolve("study-to-fhir.yaml"),
                Files.readString(ImagingIngestion.project().resolve("operator-manifests/samples/study-to-fhir.yaml"))
                        .replace("http://localhost:8090/fhir", fhir.address().toString()));
        try (ImagingIngestion server = ImagingIngestion.on(folder.resolve("data"))
                .environment("PIPE", pipe.toString())
                .property("imaging.revisions.delay", "1")
                .start()) {
            DataSet instance = header(study, Samples.uid());
            new DicomwebClient(server.dicomWeb()).storeAll(Samples.file(instance));

            assertThat(whenIs(study, found -> !found.isMissingNode())
                            .at("/series/0/instance/0/uid")
                            .asText())
                    .isEqualTo(instance.string(Tag.SOPInstanceUID));
        }
    }

    @Test
    void showsStudiesThatABrokerTellsOfToARoleWithoutADatabase() throws Exception {
        fhir = FhirServer.shared();
        String study = Samples.uid();
        StudyRevisionEvent revision = new StudyRevisionEvent(
                4,
                "default",
                new StudyRevisionEvent.Study(
                        study,
                        "20240229",
                        List.of(),
                        List.of(new StudyRevisionEvent.Series(
                                Samples.uid(), 1, "MR", List.of(), List.of(), null, "default"))),
                new StudyRevisionEvent.ChangeSet(List.of(), List.of(), List.of()));
        CloudEvent event = revision.toCloudEvent("test", Instant.now(), null);
        try (NatsServer broker = NatsServer.start(folder.resolve("nats"));
                ImagingIngestion role = ImagingIngestion.on(folder.resolve("data"))
                        .environment("ROLE", "fhir")
                        .environment("NATS_URL", broker.url())
                        .environment("FHIR_ENDPOINT", fhir.address().toString())
                        .property("imaging.fhir.deleted-status", "enteredInError")
                        .start();
                Connection client = Nats.connect(broker.url())) {
            // the role makes the stream, where it is missing, a moment after it has started
            byte[] message = CloudEventHttp.structured(event);
            Awaitility.await()
                    .atMost(SOON)
                    .ignoreExceptions()
                    .until(() -> client.jetStream()
                                    .publish("imaging.events.StudyRevisionEvent", message)
                                    .getSeqno()
                            > 0);

            assertThat(whenIs(study, found -> !found.isMissingNode())
                            .path("status")
                            .asText())
                    .isEqualTo("entered-in-error");
            assertThat(role.output()).doesNotContain(study);
        }
    }
}
