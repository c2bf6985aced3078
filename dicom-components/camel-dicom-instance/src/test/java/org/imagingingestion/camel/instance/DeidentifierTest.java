package org.imagingingestion.camel.instance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomWriter;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.Fragments;
import org.imagingingestion.dicom.Sequence;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DeidentifierTest {
    private static final TransferSyntax JPEG = TransferSyntax.of("1.2.840.10008.1.2.4.50");

    private static DataSet made(DataSet dataSet, Deidentifier deidentifier) throws IOException, DicomException {
        return Instances.read(Instances.rewrite(Instances.file(dataSet), deidentifier))
                .dataSet();
    }

    @Test
    void goesIntoSequencesAtAnyDepth() {
        DataSet inner = new DataSet()
                .setString(Tag.PatientName, VR.PN, "Doe^Jane")
                .setString(0x00189074, VR.DT, "20200101")
                .setString(0x00080100, VR.SH, "T-1");
        DataSet known = Instances.deidentified(
                Instances.dataSet().setItems(0x52009230, new DataSet().setItems(0x00082218, inner)));
        DataSet anatomy = known.items(0x52009230).get(0).items(0x00082218).get(0);
        assertThat(anatomy.string(Tag.PatientName)).isNull();
        assertThat(anatomy.string(0x00189074)).isEqualTo("19000101000000");
        assertThat(anatomy.string(0x00080100)).isEqualTo("T-1");
    }

    @Test
    void removesPrivateElementsAndWhatIsNotKnown() {
        DataSet made = Instances.deidentified(Instances.dataSet()
                .setString(0x00090010, VR.LO, "ACME 1")
                .setString(0x00091001, VR.LO, "Doe")
                .setItems(0x00091002, new DataSet().setString(Tag.PatientName, VR.PN, "Doe"))
                .setString(0x00186666, VR.LO, "Doe")
                .setBytes(0x00081140, VR.UN, "no sequence".getBytes(StandardCharsets.US_ASCII))
                .setString(0x50000005, VR.LO, "curve")
                .setString(0x60001500, VR.LO, "Doe's overlay")
                .setBytes(0x60023000, VR.OB, (byte) 1, (byte) 2));
        for (int tag : new int[] {0x00090010, 0x00091001, 0x00091002, 0x00186666, 0x50000005, 0x60001500, 0x60023000}) {
            assertThat(made.contains(tag)).as(Tag.toString(tag)).isFalse();
        }
    }

    @Test
    void removesWhatComesInFragmentsAndGroupsBelowTheFirst() {
        DataSet dataSet = Instances.dataSet();
        for (int tag : new int[] {0x00420011, Tag.PatientID, 0x00080080}) {
            Fragments fragments = new Fragments(tag, VR.OB);
            fragments.add(0, 3, "Doe".getBytes(StandardCharsets.US_ASCII));
            dataSet.put(fragments);
        }
        dataSet.setString(0x00041500, VR.CS, "PATIENTS", "DOE").setString(0x00020003, VR.UI, "1.2.3");
        DataSet made = Instances.deidentified(dataSet);
        for (int tag : new int[] {0x00420011, Tag.PatientID, 0x00080080, 0x00041500, 0x00020003}) {
            assertThat(made.contains(tag)).as(Tag.toString(tag)).isFalse();
        }
    }

    @Test
    void removesASafePrivateSequenceThatCameAsBytes() throws Exception {
        byte[] item = {(byte) 0xFE, (byte) 0xFF, 0, (byte) 0xE0, 4, 0, 0, 0, 'D', 'o', 'e', ' '};
        DataSet made = made(
                Instances.dataSet().setString(0x00190010, VR.LO, "ACME 1").setBytes(0x0019100C, VR.UN, item),
                Instances.deidentifier("", "(0019,xx0C,\"ACME 1\")", ProfileOption.RETAIN_SAFE_PRIVATE));
        assertThat(made.contains(0x0019100C)).isFalse();
    }

    @Test
    void keepsPrivateElementsThatAreSafe() throws Exception {
        DataSet dataSet = Instances.dataSet()
                .setString(0x00190010, VR.LO, "OTHER")
                .setString(0x0019100C, VR.LO, "Doe")
                .setString(0x00190011, VR.LO, "ACME 1")
                .setString(0x0019110C, VR.LO, "1000")
                .setString(0x0019110D, VR.LO, "Doe")
                .setItems(
                        0x0019110E,
                        new DataSet()
                                .setString(Tag.PatientName, VR.PN, "Doe")
                                .setString(0x00190010, VR.LO, "ACME 1")
                                .setString(0x0019100C, VR.LO, "2000"));
        DataSet made = made(
                dataSet,
                Instances.deidentifier(
                        "", "(0019,xx0C,\"ACME 1\"); (0019,XX0e,\"acme 1\")", ProfileOption.RETAIN_SAFE_PRIVATE));
        assertThat(made.string(0x0019110C)).isEqualTo("1000");
        assertThat(made.string(0x00190011)).isEqualTo("ACME 1");
        assertThat(made.contains(0x00190010)).isFalse();
        assertThat(made.contains(0x0019100C)).isFalse();
        assertThat(made.contains(0x0019110D)).isFalse();
        DataSet item = made.items(0x0019110E).get(0);
        assertThat(item.string(Tag.PatientName)).isNull();
        assertThat(item.string(0x0019100C)).isEqualTo("2000");
    }

    @Test
    void keepsDescriptionsThatAreSafeAndNoOthers() throws Exception {
        DataSet dataSet = Instances.dataSet()
                .setString(0x0008103E, VR.LO, "T1 axial")
                .setString(0x00081030, VR.LO, "Head of Jane Doe")
                .setString(0x00181030, VR.LO, "Routine")
                .setString(0x00204000, VR.LT, "T1 comment")
                .setItems(
                        0x00400275,
                        new DataSet()
                                .setString(0x00400009, VR.SH, "4711")
                                .setItems(0x00400008, new DataSet().setString(0x00080100, VR.SH, "P5-09051")));
        DataSet made = made(
                dataSet,
                Instances.deidentifier(
                        "SeriesDescription=T1 *|T2 *;StudyDescription=T?;ProtocolName;RequestAttributesSequence",
                        "",
                        ProfileOption.CLEAN_DESCRIPTORS));
        assertThat(made.string(0x0008103E)).isEqualTo("T1 axial");
        assertThat(made.contains(0x00081030)).isFalse();
        assertThat(made.string(0x00181030)).isEqualTo("Routine");
        assertThat(made.contains(0x00204000)).isFalse();
        DataSet request = made.items(0x00400275).get(0);
        assertThat(request.contains(0x00400009)).isFalse();
        assertThat(request.items(0x00400008).get(0).string(0x00080100)).isEqualTo("P5-09051");
        assertThat(Instances.deidentified(dataSet).contains(0x0008103E)).isFalse();
    }

    @Test
    void keepsNoBytesForBeingNamedAsADescription() throws Exception {
        DataSet made = made(
                Instances.dataSet().setBytes(0x0016002B, VR.OB, (byte) 'D', (byte) 'o', (byte) 'e', (byte) ' '),
                Instances.deidentifier("MakerNote", "", ProfileOption.CLEAN_DESCRIPTORS));
        assertThat(made.contains(0x0016002B)).isFalse();
    }

    @Test
    void emptiesStayEmptyAndAbsentOnesAbsent() {
        DataSet made = Instances.deidentified(
                Instances.dataSet().setString(0x00080080, VR.LO, "").setString(0x00080021, VR.DA, ""));
        assertThat(made.get(0x00080080).isEmpty()).isTrue();
        assertThat(made.get(0x00080021).isEmpty()).isTrue();
        assertThat(made.contains(0x00081010)).isFalse();
    }

    @Test
    void leavesOneItemOfASequenceThatHasToHaveOne() {
        DataSet text = new DataSet()
                .setString(0x0040A010, VR.CS, "CONTAINS")
                .setString(0x0040A040, VR.CS, "TEXT")
                .setItems(0x0040A043, new DataSet().setString(0x00080104, VR.LO, "Finding of Doe"))
                .setString(0x0040A160, VR.UT, "Jane Doe has a cold");
        DataSet made = Instances.deidentified(Instances.dataSet().setItems(0x0040A730, text, text));
        assertThat(made.items(0x0040A730)).hasSize(1);
        DataSet item = made.items(0x0040A730).get(0);
        assertThat(item.string(0x0040A040)).isEqualTo("TEXT");
        assertThat(item.string(0x0040A160)).isEqualTo("REMOVED");
        assertThat(item.items(0x0040A043).get(0).string(0x00080104)).matches("[A-Z2-7]{16}");
    }

    @Test
    void tellsWhatWasDone() {
        DataSet made = Instances.deidentified(
                Instances.dataSet(), ProfileOption.RETAIN_UIDS, ProfileOption.RETAIN_MODIFIED_DATES);
        assertThat(made.string(Tag.PatientIdentityRemoved)).isEqualTo("YES");
        assertThat(made.string(Tag.LongitudinalTemporalInformationModified)).isEqualTo("MODIFIED");
        assertThat(made.items(Tag.DeidentificationMethodCodeSequence))
                .extracting(code -> code.string(Tag.CodeValue) + code.string(Tag.CodingSchemeDesignator))
                .containsExactlyInAnyOrder("113100DCM", "113107DCM", "113110DCM");
        assertThat(made.string(Tag.SOPInstanceUID)).isEqualTo("1.2.3.4.3");
        assertThat(Instances.deidentified(Instances.dataSet()).string(Tag.LongitudinalTemporalInformationModified))
                .isEqualTo("REMOVED");
        assertThat(Instances.deidentified(Instances.dataSet(), ProfileOption.RETAIN_FULL_DATES)
                        .string(Tag.LongitudinalTemporalInformationModified))
                .isEqualTo("UNMODIFIED");
    }

    @Test
    void oneWhoHasTwoIssuersIsTwoPatients() {
        DataSet one = Instances.deidentified(Instances.dataSet().setString(Tag.IssuerOfPatientID, VR.LO, "A"));
        DataSet other = Instances.deidentified(Instances.dataSet().setString(Tag.IssuerOfPatientID, VR.LO, "B"));
        DataSet again = Instances.deidentified(Instances.dataSet()
                .setString(Tag.IssuerOfPatientID, VR.LO, "A")
                .setString(Tag.PatientName, VR.PN, "Doe^J"));
        assertThat(one.string(Tag.PatientID)).isNotEqualTo(other.string(Tag.PatientID));
        assertThat(one.string(Tag.PatientID))
                .isEqualTo(again.string(Tag.PatientID))
                .isEqualTo(one.string(Tag.PatientName));
    }

    @Test
    void theSameInstanceBecomesTheSameBytes() throws Exception {
        byte[] file = Instances.file(Instances.dataSet());
        assertThat(Instances.rewrite(file, Instances.deidentifier()))
                .isEqualTo(Instances.rewrite(file, Instances.deidentifier()));
    }

    /** What the writers of this project do not put there: elements behind pixel data. */
    private static byte[] withTrailer(DataSet dataSet, TransferSyntax syntax) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(DicomWriter.fileHeader("1.2.840.10008.5.1.4.1.1.2", "1.2.3.4.3", syntax.uid()));
        new DicomWriter(syntax).writeDataSet(dataSet, out);
        return out.toByteArray();
    }

    private static DataSet pixels(TransferSyntax syntax) {
        DataSet dataSet = Instances.dataSet().setInt(0x00280100, VR.US, 8);
        if (syntax.encapsulated()) {
            dataSet.put(new Fragments(Tag.PixelData, VR.OB)
                    .add(0, 0, new byte[0])
                    .add(0, 4, new byte[] {(byte) 0xFF, (byte) 0xD8, 1, 2})
                    .add(0, 2, new byte[] {3, 4}));
        } else {
            dataSet.setBytes(Tag.PixelData, VR.OW, new byte[] {1, 2, 3, 4});
        }
        return dataSet;
    }

    private static Stream<TransferSyntax> syntaxes() {
        return Stream.of(
                TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.EXPLICIT_VR_BIG_ENDIAN,
                TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
                JPEG);
    }

    @ParameterizedTest
    @MethodSource("syntaxes")
    void removesWhatStandsBehindPixelData(TransferSyntax syntax) throws Exception {
        DataSet dataSet = pixels(syntax)
                .setString(0x7FE10010, VR.LO, "ACME 1")
                .setString(0x7FE11001, VR.LO, "Doe")
                .setItems(0xFFFAFFFA, new DataSet().setString(0x04000100, VR.UI, "1.2.3.4.5"))
                .setBytes(0xFFFCFFFC, VR.OB, new byte[64]);
        byte[] file = withTrailer(dataSet, syntax);
        DataSet made = Instances.read(Instances.rewrite(file, Instances.deidentifier()))
                .dataSet();
        Element last = null;
        for (Element element : made) {
            last = element;
        }
        assertThat(last.tag()).isEqualTo(Tag.PixelData);
        if (last instanceof Fragments fragments) {
            assertThat(fragments.count()).isEqualTo(3);
            assertThat(fragments.bytes(1)).containsExactly(0xFF, 0xD8, 1, 2);
        } else {
            assertThat(made.bytes(Tag.PixelData)).containsExactly(1, 2, 3, 4);
        }

        DataSet coerced = Instances.read(Instances.rewrite(file, Instances.coercion("set StudyID = 1")))
                .dataSet();
        assertThat(coerced.contains(0x7FE11001)).isTrue();
        assertThat(coerced.items(0xFFFAFFFA)).hasSize(1);
        assertThat(coerced.string(Tag.StudyID)).isEqualTo("1");
    }

    @ParameterizedTest
    @MethodSource("syntaxes")
    void saysSoWhereAnInstanceBreaksOff(TransferSyntax syntax) throws Exception {
        byte[] file = withTrailer(pixels(syntax), syntax);
        // less than the last element, and more than what may pad a deflated data set
        for (int cut = 2; cut < 12; cut++) {
            byte[] shorter = Arrays.copyOf(file, file.length - cut);
            assertThatThrownBy(() -> Instances.rewrite(shorter, Instances.deidentifier()))
                    .isInstanceOfAny(IOException.class, DicomException.class)
                    .hasMessageNotContaining("Doe");
        }
    }

    @Test
    void removesADocumentOfAnyLength() throws Exception {
        DataSet dataSet = Instances.dataSet()
                .setString(0x00420012, VR.LO, "application/pdf")
                .setBytes(0x00420011, VR.OB, new byte[3 << 20]);
        byte[] made = Instances.rewrite(Instances.file(dataSet), Instances.deidentifier());
        assertThat(made.length).isLessThan(10_000);
        assertThat(Instances.read(made).dataSet().bytes(0x00420011)).hasSize(2);
    }

    @Test
    void passesLongValuesOfTheHeader() throws Exception {
        byte[] long1 = new byte[3 << 20];
        Arrays.fill(long1, (byte) 7);
        DataSet dataSet = Instances.dataSet()
                .setBytes(0x56000020, VR.OF, long1)
                .setItems(0x54000100, new DataSet().setBytes(0x54001010, VR.OW, long1));
        DataSet made = Instances.deidentified(dataSet);
        assertThat(made.bytes(0x56000020)).isEqualTo(long1);
        assertThat(made.items(0x54000100).get(0).bytes(0x54001010)).isEqualTo(long1);
    }

    @Test
    void refusesSequencesThatAreTooDeep() {
        DataSet inner = new DataSet();
        for (int i = 0; i < 200; i++) {
            DataSet outer = new DataSet();
            outer.put(new Sequence(0x00082218).add(inner));
            inner = outer;
        }
        DataSet deep = Instances.dataSet();
        deep.put(new Sequence(0x00082218).add(inner));
        assertThatThrownBy(() -> made(deep, Instances.deidentifier()))
                .hasStackTraceContaining("sequences within each other");
    }

    @ParameterizedTest
    @ValueSource(strings = {"19991332", "yesterday"})
    void removesDatesThatAreNone(String date) throws Exception {
        DataSet made = made(
                Instances.dataSet().setString(0x00080021, VR.DA, date).setString(Tag.StudyDate, VR.DA, date),
                Instances.deidentifier(ProfileOption.RETAIN_MODIFIED_DATES));
        assertThat(made.string(0x00080021)).isEqualTo("19000101");
        assertThat(made.get(Tag.StudyDate).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(ProfileOption.class)
    void takesNoOptionForAllOfThem(ProfileOption option) {
        DataSet made = Instances.deidentified(
                Instances.dataSet()
                        .setString(0x00101040, VR.LO, "1 Main Street")
                        .setString(Tag.PatientBirthDate, VR.DA, "19700101"),
                option);
        assertThat(made.contains(0x00101040)).isFalse();
        assertThat(made.get(Tag.PatientBirthDate).isEmpty()).isTrue();
        assertThat(made.string(Tag.PatientName)).doesNotContain("Doe");
    }

    @Test
    void keepsNoDateAndNoUidThatIsNone() {
        DataSet original = Instances.dataSet()
                .setString(Tag.StudyDate, VR.DA, "DOE JANE")
                .setString(Tag.SeriesDate, VR.DA, "20200229")
                .setString(0x00200052, VR.UI, "DOE.JANE");

        DataSet dates = Instances.deidentified(original, ProfileOption.RETAIN_FULL_DATES);
        DataSet uids = Instances.deidentified(original, ProfileOption.RETAIN_UIDS);

        assertThat(dates.get(Tag.StudyDate).isEmpty()).isTrue();
        assertThat(dates.string(Tag.SeriesDate)).isEqualTo("20200229");
        assertThat(uids.string(0x00200052)).startsWith("2.25.");
        assertThat(uids.string(Tag.SOPInstanceUID)).isEqualTo(original.string(Tag.SOPInstanceUID));
    }

    @Test
    void removesWhatHasAVrThatIsNotItsOwn() {
        DataSet made = Instances.deidentified(Instances.dataSet()
                .setString(0x00180050, VR.PN, "DOE^JANE")
                .setString(Tag.Rows, VR.LO, "DOE^JANE")
                .setBytes(Tag.Manufacturer, VR.OB, "DOE^JANE".getBytes(StandardCharsets.US_ASCII))
                .setBytes(0x00281201, VR.US, (byte) 1, (byte) 2)
                .setString(Tag.Modality, VR.LO, "CT"));

        assertThat(made.contains(0x00180050)).isFalse();
        assertThat(made.contains(Tag.Rows)).isFalse();
        assertThat(made.contains(Tag.Manufacturer)).isFalse();
        assertThat(made.string(Tag.Modality)).isEqualTo("CT");
        assertThat(made.contains(0x00281201)).isTrue();
    }

    @Test
    void keepsNoPrivateCreatorWithMoreThanItsName() throws Exception {
        DataSet made = made(
                Instances.dataSet()
                        .setString(0x00190010, VR.LO, "SIEMENS MR HEADER", "DOE^JANE")
                        .setString(0x0019100C, VR.IS, "1000"),
                Instances.deidentifier("", "(0019,xx0C,\"SIEMENS MR HEADER\")", ProfileOption.RETAIN_SAFE_PRIVATE));

        assertThat(made.contains(0x00190010)).isFalse();
        assertThat(made.contains(0x0019100C)).isFalse();
    }

    @Test
    void refusesElementsThatComeTooLate() throws Exception {
        byte[] file = Instances.file(Instances.dataSet());
        byte[] late = new byte[] {
            (byte) 0xFC,
            (byte) 0xFF,
            (byte) 0xFC,
            (byte) 0xFF,
            'O',
            'B',
            0,
            0,
            0,
            0,
            0,
            0, // trailing padding
            0x28,
            0,
            0x10,
            0,
            'U',
            'S',
            2,
            0,
            1,
            0, // Rows
        };
        byte[] misordered = Arrays.copyOf(file, file.length + late.length);
        System.arraycopy(late, 0, misordered, file.length, late.length);
        byte[] padded = Arrays.copyOf(misordered, misordered.length - 10);

        assertThat(Instances.read(Instances.rewrite(padded, Instances.deidentifier()))
                        .dataSet()
                        .contains(Tag.SOPInstanceUID))
                .isTrue();
        assertThatThrownBy(() -> Instances.rewrite(misordered, Instances.deidentifier()))
                .isInstanceOf(DicomException.class)
                .hasMessageContaining("(0028,0010)");
    }

    @Test
    void refusesPixelDataThatIsASequence() throws Exception {
        byte[] file = Instances.file(Instances.dataSet());
        byte[] sequence = {(byte) 0xE0, 0x7F, 0x10, 0, 'S', 'Q', 0, 0, 0, 0, 0, 0};
        byte[] whole = Arrays.copyOf(file, file.length + sequence.length);
        System.arraycopy(sequence, 0, whole, file.length, sequence.length);

        assertThatThrownBy(() -> Instances.rewrite(whole, Instances.deidentifier()))
                .hasMessageContaining("VR that pixel data cannot have");
    }
}
