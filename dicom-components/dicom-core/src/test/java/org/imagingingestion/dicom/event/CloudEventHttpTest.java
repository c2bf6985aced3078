package org.imagingingestion.dicom.event;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

import org.imagingingestion.dicom.DicomException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CloudEventHttpTest {
    private static final CloudEvent EVENT = new CloudEvent(
            "0a",
            "urn:stow",
            "ImageStoredEvent",
            "/studies/1.2",
            Instant.parse("2026-01-02T03:04:05.678Z"),
            "Nord Süd 100%/1.2",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "{\"number\":1.50,\"text\":\"Änne\"}".getBytes(StandardCharsets.UTF_8));

    private static void assertSame(CloudEvent read) {
        assertThat(read).usingRecursiveComparison().isEqualTo(EVENT);
    }

    @Test
    void writesBinaryModeAsTheBindingSays() {
        assertThat(CloudEventHttp.headers(EVENT))
                .containsEntry("ce-specversion", "1.0")
                .containsEntry("ce-id", "0a")
                .containsEntry("ce-source", "urn:stow")
                .containsEntry("ce-type", "ImageStoredEvent")
                .containsEntry("ce-subject", "/studies/1.2")
                .containsEntry("ce-time", "2026-01-02T03:04:05.678Z")
                .containsEntry("ce-partitionkey", "Nord%20S%C3%BCd%20100%25/1.2")
                .containsEntry("ce-traceparent", EVENT.traceparent())
                .containsEntry("content-type", "application/json")
                .hasSize(9);
    }

    @Test
    void readsWhatItWroteInBinaryMode() throws Exception {
        assertSame(CloudEventHttp.read(CloudEventHttp.headers(EVENT)::get, EVENT.data()));
    }

    @Test
    void readsWhatItWroteInStructuredMode() throws Exception {
        Map<String, String> headers = Map.of("content-type", "application/cloudevents+json; charset=UTF-8");

        assertSame(CloudEventHttp.read(headers::get, CloudEventHttp.structured(EVENT)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"a\": [1.50, {\"b\":\"x\"}]}", "\"text \\\" end\"", "12.50", "true", "null", "[ ]", "\"\""})
    void takesStructuredDataByteForByte(String data) throws Exception {
        String json = "{\"data\" : " + data
                + " ,\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"x\":{}}";

        assertThat(CloudEventHttp.readStructured(json.getBytes(StandardCharsets.UTF_8))
                        .data())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(data);
        assertThat(CloudEventHttp.readStructured(("\uFEFF" + json).getBytes(StandardCharsets.UTF_8))
                        .data())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(data);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'data':{'data':'}\\'','id':[{}]},'id':'1'%s}|{'data':'}\\'','id':[{}]}",
                "{'id':'1','x':'\\\\','data':7%s}|7",
                "{'id':'1','data':'a','data':'b'%s}|'b'",
                "{'id':'1','datas':{'data':3},'dat':4%s}|",
                "{'id':'1','x':[['data',{'data':5}]],'data':{}%s}|{}",
                "{'id':'1','data':null%s,'y':'data'}|null",
            })
    void findsItsDataAmongWhatLooksLikeIt(String json, String data) throws Exception {
        String event =
                json.formatted(",'specversion':'1.0','source':'s','type':'t'").replace('\'', '"');

        CloudEvent read = CloudEventHttp.readStructured(event.getBytes(StandardCharsets.UTF_8));

        assertThat(read.id()).isEqualTo("1");
        assertThat(read.data()).asString(StandardCharsets.UTF_8).isEqualTo(data == null ? "" : data.replace('\'', '"'));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'d\\u0061ta':{}%s}",
                "{'data':{}%s}}",
                "{'data':{}%s",
                "{'data' {}%s}",
                "{'data':{}}%s",
                "{'data':'%s}",
                "{'data':{},%s}",
                "['data',{}%s]"
            })
    void refusesWhatIsNotWellFormedBesideItsData(String json) {
        String event = json.formatted(",'id':'1','specversion':'1.0','source':'s','type':'t'")
                .replace('\'', '"');

        assertThatThrownBy(() -> CloudEventHttp.readStructured(event.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(DicomException.class)
                .hasMessageStartingWith("CloudEvent ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{]", "}", "{\"image\":tru}", "1\"2"})
    void leavesItToWhoReadsTheDataWhetherTheyAreWellFormed(String data) throws Exception {
        String event = "{\"id\":\"1\",\"specversion\":\"1.0\",\"source\":\"s\",\"type\":\"t\",\"data\":" + data + "}";

        CloudEvent read = CloudEventHttp.readStructured(event.getBytes(StandardCharsets.UTF_8));

        assertThat(read.data()).asString(StandardCharsets.UTF_8).isEqualTo(data);
        assertThatThrownBy(() -> ImageStoredEvent.parse(read.data())).isInstanceOf(DicomException.class);
    }

    @Test
    void takesStructuredDataInBase64() throws Exception {
        String json = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"data_base64\":\"e30=\"}";

        assertThat(CloudEventHttp.readStructured(json.getBytes()).data())
                .asString()
                .isEqualTo("{}");
    }

    @Test
    void readsWhatOriginalSendersLeaveOut() throws Exception {
        Map<String, String> headers = Map.of("ce-specversion", "1.0", "ce-id", "7", "ce-source", "s", "ce-type", "t");

        CloudEvent read = CloudEventHttp.read(headers::get, new byte[] {'{', '}'});

        assertThat(read.subject()).isEmpty();
        assertThat(read.partitionKey()).isEqualTo("7");
        assertThat(read.traceparent()).isNull();
        assertThat(read.time()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "ce-specversion,,has no specversion",
        "ce-specversion,0.3,is not of version 1.0",
        "ce-id,,has no id",
        "ce-source,,has no source",
        "ce-type,,has no type",
        "ce-time,yesterday,has a time that is none (RFC 3339)",
        "content-type,text/xml,has data that are not JSON",
        "content-type,application/cloudevents-batch+json,'comes in batched mode, which is not supported'",
        "content-type,application/cloudevents+avro,is not in JSON"
    })
    void refusesWhatIsNoEvent(String header, String value, String message) {
        Map<String, String> headers = new HashMap<>(CloudEventHttp.headers(EVENT));
        headers.put(header, value);

        assertThatThrownBy(() -> CloudEventHttp.read(headers::get, EVENT.data()))
                .isInstanceOf(DicomException.class)
                .hasMessage("CloudEvent " + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{\"specversion\":1}", "{\"specversion\":\"1.0\",\"data\":{", "{} {}"})
    void refusesAStructuredBodyThatIsNone(String body) {
        assertThatThrownBy(() -> CloudEventHttp.readStructured(body.getBytes())).isInstanceOf(DicomException.class);
        assertThatThrownBy(() -> CloudEventHttp.readStructured(body.getBytes(StandardCharsets.UTF_16)))
                .isInstanceOf(DicomException.class);
    }

    @ParameterizedTest
    @CsvSource({"a%41b,aAb", "%,%", "a%4,a%4", "%zz,%zz", "%E4%BD%A0,你"})
    void decodesHeadersThatArePercentEncoded(String header, String value) throws Exception {
        Map<String, String> headers = new HashMap<>(CloudEventHttp.headers(EVENT));
        headers.put("ce-subject", header);

        assertThat(CloudEventHttp.read(headers::get, EVENT.data()).subject()).isEqualTo(value);
    }
}
