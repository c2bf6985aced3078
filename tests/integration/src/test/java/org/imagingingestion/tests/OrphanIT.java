package org.imagingingestion.tests;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The sweep costs nobody an instance, whatever happened to the manifest, the settings or the object. */
class OrphanIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String STUDY = Samples.uid();
    private static final String SERIES = Samples.uid();
    private static final String INSTANCE = Samples.uid();
    private static final String PATH = "studies/" + STUDY + "/series/" + SERIES + "/instances/" + INSTANCE;

    @TempDir
    Path folder;

    private final byte[] first = version("First");
    private final byte[] second = version("Second");

    private ImagingIngestion.Builder sweeping(String data) {
        return ImagingIngestion.on(folder.resolve(data))
                .property("imaging.storage.folder", folder.resolve("storage").toString())
                .property("imaging.sweep.minimum-age", "0")
                .property("imaging.sweep.delay", "0")
                .property("imaging.sweep.period", "500");
    }

    private void store(String data, byte[] file) {
        try (ImagingIngestion server = ImagingIngestion.on(folder.resolve(data))
                .property("imaging.storage.folder", folder.resolve("storage").toString())
                .start()) {
            new DicomwebClient(server.dicomWeb()).storeAll(file);
        }
    }

    @Test
    void bringsBackWhatADatabaseThatWasLostKnew() throws IOException {
        store("lost", first);

        try (ImagingIngestion server = sweeping("new").start()) {
            DicomwebClient client = new DicomwebClient(server.dicomWeb());

            await().atMost(SOON).until(() -> !client.json("studies").isEmpty());

            assertThat(retrieved(client)).isEqualTo(first);
            assertThat(objects()).hasSize(1);
        }
    }

    @Test
    void doesNotPutAnEarlierVersionInThePlaceOfALaterOne() throws Exception {
        store("lost", first);
        store("new", second);

        try (ImagingIngestion server = sweeping("new")
                .property("imaging.manifest.conflict-policy", "keep-last")
                .start()) {
            await().atMost(SOON).until(() -> server.output().contains("never recorded is recorded"));

            assertThat(retrieved(new DicomwebClient(server.dicomWeb()))).isEqualTo(second);
            assertThat(objects()).hasSize(2);
        }
    }

    @Test
    void removesASecondCopyOfWhatIsRecorded() throws IOException {
        store("lost", first);
        store("new", first);
        assertThat(objects()).hasSize(2);

        try (ImagingIngestion server = sweeping("new").start()) {
            await().atMost(SOON).until(() -> objects().size() == 1);

            assertThat(retrieved(new DicomwebClient(server.dicomWeb()))).isEqualTo(first);
        }
    }

    @Test
    void leavesTheObjectsOfAnotherProviderAlone() throws IOException {
        store("data", first);

        try (ImagingIngestion server = sweeping("data")
                .property("imaging.provider", "other")
                .property("imaging.sweep.action", "delete")
                .start()) {
            DicomwebClient client = new DicomwebClient(server.dicomWeb());
            // an orphan of its own shows that it has been at it
            Path orphan = folder.resolve("storage/other/1/2/3_4.dcm");
            Path ofAThird = folder.resolve("storage/a/1/2/3_4.dcm");
            for (Path object : List.of(ofAThird, orphan)) {
                Files.createDirectories(object.getParent());
                Files.write(object, second);
            }

            await().atMost(SOON).until(() -> !Files.exists(orphan));

            assertThat(ofAThird).exists();
            assertThat(objects()).hasSize(2);
            assertThat(client.json("studies")).isEmpty();
        }
    }

    @Test
    void goesOnAfterAnObjectThatCannotBeRead() throws IOException {
        store("lost", first);
        for (Path object : objects()) {
            Files.write(object.resolveSibling("0.dcm"), new byte[1000]);
            Files.write(object.resolveSibling("f.dcm"), second, StandardOpenOption.CREATE_NEW);
            Files.write(object.resolveSibling("g.dcm"), new byte[0]);
        }

        try (ImagingIngestion server = sweeping("new").start()) {
            DicomwebClient client = new DicomwebClient(server.dicomWeb());

            await().atMost(SOON).until(() -> !client.json("studies").isEmpty());
            await().atMost(SOON).until(() -> server.output().contains("stays as it is"));

            assertThat(objects()).hasSize(4);
            assertThat(server.output()).doesNotContain("\tat ");
        }
    }

    private byte[] version(String description) {
        return Samples.file(Samples.header(STUDY, SERIES)
                .setString(Tag.SOPInstanceUID, VR.UI, INSTANCE)
                .setString(Tag.SeriesDescription, VR.LO, description));
    }

    private static byte[] retrieved(DicomwebClient client) {
        HttpResponse<byte[]> response = client.get(PATH, "application/dicom; transfer-syntax=*");
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    private List<Path> objects() {
        return new StorageFolder(folder.resolve("storage")).objects();
    }
}
