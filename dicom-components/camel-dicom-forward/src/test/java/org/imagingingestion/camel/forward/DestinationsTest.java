package org.imagingingestion.camel.forward;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

class DestinationsTest {
    private static final String BOTH =
            "[{\"filter\":\"Modality=MR\",\"dicomweb_destination\":\"https://mr.example.org/dicom/studies\"},"
                    + "{\"filter\":\"\",\"name\":\"PACS\",\"host\":\"pacs\",\"port\":104}]";

    private final DataSet mr = new DataSet().setString(Tag.Modality, VR.CS, "MR");
    private final DataSet ct = new DataSet().setString(Tag.Modality, VR.CS, "CT");

    private static Destinations of(String json, String byDefault, boolean all) {
        return new Destinations(json, byDefault, all, Map.of("overwrite", "true", "bearerToken", "secret"), Map.of());
    }

    @Test
    void choosesTheFirstThatTakesIt() throws DicomException {
        Destinations destinations = of(BOTH, null, false);

        assertThat(destinations.choose(null, null, mr))
                .extracting(Destination::uri)
                .containsExactly("stow:https://mr.example.org/dicom?overwrite=true");
        assertThat(destinations.choose(null, null, ct))
                .extracting(Destination::uri)
                .containsExactly("dimse:PACS@pacs:104");
    }

    @Test
    void choosesAllThatTakeItWhereToldSo() throws DicomException {
        assertThat(of(BOTH, null, true).choose(null, null, mr))
                .extracting(Destination::name)
                .containsExactly("https://mr.example.org/dicom", "PACS");
    }

    @Test
    void usesTheDefaultWhereNoneTakesIt() throws DicomException {
        String json = "[{\"filter\":\"Modality=US\",\"dicomweb_destination\":\"https://us.example.org\"}]";

        assertThat(of(json, "https://archive.example.org/dicom-web", true).choose(null, null, ct))
                .extracting(Destination::name)
                .containsExactly("https://archive.example.org/dicom-web");
        assertThatThrownBy(() -> of(json, null, true).choose(null, null, ct))
                .isInstanceOf(DicomException.class)
                .hasMessage("No destination takes the instance");
    }

    @Test
    void showsCredentialsToTheServerOfTheDefaultAlone() {
        String json = "[{\"filter\":\"Modality=US\",\"dicomweb_destination\":\"https://archive.example.org/us\"},"
                + "{\"filter\":\"Modality=MR\",\"dicomweb_destination\":\"https://archive.example.org:8443/mr\"},"
                + "{\"filter\":\"Modality=CT\",\"dicomweb_destination\":\"http://archive.example.org/ct\","
                + "\"options\":\"bearerToken=own\"}]";

        assertThat(of(json, "https://archive.example.org/dicom-web", true).each())
                .extracting(Destination::uri)
                .containsExactlyInAnyOrder(
                        "stow:https://archive.example.org/us?bearerToken=secret&overwrite=true",
                        "stow:https://archive.example.org:8443/mr?overwrite=true",
                        "stow:http://archive.example.org/ct?bearerToken=own&overwrite=true",
                        "stow:https://archive.example.org/dicom-web?bearerToken=secret&overwrite=true");
    }

    @Test
    void showsCredentialsHoweverTheyAreWrittenToNobodyElse() {
        String json = "[{\"filter\":\"\",\"dicomweb_destination\":\"https://other.example.org/x\"}]";

        assertThat(new Destinations(
                                json,
                                "https://archive.example.org/dicom-web",
                                true,
                                Map.of("bearertoken", "a", "client-secret", "b"),
                                Map.of())
                        .each()
                        .get(0)
                        .uri())
                .isEqualTo("stow:https://other.example.org/x");
    }

    @Test
    void usesItsOwnCredentialsAloneWhereADestinationHasSome() {
        String json = "[{\"filter\":\"\",\"dicomweb_destination\":\"https://archive.example.org/x\","
                + "\"options\":\"username=me&password=mine\"}]";

        assertThat(of(json, "https://archive.example.org/dicom-web", true)
                        .each()
                        .get(0)
                        .uri())
                .isEqualTo("stow:https://archive.example.org/x?overwrite=true&password=mine&username=me");
    }

    @Test
    void takesOnlyTheResourceFromTheEndOfAnAddress() {
        assertThat(of("", "https://host/allstudies", false).each().get(0).uri())
                .startsWith("stow:https://host/allstudies?");
        assertThat(of("", "https://host/dicomWeb/studies/", false).each().get(0).uri())
                .startsWith("stow:https://host/dicomWeb?");
    }

    @Test
    void givesADimsePeerItsOptionsAsDefaultToo() {
        assertThat(new Destinations("", "dimse:PACS@pacs:104?timeout=1", false, Map.of(), Map.of("callingAE", "ROUTER"))
                        .each())
                .extracting(Destination::name, Destination::uri)
                .containsExactly(tuple("dimse:PACS@pacs:104", "dimse:PACS@pacs:104?callingAE=ROUTER&timeout=1"));
    }

    @Test
    void refusesADestinationThatIsTheDefaultWithOtherOptions() {
        String json = "[{\"filter\":\"\",\"dicomweb_destination\":\"https://archive.example.org/dicom-web\","
                + "\"options\":\"bearerToken=other\"}]";

        assertThatThrownBy(() -> of(json, "https://archive.example.org/dicom-web", true))
                .hasMessageContaining("two destinations");
    }

    @Test
    void namesFoldersThatFileSystemsTake() {
        String address = "https://archive.example.org/" + "v1/projects/some-project/".repeat(20);

        assertThat(of("", address + "a", false).each().get(0).folder())
                .hasSizeLessThan(100)
                .isNotEqualTo(of("", address + "b", false).each().get(0).folder());
        assertThat(of("", "https://archive.example.org/dicom-web", false)
                        .each()
                        .get(0)
                        .folder())
                .isEqualTo("https://archive.example.org/dicom-web");
    }

    @Test
    void readsAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("destinations.json"), BOTH);

        assertThat(of(file.toString(), null, false).each()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|cannot be read",
                "[|not JSON",
                "[{\"dicomweb_destination\":\"https://a\"}]|Destination 1 has no filter",
                "[{\"filter\":\"\",\"dicomweb_destination\":\"ftp://a\"}]|no URL of http or https",
                "[{\"filter\":\"\",\"name\":\"A\",\"host\":\"h\",\"port\":0}]|a port from 1 to 65535",
                "[{\"filter\":\"Modlty=1\",\"name\":\"A\",\"host\":\"h\",\"port\":1}]|Modlty",
                "[{\"filter\":\"\",\"name\":\"A\",\"host\":\"h\",\"port\":1},{\"filter\":\"\",\"name\":\"A\",\"host\":\"h\",\"port\":2}]|two destinations",
                "[]|neither a destination"
            })
    void namesWhatIsWrong(String json, String message) {
        assertThatThrownBy(() -> of(json, null, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
