package org.imagingingestion.benchmarks.corpus;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

import org.imagingingestion.dicom.DicomFile;
import org.imagingingestion.dicom.DicomReader;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.TransferSyntax;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class InstanceTemplateTest {
    private static final InstanceName NAME = InstanceName.of(1234, 51);

    @ParameterizedTest
    @EnumSource(ObjectKind.class)
    void makesFilesThatReadAsTheInstanceTheyAreNamedAfter(ObjectKind kind) throws Exception {
        byte[] file = InstanceTemplate.of(kind).file(NAME);

        DicomFile read = DicomReader.readBefore(0x7FE00010, new ByteArrayInputStream(file), ParseLimits.STREAMING);

        assertThat(read.transferSyntax()).isEqualTo(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        assertThat(read.fileMetaInformation().string(0x00020003)).isEqualTo(NAME.instanceUid());
        assertThat(read.dataSet().string(0x00080018)).isEqualTo(NAME.instanceUid());
        assertThat(read.dataSet().string(0x0020000D)).isEqualTo(NAME.studyUid());
        assertThat(read.dataSet().string(0x0020000E)).isEqualTo(NAME.seriesUid());
        assertThat(read.dataSet().string(0x00100020)).isEqualTo(NAME.patientId());
        assertThat(read.dataSet().string(0x00100010)).isEqualTo(NAME.familyName() + "^BENCHMARK");
        assertThat(read.dataSet().string(0x00200013)).isEqualTo("000052");
    }

    @Test
    void changesNothingButTheNamesBetweenInstances() {
        InstanceTemplate template = InstanceTemplate.of(ObjectKind.TINY);
        byte[] one = template.file(InstanceName.of(10, 0));
        byte[] other = template.file(InstanceName.of(20, 99));

        template.patch(ByteBuffer.wrap(other), 0, InstanceName.of(10, 0));

        assertThat(other).isEqualTo(one);
    }

    @Test
    void hasPixelsThatTellFramesApart() {
        InstanceTemplate template = InstanceTemplate.of(ObjectKind.MULTIFRAME);
        int length = template.kind().frameLength();
        byte[] second = new byte[length];
        byte[] third = new byte[length];
        template.pixels().position(length).get(second).get(third);

        assertThat(Arrays.mismatch(second, third)).isEqualTo("frame ".length());
    }
}
