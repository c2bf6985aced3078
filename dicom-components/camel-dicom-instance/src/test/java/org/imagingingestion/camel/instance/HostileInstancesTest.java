package org.imagingingestion.camel.instance;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomReader;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import static org.assertj.core.api.Assertions.assertThat;

/** Files with some bytes changed or missing become instances that can be read, or a clear error. */
class HostileInstancesTest {
    private static final List<byte[]> FILES = List.of(
            made(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN),
            made(TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN),
            made(TransferSyntax.EXPLICIT_VR_BIG_ENDIAN),
            made(TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN),
            file("rtplan.dcm"),
            file("SC_rgb_small_odd_jpeg.dcm"),
            file("reportsi.dcm"),
            file("UN_sequence.dcm"));

    private static final HeaderChange DEIDENTIFY = Instances.deidentifier();
    private static final HeaderChange CLEAN = Instances.deidentifier(
            "SeriesDescription=*;RequestAttributesSequence", "(0019,xx0C,\"ACME 1\")", ProfileOption.values());
    private static final HeaderChange SHIFT = Instances.deidentifier(ProfileOption.RETAIN_MODIFIED_DATES);
    private static final HeaderChange COERCE = Instances.coercion("set StationName = 山田; suffix PatientID = -X; replace"
            + " StudyDescription a = b; copy PatientName to InstitutionName; map Modality * = OT; remove"
            + " RequestAttributesSequence[*].ScheduledProcedureStepID; set (0019,xx0D,\"ACME 1\") US = 7");

    private static byte[] file(String name) {
        try {
            return Files.readAllBytes(PydicomFiles.named(name));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] made(TransferSyntax syntax) {
        return Instances.file(
                Instances.dataSet()
                        .setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 100")
                        .setString(0x0008103E, VR.LO, "Description")
                        .setString(0x0008002A, VR.DT, "20260131101112")
                        .setString(0x00190010, VR.LO, "ACME 1")
                        .setString(0x0019100C, VR.LO, "safe")
                        .setItems(
                                0x00400275,
                                new DataSet()
                                        .setString(0x00400009, VR.SH, "1")
                                        .setString(Tag.PatientName, VR.PN, "Doe"))
                        .setItems(0x00081140, new DataSet().setString(0x00081155, VR.UI, "1.2.3"))
                        .setBytes(Tag.PixelData, VR.OW, new byte[64])
                        .setString(0xFFFAFFFB, VR.LO, "trailer"),
                syntax);
    }

    @Property(tries = 300)
    void becomeInstancesOrErrors(@ForAll @IntRange(min = 0) int seed) {
        Random random = new Random(seed);
        byte[] bytes = FILES.get(random.nextInt(FILES.size())).clone();
        int header = Math.min(bytes.length, 140 + random.nextInt(6000));
        for (int i = random.nextInt(6); i > 0; i--) {
            bytes[132 + random.nextInt(header - 132)] = (byte) random.nextInt();
        }
        if (random.nextInt(4) == 0) {
            bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
        }
        for (HeaderChange change : List.of(DEIDENTIFY, CLEAN, SHIFT, COERCE)) {
            byte[] made;
            try {
                made = Instances.rewrite(bytes, change);
            } catch (IOException | DicomException e) {
                assertThat(e).hasMessageNotContaining("Doe");
                continue;
            }
            try {
                DicomReader.read(new ByteArrayInputStream(made), ParseLimits.STREAMING);
            } catch (IOException | DicomException e) {
                throw new AssertionError("What was made of seed " + seed + " cannot be read", e);
            }
        }
    }
}
