package org.imagingingestion.tests;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** DELETE by HTTP, and what becomes of the objects. */
class DeletionIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String STUDY = Samples.uid();

    @TempDir
    Path folder;

    private final List<String> series = List.of(Samples.uid(), Samples.uid());

    private ImagingIngestion.Builder deleting() {
        return ImagingIngestion.on(folder).property("imaging.dicomweb.deletion", "true");
    }

    private static HttpResponse<byte[]> delete(URI root, String path) {
        DicomwebClient client = new DicomwebClient(root);
        return client.send(client.request(path).DELETE());
    }

    private static int found(DicomwebClient client) {
        return client.json("instances").size();
    }

    private byte[] instance(int series, DataSet dataSet) {
        return Samples.file(dataSet.setString(Tag.SeriesInstanceUID, VR.UI, this.series.get(series)));
    }

    private byte[] instance(int series) {
        return instance(series, Samples.header(STUDY, ""));
    }

    private List<Path> objects() {
        return new StorageFolder(folder).objects();
    }

    @Test
    void isNotAllowedUnlessItIsSaidSo() {
        try (ImagingIngestion server = ImagingIngestion.on(folder).start()) {
            new DicomwebClient(server.dicomWeb()).storeAll(instance(0));

            for (String root : List.of("/dicom-web", "/wado-rs")) {
                HttpResponse<byte[]> refused = delete(server.uri(root), "studies/" + STUDY);
                assertThat(refused.statusCode()).isEqualTo(405);
                assertThat(refused.headers().firstValue("Allow"))
                        .hasValueSatisfying(
                                allow -> assertThat(allow).contains("GET").doesNotContain("DELETE"));
            }
            assertThat(delete(server.uri("/stow-rs"), "studies/" + STUDY).statusCode())
                    .isEqualTo(405);

            assertThat(found(new DicomwebClient(server.dicomWeb()))).isEqualTo(1);
        }
    }

    @Test
    void deletesWhatThePathNames() {
        try (ImagingIngestion server = deleting().start()) {
            DicomwebClient client = new DicomwebClient(server.dicomWeb());
            DataSet named = Samples.header(STUDY, "");
            byte[] first = instance(0, named);
            String path =
                    "studies/" + STUDY + "/series/" + series.get(0) + "/instances/" + named.string(Tag.SOPInstanceUID);
            client.storeAll(
                    first,
                    instance(0),
                    instance(1),
                    instance(1),
                    Samples.file(Samples.header(Samples.uid(), Samples.uid())));

            assertThat(delete(server.dicomWeb(), path).statusCode()).isEqualTo(204);
            assertThat(delete(server.dicomWeb(), path).statusCode()).isEqualTo(404);
            assertThat(client.get(path, "*/*").statusCode()).isEqualTo(404);
            assertThat(client.get(path + "/metadata", "*/*").statusCode()).isEqualTo(404);
            assertThat(found(client)).isEqualTo(4);

            client.storeAll(first);
            assertThat(client.get(path, "application/dicom; transfer-syntax=*").body())
                    .isEqualTo(first);

            assertThat(delete(server.uri("/wado-rs"), "studies/" + STUDY + "/series/" + series.get(1))
                            .statusCode())
                    .isEqualTo(204);
            assertThat(found(client)).isEqualTo(3);
            assertThat(delete(server.uri("/stow-rs"), "studies/" + STUDY).statusCode())
                    .isEqualTo(204);
            assertThat(found(client)).isEqualTo(1);

            assertThat(delete(server.dicomWeb(), "studies/" + STUDY).statusCode())
                    .isEqualTo(404);
            assertThat(delete(server.dicomWeb(), "studies/x'%20OR%201=1").statusCode())
                    .isEqualTo(400);
            assertThat(delete(server.dicomWeb(), "studies").statusCode()).isEqualTo(405);
            // the objects are kept, as is set
            assertThat(objects()).hasSize(6);
        }
    }

    @Test
    void removesTheObjectsInTheirTimeAndNoSweepBringsThemBack() {
        byte[] kept = Samples.file(Samples.header(Samples.uid(), Samples.uid()));
        try (ImagingIngestion server = ImagingIngestion.on(folder).start()) {
            new DicomwebClient(server.dicomWeb()).storeAll(instance(0), instance(1), kept);
        }

        try (ImagingIngestion server = deleting()
                .property("imaging.deletion.period", "3000")
                .property("imaging.deletion.retention", "1000")
                .property("imaging.sweep.minimum-age", "0")
                .property("imaging.sweep.delay", "0")
                .property("imaging.sweep.period", "100")
                .start()) {
            DicomwebClient client = new DicomwebClient(server.dicomWeb());
            assertThat(delete(server.dicomWeb(), "studies/" + STUDY).statusCode())
                    .isEqualTo(204);

            await().atMost(SOON).until(() -> objects().size() == 1);
            assertThat(found(client)).isEqualTo(1);
            assertThat(server.output()).doesNotContain("never recorded is recorded");
        }
    }

    @Test
    void removesWhatWasReplacedInItsTime() {
        try (ImagingIngestion server = ImagingIngestion.on(folder)
                .property("imaging.manifest.conflict-policy", "keep-last")
                .property("imaging.deletion.period", "500")
                .property("imaging.deletion.retention", "0")
                .start()) {
            DicomwebClient client = new DicomwebClient(server.dicomWeb());
            DataSet dataSet = Samples.header(STUDY, "");
            client.storeAll(instance(0, dataSet));
            byte[] last = instance(0, dataSet.setString(Tag.SeriesDescription, VR.LO, "Last"));
            assertThat(client.store(List.of(last)).statusCode()).isIn(200, 202);

            await().atMost(SOON).until(() -> objects().size() == 1);
            assertThat(client.get(
                                    "studies/" + STUDY + "/series/" + series.get(0) + "/instances/"
                                            + dataSet.string(Tag.SOPInstanceUID),
                                    "application/dicom; transfer-syntax=*")
                            .body())
                    .isEqualTo(last);
        }
    }
}
