package org.imagingingestion.camel.dicomweb;

import java.util.Map;

import org.imagingingestion.dicom.DicomException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MediaTypeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/related; type=\"application/octet-stream\"; transfer-syntax=\"*\"",
                "multipart/related; type=application/octet-stream; transfer-syntax=*",
                "multipart/related;type=application/octet-stream;transfer-syntax=*",
                "Multipart/Related ; TYPE = \"application/octet-stream\" ; Transfer-Syntax = * ;",
                "multipart/related; transfer-syntax=*;; type=\"application/octet-stream\""
            })
    void readsParametersQuotedOrNotAndInAnyOrder(String text) throws DicomException {
        MediaType mediaType = MediaType.parse(text);

        assertThat(mediaType.type()).isEqualTo("multipart/related");
        assertThat(mediaType.parameters())
                .containsExactlyInAnyOrderEntriesOf(Map.of("type", "application/octet-stream", "transfer-syntax", "*"));
    }

    @Test
    void keepsWhatIsWithinQuotes() throws DicomException {
        MediaType mediaType = MediaType.parse("multipart/related; boundary=\"a;b,c \\\"d\\\"\"; type=text/plain");

        assertThat(mediaType.parameter("boundary")).isEqualTo("a;b,c \"d\"");
        assertThat(mediaType.parameter("type")).isEqualTo("text/plain");
    }

    @Test
    void takesTheFirstOfAParameterGivenTwice() throws DicomException {
        assertThat(MediaType.parse("a/b; x=1; x=2").parameter("x")).isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "dicom",
                "application/",
                "/dicom",
                "a/b; x",
                "a/b; x=\"1",
                "a/b c",
                "a/b, c/d",
                "a/b; =1"
            })
    void refusesWhatIsNoMediaType(String text) {
        assertThatThrownBy(() -> MediaType.parse(text)).isInstanceOf(DicomException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/dicom|application/dicom",
                "application/dicom;transfer-syntax=1.2|application/dicom; transfer-syntax=1.2",
                "multipart/related; type=application/dicom|multipart/related; type=\"application/dicom\"",
                "a/b; x=\"a\\\"b\"|a/b; x=\"a\\\"b\"",
                "a/b; x=\"\"|a/b; x=\"\""
            })
    void quotesWhatNeedsQuotes(String text, String written) throws DicomException {
        assertThat(MediaType.parse(text)).hasToString(written);
    }

    @Test
    void namesTheTransferSyntaxOfItsPartsBesideTheirType() throws DicomException {
        MediaType multipart = MediaType.parse("multipart/related; type=\"image/jls\"; transfer-syntax=1.2.3");

        assertThat(multipart.partType()).isEqualTo(MediaType.of("image/jls").with("transfer-syntax", "1.2.3"));
        assertThat(multipart.partType().inMultipart()).isEqualTo(multipart);
    }
}
