package org.imagingingestion.camel.instance;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

import org.imagingingestion.dicom.Fragments;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class CompressedMetadataTest {
    private static final String JPEG = "1.2.840.10008.1.2.4.50";
    private static final String JPEG_2000 = "1.2.840.10008.1.2.4.90";

    private final ByteArrayOutputStream image = new ByteArrayOutputStream();
    private final ByteArrayOutputStream expected = new ByteArrayOutputStream();

    private CompressedMetadataTest bytes(int... bytes) {
        for (int each : bytes) {
            image.write(each);
            expected.write(each);
        }
        return this;
    }

    private CompressedMetadataTest segment(int marker, String content, int kept) {
        byte[] text = content.getBytes(StandardCharsets.ISO_8859_1);
        bytes(0xFF, marker, (text.length + 2) >> 8, text.length + 2 & 0xFF);
        image.writeBytes(text);
        expected.write(text, 0, kept);
        expected.writeBytes(new byte[text.length - kept]);
        return this;
    }

    private CompressedMetadataTest kept(int marker, String content) {
        return segment(marker, content, content.length());
    }

    private void jpeg() {
        bytes(0xFF, 0xD8)
                .kept(0xE0, "JFIF\0")
                .segment(0xE1, "Exif\0\0 Doe^Jane, 1970, at home", 0)
                .kept(0xE2, "ICC_PROFILE\0 a profile")
                .segment(0xE2, "ICC_MPF Doe^Jane", 4)
                .segment(0xED, "Photoshop Doe", 0)
                .segment(0xE0, "JFXX\0 a thumbnail", 2)
                .segment(0xE0, "J", 0)
                .kept(0xE8, "mrfx\1")
                .segment(0xE8, "mrfx Doe", 0)
                .segment(0xE8, "SPIFF", 0)
                .kept(0xEE, "Adobe")
                .segment(0xEE, "Adam Doe", 2)
                .bytes(0xFF)
                .segment(0xFE, "Doe^Jane", 0)
                .segment(0xFE, "", 0)
                .kept(0xDB, "tables \u00FF\u00FE")
                .kept(0xDA, "scan")
                .bytes(1, 2, 0xFF, 0, 0xFF, 0xD0, 3, 0xFF, 0x7F, 4)
                .segment(0xFE, "Doe, between scans", 0)
                .kept(0xC4, "tables")
                .kept(0xDA, "scan")
                .bytes(5, 6, 0xFF, 0xD9);
        image.writeBytes("Doe, behind it".getBytes(StandardCharsets.ISO_8859_1));
        expected.writeBytes(new byte[14]);
    }

    private void jpeg2000() {
        bytes(0xFF, 0x4F)
                .kept(0x51, "size")
                .segment(0x64, "\0\1Doe^Jane", 2)
                .kept(0x52, "style")
                .bytes(0xFF, 0x90, 0, 10, 0xFF, 0x64, 0, 4, 1, 2, 0xFF, 0xD9);
    }

    /** In several parts and fragments, two images. */
    private void assertErased(String transferSyntaxUID) {
        byte[] one = image.toByteArray();
        Random random = new Random(1);
        for (int round = 0; round < 200; round++) {
            CompressedMetadata metadata = CompressedMetadata.of(transferSyntaxUID);
            for (int frame = 0; frame < 2; frame++) {
                byte[] bytes = one.clone();
                metadata.beginFragment();
                for (int at = 0; at < bytes.length; ) {
                    int n = Math.min(bytes.length - at, 1 + random.nextInt(20));
                    metadata.erase(bytes, at, n);
                    at += n;
                }
                assertThat(bytes).isEqualTo(expected.toByteArray());
            }
        }
    }

    @Test
    void erasesWhatJpegSaysBesideItsImage() {
        jpeg();
        assertErased(JPEG);
        assertErased("1.2.840.10008.1.2.4.80");
    }

    @Test
    void goesOnInTheNextFragment() {
        jpeg();
        byte[] whole = image.toByteArray();
        int end = whole.length - 14;
        for (int at = 2; at < end; at++) {
            CompressedMetadata metadata = CompressedMetadata.of(JPEG);
            byte[] first = Arrays.copyOf(whole, at);
            byte[] second = Arrays.copyOfRange(whole, at, end);
            metadata.beginFragment();
            metadata.erase(first, 0, first.length);
            metadata.beginFragment();
            metadata.erase(second, 0, second.length);
            assertThat(first).isEqualTo(Arrays.copyOf(expected.toByteArray(), at));
            assertThat(second).isEqualTo(Arrays.copyOfRange(expected.toByteArray(), at, end));
        }
    }

    @Test
    void erasesCommentsOfJpeg2000() {
        jpeg2000();
        assertErased(JPEG_2000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\u00FF", "\u00FF\u00D8x", "no image", "\u00FF\u00D8\u00FF\u00E1\0\1Doe"})
    void leavesWhatItDoesNotKnow(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        for (String syntax : new String[] {JPEG, JPEG_2000}) {
            CompressedMetadata metadata = CompressedMetadata.of(syntax);
            byte[] made = bytes.clone();
            metadata.beginFragment();
            metadata.erase(made, 0, made.length);
            assertThat(made).isEqualTo(bytes);
        }
        assertThat(CompressedMetadata.of("1.2.840.10008.1.2.5")).isNull();
        assertThat(CompressedMetadata.of("1.2.840.10008.1.2.4.100")).isNull();
    }

    @Test
    void doesSoInAnInstance() throws Exception {
        jpeg();
        bytes(0);
        byte[] frame = image.toByteArray();
        byte[] file = Instances.file(
                Instances.dataSet()
                        .put(new Fragments(Tag.PixelData, VR.OB)
                                .add(0, 0, new byte[0])
                                .add(0, frame.length, frame)),
                TransferSyntax.of(JPEG));

        byte[] made = Instances.rewrite(file, Instances.deidentifier());
        byte[] coerced = Instances.rewrite(file, Instances.coercion("set PatientName = X"));

        assertThat(new String(made, StandardCharsets.ISO_8859_1)).doesNotContain("Doe");
        assertThat(new String(coerced, StandardCharsets.ISO_8859_1)).contains("Exif\0\0 Doe^Jane");
        Fragments pixels = (Fragments) Instances.read(made).dataSet().get(Tag.PixelData);
        assertThat(pixels.bytes(1)).isEqualTo(expected.toByteArray());
    }
}
