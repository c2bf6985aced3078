package org.imagingingestion.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What becomes of objects that were stored and never recorded. */
class SweepIT {
    @TempDir
    static Path other;

    @TempDir
    Path data;

    @BeforeAll
    static void storeAnInstance() {
        try (ImagingIngestion server = ImagingIngestion.on(other).start()) {
            byte[] file = Instances.file(Instances.image().setString(Tag.PatientID, VR.LO, "ORPHAN"));
            assertThat(server.send(Instances.storing(server.dicomWeb(), file)).statusCode())
                    .isEqualTo(200);
        }
    }

    @BeforeEach
    void copyItWithoutItsManifest() throws IOException {
        for (Path object : objects(other)) {
            Path copy = data.resolve(other.relativize(object));
            Files.createDirectories(copy.getParent());
            Files.copy(object, copy);
        }
        assertThat(objects(data)).hasSize(1);
    }

    @Test
    void removesThem() {
        try (ImagingIngestion server = sweeping("delete", "*")) {
            await().atMost(Duration.ofSeconds(30)).until(() -> objects(data).isEmpty());

            assertThat(server.get("/dicom-web/studies").body()).isEqualTo("[]");
        }
    }

    @Test
    void recordsThemWhereThatIsSet() throws IOException {
        try (ImagingIngestion server = sweeping("record", "default")) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> server.get("/dicom-web/studies").body().contains("ORPHAN"));

            assertThat(objects(data)).hasSize(1);
        }
    }

    @Test
    void recordsThoseOfAnotherProviderAsTheirs() throws IOException {
        Path storage = data.resolve("storage");
        Files.move(storage.resolve("default"), storage.resolve("radiology"));

        try (ImagingIngestion server = sweeping("record", "default, radiology")) {
            await().atMost(Duration.ofSeconds(30)).until(() -> found(server, "RADIOLOGY") == 1);

            assertThat(found(server, "ANYBODY")).isZero();
        }
    }

    private static int found(ImagingIngestion server, String callingAE) {
        try (ServiceClassUser user = ServiceClassUser.of(
                server.dimsePort(), callingAE, List.of(ServiceClassUser.STUDY_ROOT_FIND), "1.2.840.10008.1.2.1")) {
            return user.find(new DataSet()
                            .setString(Tag.QueryRetrieveLevel, VR.CS, "STUDY")
                            .setString(Tag.PatientID, VR.LO, "ORPHAN")
                            .setString(Tag.StudyInstanceUID, VR.UI))
                    .size();
        }
    }

    private ImagingIngestion sweeping(String action, String providers) {
        return ImagingIngestion.on(data)
                .environment("ENV_AETS_JSON", "[{\"name\":\"RADIOLOGY\",\"provider\":\"radiology\"}]")
                .property("imaging.providers", providers)
                .property("imaging.sweep.action", action)
                .property("imaging.sweep.minimum-age", "0")
                .property("imaging.sweep.delay", "0")
                .start();
    }

    private static List<Path> objects(Path data) {
        return new StorageFolder(data).objects();
    }
}
