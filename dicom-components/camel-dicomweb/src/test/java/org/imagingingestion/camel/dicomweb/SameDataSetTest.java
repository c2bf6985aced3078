package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomParseException;
import org.imagingingestion.dicom.DicomWriter;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.InstanceBody;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SameDataSetTest {
    private static byte[] file(String transferSyntax, int length, int last) throws IOException, DicomException {
        byte[] pixels = new byte[length];
        pixels[length - 1] = (byte) last;
        DataSet dataSet = new DataSet()
                .setString(Tag.SOPClassUID, VR.UI, "1.2.840.10008.5.1.4.1.1.7")
                .setString(Tag.SOPInstanceUID, VR.UI, "1.2.3")
                .setString(Tag.StudyInstanceUID, VR.UI, "1.2")
                .setString(Tag.SeriesInstanceUID, VR.UI, "1.2.1")
                .setBytes(Tag.PixelData, VR.OB, pixels);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new DicomWriter(TransferSyntax.of(transferSyntax)).writeFile(dataSet, out);
        return out.toByteArray();
    }

    private static boolean isSame(byte[] one, byte[] other) throws IOException, DicomParseException {
        return SameDataSet.isIn(new ByteArrayInputStream(one), new ByteArrayInputStream(other));
    }

    /** With another Implementation Version Name in its File Meta Information. */
    private static byte[] rewritten(byte[] file) {
        byte[] other = file.clone();
        for (int i = 132; i < 400; i++) {
            // (0002,0013)
            if (other[i] == 2 && other[i + 1] == 0 && other[i + 2] == 0x13 && other[i + 3] == 0) {
                other[i + 8] ^= 1;
                return other;
            }
        }
        throw new IllegalStateException("The file does not say who has written it");
    }

    @Test
    void comparesWhatFollowsTheFileMetaInformation() throws Exception {
        String explicit = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid();
        byte[] file = file(explicit, 200_000, 1);

        assertThat(isSame(file, file)).isTrue();
        assertThat(isSame(file, rewritten(file))).isTrue();
        assertThat(isSame(file, file(explicit, 200_000, 2))).isFalse();
        assertThat(isSame(file, file(explicit, 199_998, 1))).isFalse();
        assertThat(isSame(file, file("1.2.840.10008.1.2", 200_000, 1))).isFalse();
    }

    /** As for one that comes through a route, which can be read once only. */
    private static OutgoingInstance sent(byte[] file) throws IOException, DicomException {
        return sent(new OutgoingInstance(InstanceBody.receive(new ByteArrayInputStream(file), ParseLimits.STREAMING)));
    }

    private static OutgoingInstance sent(OutgoingInstance instance) throws IOException, DicomException {
        instance.toBeCompared().open();
        instance.writeTo(OutputStream.nullOutputStream());
        instance.close();
        return instance;
    }

    @Test
    void comparesWhatCannotBeReadAgainWithWhatWasSent() throws Exception {
        String explicit = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid();
        byte[] file = file(explicit, 200_000, 1);

        assertThat(sent(file).isSameAs(new ByteArrayInputStream(rewritten(file))))
                .isTrue();
        assertThat(sent(file).isSameAs(new ByteArrayInputStream(file(explicit, 200_000, 2))))
                .isFalse();
        assertThat(sent(file).isSameAs(new ByteArrayInputStream(file("1.2.840.10008.1.2", 200_000, 1))))
                .isFalse();
        assertThat(sent(new OutgoingInstance(new ByteArrayInputStream(file)))
                        .isSameAs(new ByteArrayInputStream(rewritten(file))))
                .isTrue();
        OutgoingInstance unsent = new OutgoingInstance(
                        InstanceBody.receive(new ByteArrayInputStream(file), ParseLimits.STREAMING))
                .toBeCompared();
        assertThat(unsent.isSameAs(new ByteArrayInputStream(file))).isFalse();
    }

    @Test
    void doesNotTakeWhatIsNoFileForTheSame() throws Exception {
        byte[] file = file(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid(), 100, 1);

        assertThatThrownBy(() -> isSame(file, new byte[0])).isInstanceOf(IOException.class);
    }
}
