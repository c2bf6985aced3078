package org.imagingingestion.dicom;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Data sets that few writers write, and that are read for what they mean. */
class OddFilesTest {
    private static final TransferSyntax EXPLICIT = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;

    @Test
    void readsADataSetThatIsEmptyAndDeflated() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PydicomFiles.writeFile(new DataSet(), TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN, out);
        for (int piece : new int[] {1, 7, out.size()}) {
            assertThat(read(out.toByteArray(), piece)).isEmpty();
        }
    }

    @Test
    void readsASequenceThatIsWrittenAsUNOfDefinedLengthAndWritesItSo() throws Exception {
        Sequence sequence = new Sequence(0x00081140, VR.UN, false)
                .add(new DataSet().setString(Tag.ReferencedSOPInstanceUID, VR.UI, "2.25.8"));
        DataSet dataSet = new DataSet();
        dataSet.put(sequence);
        byte[] bytes = file(dataSet);
        DataSet read = read(bytes, bytes.length);
        assertThat(read.items(0x00081140).get(0).string(Tag.ReferencedSOPInstanceUID))
                .isEqualTo("2.25.8");
        assertThat(file(read)).isEqualTo(bytes);
    }

    @Test
    void leavesUNAloneThatIsNotTheSequenceItShouldBe() throws Exception {
        byte[] value = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
        DataSet dataSet = new DataSet().setBytes(0x00081140, VR.UN, value);
        byte[] bytes = file(dataSet);
        assertThat(read(bytes, 3).bytes(0x00081140)).isEqualTo(value);
        assertThat(file(read(bytes, 3))).isEqualTo(bytes);
    }

    @Test
    void readsAPrivateCreatorThatIsWrittenAsUN() throws Exception {
        DataSet dataSet = new DataSet()
                .setBytes(0x00090010, VR.UN, (byte) 'A', (byte) ' ')
                .setString(0x00091001, VR.SH, "x");
        byte[] bytes = file(dataSet);
        assertThat(read(bytes, bytes.length).privateCreator(0x00091001)).isEqualTo("A");
        assertThat(file(read(bytes, bytes.length))).isEqualTo(bytes);
    }

    @Test
    void refusesToWriteAValueThatIsElsewhere() {
        DataSet dataSet = new DataSet();
        dataSet.put(new BulkDataReference(Tag.PixelData, VR.OW, "bulkdata/1"));
        assertThatThrownBy(() -> file(dataSet)).isInstanceOf(IOException.class).hasMessageContaining("(7FE0,0010)");
    }

    private static byte[] file(DataSet dataSet) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PydicomFiles.writeFile(dataSet, EXPLICIT, out);
        return out.toByteArray();
    }

    private static DataSet read(byte[] bytes, int piece) throws DicomParseException {
        try (DicomParser parser = new DicomParser(ParseLimits.WHOLE)) {
            for (int at = 0; at < bytes.length; at += piece) {
                byte[] part = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + piece));
                parser.feed(part, 0, part.length);
            }
            parser.finish();
            return parser.dataSet();
        }
    }
}
