package org.imagingingestion.camel.fhir;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Endpoint;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.event.StudyRevisionEvent;
import org.imagingingestion.tests.servers.FhirServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Studies at HAPI's FHIR server. */
class FhirImagingStudyIT {
    private static final IParser JSON = FhirContext.forR4().newJsonParser();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static FhirServer server;

    private final String uid =
            "2.25." + new BigInteger(UUID.randomUUID().toString().replace("-", ""), 16);
    private final DefaultCamelContext camelContext = new DefaultCamelContext();

    @BeforeAll
    static void startServer() throws IOException {
        server = FhirServer.shared();
    }

    @BeforeEach
    void start() {
        camelContext.start();
    }

    @AfterEach
    void stop() {
        camelContext.stop();
    }

    private Outcome publish(StudyRevisionEvent event, String options) {
        Exchange published = camelContext
                .createProducerTemplate()
                .request("fhir-imaging-study:" + server.address() + options, exchange -> exchange.getMessage()
                        .setBody(event.toJson()));
        if (published.isFailed()) {
            throw new CamelExecutionException("Not published", published, published.getException());
        }
        return published.getMessage().getHeader(FhirImagingStudyConstants.OUTCOME, Outcome.class);
    }

    private Outcome publish(StudyRevisionEvent event) {
        return publish(event, "");
    }

    private static String get(String path) throws Exception {
        HttpResponse<String> response = HTTP.send(
                HttpRequest.newBuilder(URI.create(server.address() + path))
                        .header("Cache-Control", "no-cache")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    private List<ImagingStudy> studies() throws Exception {
        return JSON
                .parseResource(Bundle.class, get("/ImagingStudy?identifier=urn:dicom:uid%7Curn:oid:" + uid))
                .getEntry()
                .stream()
                .map(entry -> (ImagingStudy) entry.getResource())
                .toList();
    }

    private ImagingStudy study() throws Exception {
        assertThat(studies()).hasSize(1);
        return studies().get(0);
    }

    private static int revision(ImagingStudy study) {
        return Integer.parseInt(study.getExtensionByUrl(Published.REVISION)
                .getExtensionByUrl("revision")
                .getValue()
                .primitiveValue());
    }

    private static DicomException failure(Throwable failure) {
        assertThat(failure).isInstanceOf(CamelExecutionException.class);
        return (DicomException) failure.getCause();
    }

    @Test
    void followsAStudyFromItsFirstRevisionToItsDeletionAndBack() throws Exception {
        TestStudy source = TestStudy.whole(uid);

        assertThat(publish(source.revision(0))).isEqualTo(Outcome.CREATED);
        ImagingStudy first = study();
        source.series("1.3", "MR", 2);
        source.study.setString(Tag.StudyDescription, VR.LO, "Changed");
        assertThat(publish(source.revision(1))).isEqualTo(Outcome.UPDATED);
        ImagingStudy second = study();
        assertThat(publish(TestStudy.deleted(uid, 2))).isEqualTo(Outcome.UPDATED);
        ImagingStudy deleted = study();
        assertThat(publish(source.revision(3))).isEqualTo(Outcome.UPDATED);

        assertThat(first.getNumberOfInstances()).isEqualTo(4);
        Endpoint endpoint = JSON.parseResource(
                Endpoint.class, get("/" + first.getEndpointFirstRep().getReference()));
        assertThat(endpoint.getAddress()).isEqualTo("https://archive.example.org/dicom-web");
        assertThat(second.getIdElement().getIdPart())
                .isEqualTo(first.getIdElement().getIdPart());
        assertThat(second.getNumberOfInstances()).isEqualTo(6);
        assertThat(second.getModality()).hasSize(3);
        assertThat(second.getDescription()).isEqualTo("Changed");
        assertThat(deleted.getStatus()).isEqualTo(ImagingStudy.ImagingStudyStatus.CANCELLED);
        assertThat(deleted.getSeries()).isEmpty();
        assertThat(deleted.getEndpoint()).isEmpty();
        assertThat(deleted.getSubject().getIdentifier().getValue())
                .isEqualTo(first.getSubject().getIdentifier().getValue());
        assertThat(study().getStatus()).isEqualTo(ImagingStudy.ImagingStudyStatus.AVAILABLE);
        assertThat(study().getSeries()).hasSize(3);
    }

    @Test
    void takesNothingBackForWhatComesAgainOrLate() throws Exception {
        TestStudy source = TestStudy.whole(uid);
        publish(source.revision(0));
        source.series("1.3", "MR", 2);
        publish(source.revision(4));
        String version = study().getMeta().getVersionId();

        assertThat(publish(source.revision(4))).isEqualTo(Outcome.UNCHANGED);
        assertThat(publish(TestStudy.whole(uid).revision(3))).isEqualTo(Outcome.UNCHANGED);
        assertThat(publish(TestStudy.deleted(uid, 2))).isEqualTo(Outcome.UNCHANGED);

        assertThat(study().getMeta().getVersionId()).isEqualTo(version);
        assertThat(study().getSeries()).hasSize(3);
    }

    @Test
    void remembersADeletionThatComesBeforeWhatItDeletes() throws Exception {
        assertThat(publish(TestStudy.deleted(uid, 5), "?deletedStatus=enteredInError"))
                .isEqualTo(Outcome.CREATED);
        assertThat(publish(TestStudy.whole(uid).revision(4))).isEqualTo(Outcome.UNCHANGED);

        assertThat(study().getStatus()).isEqualTo(ImagingStudy.ImagingStudyStatus.ENTEREDINERROR);
    }

    @RepeatedTest(10)
    void endsAtTheLatestRevisionWhicheverComeAtOnce() throws Exception {
        TestStudy source = new TestStudy(uid);
        source.provider = uid;
        List<Callable<Outcome>> deliveries = new ArrayList<>();
        for (int revision = 0; revision < 8; revision++) {
            source.series(Integer.toString(revision + 1), "CT", 1);
            StudyRevisionEvent event = source.revision(revision);
            deliveries.add(() -> publish(event, "?maximumConflicts=100"));
            deliveries.add(() -> publish(event, "?maximumConflicts=100"));
        }
        Collections.shuffle(deliveries);
        ExecutorService threads = Executors.newFixedThreadPool(deliveries.size());
        List<Outcome> outcomes = new ArrayList<>();
        for (Future<Outcome> delivery : threads.invokeAll(deliveries)) {
            outcomes.add(delivery.get());
        }
        threads.shutdown();

        assertThat(outcomes).containsOnlyOnce(Outcome.CREATED);
        assertThat(revision(study())).isEqualTo(7);
        assertThat(study().getSeries()).hasSize(8);
        assertThat(study().getMeta().getVersionId())
                .isEqualTo(Long.toString(outcomes.stream()
                        .filter(outcome -> outcome != Outcome.UNCHANGED)
                        .count()));
        JsonNode endpoints =
                new ObjectMapper().readTree(get("/Endpoint?identifier=urn:imaging-ingestion:endpoint%7C" + uid));
        assertThat(endpoints.path("entry")).hasSize(1);
    }

    @Test
    void createsThePatientOnceAndLeavesHerAsSheIs() throws Exception {
        TestStudy one = TestStudy.whole(uid);
        one.study.setString(Tag.PatientID, VR.LO, uid);
        publish(one.revision(0), "?createPatient=true");
        Reference subject = study().getSubject();
        one.study.setString(Tag.PatientName, VR.PN, "Other^Name");
        publish(one.revision(1), "?createPatient=true");

        assertThat(study().getSubject().getReference()).isEqualTo(subject.getReference());
        Patient patient = JSON.parseResource(Patient.class, get("/" + subject.getReference()));
        assertThat(patient.getMeta().getVersionId()).isEqualTo("1");
        assertThat(patient.getNameFirstRep().getFamily()).isEqualTo("Jürgens");
    }

    @Test
    void takesUpAStudyThatOthersPublishedButNotOfAnotherStorageSpace() throws Exception {
        HTTP.send(
                HttpRequest.newBuilder(URI.create(server.address() + "/ImagingStudy"))
                        .header("Content-Type", "application/fhir+json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"resourceType\":\"ImagingStudy\",\"status\":\"registered\",\"subject\":{\"display\":\"x\"},"
                                        + "\"identifier\":[{\"system\":\"urn:dicom:uid\",\"value\":\"urn:oid:" + uid
                                        + "\"}]}"))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        assertThat(publish(TestStudy.whole(uid).revision(0))).isEqualTo(Outcome.UPDATED);

        TestStudy other = TestStudy.whole(uid);
        other.provider = "south";
        assertThatThrownBy(() -> camelContext
                        .createProducerTemplate()
                        .sendBody("fhir-imaging-study:" + server.address(), other.revision(9)))
                .satisfies(failure ->
                        assertThat(failure(failure).status()).isEqualTo(DicomStatus.CLASS_INSTANCE_CONFLICT));
        assertThat(publish(other.revision(9), "?provider=north")).isEqualTo(Outcome.IGNORED);
        assertThat(revision(study())).isZero();
    }

    @Test
    void takesALongStudy() throws Exception {
        TestStudy large = new TestStudy(uid);
        IntStream.rangeClosed(1, 10).forEach(i -> large.series(Integer.toString(i), "CT", 100));

        assertThat(publish(large.revision(0))).isEqualTo(Outcome.CREATED);
        assertThat(study().getSeries()).hasSize(10).allSatisfy(series -> assertThat(series.getInstance())
                .hasSize(100));
        assertThat(publish(TestStudy.deleted(uid, 1))).isEqualTo(Outcome.UPDATED);

        assertThat(study().getStatus()).isEqualTo(ImagingStudy.ImagingStudyStatus.CANCELLED);
    }
}
