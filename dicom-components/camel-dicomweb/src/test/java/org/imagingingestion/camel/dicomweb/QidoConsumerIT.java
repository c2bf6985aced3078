package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;

import org.apache.camel.builder.RouteBuilder;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.NativeXml;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.MatchingKey;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryLevel;
import org.imagingingestion.dicom.service.QueryResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class QidoConsumerIT {
    private static final AtomicReference<Query> ASKED = new AtomicReference<>();
    private static volatile QueryResult result;
    private static volatile Exception failure;
    private static DicomwebTestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new DicomwebTestServer(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                for (String uri : new String[] {
                    "qido:/wado-rs,/dicom-web?provider=main",
                    "qido:/old?noMatchStatus=204&maxResults=5",
                    "qido:/outside?externalAddress=https://archive.example.org/dicom-web/"
                }) {
                    from(uri).process(exchange -> {
                        if (failure != null) {
                            throw failure;
                        }
                        ASKED.set(exchange.getMessage().getBody(Query.class));
                        exchange.getMessage().setBody(result);
                    });
                }
            }
        });
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void reset() {
        ASKED.set(null);
        failure = null;
        result = new QueryResult(List.of(match("1.2"), match("1.3")), false);
    }

    private static byte[] match(String study) {
        return ("{\"00081190\":{\"vr\":\"UR\",\"Value\":[\"\u0001/studies/" + study + "\"]},"
                        + "\"00100010\":{\"vr\":\"PN\",\"Value\":[{\"Alphabetic\":\"Müller^Jörg\"}]},"
                        + "\"0020000D\":{\"vr\":\"UI\",\"Value\":[\"" + study + "\"]}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        return send("GET", path, headers);
    }

    private static HttpResponse<byte[]> send(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.uri(path)).method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return server.client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "studies, STUDY, ''",
        "studies/1.2/series, SERIES, 0020000D",
        "studies/1.2/instances, IMAGE, 0020000D",
        "studies/1.2/series/1.3/instances, IMAGE, 0020000D 0020000E",
        "series, SERIES, ''",
        "instances, IMAGE, ''"
    })
    void searchesEachResource(String resource, QueryLevel level, String keys) throws Exception {
        assertThat(get("/dicom-web/" + resource + "?PatientID=7").statusCode()).isEqualTo(200);

        Query query = ASKED.get();
        assertThat(query.provider()).isEqualTo("main");
        assertThat(query.level()).isEqualTo(level);
        List<String> expected = new ArrayList<>(keys.isEmpty() ? List.of() : List.of(keys.split(" ")));
        expected.add("00100020");
        assertThat(query.keys()).extracting(key -> Tag.toHexString(key.tag())).containsExactlyElementsOf(expected);
    }

    @Test
    void givesMatchesAsAnArrayWithTheAddressOfTheService() throws Exception {
        HttpResponse<byte[]> response = get("/wado-rs/studies", "Accept", "application/dicom+json");

        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/dicom+json");
        assertThat(response.headers().firstValue("Warning")).isEmpty();
        String base = server.uri("/wado-rs").toString();
        assertThat(text(response))
                .isEqualTo(("[" + new String(match("1.2"), StandardCharsets.UTF_8) + ","
                                + new String(match("1.3"), StandardCharsets.UTF_8) + "]")
                        .replace("\u0001", base));
    }

    @Test
    void namesItselfByTheExternalAddress() throws Exception {
        assertThat(text(get("/outside/studies"))).contains("\"https://archive.example.org/dicom-web/studies/1.2\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=101&offset=0&fuzzymatching=true&includefield=00081030%2C00080060%2C00080090%2C00100030",
                "limit=101&offset=0&fuzzymatching=false&includefield=00081030,00080060,00080090,00100030"
            })
    void takesTheQueriesOfViewers(String parameters) throws Exception {
        HttpResponse<byte[]> response = get(
                "/dicom-web/studies?" + parameters + "&PatientName=*x*&AccessionNumber=*x*&StudyDescription=*%C3%B6*"
                        + "&00100020=x&StudyInstanceUID=1.2",
                "Accept",
                "application/dicom+json");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(ASKED.get().limit()).isEqualTo(101);
        assertThat(ASKED.get().includeFields()).hasSize(4);
        assertThat(ASKED.get().keys())
                .containsExactly(
                        new MatchingKey(List.of(Tag.PatientName), VR.PN, List.of("*x*")),
                        new MatchingKey(List.of(Tag.AccessionNumber), VR.SH, List.of("*x*")),
                        new MatchingKey(List.of(Tag.StudyDescription), VR.LO, List.of("*ö*")),
                        new MatchingKey(List.of(Tag.PatientID), VR.LO, List.of("x")),
                        new MatchingKey(List.of(Tag.StudyInstanceUID), VR.UI, List.of("1.2")));
    }

    @Test
    void saysThatThereAreMore() throws Exception {
        result = new QueryResult(result.matches(), true);

        assertThat(get("/dicom-web/studies?limit=2").headers().firstValue("Warning"))
                .hasValue("299 " + server.uri("/dicom-web") + ": \"There are more results that can be requested\"");
    }

    @Test
    void saysWhatItDoesNotSupport() throws Exception {
        assertThat(get("/dicom-web/studies?emptyvaluematching=true")
                        .headers()
                        .firstValue("Warning")
                        .orElseThrow())
                .contains("emptyvaluematching");
    }

    @Test
    void givesAnEmptyListWhereNothingMatches() throws Exception {
        result = new QueryResult(List.of(), false);
        HttpResponse<byte[]> response = get("/dicom-web/studies");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(text(response)).isEqualTo("[]");
        assertThat(get("/old/studies").statusCode()).isEqualTo(204);
    }

    @Test
    void limitsWhatIsAskedFor() throws Exception {
        get("/old/studies?limit=100");
        assertThat(ASKED.get().limit()).isEqualTo(5);
        get("/dicom-web/studies");
        assertThat(ASKED.get().limit()).isEqualTo(1000);
    }

    @Test
    void givesMatchesInXml() throws Exception {
        HttpResponse<byte[]> response =
                get("/dicom-web/studies", "Accept", "multipart/related; type=\"application/dicom+xml\"");

        List<TestParts.Part> parts = TestParts.read(response);
        assertThat(parts).hasSize(2);
        DataSet dataSet = NativeXml.read(new ByteArrayInputStream(parts.get(1).body()));
        assertThat(dataSet.string(Tag.RetrieveURL)).isEqualTo(server.uri("/dicom-web") + "/studies/1.3");
        result = new QueryResult(List.of(), false);
        assertThat(get("/dicom-web/studies", "Accept", "multipart/related; type=\"application/dicom+xml\"")
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void compressesLongAnswers() throws Exception {
        assertThat(get("/dicom-web/studies", "Accept-Encoding", "gzip")
                        .headers()
                        .firstValue("Content-Encoding"))
                .isEmpty();
        List<byte[]> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.add(match("1." + i));
        }
        result = new QueryResult(many, false);
        HttpResponse<byte[]> response = get("/dicom-web/studies", "Accept-Encoding", "gzip");

        assertThat(response.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes())
                .isEqualTo(get("/dicom-web/studies").body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/dicom+json", "multipart/related; type=\"application/dicom+xml\""})
    void givesLongAnswersAsTheClientTakesThem(String accept) throws Exception {
        List<byte[]> many = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            many.add(match("1." + i));
        }
        result = new QueryResult(many, true);

        HttpResponse<byte[]> plain = get("/dicom-web/studies", "Accept", accept);
        HttpResponse<byte[]> zipped = get("/dicom-web/studies", "Accept", accept, "Accept-Encoding", "gzip");
        HttpResponse<byte[]> head = send("HEAD", "/dicom-web/studies", "Accept", accept);

        assertThat(plain.body().length).isGreaterThan(1 << 20);
        assertThat(plain.headers().firstValue("Warning")).isPresent();
        assertThat(head.statusCode()).isEqualTo(200);
        byte[] unzipped = new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes();
        assertThat(unzipped).hasSize(plain.body().length);
        if (accept.endsWith("json")) {
            assertThat(unzipped).isEqualTo(plain.body());
            assertThat(text(plain)).startsWith("[{").endsWith("}]");
            assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(plain.body().length);
        } else {
            assertThat(TestParts.read(plain)).hasSize(10_000);
        }
    }

    @Test
    void answersHeadWithTheLengthAlone() throws Exception {
        HttpResponse<byte[]> head = send("HEAD", "/dicom-web/studies");

        assertThat(head.headers().firstValueAsLong("Content-Length"))
                .hasValue(get("/dicom-web/studies").body().length);
        assertThat(head.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "studies?StudyDate=Doe, StudyDate",
        "studies?NoSuchThing=Doe, NoSuchThing",
        "studies?limit=Doe, limit",
        "studies/Doe/series, studies",
        "studies?PatientID=Doe%, percent"
    })
    void refusesWhatIsMalformedWithoutRepeatingIt(String request, String named) throws Exception {
        // a client library refuses the last one itself
        HttpResponse<byte[]> response = request.endsWith("%") ? raw(request) : get("/dicom-web/" + request);

        assertThat(response == null ? 400 : response.statusCode()).isEqualTo(400);
        if (response != null) {
            assertThat(text(response)).contains(named).doesNotContain("Doe");
        }
        assertThat(ASKED).hasValue(null);
    }

    private static HttpResponse<byte[]> raw(String request) throws Exception {
        try (java.net.Socket socket = new java.net.Socket("127.0.0.1", server.port)) {
            socket.getOutputStream()
                    .write(("GET /dicom-web/" + request + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 400").contains("percent").doesNotContain("Doe");
            return null;
        }
    }

    @Test
    void answersWhatTheRouteRefuses() throws Exception {
        failure = new DicomException(DicomStatus.INVALID_ARGUMENT_VALUE, "Rows cannot be searched for");
        HttpResponse<byte[]> refused = get("/dicom-web/studies?Rows=1");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(text(refused)).isEqualTo("Rows cannot be searched for\n");

        failure = new DicomException(DicomStatus.OUT_OF_RESOURCES, "The database is not there");
        HttpResponse<byte[]> unavailable = get("/dicom-web/studies");
        assertThat(unavailable.statusCode()).isEqualTo(503);
        assertThat(unavailable.headers().firstValue("Retry-After")).isPresent();

        failure = new IllegalStateException("PatientName Doe is the matter");
        HttpResponse<byte[]> broken = get("/dicom-web/studies");
        assertThat(broken.statusCode()).isEqualTo(500);
        assertThat(text(broken)).doesNotContain("Doe");
    }

    @Test
    void refusesFormatsThatItDoesNotHave() throws Exception {
        HttpResponse<byte[]> response = get("/dicom-web/studies", "Accept", "text/html");

        assertThat(response.statusCode()).isEqualTo(406);
        assertThat(text(response)).contains("application/dicom+json");
        assertThat(get("/dicom-web/studies?accept=application/dicom%2Bjson", "Accept", "text/html")
                        .statusCode())
                .isEqualTo(200);
        assertThat(get("/dicom-web/studies?accept=application/dicom+json", "Accept", "text/html")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void refusesOtherMethods() throws Exception {
        HttpResponse<byte[]> response = send("DELETE", "/dicom-web/studies");

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).hasValue("GET");
    }
}
