package org.imagingingestion.tests;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of a second instance under a known SOP Instance UID, under each policy. */
class ConflictIT {
    private static final int DUPLICATE_SOP_INSTANCE = 0x0111;
    private static final int WARNING = 0xB007;
    private static final String STUDY = Samples.uid();
    private static final String SERIES = Samples.uid();
    private static final String INSTANCE = Samples.uid();
    private static final String PATH = "studies/" + STUDY + "/series/" + SERIES + "/instances/" + INSTANCE;

    @TempDir
    Path data;

    private final byte[] first = version("First", 1000);
    private final byte[] second = version("Second", 100_000);

    private ImagingIngestion.Builder server(String policy) {
        return ImagingIngestion.on(data).property("imaging.manifest.conflict-policy", policy);
    }

    @Test
    void keepsTheFirstAndTellsTheSecondSo() throws Exception {
        try (ImagingIngestion server = ImagingIngestion.on(data).start()) {
            DicomwebClient client = new DicomwebClient(server.dicomWeb());
            client.storeAll(first);
            client.storeAll(first);
            assertThat(objects()).containsExactly(first);

            HttpResponse<byte[]> response = client.store(List.of(second));

            assertThat(response.statusCode()).isEqualTo(202);
            assertThat(reasons(response, "00081199", "00081196")).containsExactly(Integer.toString(WARNING));
            assertInForce(client, first, "First");
            assertThat(objects()).containsExactlyInAnyOrder(first, second);

            assertThat(client.store(List.of(second)).statusCode()).isEqualTo(202);
            client.storeAll(first);
            assertInForce(client, first, "First");
            assertThat(objects()).containsExactlyInAnyOrder(first, second);
        }
    }

    @Test
    void keepsTheLastAndTheEarlierOnesBesideIt() throws Exception {
        try (ImagingIngestion server = server("keep-last").start()) {
            DicomwebClient client = new DicomwebClient(server.dicomWeb());
            client.storeAll(first);
            client.storeAll(first);
            assertThat(objects()).containsExactly(first);
            String before = etag(client);

            client.storeAll(second);

            assertInForce(client, second, "Second");
            assertThat(etag(client)).isNotEqualTo(before);
            assertThat(objects()).containsExactlyInAnyOrder(first, second);

            client.storeAll(first);
            assertInForce(client, first, "First");
            assertThat(etag(client)).isEqualTo(before);
            assertThat(objects()).containsExactlyInAnyOrder(first, second);
        }
    }

    @Test
    void refusesTheSecond() throws Exception {
        try (ImagingIngestion server = server("refuse").start()) {
            DicomwebClient client = new DicomwebClient(server.dicomWeb());
            client.storeAll(first);
            client.storeAll(first);

            HttpResponse<byte[]> response = client.store(List.of(second));

            assertThat(response.statusCode()).isEqualTo(409);
            assertThat(reasons(response, "00081198", "00081197"))
                    .containsExactly(Integer.toString(DUPLICATE_SOP_INSTANCE));
            assertInForce(client, first, "First");
            assertThat(objects()).containsExactly(first);
        }
    }

    @Test
    void losesNoVersionWhenThePolicyChanges() throws Exception {
        try (ImagingIngestion server = server("keep-last").start()) {
            new DicomwebClient(server.dicomWeb()).storeAll(first, second);
        }
        try (ImagingIngestion server = server("refuse").start()) {
            DicomwebClient client = new DicomwebClient(server.dicomWeb());

            assertThat(client.store(List.of(first)).statusCode()).isEqualTo(409);
            assertInForce(client, second, "Second");
            assertThat(objects()).containsExactlyInAnyOrder(first, second);
        }
        try (ImagingIngestion server = server("keep-first").start()) {
            DicomwebClient client = new DicomwebClient(server.dicomWeb());

            assertThat(client.store(List.of(first)).statusCode()).isEqualTo(202);
            assertInForce(client, second, "Second");
            assertThat(objects()).containsExactlyInAnyOrder(first, second);
        }
    }

    @Test
    void keepsOneObjectOfWhatManySendAtATime() throws Exception {
        try (ImagingIngestion server = ImagingIngestion.on(data).start()) {
            ExecutorService senders = Executors.newFixedThreadPool(8);
            List<Future<JsonNode>> answers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                answers.add(senders.submit(() -> new DicomwebClient(server.dicomWeb()).storeAll(first, first)));
            }
            for (Future<JsonNode> answer : answers) {
                answer.get();
            }
            senders.shutdown();

            assertInForce(new DicomwebClient(server.dicomWeb()), first, "First");
            assertThat(objects()).containsExactly(first);
        }
    }

    private static byte[] version(String description, int pixels) {
        DataSet header = Samples.header(STUDY, SERIES)
                .setString(Tag.SOPInstanceUID, VR.UI, INSTANCE)
                .setString(Tag.StudyDescription, VR.LO, description)
                .setString(Tag.SeriesDescription, VR.LO, description);
        return Samples.file(Samples.pixels(Samples.image(header, 1, pixels, 1), Samples.bytes(pixels, pixels)));
    }

    private static List<String> reasons(HttpResponse<byte[]> response, String sequence, String tag) {
        List<String> reasons = new ArrayList<>();
        for (JsonNode item : DicomwebClient.json(response).path(sequence).path("Value")) {
            reasons.addAll(DicomwebClient.values(item, tag));
        }
        return reasons;
    }

    private static String etag(DicomwebClient client) {
        return client.get(PATH, "application/dicom; transfer-syntax=*")
                .headers()
                .firstValue("ETag")
                .orElseThrow();
    }

    /** It is the one that is retrieved, and searches tell of it. */
    private static void assertInForce(DicomwebClient client, byte[] file, String description) {
        assertThat(client.get(PATH, "application/dicom; transfer-syntax=*").body())
                .isEqualTo(file);
        assertThat(DicomwebClient.values(client.json(PATH + "/metadata").get(0), "0008103E"))
                .containsExactly(description);
        JsonNode studies = client.json("studies?includefield=all&StudyInstanceUID=" + STUDY);
        assertThat(studies).hasSize(1);
        assertThat(DicomwebClient.values(studies.get(0), "00081030")).containsExactly(description);
        assertThat(DicomwebClient.values(studies.get(0), "00201208")).containsExactly("1");
        assertThat(client.json("studies/" + STUDY + "/instances")).hasSize(1);
    }

    private List<byte[]> objects() throws Exception {
        List<byte[]> objects = new ArrayList<>();
        for (Path object : new StorageFolder(data.resolve("storage")).objects()) {
            objects.add(Files.readAllBytes(object));
        }
        return objects;
    }
}
