package org.imagingingestion.dicom.service;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomFile;
import org.imagingingestion.dicom.DicomReader;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.DicomWriter;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Data sets that come in a message and are kept as files. */
class InstanceBodyTest {
    private static final String CT = "1.2.840.10008.5.1.4.1.1.2";

    static List<TransferSyntax> syntaxes() {
        return List.of(
                TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.EXPLICIT_VR_BIG_ENDIAN,
                TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN);
    }

    private static DataSet dataSet() {
        return new DataSet()
                .setString(Tag.SOPClassUID, VR.UI, CT)
                .setString(Tag.SOPInstanceUID, VR.UI, "1.2.3")
                .setString(Tag.StudyInstanceUID, VR.UI, "1.2")
                .setString(Tag.SeriesInstanceUID, VR.UI, "1.2.1")
                .setInt(Tag.Rows, VR.US, 100)
                .setBytes(Tag.PixelData, VR.OW, new byte[50_000]);
    }

    private static byte[] encoded(DataSet dataSet, TransferSyntax syntax) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new DicomWriter(syntax).writeDataSet(dataSet, out);
        return out.toByteArray();
    }

    private static InstanceBody receive(byte[] dataSet, TransferSyntax agreed) throws IOException, DicomException {
        return InstanceBody.receiveDataSet(
                new ByteArrayInputStream(dataSet), CT, "1.2.3", agreed, ParseLimits.STREAMING);
    }

    @ParameterizedTest
    @MethodSource("syntaxes")
    void putsAFileHeaderBeforeTheBytesThatCame(TransferSyntax syntax) throws Exception {
        byte[] dataSet = encoded(dataSet(), syntax);
        try (InstanceBody body = receive(dataSet, syntax)) {
            byte[] file = body.stream().readAllBytes();

            assertThat(file).endsWith(dataSet);
            assertThat(body.transferSyntax()).isEqualTo(syntax);
            assertThat(body.fileMetaInformation().string(Tag.TransferSyntaxUID)).isEqualTo(syntax.uid());
            DicomFile read = DicomReader.read(new ByteArrayInputStream(file), ParseLimits.WHOLE);
            assertThat(read.dataSet().integer(Tag.Rows, 0)).isEqualTo(100);
            assertThat(body.length()).isEqualTo(file.length);
        }
    }

    @Test
    void namesTheTransferSyntaxThatTheDataSetIsInAndNotTheOneThatWasPromised() throws Exception {
        byte[] dataSet = encoded(dataSet(), TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN);
        try (InstanceBody body = receive(dataSet, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN)) {
            byte[] file = body.stream().readAllBytes();

            assertThat(file).endsWith(dataSet);
            assertThat(body.transferSyntax()).isEqualTo(TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN);
            DicomFile read = DicomReader.read(new ByteArrayInputStream(file), ParseLimits.WHOLE);
            assertThat(read.fileMetaInformation().string(Tag.TransferSyntaxUID))
                    .isEqualTo(TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid());
        }
    }

    @ParameterizedTest
    @MethodSource("syntaxes")
    void doesNotTakeWhatOnlyFilesHave(TransferSyntax syntax) throws Exception {
        byte[] dataSet = encoded(dataSet().setString(Tag.TransferSyntaxUID, VR.UI, "1.2.840.10008.1.2.4.50"), syntax);

        assertThatThrownBy(() -> receive(dataSet, syntax))
                .isInstanceOfSatisfying(
                        DicomException.class, e -> assertThat(e.status()).isEqualTo(DicomStatus.CANNOT_UNDERSTAND))
                .hasMessageContaining("(0002,0010)");
    }
}
