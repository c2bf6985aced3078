package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.Fragments;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FramesTest {
    private static final String JPEG_LS = "1.2.840.10008.1.2.4.80";

    @TempDir
    Path folder;

    private Frames frames(DataSet image, TransferSyntax transferSyntax) throws Exception {
        StoredObject stored = StoredObject.store(folder, image, transferSyntax);
        return new Frames(stored.location(), (name, offset, length) -> {
            InputStream in = Files.newInputStream(folder.resolve(name));
            in.skipNBytes(offset);
            return new BoundedStream(in, length);
        });
    }

    private static byte[] bytes(Payload payload) throws IOException {
        try (InputStream in = payload.open(0, payload.length())) {
            byte[] bytes = in.readAllBytes();
            assertThat(bytes).hasSize((int) payload.length());
            return bytes;
        }
    }

    private static DataSet withPixels(DataSet image, byte[] pixels) {
        image.put(new Element.Value(Tag.PixelData, VR.OW, pixels));
        return image;
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99"})
    void givesNativeFramesExactly(String transferSyntax) throws Exception {
        byte[] pixels = StoredObject.noise(3 * 20 * 30 * 2, 1);
        Frames frames = frames(
                withPixels(StoredObject.image("1.2.3.4", 20, 30, 16, 3), pixels), TransferSyntax.of(transferSyntax));

        assertThat(frames.count()).isEqualTo(3);
        for (int number = 1; number <= 3; number++) {
            assertThat(bytes(frames.frame(number)))
                    .isEqualTo(Arrays.copyOfRange(pixels, (number - 1) * 1200, number * 1200));
        }
    }

    @Test
    void givesBigEndianPixelsInLittleEndian() throws Exception {
        byte[] pixels = StoredObject.noise(2 * 10 * 10 * 2, 2);
        Frames frames = frames(
                withPixels(StoredObject.image("1.2.3.4", 10, 10, 16, 2), pixels),
                TransferSyntax.EXPLICIT_VR_BIG_ENDIAN);

        assertThat(bytes(frames.frame(2))).isEqualTo(Arrays.copyOfRange(pixels, 200, 400));
    }

    @Test
    void givesFramesOfImagesThatWouldFitInTheMetadata() throws Exception {
        byte[] pixels = StoredObject.noise(2 * 3 * 4, 4);
        Frames frames = frames(
                withPixels(StoredObject.image("1.2.3.4", 3, 4, 8, 2), pixels),
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);

        assertThat(bytes(frames.frame(2))).isEqualTo(Arrays.copyOfRange(pixels, 12, 24));
    }

    @Test
    void givesOneBitFramesThatBeginWithinAByte() throws Exception {
        int bits = 45 * 31;
        byte[] pixels = StoredObject.noise((4 * bits + 7) / 8 + 1 & ~1, 3);
        DataSet image = StoredObject.image("1.2.3.4", 45, 31, 1, 4);
        Frames frames = frames(withPixels(image, pixels), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);

        assertThat(frames.count()).isEqualTo(4);
        for (int number = 1; number <= 4; number++) {
            byte[] frame = bytes(frames.frame(number));
            assertThat(frame).hasSize(175);
            for (int i = 0; i < bits; i++) {
                int at = (number - 1) * bits + i;
                assertThat(frame[i / 8] >> i % 8 & 1).isEqualTo(pixels[at / 8] >> at % 8 & 1);
            }
            assertThat(frame[174] & 0xF8).isZero();
        }
    }

    @Test
    void joinsTheFragmentsOfAFrame() throws Exception {
        byte[][] fragments = new byte[5][];
        long[] offsets = new long[5];
        long offset = 0;
        for (int i = 0; i < 5; i++) {
            fragments[i] = StoredObject.noise(1000 + 2 * i, i);
            offsets[i] = offset;
            offset += 8 + fragments[i].length;
        }
        // frames begin at fragments 0, 2 and 3
        byte[] table = new byte[12];
        java.nio.ByteBuffer.wrap(table)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .putInt(0)
                .putInt((int) offsets[2])
                .putInt((int) offsets[3]);
        DataSet image = StoredObject.image("1.2.3.4", 20, 30, 16, 3);
        image.put(fragments(table, fragments));
        Frames frames = frames(image, TransferSyntax.of(JPEG_LS));

        assertThat(frames.count()).isEqualTo(3);
        assertThat(bytes(frames.frame(1))).isEqualTo(concat(fragments[0], fragments[1]));
        assertThat(bytes(frames.frame(2))).isEqualTo(fragments[2]);
        assertThat(bytes(frames.frame(3))).isEqualTo(concat(fragments[3], fragments[4]));
    }

    @Test
    void findsFramesWithoutAnOffsetTable() throws Exception {
        byte[][] fragments = {StoredObject.noise(100, 1), StoredObject.noise(200, 2)};
        DataSet image = StoredObject.image("1.2.3.4", 20, 30, 16, 2);
        image.put(fragments(new byte[0], fragments));
        Frames frames = frames(image, TransferSyntax.of(JPEG_LS));

        assertThat(bytes(frames.frame(2))).isEqualTo(fragments[1]);
        assertThat(frames.offers())
                .extracting(offer -> offer.mediaType().toString())
                .containsExactly(
                        "image/jls; transfer-syntax=" + JPEG_LS,
                        "application/octet-stream; transfer-syntax=" + JPEG_LS);
    }

    private static Fragments fragments(byte[] table, byte[]... fragments) {
        Fragments pixelData = new Fragments(Tag.PixelData, VR.OB);
        pixelData.add(0, table.length, table);
        for (byte[] fragment : fragments) {
            pixelData.add(0, fragment.length, fragment);
        }
        return pixelData;
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.840.10008.1.2.4.50, image/jpeg",
        "1.2.840.10008.1.2.4.70, image/jpeg",
        "1.2.840.10008.1.2.4.81, image/jls",
        "1.2.840.10008.1.2.4.90, image/jp2",
        "1.2.840.10008.1.2.4.93, image/jpx",
        "1.2.840.10008.1.2.4.201, image/jphc",
        "1.2.840.10008.1.2.4.110, image/jxl",
        "1.2.840.10008.1.2.5, image/dicom-rle",
        "1.2.840.10008.1.2.4.100, video/mpeg",
        "1.2.840.10008.1.2.4.102, video/mp4",
        "1.2.840.10008.1.2.4.107, video/h265",
        "1.2.3.4, application/octet-stream"
    })
    void callsCompressedFramesByTheirMediaType(String transferSyntax, String mediaType) {
        assertThat(PixelMediaTypes.of(transferSyntax, true).get(0).mediaType())
                .isEqualTo(MediaType.of(mediaType).with("transfer-syntax", transferSyntax));
    }

    @Test
    void readsListsOfFrames() throws DicomException {
        assertThat(FrameList.parse("1", 3)).containsExactly(1);
        assertThat(FrameList.parse("1,3,2", 3)).containsExactly(1, 3, 2);
        assertThat(FrameList.parse("1, 1", 3)).containsExactly(1, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "1,", ",1", "-1", "1.5", "1;2", "+1", "1-2"})
    void refusesWhatIsNoListOfFrames(String text) {
        assertStatus(text, DicomStatus.INVALID_ARGUMENT_VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "4", "1,4", "99999999999999999999"})
    void hasNoFrameThatIsNotThere(String text) {
        assertStatus(text, DicomStatus.NO_SUCH_OBJECT_INSTANCE);
    }

    private static void assertStatus(String text, DicomStatus status) {
        assertThatThrownBy(() -> FrameList.parse(text, 3))
                .isInstanceOfSatisfying(
                        DicomException.class, e -> assertThat(e.status()).isEqualTo(status));
    }

    @Test
    void hasNoFramesWithoutPixelData() throws Exception {
        Frames frames =
                frames(StoredObject.dataSet("1.2", "1.2.3", "1.2.3.4"), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);

        assertThat(frames.count()).isZero();
        assertThat(List.of(frames.offers())).isNotEmpty();
    }
}
