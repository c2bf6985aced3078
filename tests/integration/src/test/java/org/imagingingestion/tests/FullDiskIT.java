package org.imagingingestion.tests;

import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomReader;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of instances when the storage space has no room, or cannot be written to. */
class FullDiskIT {
    private static final int OUT_OF_RESOURCES = 0xA700;
    private static final int MOST_INSTANCES = 3000;

    @TempDir
    Path folder;

    private SmallDisk disk;

    @BeforeEach
    void makeDisk() throws Exception {
        disk = new SmallDisk(folder.resolve("disk"));
    }

    private ImagingIngestion.Builder server(String[] start) {
        return ImagingIngestion.on(folder.resolve("data"))
                .through(start)
                .property("imaging.storage.folder", disk.storage().toString())
                .property("imaging.storage.least-free-megabytes", "5");
    }

    @ParameterizedTest
    @ValueSource(ints = {40_000, 3_000_000})
    void refusesWhatThereIsNoRoomFor(int pixels) throws Exception {
        try (ImagingIngestion server = server(disk.withRoom()).start()) {
            DicomwebClient client = new DicomwebClient(server.dicomWeb());
            Map<String, byte[]> stored = fill(client, pixels);

            assertThat(stored).hasSizeGreaterThan(5);
            assertOnlyTheseAreThere(server, client, stored);
            assertThat(server.get("/q/health/ready").statusCode()).isEqualTo(503);

            disk.makeRoom(server);
            byte[] again = instance(pixels);
            client.storeAll(again);
            stored.put(path(again), again);
            assertOnlyTheseAreThere(server, client, stored);
            assertThat(server.get("/q/health/ready").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void storesWhatThereIsRoomForOfARequest() throws Exception {
        try (ImagingIngestion server = server(disk.withRoom()).start()) {
            DicomwebClient client = new DicomwebClient(server.dicomWeb());
            byte[] small = instance(100_000);
            byte[] large = instance(SmallDisk.BYTES);

            HttpResponse<byte[]> response = client.store(List.of(large, small));

            assertThat(response.statusCode()).isEqualTo(202);
            assertThat(failureReasons(response)).containsExactly(Integer.toString(OUT_OF_RESOURCES));
            assertOnlyTheseAreThere(server, client, Map.of(path(small), small));
        }
    }

    @Test
    void refusesAllWhenTheFolderCanOnlyBeRead() throws Exception {
        try (ImagingIngestion server = server(disk.withRoom()).start()) {
            DicomwebClient client = new DicomwebClient(server.dicomWeb());
            Map<String, byte[]> stored = new LinkedHashMap<>();
            for (int pixels : new int[] {1000, 100_000}) {
                byte[] file = instance(pixels);
                client.storeAll(file);
                stored.put(path(file), file);
            }

            disk.forbidWriting(server);
            assertRefused(client.store(List.of(instance(1000))));
            assertRefused(client.store(List.of(instance(100_000))));
            assertThat(server.get("/q/health/ready").statusCode()).isEqualTo(503);
            assertOnlyTheseAreThere(server, client, stored);

            disk.allowWriting(server);
            byte[] again = instance(1000);
            client.storeAll(again);
            stored.put(path(again), again);
            assertOnlyTheseAreThere(server, client, stored);
            assertThat(server.get("/q/health/ready").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void saysThatItCannotStartWithoutRoom() {
        assertFailure(server(disk.full()).startInVain(), "No space left on device");
    }

    @Test
    void saysThatItCannotStartWhereItCanOnlyRead() {
        assertFailure(server(disk.readOnly()).startInVain(), "Read-only file system");
    }

    private void assertFailure(ImagingIngestion.Failure failure, String reason) {
        assertThat(failure.exitCode()).isEqualTo(1);
        assertThat(failure.errors().lines()).singleElement().satisfies(line -> assertThat(line)
                .startsWith("imaging-ingestion: ")
                .contains(reason, disk.storage().toString()));
    }

    private static byte[] instance(int pixels) {
        DataSet header = Samples.header(Samples.uid(), Samples.uid());
        return Samples.file(Samples.pixels(Samples.image(header, 1, 1, 1), Samples.bytes(pixels, pixels)));
    }

    /** Stores until an instance is refused. */
    private static Map<String, byte[]> fill(DicomwebClient client, int pixels) throws Exception {
        Map<String, byte[]> stored = new LinkedHashMap<>();
        for (int i = 0; i < MOST_INSTANCES; i++) {
            byte[] file = instance(pixels);
            HttpResponse<byte[]> response = client.store(List.of(file));
            if (response.statusCode() != 200) {
                assertRefused(response);
                return stored;
            }
            stored.put(path(file), file);
        }
        throw new AssertionError("The disk is never full");
    }

    private static void assertRefused(HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).as(DicomwebClient.text(response)).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertThat(failureReasons(response)).containsExactly(Integer.toString(OUT_OF_RESOURCES));
    }

    private static List<String> failureReasons(HttpResponse<byte[]> response) {
        List<String> reasons = new ArrayList<>();
        for (JsonNode item : DicomwebClient.json(response).path("00081198").path("Value")) {
            reasons.addAll(DicomwebClient.values(item, "00081197"));
        }
        return reasons;
    }

    private static String path(byte[] file) throws Exception {
        DataSet dataSet = DicomReader.read(new ByteArrayInputStream(file), ParseLimits.STREAMING)
                .dataSet();
        return "studies/" + dataSet.string(Tag.StudyInstanceUID) + "/series/" + dataSet.string(Tag.SeriesInstanceUID)
                + "/instances/" + dataSet.string(Tag.SOPInstanceUID);
    }

    private void assertOnlyTheseAreThere(ImagingIngestion server, DicomwebClient client, Map<String, byte[]> stored) {
        StorageFolder storage = disk.storage(server);
        assertThat(storage.unfinished()).isEmpty();
        assertThat(storage.objects()).hasSize(stored.size());
        stored.forEach((path, file) -> {
            HttpResponse<byte[]> response = client.get(path, "application/dicom; transfer-syntax=*");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo(file);
        });
    }
}
