package org.imagingingestion.tests;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Orthanc as a DICOMweb client: it pushes studies in, finds them, and pulls them back. */
class OrthancIT {
    @TempDir
    static Path folder;

    private static ImagingIngestion server;
    private static Orthanc orthanc;

    @BeforeAll
    static void start() throws IOException {
        server = ImagingIngestion.on(folder.resolve("data")).start();
        orthanc = Orthanc.in(folder.resolve("orthanc"), server.dicomWeb());
    }

    @AfterAll
    static void stop() {
        try (ImagingIngestion closed = server;
                Orthanc alsoClosed = orthanc) {}
    }

    @AfterEach
    void forget() {
        orthanc.instances().forEach(orthanc::delete);
    }

    @Test
    void pushesAStudyAndPullsItBack() {
        Map<String, byte[]> files =
                put(Stream.of("17106", "17136", "17166", "17196").map(name -> "dicomdirtests/77654033/CT2/" + name));
        push(files);

        JsonNode studies = orthanc.qido("/studies", Map.of("PatientID", "77654033"));
        assertThat(studies).hasSize(1);
        assertThat(value(studies.get(0), "PatientName")).isEqualTo("Doe^Archibald");
        assertThat(value(studies.get(0), "StudyDate")).isEqualTo("19950903");
        String study = value(studies.get(0), "StudyInstanceUID");
        assertThat(orthanc.qido("/studies/" + study + "/series", Map.of())).hasSize(1);
        assertThat(orthanc.qido("/instances", Map.of("StudyInstanceUID", study)))
                .hasSize(4);

        pullBack(files, Map.of("Study", study));
    }

    @Test
    void pushesCompressedImagesAndPullsThemBack() {
        Map<String, byte[]> files = put(Stream.of("JPEG2000.dcm", "MR_small_RLE.dcm", "rtdose_rle.dcm"));
        push(files);

        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            JsonNode study = orthanc.study(file.getKey());
            String uid = study.get("MainDicomTags").get("StudyInstanceUID").asText();
            pullBack(Map.of(file.getKey(), file.getValue()), Map.of("Study", uid));
        }
    }

    @Test
    void findsNothingWhereNothingIs() {
        assertThat(orthanc.qido("/studies", Map.of("PatientID", "nobody"))).isEmpty();
    }

    private static Map<String, byte[]> put(Stream<String> names) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        names.map(PydicomData::file).forEach(file -> files.put(orthanc.put(file), file));
        return files;
    }

    private static void push(Map<String, byte[]> files) {
        JsonNode outcome = orthanc.stow(List.copyOf(files.keySet()));
        assertThat(outcome.path("InstancesCount").asInt()).as(outcome::toString).isEqualTo(files.size());
    }

    private static void pullBack(Map<String, byte[]> files, Map<String, String> uids) {
        files.keySet().forEach(orthanc::delete);
        assertThat(orthanc.instances()).doesNotContainAnyElementsOf(files.keySet());

        orthanc.retrieve(uids);

        assertThat(orthanc.instances()).containsAll(files.keySet());
        files.forEach((id, file) -> assertThat(orthanc.file(id)).isEqualTo(file));
    }

    private static String value(JsonNode dataSet, String keyword) {
        for (JsonNode attribute : dataSet) {
            if (attribute.path("Name").asText().equals(keyword)) {
                return attribute.get("Value").asText();
            }
        }
        return null;
    }
}
