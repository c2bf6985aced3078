package org.imagingingestion.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imagingingestion.tests.DicomwebClient.values;

/** The npm package dicomweb-client where viewers have it: in a browser, on a page of another origin. */
class DicomwebClientIT {
    private static final int ROWS = 16;
    private static final int COLUMNS = 10;
    private static final int FRAMES = 3;
    private static final String STUDY = Samples.uid();
    private static final String SERIES = Samples.uid();

    private static final Map<String, byte[]> files = new TreeMap<>();
    private static final byte[] PIXELS = Samples.bytes(ROWS * COLUMNS * FRAMES, 1);
    private static final byte[][] JPEGS = {Samples.bytes(1000, 2), Samples.bytes(1002, 3), Samples.bytes(70_000, 4)};
    private static final byte[][] PALETTE = {Samples.bytes(512, 5), Samples.bytes(512, 6), Samples.bytes(512, 7)};
    private static final byte[] INDICES = Samples.bytes(ROWS * COLUMNS, 8);

    private static String nativeImage;
    private static String jpegImage;
    private static String paletteImage;
    private static JsonNode session;

    @BeforeAll
    static void storesSearchesAndRetrieves(@TempDir Path folder) throws IOException {
        String explicit = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid();
        nativeImage = add(Samples.pixels(image(FRAMES), PIXELS), explicit);
        jpegImage = add(Samples.fragments(image(FRAMES), JPEGS), Samples.JPEG_BASELINE);
        DataSet palette = image(1).setString(Tag.PhotometricInterpretation, VR.CS, "PALETTE COLOR");
        for (int i = 0; i < PALETTE.length; i++) {
            palette.setInt(0x00281101 + i, VR.US, 256, 0, 16).setBytes(0x00281201 + i, VR.OW, PALETTE[i]);
        }
        paletteImage = add(Samples.pixels(palette, INDICES), explicit);
        Path stored = Files.createDirectory(folder.resolve("files"));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(stored.resolve(file.getKey()), file.getValue());
        }

        String port = Integer.toString(ImagingIngestion.freePort());
        try (ImagingIngestion server = ImagingIngestion.on(folder.resolve("data"))
                .property("imaging.cors.origins", "http://127.0.0.1:" + port)
                .start()) {
            session = Script.node("dicomweb-client.mjs", server.dicomWeb(), port, stored);
        }
    }

    private static DataSet image(int frames) {
        DataSet dataSet = Samples.header(STUDY, SERIES)
                .setString(Tag.SOPClassUID, VR.UI, Samples.SECONDARY_CAPTURE_IMAGE_STORAGE)
                .setString(Tag.PatientName, VR.PN, "Doe^Client");
        return Samples.image(dataSet, ROWS, COLUMNS, frames);
    }

    private static String add(DataSet dataSet, String transferSyntaxUID) {
        String uid = dataSet.string(Tag.SOPInstanceUID);
        files.put(uid, Samples.file(dataSet, transferSyntaxUID));
        return uid;
    }

    @Test
    void storesInRequestsAtOnce() {
        assertThat(texts(session.get("stored"))).containsExactlyElementsOf(files.keySet());
    }

    @Test
    void findsTheStudyItsSeriesAndItsInstances() {
        assertThat(session.get("studies")).singleElement().satisfies(study -> {
            assertThat(values(study, "0020000D")).containsExactly(STUDY);
            assertThat(values(study, "00081030")).containsExactly("Head");
            assertThat(values(study, "00201208")).containsExactly("3");
        });
        assertThat(session.get("series")).singleElement().satisfies(series -> assertThat(values(series, "0020000E"))
                .containsExactly(SERIES));
        assertThat(texts(session.get("instances"))).containsExactlyInAnyOrderElementsOf(files.keySet());
        assertThat(session.get("noStudy")).isEmpty();
    }

    @Test
    void retrievesMetadata() {
        assertThat(texts(session.get("studyMetadata"))).containsExactlyInAnyOrderElementsOf(files.keySet());
        assertThat(texts(session.get("seriesMetadata"))).containsExactlyInAnyOrderElementsOf(files.keySet());
    }

    @Test
    void retrievesStudySeriesAndInstancesByteForByte() {
        List<String> digests = files.values().stream().map(Samples::sha256).toList();

        assertThat(texts(session.get("study"))).containsExactlyInAnyOrderElementsOf(digests);
        assertThat(texts(session.get("seriesFiles"))).containsExactlyInAnyOrderElementsOf(digests);
        files.forEach(
                (uid, file) -> assertThat(retrieved(uid).get("file").asText()).isEqualTo(Samples.sha256(file)));
    }

    @Test
    void retrievesNativeFrames() {
        int length = ROWS * COLUMNS;
        byte[][] frames = new byte[FRAMES][];
        for (int i = 0; i < FRAMES; i++) {
            frames[i] = java.util.Arrays.copyOfRange(PIXELS, i * length, (i + 1) * length);
        }

        assertFrames(nativeImage, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid(), frames);
        assertFrames(paletteImage, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid(), INDICES);
    }

    @Test
    void retrievesEncapsulatedFramesAsTheyAreStored() {
        assertFrames(jpegImage, Samples.JPEG_BASELINE, JPEGS);
    }

    @Test
    void retrievesPalettesByTheURIThatMetadataGave() {
        JsonNode bulkData = retrieved(paletteImage).get("bulkData");

        assertThat(bulkData).hasSize(PALETTE.length);
        for (int i = 0; i < PALETTE.length; i++) {
            JsonNode palette = bulkData.get("0028120" + (i + 1));
            assertThat(palette.get("uri").asText()).startsWith("http://");
            assertThat(texts(palette.get("values"))).containsExactly(Samples.sha256(PALETTE[i]));
            assertThat(palette.get("alone").asText()).isEqualTo(Samples.sha256(PALETTE[i]));
        }
    }

    private static void assertFrames(String uid, String transferSyntaxUID, byte[]... frames) {
        List<String> digests =
                java.util.Arrays.stream(frames).map(Samples::sha256).toList();
        assertThat(texts(retrieved(uid).get("frames"))).isEqualTo(digests);
        assertThat(texts(retrieved(uid).get("quoted"))).isEqualTo(digests);
        assertThat(retrieved(uid).get("transferSyntax").asText().replace("\"", ""))
                .isEqualTo(transferSyntaxUID);
    }

    private static JsonNode retrieved(String uid) {
        return session.get("retrieved").get(uid);
    }

    private static List<String> texts(JsonNode values) {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(value.asText()));
        return texts;
    }
}
