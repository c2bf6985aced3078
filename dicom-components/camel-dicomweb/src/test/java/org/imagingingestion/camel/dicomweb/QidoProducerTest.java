package org.imagingingestion.camel.dicomweb;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.direct.DirectConsumer;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.service.MatchingKey;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryLevel;
import org.imagingingestion.dicom.service.QueryResult;
import org.imagingingestion.dicom.service.RemoteResults;
import org.imagingingestion.dicom.service.RemoteResultsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class QidoProducerTest {
    private static final String JSON = "application/dicom+json";

    private final TestProducer producer = new TestProducer();

    @AfterEach
    void stop() {
        producer.close();
    }

    /** Studies 1.0, 1.1 and so on. */
    private static String[] studies(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "1." + i).toArray(String[]::new);
    }

    private static String json(String... studies) {
        return Arrays.stream(studies)
                .map(uid -> "{\"0020000D\":{\"vr\":\"UI\",\"Value\":[\"" + uid + "\"]}}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static Map<String, String> parameters(ScriptedServer.Call call) {
        Map<String, String> parameters = new LinkedHashMap<>();
        String query = URI.create(call.target).getRawQuery();
        for (String parameter : query == null ? new String[0] : query.split("&")) {
            parameters.put(parameter.split("=")[0], parameter.split("=")[1]);
        }
        return parameters;
    }

    /** As a server does that takes limit and offset. */
    private static ScriptedServer.Script archive(int size, boolean takesLimit, boolean takesOffset) {
        return call -> {
            Map<String, String> parameters = parameters(call);
            int offset = takesOffset ? Integer.parseInt(parameters.getOrDefault("offset", "0")) : 0;
            int limit = takesLimit ? Integer.parseInt(parameters.getOrDefault("limit", "1000000")) : 1_000_000;
            int from = Math.min(size, offset);
            call.answer(200, JSON, json(studies(from, (int) Math.min(size, (long) from + limit))));
        };
    }

    private static Query query(QueryLevel level, int limit, MatchingKey... keys) {
        return new Query("default", level, List.of(keys), List.of(), false, false, limit, 0);
    }

    private static Query all() {
        return query(QueryLevel.STUDY, Integer.MAX_VALUE);
    }

    private static MatchingKey key(int tag, String... values) {
        return new MatchingKey(List.of(tag), Dictionary.vrOf(tag), List.of(values));
    }

    @Test
    void asksPageByPageWhileResultsAreTaken() throws Exception {
        try (ScriptedServer server = new ScriptedServer(archive(25, true, true));
                RemoteResults<DataSet> results = producer.results("qido:" + server.url() + "?pageSize=10", all())) {
            assertThat(server.targets()).containsExactly("GET /dicom-web/studies?limit=10");
            assertThat(server.calls.get(0).headers).containsEntry("Accept", JSON);
            for (int i = 0; i < 25; i++) {
                assertThat(results.next().string(Tag.StudyInstanceUID)).isEqualTo("1." + i);
            }
            assertThat(results.hasNext()).isFalse();
            assertThat(server.targets())
                    .containsExactly(
                            "GET /dicom-web/studies?limit=10",
                            "GET /dicom-web/studies?limit=10&offset=10",
                            "GET /dicom-web/studies?limit=10&offset=20");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, true, true, 1",
        "9, true, true, 1",
        "10, true, true, 2",
        "25, false, true, 1",
        "25, false, false, 1",
        "25, true, false, 3",
        "10, true, false, 3",
        "9, true, false, 1"
    })
    void findsEachOnceWhateverTheServerTakesOfIt(int size, boolean takesLimit, boolean takesOffset, int requests)
            throws Exception {
        try (ScriptedServer server = new ScriptedServer(archive(size, takesLimit, takesOffset))) {
            assertThat(producer.studies("qido:" + server.url() + "?pageSize=10", all()))
                    .containsExactly(studies(0, size));
            assertThat(server.calls).hasSize(requests);
        }
    }

    @Test
    void goesOnBehindAShortPageWhereTheServerSaysThatThereIsMore() throws Exception {
        String warning = "Warning: 299 x: \"There are more results that can be requested\"\r\n";
        try (ScriptedServer server = new ScriptedServer(
                call -> call.answer(200, warning, json("1.0", "1.1").getBytes()), archive(3, true, true))) {
            Exchange exchange = producer.send("qido:" + server.url(), all());

            assertThat(exchange.getMessage().getHeader(DicomwebConstants.WARNING, String.class))
                    .contains("more results");
            assertThat((RemoteResults<?>) exchange.getMessage().getBody())
                    .toIterable()
                    .hasSize(3);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204})
    void findsNothing(int status) throws Exception {
        try (ScriptedServer server = new ScriptedServer(call -> call.say(
                "HTTP/1.1 " + status + " Nothing\r\n" + (status == 200 ? "Content-Length: 0\r\n\r\n" : "\r\n")))) {
            assertThat(producer.studies("qido:" + server.url(), all())).isEmpty();
            assertThat(server.calls).hasSize(1);
        }
    }

    @Test
    void givesNoMoreThanIsWanted() throws Exception {
        try (ScriptedServer server = new ScriptedServer(archive(1000, true, true))) {
            String uri = "qido:" + server.url() + "?pageSize=10";
            assertThat(producer.studies(uri, query(QueryLevel.STUDY, 7))).containsExactly(studies(0, 7));
            assertThat(producer.studies(
                            uri, new Query("x", QueryLevel.STUDY, List.of(), List.of(), false, false, 12, 5)))
                    .containsExactly(studies(5, 17));
            assertThat(producer.studies(uri, query(QueryLevel.STUDY, 0))).isEmpty();

            assertThat(server.targets())
                    .containsExactly(
                            "GET /dicom-web/studies?limit=7",
                            "GET /dicom-web/studies?limit=10&offset=5",
                            "GET /dicom-web/studies?limit=2&offset=15");
        }
    }

    @Test
    void mergesWhatSeveralRequestsFind() throws Exception {
        Query query = query(QueryLevel.STUDY, 1000, key(Tag.ModalitiesInStudy, "CT", "PT"));
        try (ScriptedServer server = new ScriptedServer(
                call -> call.answer(200, JSON, json("1.1", "1.2")),
                call -> call.answer(200, JSON, json("1.2", "1.3")))) {
            assertThat(producer.studies("qido:" + server.url(), query)).containsExactly("1.1", "1.2", "1.3");
        }
        try (ScriptedServer server = new ScriptedServer(call -> call.answer(200, JSON, json("1.1")))) {
            assertThat(producer.studies("qido:" + server.url() + "?multipleValues=list", query))
                    .containsExactly("1.1");
            assertThat(server.targets()).containsExactly("GET /dicom-web/studies?00080061=CT,PT&limit=200");
        }
    }

    @Test
    void findsPatientsByTheirStudies() throws Exception {
        String study =
                "{\"0020000D\":{\"vr\":\"UI\",\"Value\":[\"%s\"]},\"00100020\":{\"vr\":\"LO\",\"Value\":[\"%s\"]}}";
        String content = "[" + String.format(study, "1.1", "A") + "," + String.format(study, "1.2", "B") + ","
                + String.format(study, "1.3", "A") + "]";
        try (ScriptedServer server = new ScriptedServer(call -> call.answer(200, JSON, content));
                RemoteResults<DataSet> results =
                        producer.results("qido:" + server.url(), query(QueryLevel.PATIENT, 1000))) {
            assertThat(results)
                    .toIterable()
                    .allMatch(patient -> !patient.contains(Tag.StudyInstanceUID))
                    .extracting(patient -> patient.string(Tag.PatientID))
                    .containsExactly("A", "B");
        }
    }

    @Test
    void knowsTheStudyThatIsInThePath() throws Exception {
        String content = "[{\"0020000E\":{\"vr\":\"UI\",\"Value\":[\"1.2.3\"]}}]";
        try (ScriptedServer server = new ScriptedServer(call -> call.answer(200, JSON, content))) {
            assertThat(producer.studies(
                            "qido:" + server.url(), query(QueryLevel.SERIES, 10, key(Tag.StudyInstanceUID, "1.2"))))
                    .containsExactly("1.2");
        }
    }

    @Test
    void readsACompressedAnswer() throws Exception {
        byte[] content = Gzip.compress(json(studies(0, 150)).getBytes());
        try (ScriptedServer server =
                new ScriptedServer(call -> call.answer(200, "Content-Encoding: gzip\r\n", content))) {
            assertThat(producer.studies("qido:" + server.url(), all())).hasSize(150);
            assertThat(producer.studies("qido:" + server.url(), all())).hasSize(150);
            assertThat(server.calls.get(0).headers).containsEntry("Accept-Encoding", "gzip");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void asksOnceMoreForAPageThatBreaksOff() throws Exception {
        String whole = json(studies(0, 100));
        try (ScriptedServer server = new ScriptedServer(
                call -> {
                    call.say("HTTP/1.1 200 OK\r\nContent-Length: " + whole.length() + "\r\n\r\n"
                            + whole.substring(0, whole.length() / 2));
                    call.in.close();
                },
                call -> call.answer(200, JSON, whole))) {
            assertThat(producer.studies("qido:" + server.url(), all())).containsExactly(studies(0, 100));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, A701",
        "401, 0124",
        "403, 0124",
        "404, A701",
        "409, A701",
        "413, A700",
        "429, A700",
        "500, A701",
        "503, A700"
    })
    void endsWithTheStatusThatTheAnswerStandsFor(int status, String expected) throws Exception {
        try (ScriptedServer server = new ScriptedServer(call -> call.answer(status, "text/plain", "no Doe^John"))) {
            assertThatThrownBy(() -> producer.send(
                            "qido:" + server.url() + "?maximumRetries=0",
                            query(QueryLevel.STUDY, 10, key(Tag.PatientName, "Doe^John"))))
                    .isInstanceOfSatisfying(DicomwebException.class, failure -> {
                        assertThat(failure.status().code()).isEqualTo(Integer.parseInt(expected, 16));
                        assertThat(failure.httpStatus()).isEqualTo(status);
                        assertThat(failure.getMessage()).doesNotContain("Doe");
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>", "[1]", "[{\"0020000D\":{\"vr\":\"UI\"", "nonsense Doe^John"})
    void refusesAnAnswerThatIsNoDicomJson(String content) throws Exception {
        try (ScriptedServer server = new ScriptedServer(call -> call.answer(200, JSON, content))) {
            assertThatThrownBy(() -> producer.studies("qido:" + server.url(), all()))
                    .isInstanceOfSatisfying(DicomException.class, failure -> assertThat(failure.status())
                            .isEqualTo(DicomStatus.CANNOT_UNDERSTAND))
                    .message()
                    .doesNotContain("Doe");
        }
    }

    @Test
    void holdsOnlyWhatItGives() throws Exception {
        // an answer without an end: what can be read of it has been read from it one by one
        try (ScriptedServer server = new ScriptedServer(call -> {
                    call.say("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n[");
                    for (int i = 0; true; i++) {
                        String study = json("1." + i);
                        call.say(study.substring(1, study.length() - 1) + ",");
                    }
                });
                RemoteResults<DataSet> results = producer.results("qido:" + server.url(), all())) {
            for (int i = 0; i < 100_000; i++) {
                results.next();
            }
        }
    }

    @Test
    void tellsALaterFailureWhereItComesUp() throws Exception {
        try (ScriptedServer server =
                        new ScriptedServer(archive(20, true, true), call -> call.answer(403, "text/plain", "no"));
                RemoteResults<DataSet> results = producer.results("qido:" + server.url() + "?pageSize=10", all())) {
            for (int i = 0; i < 10; i++) {
                results.next();
            }

            assertThatThrownBy(results::hasNext)
                    .isInstanceOfSatisfying(RemoteResultsException.class, failure -> assertThat(failure.status())
                            .isEqualTo(DicomStatus.NOT_AUTHORIZED));
        }
    }

    @Test
    void closesResultsWhenTheExchangeIsDone() throws Exception {
        try (ScriptedServer server = new ScriptedServer(call -> {
            call.say("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
                    + json("1.1").replace("}]", "},"));
            try {
                // until the client cuts the connection
                call.in.read();
            } finally {
                call.headers.put("Closed", "yes");
            }
        })) {
            producer.camelContext.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:search").to("qido:" + server.url());
                }
            });

            producer.camelContext.createProducerTemplate().sendBody("direct:search", all());

            await().until(() -> server.calls.get(0).headers.containsKey("Closed"));
        }
    }

    @Test
    void goesThroughARouteThatSplits() throws Exception {
        List<String> found = new ArrayList<>();
        try (ScriptedServer server = new ScriptedServer(archive(25, true, true))) {
            producer.camelContext.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:search")
                            .to("qido:" + server.url() + "?pageSize=10")
                            .split(body())
                            .streaming()
                            .process(exchange -> found.add(
                                    exchange.getMessage().getBody(DataSet.class).string(Tag.StudyInstanceUID)));
                }
            });

            producer.camelContext.createProducerTemplate().sendBody("direct:search", all());

            assertThat(found).containsExactly(studies(0, 25));
        }
    }

    @Test
    void leavesResultsOpenForAConsumerThatOwnsTheUnitOfWork() throws Exception {
        try (ScriptedServer server = new ScriptedServer(archive(25, true, true))) {
            producer.camelContext.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:search").to("qido:" + server.url() + "?pageSize=10");
                }
            });
            DirectConsumer consumer =
                    (DirectConsumer) producer.camelContext.getRoutes().get(0).getConsumer();
            Exchange exchange = consumer.createExchange(false);
            exchange.getIn().setBody(all());
            consumer.createUoW(exchange);
            try {
                consumer.getProcessor().process(exchange);

                assertThat((RemoteResults<?>) exchange.getMessage().getBody())
                        .toIterable()
                        .hasSize(25);
            } finally {
                consumer.doneUoW(exchange);
            }
        }
    }

    @Test
    void searchesOneOfOurOwn() throws Exception {
        String[] found = studies(0, 25);
        try (DicomwebTestServer server = new DicomwebTestServer(new RouteBuilder() {
            @Override
            public void configure() {
                from("qido:/dicom-web?maxResults=8").process(exchange -> {
                    Query query = exchange.getMessage().getBody(Query.class);
                    int to = Math.min(found.length, query.offset() + query.limit());
                    exchange.getMessage()
                            .setBody(new QueryResult(
                                    IntStream.range(Math.min(query.offset(), to), to)
                                            .mapToObj(i -> json(found[i]))
                                            .map(json -> json.substring(1, json.length() - 1)
                                                    .getBytes(StandardCharsets.UTF_8))
                                            .toList(),
                                    to < found.length));
                });
            }
        })) {
            assertThat(producer.studies(
                            "qido:" + server.uri("/dicom-web"),
                            query(QueryLevel.STUDY, 1000, key(Tag.PatientName, "Müller^J*"))))
                    .containsExactly(found);
        }
    }
}
