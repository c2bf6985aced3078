package org.imagingingestion.dicom;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

import org.imagingingestion.dicom.service.BulkIndex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Pixel data of objects that stay in the store, where they are short. */
class PixelsInPlaceTest {
    @ParameterizedTest
    @CsvSource({"7FE00010,OB,8", "7FE00008,OF,32", "7FE00009,OD,64"})
    void findsTheFrameOfASmallImage(String tag, VR vr, int bitsAllocated) throws Exception {
        byte[] pixels = new byte[bitsAllocated / 8 * 4];
        Arrays.fill(pixels, (byte) 7);
        DataSet image = new DataSet()
                .setInt(Tag.SamplesPerPixel, VR.US, 1)
                .setInt(Tag.Rows, VR.US, 2)
                .setInt(Tag.Columns, VR.US, 2)
                .setInt(Tag.BitsAllocated, VR.US, bitsAllocated)
                .setBytes(Integer.parseUnsignedInt(tag, 16), vr, pixels);
        byte[] file = file(image);

        BulkIndex index = BulkIndex.of(read(file));

        assertThat(index.numberOfFrames()).isEqualTo(1);
        BulkIndex.Range frame = index.frame(1).get(0);
        assertThat(Arrays.copyOfRange(file, (int) frame.offset(), (int) (frame.offset() + frame.length())))
                .isEqualTo(pixels);
    }

    @Test
    void holdsTheShortPixelDataOfAnIcon() throws Exception {
        DataSet icon = new DataSet().setBytes(Tag.PixelData, VR.OB, (byte) 1, (byte) 2);
        DataSet read = read(file(new DataSet().setItems(0x00880200, icon)));

        assertThat(read.items(0x00880200).get(0).bytes(Tag.PixelData)).containsExactly(1, 2);
    }

    @Test
    void findsNoFrameInEmptyPixelData() throws Exception {
        DataSet read = read(file(new DataSet().setBytes(Tag.PixelData, VR.OB)));

        assertThat(read.contains(Tag.PixelData)).isTrue();
        assertThat(BulkIndex.of(read).numberOfFrames()).isZero();
    }

    /** PS3.5 §A.4: without an offset table, only the code streams tell where frames begin. */
    @ParameterizedTest
    @CsvSource({"FFD8, 100", "FFD8, 1000", "FF4F, 100", "FF4F, 1000"})
    void tellsFramesOfSeveralFragmentsApartByTheirCodeStreams(String start, int length) throws Exception {
        int marker = Integer.parseInt(start, 16);
        byte[] file = encapsulated(3, new int[] {marker, 0x1234, marker, 0x1234, 0x5678, marker}, length);

        BulkIndex index = BulkIndex.of(read(file));

        assertThat(index.numberOfFrames()).isEqualTo(3);
        assertThat(index.frame(1)).hasSize(2);
        assertThat(index.frame(2)).hasSize(3);
        assertThat(index.frame(3)).hasSize(1);
    }

    @Test
    void givesNoFrameWhereTheyCannotBeToldApart() throws Exception {
        byte[] file = encapsulated(2, new int[] {0xFFD8, 0xFFD8, 0xFFD8}, 1000);

        assertThat(BulkIndex.of(read(file)).numberOfFrames()).isZero();
    }

    private static byte[] encapsulated(int frames, int[] starts, int length) throws Exception {
        Fragments fragments = new Fragments(Tag.PixelData, VR.OB).add(0, 0, new byte[0]);
        for (int start : starts) {
            byte[] fragment = new byte[length];
            fragment[0] = (byte) (start >> 8);
            fragment[1] = (byte) start;
            fragments.add(0, length, fragment);
        }
        DataSet image = new DataSet().setInt(Tag.NumberOfFrames, VR.IS, frames);
        image.put(fragments);
        return file(image, TransferSyntax.of("1.2.840.10008.1.2.4.50"));
    }

    private static byte[] file(DataSet dataSet) throws Exception {
        return file(dataSet, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
    }

    private static byte[] file(DataSet dataSet, TransferSyntax transferSyntax) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new DicomWriter(transferSyntax)
                .writeFile(
                        dataSet.setString(Tag.SOPClassUID, VR.UI, "1.2.840.10008.5.1.4.1.1.7")
                                .setString(Tag.SOPInstanceUID, VR.UI, "1.2.3"),
                        out);
        return out.toByteArray();
    }

    private static DataSet read(byte[] file) throws Exception {
        return DicomReader.read(new ByteArrayInputStream(file), ParseLimits.STREAMING)
                .dataSet();
    }
}
