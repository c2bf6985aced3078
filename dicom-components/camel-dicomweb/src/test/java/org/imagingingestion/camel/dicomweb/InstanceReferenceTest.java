package org.imagingingestion.camel.dicomweb;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

import org.imagingingestion.dicom.DicomException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class InstanceReferenceTest {
    private static final String ADDRESS = "https://archive.example.org/v1/";
    private static final String PATH = "/studies/1.2/series/1.3/instances/1.4";

    private static InstanceReference parse(String text) throws DicomException {
        return InstanceReference.parse(text, ADDRESS);
    }

    private static String push(String data) {
        String encoded = Base64.getEncoder().encodeToString(data.getBytes(StandardCharsets.UTF_8));
        return "{\"message\":{\"data\":\"" + encoded + "\",\"messageId\":\"1\"},\"subscription\":\"s\"}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PATH,
                "studies/1.2/series/1.3/instances/1.4",
                " " + PATH + "/\n",
                "https://archive.example.org/v1" + PATH,
                "{\"provider\":\"default\",\"endpoint\":\"https://archive.example.org/v1" + PATH + "\"}"
            })
    void readsHoweverAnInstanceIsNamed(String text) throws DicomException {
        assertThat(parse(text).service()).isEmpty();
        assertThat(parse(text).retrieval().studyInstanceUID()).isEqualTo("1.2");
        assertThat(parse(text).retrieval().seriesInstanceUID()).isEqualTo("1.3");
        assertThat(parse(text).retrieval().sopInstanceUID()).isEqualTo("1.4");
    }

    @Test
    void readsThePathThatLeadsToTheService() throws DicomException {
        String resource = "projects/p/locations/l/datasets/d/dicomStores/s/dicomWeb" + PATH;

        assertThat(parse(resource).service()).isEqualTo("/projects/p/locations/l/datasets/d/dicomStores/s/dicomWeb");
        assertThat(parse(push(resource))).isEqualTo(parse(resource));
        assertThat(parse(push("{\"endpoint\":\"" + resource + "\"}"))).isEqualTo(parse(resource));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "\"http://wado.internal/wado-rs/studies/9/series/9/instances/9\""})
    void looksHereForTheInstanceOfAnEventThatSaysAnotherPlaceOrNone(String endpoint) throws DicomException {
        String event = "{\"provider\":\"default\",\"endpoint\":" + endpoint
                + ",\"studyInstanceUID\":\"1.2\",\"seriesInstanceUID\":\"1.3\",\"sopInstanceUID\":\"1.4\"}";

        assertThat(parse(event)).isEqualTo(parse(PATH));
        assertThat(parse(push(event))).isEqualTo(parse(PATH));
        assertThatThrownBy(() -> parse(event.replace("1.4", "../1")))
                .isInstanceOf(DicomException.class)
                .hasMessageStartingWith("The message ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/studies/1.2/series/1.3",
                PATH + "/frames/1",
                "/studies/1.2/series/1.3/instances/DOE",
                "https://elsewhere.example.org/v1" + PATH,
                "https://archive.example.org/v10" + PATH,
                "//elsewhere.example.org" + PATH,
                "/a/../b" + PATH,
                "/a?b=c" + PATH,
                "{\"endpoint\":null}",
                "{",
                "{\"message\":{\"data\":\"%\"}}"
            })
    void refusesWhatNamesNoInstanceOfTheServer(String text) throws DicomException {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(DicomException.class).hasMessageStartingWith("The message ");
    }
}
