package org.imagingingestion.tests;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** All of pydicom's test files that identify an instance: in by STOW-RS, out by WADO-RS, and as pydicom reads them. */
class PydicomFilesIT {
    private static final String ANY_DICOM = "multipart/related; type=\"application/dicom\"; transfer-syntax=*";
    private static final String ANY_FRAME = "multipart/related; type=\"application/octet-stream\"; transfer-syntax=*";

    private static final int CANNOT_UNDERSTAND = 0xC000;

    /** Those that end before their end. */
    private static final Map<String, Integer> REFUSED = new TreeMap<>(Map.of(
            "rtplan_truncated.dcm", CANNOT_UNDERSTAND,
            "MR_truncated.dcm", CANNOT_UNDERSTAND));

    /** Those whose File Meta Information names another SOP Instance UID. */
    private static final Set<String> WARNED = Set.of(
            "badVR.dcm", "rtdose.dcm", "rtdose_1frame.dcm", "rtdose_expb.dcm", "rtdose_expb_1frame.dcm", "rtplan.dcm");

    /** What pydicom reads in a file, and what the server gave for it. */
    private record Retrieved(JsonNode expected, byte[] file, JsonNode metadata, List<String> frames) {}

    private static final Map<String, Retrieved> retrieved = new TreeMap<>();
    private static final Map<String, Integer> refused = new TreeMap<>();
    private static final Set<String> warned = new TreeSet<>();

    @BeforeAll
    static void storesAndRetrieves(@TempDir Path folder) {
        JsonNode instances = Script.python("instances.py", PydicomData.TEST_FILES);
        try (ImagingIngestion server = ImagingIngestion.on(folder)
                .property("imaging.manifest.conflict-policy", "keep-last")
                .start()) {
            DicomwebClient client = new DicomwebClient(server.dicomWeb());
            for (List<JsonNode> round : rounds(instances)) {
                store(client, round);
            }
        }
    }

    /** Several files are other versions of the same instance: each round has only one of them. */
    static List<List<JsonNode>> rounds(JsonNode instances) {
        Map<String, Integer> versions = new HashMap<>();
        List<List<JsonNode>> rounds = new ArrayList<>();
        for (JsonNode instance : instances) {
            int round = versions.merge(instance.get("SOPInstanceUID").asText(), 1, Integer::sum);
            if (round > rounds.size()) {
                rounds.add(new ArrayList<>());
            }
            rounds.get(round - 1).add(instance);
        }
        return rounds;
    }

    private static void store(DicomwebClient client, List<JsonNode> round) {
        HttpResponse<byte[]> response = client.store(
                round.stream().map(each -> PydicomData.file(name(each))).toList());
        assertThat(response.statusCode()).isIn(200, 202, 409);
        JsonNode answer = DicomwebClient.json(response);
        List<String> stored = new ArrayList<>();
        List<String> withWarning = new ArrayList<>();
        answer.path("00081199").path("Value").forEach(item -> {
            List<String> uids = DicomwebClient.values(item, "00081155");
            stored.addAll(uids);
            if (item.has("00081196")) {
                withWarning.addAll(uids);
            }
        });
        List<JsonNode> failures = new ArrayList<>();
        answer.path("00081198").path("Value").forEach(failures::add);
        answer.path("0008119A").path("Value").forEach(failures::add);
        for (JsonNode instance : round) {
            if (withWarning.contains(instance.get("SOPInstanceUID").asText())) {
                warned.add(name(instance));
            }
            if (stored.contains(instance.get("SOPInstanceUID").asText())) {
                retrieved.put(name(instance), retrieve(client, instance));
            } else {
                refused.put(
                        name(instance),
                        reason(failures, instance.get("SOPInstanceUID").asText()));
            }
        }
        assertThat(failures).hasSize(round.size() - stored.size());
    }

    /** Why an instance was refused; one whose header ends too early has no name. */
    private static int reason(List<JsonNode> failures, String uid) {
        JsonNode found = null;
        for (JsonNode failure : failures) {
            List<String> named = DicomwebClient.values(failure, "00081155");
            if (named.contains(uid) || named.isEmpty() && found == null) {
                found = failure;
            }
        }
        return found.get("00081197").get("Value").get(0).asInt();
    }

    private static Retrieved retrieve(DicomwebClient client, JsonNode instance) {
        String path = "studies/" + instance.get("StudyInstanceUID").asText()
                + "/series/" + instance.get("SeriesInstanceUID").asText()
                + "/instances/" + instance.get("SOPInstanceUID").asText();
        List<DicomwebClient.Part> files = client.parts(path, ANY_DICOM);
        assertThat(files).hasSize(1);
        JsonNode metadata = client.json(path + "/metadata");
        assertThat(metadata).hasSize(1);
        int count = instance.path("frames").size();
        List<String> frames = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            List<DicomwebClient.Part> frame = client.parts(path + "/frames/" + number, ANY_FRAME);
            assertThat(frame).hasSize(1);
            frames.add(Samples.sha256(frame.get(0).bytes()));
        }
        if (isReadByPydicom(instance)) {
            assertThat(client.get(path + "/frames/" + (count + 1), "*/*").statusCode())
                    .isEqualTo(404);
        }
        return new Retrieved(instance, files.get(0).bytes(), metadata.get(0), frames);
    }

    private static boolean isReadByPydicom(JsonNode instance) {
        return !instance.has("problem");
    }

    @Test
    void takesAllButThoseThatAreBroken() {
        assertThat(refused).isEqualTo(REFUSED);
        assertThat(warned).isEqualTo(WARNED);
        assertThat(retrieved).hasSizeGreaterThan(130);
        assertThat(retrieved.values())
                .filteredOn(each -> !isReadByPydicom(each.expected()))
                .extracting(each -> name(each.expected()))
                .containsExactly("badVR.dcm");
    }

    @Test
    void givesTheBytesBack() {
        assertThat(retrieved.values())
                .filteredOn(each -> each.expected().get("hasMeta").asBoolean())
                .allSatisfy(each ->
                        assertThat(each.file()).as(name(each.expected())).isEqualTo(original(each)));
    }

    @Test
    void givesADataSetBackAsAFile() {
        assertThat(retrieved.values())
                .filteredOn(each -> !each.expected().get("hasMeta").asBoolean())
                .hasSize(3)
                .allSatisfy(each -> {
                    byte[] original = original(each);
                    int start = each.file().length - original.length;
                    assertThat(new String(each.file(), 128, 4)).isEqualTo("DICM");
                    assertThat(Arrays.copyOfRange(each.file(), start, each.file().length))
                            .isEqualTo(original);
                });
    }

    @Test
    void givesTheFramesThatPydicomReads() {
        assertThat(retrieved.values())
                .filteredOn(each -> isReadByPydicom(each.expected()))
                .allSatisfy(each -> {
                    List<String> expected = new ArrayList<>();
                    each.expected().get("frames").forEach(frame -> expected.add(frame.asText()));
                    assertThat(each.frames()).as(name(each.expected())).isEqualTo(expected);
                });
        assertThat(retrieved.values()).anyMatch(each -> each.frames().size() == 15);
    }

    @Test
    void givesTheMetadataThatPydicomReads() {
        assertThat(retrieved.values())
                .filteredOn(each -> isReadByPydicom(each.expected()))
                .allSatisfy(each -> {
                    Map<String, Object> expected = new TreeMap<>();
                    Map<String, Object> actual = new TreeMap<>();
                    each.expected().get("attributes").properties().forEach(attribute -> {
                        expected.put(attribute.getKey(), comparable(attribute.getValue()));
                        actual.put(
                                attribute.getKey(), comparable(each.metadata().path(attribute.getKey())));
                    });
                    assertThat(actual).as(name(each.expected())).isEqualTo(expected);
                });
    }

    /** An attribute without what may be so or so: padding at the end of a value, and names that are all delimiters. */
    private static List<String> comparable(JsonNode attribute) {
        List<String> comparable = new ArrayList<>(List.of(attribute.path("vr").asText()));
        attribute
                .path("Value")
                .forEach(value -> comparable.add(
                        value.isNumber()
                                ? Double.toString(value.asDouble())
                                : value.isTextual() ? value.asText().stripTrailing() : value.toString()));
        comparable.removeIf(value -> value.matches("\\{\"Alphabetic\":\"\\^*\"}"));
        return comparable;
    }

    private static byte[] original(Retrieved each) {
        return PydicomData.file(name(each.expected()));
    }

    private static String name(JsonNode instance) {
        return instance.get("name").asText();
    }
}
