package org.imagingingestion.camel.dicomweb;

import java.util.ArrayList;
import java.util.List;

import org.imagingingestion.dicom.TransferSyntax;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NegotiationTest {
    private static final String EXPLICIT = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid();
    private static final String JPEG_LS = "1.2.840.10008.1.2.4.80";
    private static final MediaType DICOM = MediaType.DICOM.with("transfer-syntax", EXPLICIT);
    private static final List<Offer> INSTANCE = Offer.of(DICOM.inMultipart(), DICOM);
    private static final List<Offer> METADATA =
            Offer.of(MediaType.DICOM_JSON, MediaType.DICOM_XML.inMultipart(), MediaType.JSON);

    private static List<Offer> frame(String transferSyntax, boolean encapsulated) {
        List<Offer> single = PixelMediaTypes.of(transferSyntax, encapsulated);
        List<Offer> offers = new ArrayList<>();
        single.forEach(offer -> offers.add(new Offer(offer.mediaType().inMultipart(), offer.onlyByName())));
        offers.addAll(single);
        return offers;
    }

    private static String chosen(List<Offer> offers, String... accept) throws HttpException {
        return Negotiation.choose(MediaRange.parseAccept(List.of(accept), null), offers)
                .mediaType()
                .toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/related; type=application/octet-stream; transfer-syntax=*",
                "multipart/related; type=\"application/octet-stream\"; transfer-syntax=\"*\"",
                "multipart/related; type=\"application/octet-stream\"",
                "multipart/related; type=\"application/octet-stream\"; transfer-syntax=1.2.840.10008.1.2.1",
                "multipart/related",
                "multipart/related; type=\"*/*\"",
                "multipart/*",
                "*/*",
                ""
            })
    void givesNativeFramesToWhatViewersAsk(String accept) throws HttpException {
        assertThat(chosen(frame(EXPLICIT, false), accept))
                .isEqualTo("multipart/related; type=\"application/octet-stream\"; transfer-syntax=" + EXPLICIT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "multipart/related; type=application/octet-stream; transfer-syntax=*|multipart octets",
                "multipart/related; type=\"application/octet-stream\"; transfer-syntax=\"*\"|multipart octets",
                "multipart/related; type=\"application/octet-stream\"; transfer-syntax=1.2.840.10008.1.2.4.80|multipart octets",
                "multipart/related; type=\"image/jls\"|multipart jls",
                "multipart/related; type=\"image/jls\"; transfer-syntax=1.2.840.10008.1.2.4.80|multipart jls",
                "multipart/related; type=\"image/*\"|multipart jls",
                "multipart/related; type=\"application/octet-stream\", multipart/related; type=\"image/jls\"|multipart jls",
                "application/octet-stream; transfer-syntax=*|octets",
                "image/jls|jls",
                "image/*|jls",
                "*/*|multipart jls",
                "multipart/related|multipart jls"
            })
    void givesCompressedFramesAsTheyAreStored(String accept, String expected) throws HttpException {
        String octets = "application/octet-stream";
        String type = expected.endsWith("octets") ? octets : "image/jls";
        String syntax = "; transfer-syntax=" + JPEG_LS;

        assertThat(chosen(frame(JPEG_LS, true), accept))
                .isEqualTo(
                        expected.startsWith("multipart")
                                ? "multipart/related; type=\"" + type + "\"" + syntax
                                : type + syntax);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // without a transfer syntax it means uncompressed octets
                "multipart/related; type=\"application/octet-stream\"",
                "application/octet-stream",
                "multipart/related; type=\"image/jp2\"",
                "multipart/related; type=\"image/jls\"; transfer-syntax=1.2.840.10008.1.2.4.81",
                "multipart/related; type=\"application/octet-stream\"; transfer-syntax=1.2.840.10008.1.2.1",
                "multipart/related; type=\"application/dicom\"",
                "text/html",
                "image/jls; q=0",
                "nonsense"
            })
    void refusesCompressedFramesToWhoTakesThemOtherwiseOnly(String accept) {
        assertThatThrownBy(() -> chosen(frame(JPEG_LS, true), accept))
                .isInstanceOfSatisfying(
                        HttpException.class, e -> assertThat(e.httpStatus()).isEqualTo(406))
                .hasMessageContaining("multipart/related; type=\"image/jls\"; transfer-syntax=" + JPEG_LS);
    }

    @Test
    void givesFramesOfAnUnknownSyntaxToWhoTakesAnything() throws HttpException {
        assertThat(chosen(frame("1.2.3.4", true), "*/*"))
                .isEqualTo("multipart/related; type=\"application/octet-stream\"; transfer-syntax=1.2.3.4");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "multipart/related; type=\"application/dicom\"|multipart",
                "multipart/related; type=application/dicom|multipart",
                "multipart/related; type=\"application/dicom\"; transfer-syntax=*|multipart",
                "multipart/related; type=\"application/dicom\"; transfer-syntax=1.2.840.10008.1.2.1|multipart",
                "multipart/related; type=\"application/dicom; transfer-syntax=1.2.840.10008.1.2.1\"|multipart",
                "application/dicom|single",
                "application/dicom; transfer-syntax=*|single",
                "application/dicom; q=0.9, multipart/related; type=\"application/dicom\"; q=0.1|single",
                "application/dicom; q=0, */*|multipart",
                "*/*|multipart",
                "text/html, application/xhtml+xml, */*; q=0.1|multipart"
            })
    void givesInstancesInOnePartOrMany(String accept, String expected) throws HttpException {
        assertThat(chosen(INSTANCE, accept).startsWith("multipart")).isEqualTo(expected.equals("multipart"));
    }

    @Test
    void refusesAnotherTransferSyntaxThanTheStored() {
        assertThatThrownBy(() -> chosen(INSTANCE, "application/dicom; transfer-syntax=1.2.840.10008.1.2.4.50"))
                .isInstanceOf(HttpException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/dicom+json|application/dicom+json",
                "application/json|application/json",
                "application/json, application/dicom+json|application/dicom+json",
                "application/json, application/dicom+json; q=0.5|application/json",
                "multipart/related; type=\"application/dicom+xml\"|multipart/related; type=\"application/dicom+xml\"",
                "application/dicom+json; charset=utf-8|application/dicom+json",
                "image/jxl,image/avif,image/*,*/*;q=0.8|application/dicom+json"
            })
    void givesMetadataInTheFormatAskedFor(String accept, String expected) throws HttpException {
        assertThat(chosen(METADATA, accept)).isEqualTo(expected);
    }

    @Test
    void readsAlternativesFromSeveralHeaders() throws HttpException {
        assertThat(chosen(METADATA, "image/png", "application/json")).isEqualTo("application/json");
    }

    @Test
    void passesOverMembersThatAreNoMediaRanges() throws HttpException {
        assertThat(chosen(METADATA, "rubbish; a=\",\", application/json")).isEqualTo("application/json");
    }

    @Test
    void takesTheQueryParameterInsteadOfTheHeader() {
        List<MediaRange> accepted = MediaRange.parseAccept(List.of("image/png"), "application/dicom json");

        assertThat(accepted).containsExactly(new MediaRange(MediaType.DICOM_JSON, 1));
    }

    @Test
    void takesAnythingWhereNothingIsSaid() {
        assertThat(MediaRange.parseAccept(List.of(), null))
                .extracting(r -> r.mediaType().type())
                .containsExactly("*/*");
    }
}
