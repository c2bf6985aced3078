package org.imagingingestion.camel.dicomweb;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.camel.builder.RouteBuilder;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.InstanceLocation;
import org.imagingingestion.dicom.service.MatchingKey;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryLevel;
import org.imagingingestion.dicom.service.QueryResult;
import org.imagingingestion.dicom.service.Retrieval;
import org.imagingingestion.dicom.service.RetrievalResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What services of the original ask, and what they understand. */
class ImagingQueryIT {
    private static final AtomicReference<Object> ASKED = new AtomicReference<>();
    private static final AtomicReference<Object> ANSWER = new AtomicReference<>();
    private static DicomwebTestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new DicomwebTestServer(new RouteBuilder() {
            @Override
            public void configure() {
                from("imaging-query:/query?providers=RAW(one, two, o n&e)&retrieveAddress=/dicom-web&maxResults=500")
                        .process(exchange -> {
                            ASKED.set(exchange.getMessage().getBody());
                            exchange.getMessage().setBody(ANSWER.get());
                        });
            }
        });
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return server.client.send(HttpRequest.newBuilder(server.uri(path)).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String query) throws Exception {
        return server.client.send(
                HttpRequest.newBuilder(server.uri("/query/studies?source=one"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(query))
                        .build(),
                BodyHandlers.ofString());
    }

    private static Query asked(String query) throws Exception {
        ANSWER.set(new QueryResult(List.of(), false));
        HttpResponse<String> response = post(query);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("[]");
        return (Query) ASKED.get();
    }

    @Test
    void saysWhichObjectsHoldInstances() throws Exception {
        ANSWER.set(new RetrievalResult(
                "7",
                List.of(new InstanceLocation(
                        "1.2",
                        "1.2.3",
                        "1.2.3.4",
                        "1.2.840.10008.5.1.4.1.1.2",
                        "1.2.840.10008.1.2.1",
                        "one/1.2/1.2.3/1.2.3.4_5.dcm",
                        100,
                        new byte[32],
                        new byte[0],
                        Instant.parse("2024-02-29T10:11:12Z"))),
                List.of(),
                null));

        HttpResponse<String> response = get("/query/studies/1.2/series/1.2.3/instances/1.2.3.4?source=one");

        assertThat(ASKED.get()).isEqualTo(new Retrieval("one", "1.2", "1.2.3", "1.2.3.4", Retrieval.Content.LOCATIONS));
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(response.body())
                .isEqualTo("[{\"attributes\":{\"00020010\":{\"vr\":\"UI\",\"Value\":[\"1.2.840.10008.1.2.1\"]},"
                        + "\"00080016\":{\"vr\":\"UI\",\"Value\":[\"1.2.840.10008.5.1.4.1.1.2\"]},"
                        + "\"00080018\":{\"vr\":\"UI\",\"Value\":[\"1.2.3.4\"]},"
                        + "\"0020000D\":{\"vr\":\"UI\",\"Value\":[\"1.2\"]},"
                        + "\"0020000E\":{\"vr\":\"UI\",\"Value\":[\"1.2.3\"]}},"
                        + "\"resource\":{\"objectName\":\"one/1.2/1.2.3/1.2.3.4_5.dcm\"},"
                        + "\"lastModified\":\"2024-02-29T10:11:12Z\"}]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/query/studies/1.2",
                "/query/studies/1.2?source=",
                "/query/studies/1.2/series/1.2.3?source=%20",
                "/query/studies/1.2/series/1.2.3/instances/1.2.3.4?Source=one"
            })
    void takesNobodyForAnybody(String path) throws Exception {
        ASKED.set(null);

        assertThat(get(path).statusCode()).isEqualTo(400);

        assertThat(ASKED.get()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"three", "on", "*", "one, two"})
    void saysNothingOfOthers(String source) throws Exception {
        ASKED.set(null);
        String of = "?source=" + URLEncoder.encode(source, StandardCharsets.UTF_8);

        HttpResponse<String> located = get("/query/studies/1.2" + of);
        HttpResponse<String> found = server.client.send(
                HttpRequest.newBuilder(server.uri("/query/studies" + of))
                        .POST(BodyPublishers.ofString("{\"scope\":\"STUDY\"}"))
                        .build(),
                BodyHandlers.ofString());

        assertThat(List.of(located, found))
                .allMatch(response -> response.statusCode() == 200)
                .extracting(HttpResponse::body)
                .containsOnly("[]");
        assertThat(get("/query/studies/1.2" + of + "&content=metadata").body()).startsWith("{\"count\":0,");
        assertThat(ASKED.get()).isNull();
    }

    @Test
    void answersThatThereIsNothingByAnEmptyArray() throws Exception {
        ANSWER.set(new RetrievalResult(null, List.of(), List.of(), null));

        HttpResponse<String> response = get("/query/studies/1.2?source=one");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("[]");
    }

    @Test
    void searchesByTheKeysOfQido() throws Exception {
        Query query = asked(
                """
                {"scope":"SERIES","studyUid":"1.2","seriesUid":null,"fuzzyMatching":true,"offset":20,"limit":10,
                 "includedFields":["0008103E"],"other":{"a":[1]},
                 "queryAttributes":{"1048592":"Doe*","1048608":"P1","524384":"CT","2097169":"4"}}""");

        assertThat(query)
                .isEqualTo(new Query(
                        "one",
                        QueryLevel.SERIES,
                        List.of(
                                new MatchingKey(List.of(Tag.StudyInstanceUID), VR.UI, List.of("1.2")),
                                new MatchingKey(List.of(Tag.PatientName), VR.PN, List.of("Doe*")),
                                new MatchingKey(List.of(Tag.PatientID), VR.LO, List.of("P1")),
                                new MatchingKey(List.of(Tag.Modality), VR.CS, List.of("CT")),
                                new MatchingKey(List.of(Tag.SeriesNumber), VR.IS, List.of("4"))),
                        List.of(List.of(Tag.SeriesDescription)),
                        false,
                        true,
                        10,
                        20));
    }

    @Test
    void searchesForAsManyAsItMayWhereNoLimitIsAskedFor() throws Exception {
        assertThat(asked("{\"scope\":\"STUDY\"}").limit()).isEqualTo(500);
        assertThat(asked("{\"scope\":\"STUDY\",\"limit\":0}").limit()).isEqualTo(500);
        assertThat(asked("{\"scope\":\"INSTANCE\",\"limit\":100000}").limit()).isEqualTo(500);
        assertThat(asked("{\"scope\":\"INSTANCE\",\"limit\":7}").limit()).isEqualTo(7);
    }

    @Test
    void tellsMatchesInTheJsonOfTheOriginal() throws Exception {
        String match =
                """
                {"00083002":{"vr":"UI","Value":["1.2.840.10008.1.2.1"]},"00081190":{"vr":"UR","Value":["\u0001/studies/1.2"]},\
                "00100010":{"vr":"PN","Value":[{"Alphabetic":"Döe^Jane"}]},"00200013":{"vr":"IS","Value":[7]},\
                "00080050":{"vr":"SH"}}""";
        ANSWER.set(new QueryResult(List.of(match.getBytes(StandardCharsets.UTF_8)), false));

        assertThat(post("{\"scope\":\"INSTANCE\"}").body())
                .isEqualTo("[{\"attributes\":{\"00020010\":{\"vr\":\"UI\",\"Value\":[\"1.2.840.10008.1.2.1\"]},"
                        + "\"00080005\":{\"vr\":\"CS\",\"Value\":[\"ISO_IR 192\"]},"
                        + "\"00080050\":{\"vr\":\"SH\"},"
                        + "\"00081190\":{\"vr\":\"UR\",\"Value\":[\"http://127.0.0.1:" + server.port
                        + "/dicom-web/studies/1.2\"]},"
                        + "\"00083002\":{\"vr\":\"UI\",\"Value\":[\"1.2.840.10008.1.2.1\"]},"
                        + "\"00100010\":{\"vr\":\"PN\",\"Value\":[\"Döe^Jane\"]},"
                        + "\"00200013\":{\"vr\":\"IS\",\"Value\":[\"7\"]}},\"resource\":null,\"lastModified\":null}]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "nonsense Doe^Jane",
                "{\"scope\":\"PATIENT\"}",
                "{\"scope\":\"STUDY\",\"studyUid\":\"' OR 1=1\"}",
                "{\"scope\":\"STUDY\",\"limit\":-1}",
                "{\"scope\":\"STUDY\",\"offset\":\"x\"}",
                "{\"scope\":\"STUDY\",\"queryAttributes\":{\"PatientName\":\"Doe^Jane\"}}",
                "{\"scope\":\"STUDY\",\"queryAttributes\":{\"1048592\":{\"a\":\"Doe^Jane\"}}}",
                "{\"scope\":\"STUDY\",\"queryAttributes\":[\"Doe^Jane\"]}",
                "{\"scope\":\"STUDY\",\"queryAttributes\":{\"524320\":\"Doe^Jane\"}}",
                "{\"scope\":\"STUDY\""
            })
    void refusesWhatIsNoQueryWithoutRepeatingIt(String query) throws Exception {
        ASKED.set(null);

        HttpResponse<String> response = post(query);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).isNotBlank().doesNotContain("Doe").doesNotContain("OR 1=1");
        assertThat(ASKED.get()).isNull();
    }

    @Test
    void refusesWhatIsTooLong() throws Exception {
        assertThat(post("{\"scope\":\"STUDY\",\"x\":\"" + "x".repeat(1 << 20) + "\"}")
                        .statusCode())
                .isEqualTo(413);
        assertThat(post("{\"x\":" + "[".repeat(500_000)).statusCode()).isEqualTo(400);
    }

    @Test
    void asksAnotherProcessForAllThatItsManifestKnows() throws Exception {
        Query query = new Query(
                "o n&e",
                QueryLevel.IMAGE,
                List.of(
                        new MatchingKey(List.of(Tag.StudyInstanceUID), VR.UI, List.of("1.2")),
                        new MatchingKey(List.of(Tag.SOPInstanceUID), VR.UI, List.of("1.2.3", "1.2.4")),
                        new MatchingKey(List.of(Tag.PatientName), VR.PN, List.of("Dö\"e^J*")),
                        new MatchingKey(
                                List.of(Tag.RequestAttributesSequence, Tag.ScheduledProcedureStepID),
                                VR.SH,
                                List.of("S1"))),
                List.of(List.of(Tag.Rows), List.of(Tag.RequestAttributesSequence, Tag.RequestedProcedureID)),
                true,
                true,
                7,
                3);
        byte[] match =
                "{\"00081190\":{\"vr\":\"UR\",\"Value\":[\"\u0001/studies/1.2\"]}}".getBytes(StandardCharsets.UTF_8);
        ANSWER.set(new QueryResult(List.of(match, "{}".getBytes(StandardCharsets.UTF_8)), true));

        QueryResult found = (QueryResult) ask(query);

        assertThat(ASKED.get()).isEqualTo(query);
        assertThat(found.more()).isTrue();
        assertThat(found.matches()).hasSize(2).first().isEqualTo(match);
        Query none = new Query("one", QueryLevel.STUDY, List.of(), List.of(), false, false, 0, 0);
        assertThat(ask(none)).isEqualTo(new QueryResult(List.of(), true));
    }

    @ParameterizedTest
    @EnumSource(Retrieval.Content.class)
    void retrievesAllThatTheManifestOfAnotherProcessKnows(Retrieval.Content content) throws Exception {
        InstanceLocation location = new InstanceLocation(
                "1.2",
                "1.2.3",
                "1.2.3.4",
                "1.2.840.10008.5.1.4.1.1.2",
                "1.2.840.10008.1.2.1",
                "one/1.2/1.2.3/1.2.3.4_5.dcm",
                5_000_000_000L,
                new byte[] {1, -1, '\n'},
                new byte[] {2, 0},
                Instant.parse("2024-02-29T10:11:12.123456Z"));
        byte[] metadata = "{\"00080005\":{\"vr\":\"CS\"}}".getBytes(StandardCharsets.UTF_8);
        boolean locations = content == Retrieval.Content.LOCATIONS;
        boolean documents = content == Retrieval.Content.METADATA;
        RetrievalResult known = new RetrievalResult(
                "7", locations ? List.of(location) : List.of(), documents ? List.of(metadata) : List.of(), null);
        ANSWER.set(known);
        Retrieval retrieval =
                new Retrieval("one", "1.2", content == Retrieval.Content.VERSION ? null : "1.2.3", null, content);

        Object found = ask(retrieval);

        assertThat(ASKED.get()).isEqualTo(retrieval);
        assertThat(found).usingRecursiveComparison().isEqualTo(known);
        RetrievalResult nothing = new RetrievalResult(null, List.of(), List.of(), null);
        ANSWER.set(nothing);
        assertThat(ask(retrieval)).isEqualTo(nothing);
    }

    @Test
    void asksAnotherProcessForTheMetadataThatIsLeft() throws Exception {
        byte[] metadata = "{\"00080005\":{\"vr\":\"CS\"}}".getBytes(StandardCharsets.UTF_8);
        RetrievalResult known =
                new RetrievalResult("7", List.of(), List.of(metadata), List.of("1.2.3.5", "1.2.3.6"), null);
        ANSWER.set(known);
        Retrieval retrieval = new Retrieval("one", "1.2", "1.2.3", null, Retrieval.Content.METADATA)
                .of(List.of("1.2.3.4", "1.2.3.5", "1.2.3.6"));

        Object found = ask(retrieval);

        assertThat(ASKED.get()).isEqualTo(retrieval);
        assertThat(found).usingRecursiveComparison().isEqualTo(known);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.2.3\n\n1.2.4", "1.2.3\nDoe^Jane"})
    void refusesAListThatIsNotOfUIDs(String list) throws Exception {
        ASKED.set(null);

        HttpResponse<String> response = server.client.send(
                HttpRequest.newBuilder(server.uri("/query/studies/1.2?source=one&content=metadata"))
                        .POST(BodyPublishers.ofString(list))
                        .build(),
                BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).isNotBlank().doesNotContain("Doe");
        assertThat(ASKED.get()).isNull();
    }

    @Test
    void saysThatThereIsNoServiceToAsk() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TestProducer producer = new TestProducer()) {
            int port = socket.getLocalPort();
            socket.close();
            assertThatThrownBy(() -> producer.send(
                            "imaging-query:http://127.0.0.1:" + port + "/query?maximumRetries=0",
                            new Retrieval("one", "1.2", null, null, Retrieval.Content.VERSION)))
                    .isInstanceOfSatisfying(
                            DicomException.class, e -> assertThat(e.status()).isEqualTo(DicomStatus.OUT_OF_RESOURCES))
                    .hasMessageContaining("cannot be connected to");
        }
    }

    private static Object ask(Object question) throws Exception {
        try (TestProducer producer = new TestProducer()) {
            return producer.send("imaging-query:" + server.uri("/query"), question)
                    .getMessage()
                    .getBody();
        }
    }
}
