package org.imagingingestion.camel.fhir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.camel.impl.DefaultCamelContext;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.event.CloudEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is made of what a server answers that does not do what it is asked; one that does is in {@link FhirImagingStudyIT}. */
class FhirFailuresTest {
    private static final String NONE = "{\"resourceType\":\"Bundle\",\"type\":\"searchset\"}";
    private static final String CREATED = "{\"resourceType\":\"Bundle\",\"type\":\"transaction-response\",\"entry\":["
            + "{\"response\":{\"status\":\"200 OK\",\"location\":\"Endpoint/1/_history/1\"}},"
            + "{\"response\":{\"status\":\"201 Created\",\"location\":\"http://x/ImagingStudy/7/_history/1\"}}]}";
    private static final String OUTCOME =
            "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"diagnostics\":\"Doe^Jane is no name\"}]}";

    private record Reply(int status, String body, String retryAfter) {}

    private final Deque<Reply> replies = new ArrayDeque<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final DefaultCamelContext camelContext = new DefaultCamelContext();
    private HttpServer server;
    private byte[] last;
    private Reply endpoints = ok(NONE);

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        camelContext.start();
    }

    @AfterEach
    void stop() {
        camelContext.stop();
        server.stop(0);
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        if (exchange.getRequestURI().getPath().endsWith("/Endpoint")) {
            answer(exchange, endpoints);
            return;
        }
        last = exchange.getRequestBody().readAllBytes();
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().getFirst("Authorization"));
        Reply reply = replies.size() > 1 ? replies.poll() : replies.peek();
        answer(exchange, reply);
    }

    private static void answer(HttpExchange exchange, Reply reply) throws IOException {
        if (reply.retryAfter != null) {
            exchange.getResponseHeaders().add("Retry-After", reply.retryAfter);
        }
        byte[] body = reply.body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void reply(Reply... all) {
        replies.addAll(Arrays.asList(all));
    }

    private static Reply ok(String body) {
        return new Reply(200, body, null);
    }

    private static Reply refused(int status) {
        return new Reply(status, OUTCOME, null);
    }

    private String uri(String options) {
        return "fhir-imaging-study:http://127.0.0.1:" + server.getAddress().getPort()
                + "/fhir/ImagingStudy?retryDelay=1&maximumRetries=1" + options;
    }

    private Object publish(String options) {
        return camelContext
                .createProducerTemplate()
                .request(uri(options), exchange -> exchange.getMessage()
                        .setBody(TestStudy.whole("1.2.3").revision(3)))
                .getMessage()
                .getHeader(FhirImagingStudyConstants.OUTCOME);
    }

    private DicomException failure(Object body, String options) {
        Exception failure = camelContext
                .createProducerTemplate()
                .request(uri(options), exchange -> exchange.getMessage().setBody(body))
                .getException();
        assertThat(failure).isInstanceOf(DicomException.class);
        return (DicomException) failure;
    }

    private DicomException failure(String options) {
        return failure(TestStudy.whole("1.2.3").revision(3), options);
    }

    @Test
    void asksFirstAndThenWrites() {
        reply(ok(NONE), ok(CREATED));

        assertThat(publish("&username=me&password=secret")).isEqualTo(Outcome.CREATED);

        assertThat(requests)
                .containsExactly(
                        "GET /fhir/ImagingStudy?identifier=urn%3Adicom%3Auid%7Curn%3Aoid%3A1.2.3&_count=2"
                                + "&_elements=identifier,extension Basic bWU6c2VjcmV0",
                        "POST /fhir Basic bWU6c2VjcmV0");
    }

    @Test
    void triesAgainWhenTheServerHasNoTime() {
        reply(new Reply(429, OUTCOME, "0"), ok(NONE), new Reply(503, "", null), ok(CREATED));

        assertThat(publish("&bearerToken=abc")).isEqualTo(Outcome.CREATED);

        assertThat(requests).hasSize(4).allSatisfy(request -> assertThat(request)
                .endsWith("Bearer abc"));
    }

    @Test
    void leavesItToTheSenderWhereTheServerWantsMoreTimeThanItWaits() {
        reply(new Reply(429, OUTCOME, "3600"));

        assertThat(failure("").status()).isEqualTo(DicomStatus.OUT_OF_RESOURCES);
        assertThat(requests).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "400,CANNOT_UNDERSTAND",
        "413,CANNOT_UNDERSTAND",
        "422,CANNOT_UNDERSTAND",
        "401,NOT_AUTHORIZED",
        "403,NOT_AUTHORIZED",
        "404,NO_SUCH_OBJECT_INSTANCE",
        "500,PROCESSING_FAILURE",
        "503,OUT_OF_RESOURCES"
    })
    void saysWhatTheAnswerMeansAndQuotesItOnlyWhereThatIsAllowed(int status, DicomStatus meaning) {
        reply(ok(NONE), refused(status));
        DicomException failure = failure("");
        replies.clear();
        reply(ok(NONE), refused(status));
        DicomException quoting = failure("&logPhi=true");

        assertThat(failure.status()).isEqualTo(status == 404 ? DicomStatus.NO_SUCH_OBJECT_INSTANCE : meaning);
        assertThat(failure.getMessage()).contains(Integer.toString(status)).doesNotContain("Doe");
        assertThat(quoting.getMessage()).contains("Doe^Jane");
    }

    @Test
    void givesWayToOthersButNotForEver() {
        reply(ok(NONE), refused(412), ok(NONE), refused(409), ok(NONE), refused(409));

        assertThat(failure("&maximumConflicts=2").status()).isEqualTo(DicomStatus.PROCESSING_FAILURE);
        assertThat(requests).hasSize(6);
    }

    @Test
    void refersToTheSameOneOfSeveralEndpoints() throws Exception {
        String endpoint = "{\"resource\":{\"resourceType\":\"Endpoint\",\"id\":\"%s\",\"meta\":{\"versionId\":\"1\"},"
                + "\"identifier\":[{\"system\":\"urn:imaging-ingestion:endpoint\",\"value\":\"%s\"}],"
                + "\"address\":\"https://archive.example.org/dicom-web\"}}";
        endpoints = ok("{\"resourceType\":\"Bundle\",\"entry\":[" + endpoint.formatted("9", "north") + ","
                + endpoint.formatted("12", "north") + "," + endpoint.formatted("1", "another") + "]}");
        reply(ok(NONE), ok(CREATED));

        assertThat(publish("")).isEqualTo(Outcome.CREATED);

        JsonNode entries = new ObjectMapper().readTree(last).path("entry");
        assertThat(entries).hasSize(1);
        assertThat(entries.at("/0/resource/endpoint/0/reference").textValue()).isEqualTo("Endpoint/12");
    }

    @Test
    void writesNothingWhereItCannotBeToldWhichEndpointThereIs() {
        endpoints = refused(503);
        reply(ok(NONE), ok(CREATED));

        assertThat(failure("").status()).isEqualTo(DicomStatus.OUT_OF_RESOURCES);
        assertThat(requests).hasSize(1);
    }

    @Test
    void looksAgainAtTheOneThatWasThereFirst() {
        String there = "{\"resourceType\":\"ImagingStudy\",\"id\":\"7\",\"meta\":{\"versionId\":\"1\"}}";
        reply(
                ok(NONE),
                ok(CREATED.replace("201 Created", "200 OK")),
                ok(there),
                ok("{\"resourceType\":\"Bundle\",\"type\":\"transaction-response\"}"));

        assertThat(publish("")).isEqualTo(Outcome.UPDATED);
        assertThat(requests.get(2)).startsWith("GET /fhir/ImagingStudy/7?_elements=");
    }

    @Test
    void takesAStudyOfFiftyThousandInstancesOverOneThatIsAsLong() throws Exception {
        TestStudy large = new TestStudy("1.2.3");
        for (int i = 1; i <= 50; i++) {
            large.series(Integer.toString(i), "CT", 1000);
        }
        byte[] bundle = new StudyBundle(
                        large.revision(4), new Mapping(null, false, null, Map.of(), null, "", null, 50_000))
                .write(null, null);
        JsonNode study = new ObjectMapper().readTree(bundle).at("/entry/1/resource");
        ((ObjectNode) study).put("id", "7").putObject("meta").put("versionId", "9");
        reply(ok(study.toString()), ok("{\"resourceType\":\"Bundle\"}"));

        Object outcome = camelContext
                .createProducerTemplate()
                .request(uri(""), exchange -> exchange.getMessage()
                        .setBody(large.revision(5).toJson()))
                .getMessage()
                .getHeader(FhirImagingStudyConstants.OUTCOME);

        assertThat(outcome).isEqualTo(Outcome.UPDATED);
        JsonNode written = new ObjectMapper().readTree(last).at("/entry/1");
        assertThat(written.at("/request/ifMatch").asText()).isEqualTo("W/\"9\"");
        assertThat(written.at("/resource/numberOfInstances").asInt()).isEqualTo(50_000);
        assertThat(written.at("/resource/series/49/instance")).hasSize(1000);
        assertThat(last.length).isLessThan(10 << 20);
    }

    @Test
    void choosesNoneOfSeveral() {
        String one = "{\"resource\":{\"resourceType\":\"ImagingStudy\",\"id\":\"7\",\"meta\":{\"versionId\":\"1\"}}}";
        reply(ok("{\"resourceType\":\"Bundle\",\"entry\":[" + one + "," + one + "]}"));

        assertThat(failure("").status()).isEqualTo(DicomStatus.CLASS_INSTANCE_CONFLICT);
    }

    @Test
    void doesNotBelieveWhatIsNoAnswer() {
        for (String odd : List.of("", "Doe^Jane", "[]", "{\"resourceType\":\"ImagingStudy\",\"id\":\"7\"}")) {
            replies.clear();
            reply(ok(odd));
            DicomException failure = failure("");
            assertThat(failure.status()).isEqualTo(DicomStatus.OUT_OF_RESOURCES);
            assertThat(failure.getMessage()).doesNotContain("Doe");
        }
        replies.clear();
        reply(ok(NONE), ok("{}"));
        assertThat(failure("").status()).isEqualTo(DicomStatus.OUT_OF_RESOURCES);
    }

    @Test
    void waitsForAServerThatIsAway() {
        server.stop(0);

        assertThat(failure("").status()).isEqualTo(DicomStatus.OUT_OF_RESOURCES);
    }

    @Test
    void refusesWhatIsNoRevisionOfAStudy() {
        CloudEvent other =
                new CloudEvent("1", "s", "DicomAvailableEvent", "/studies/1.2", Instant.EPOCH, "p", null, new byte[0]);

        assertThat(failure(other, "").status()).isEqualTo(DicomStatus.NO_SUCH_EVENT_TYPE);
        assertThat(failure("{}".getBytes(), "").status()).isEqualTo(DicomStatus.CANNOT_UNDERSTAND);
        assertThat(failure(TestStudy.whole("../x").revision(0), "").status())
                .isEqualTo(DicomStatus.INVALID_ARGUMENT_VALUE);
        assertThat(requests).isEmpty();
    }

    @Test
    void refusesOptionsThatCannotBe() {
        for (String option :
                List.of("timeZone=Mars", "issuerSystems=x", "maximumConflicts=-1", "maximumInstances=-1")) {
            assertThatThrownBy(() -> publish("&" + option))
                    .hasStackTraceContaining(option.substring(0, option.indexOf('=')));
        }
    }
}
