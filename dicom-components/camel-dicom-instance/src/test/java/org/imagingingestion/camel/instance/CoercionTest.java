package org.imagingingestion.camel.instance;

import java.io.IOException;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomFile;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CoercionTest {
    private static DataSet coerced(DataSet dataSet, String rules) throws IOException, DicomException {
        return Instances.read(Instances.rewrite(Instances.file(dataSet), Instances.coercion(rules)))
                .dataSet();
    }

    private static DataSet dataSet() {
        return Instances.dataSet()
                .setString(0x00080008, VR.CS, "ORIGINAL", "PRIMARY")
                .setString(Tag.StudyID, VR.SH, "S1")
                .setString(Tag.AccessionNumber, VR.SH, "")
                .setInt(0x00280100, VR.US, 8)
                .setDouble(0x00189073, VR.FD, 1.5)
                .setItems(
                        0x00400275,
                        new DataSet().setString(0x00401001, VR.SH, "R1").setString(0x00400009, VR.SH, "P1"),
                        new DataSet().setString(0x00401001, VR.SH, "R2"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "set InstitutionName = General Hospital | 00080080 | General Hospital",
                "set InstitutionName = \"a; b = \\\"c\\\" # d\" | 00080080 | a; b = \"c\" # d",
                "set ImageType = DERIVED\\SECONDARY | 00080008 | DERIVED\\SECONDARY",
                "set (0010,0020) = 12 | 00100020 | 12",
                "set 00100020 = 12 | 00100020 | 12",
                "set PatientName = | 00100010 |",
                "set BitsAllocated = 16 | 00280100 | 16",
                "set AcquisitionDuration = 2.25 | 00189073 | 2.25",
                "default StudyID = S2 | 00200010 | S1",
                "default AccessionNumber = A1 | 00080050 | A1",
                "default StationName = CT1 | 00081010 | CT1",
                "remove PatientID | 00100020 |",
                "copy StudyID to AccessionNumber | 00080050 | S1",
                "copy StationName to StudyID | 00200010 | S1",
                "copy RequestAttributesSequence[1].RequestedProcedureID to AccessionNumber | 00080050 | R2",
                "copy BitsAllocated to SeriesNumber | 00200011 | 8",
                "map Modality CT = MR, MR = CT | 00080060 | MR",
                "map Modality MR = CT | 00080060 | CT",
                "map Modality MR = CT, * = \"OT\" | 00080060 | OT",
                "map ImageType PRIMARY = SECONDARY | 00080008 | ORIGINAL\\SECONDARY",
                "replace PatientID \"^(\\d\\d)(\\d\\d)$\" = \"$2-$1\" | 00100020 | 11-47",
                "replace PatientName ^Doe = Roe | 00100010 | Roe^Jane",
                "prefix PatientID = H1- | 00100020 | H1-4711",
                "suffix PatientID = -X | 00100020 | 4711-X",
                "prefix StationName = X | 00081010 |",
            })
    void changesTopLevelAttributes(String rules, String tag, String expected) throws Exception {
        DataSet made = coerced(dataSet(), rules);
        int number = Integer.parseUnsignedInt(tag, 16);
        assertThat(String.join("\\", made.strings(number))).isEqualTo(expected == null ? "" : expected);
    }

    @Test
    void readsLinesAndSemicolonsButNoComments() throws Exception {
        DataSet made =
                coerced(dataSet(), "# nothing; at all\n\n set StudyID = 2 ; suffix StudyID = 3;; \r\n # set x\n");
        assertThat(made.string(Tag.StudyID)).isEqualTo("23");
    }

    @Test
    void changesItemsOfSequences() throws Exception {
        DataSet made = coerced(
                dataSet(),
                "set RequestAttributesSequence[0].RequestedProcedureID = A; suffix"
                        + " RequestAttributesSequence[*].RequestedProcedureID = -Z; remove"
                        + " RequestAttributesSequence[*].ScheduledProcedureStepID; set"
                        + " RequestAttributesSequence[7].StudyID = no such item; set"
                        + " ReferencedStudySequence.ReferencedSOPInstanceUID = 1.2");
        List<DataSet> items = made.items(0x00400275);
        assertThat(items).extracting(item -> item.string(0x00401001)).containsExactly("A-Z", "R2-Z");
        assertThat(items.get(0).contains(0x00400009)).isFalse();
        assertThat(items).hasSize(2);
        assertThat(made.items(0x00081110).get(0).string(0x00081155)).isEqualTo("1.2");
    }

    @Test
    void reservesABlockForAPrivateCreator() throws Exception {
        DataSet dataSet = Instances.dataSet()
                .setString(0x00090010, VR.LO, "OTHER")
                .setString(0x00090012, VR.LO, "ACME 1")
                .setString(0x00091204, VR.LO, "old");
        DataSet made = coerced(
                dataSet,
                "set (0009,xx04,\"ACME 1\") LO = new; set (0009,xx01,\"NEW\") US = 3; remove (0009,xx02,\"NONE\")");
        assertThat(made.string(0x00091204)).isEqualTo("new");
        assertThat(made.string(0x00090011)).isEqualTo("NEW");
        assertThat(made.longs(0x00091101)).containsExactly(3);
        assertThat(made.contains(0x00090013)).isFalse();
    }

    @Test
    void takesRulesAsJson() throws Exception {
        String json =
                """
                [{"rule": "set", "attribute": "InstitutionName", "value": "General; \\"H\\""},
                 {"rule": "default", "attribute": "(0009,xx01,\\"NEW\\")", "vr": "SH", "value": "x"},
                 {"rule": "remove", "attribute": "PatientName"},
                 {"rule": "copy", "attribute": "StudyID", "to": "AccessionNumber"},
                 {"rule": "map", "attribute": "Modality", "values": {"CT": "MR", "*": "OT"}},
                 {"rule": "replace", "attribute": "PatientID", "pattern": "^4", "with": "5"},
                 {"rule": "prefix", "attribute": "StudyID", "value": "A"},
                 {"rule": "suffix", "attribute": "StudyID", "value": "Z"}]""";
        DataSet made = Instances.read(
                        Instances.rewrite(Instances.file(dataSet()), new Coercion(CoercionRules.ofJson(json), null)))
                .dataSet();
        assertThat(made.string(Tag.InstitutionName)).isEqualTo("General; \"H\"");
        assertThat(made.string(0x00091001)).isEqualTo("x");
        assertThat(made.contains(Tag.PatientName)).isFalse();
        assertThat(made.string(Tag.AccessionNumber)).isEqualTo("S1");
        assertThat(made.string(Tag.Modality)).isEqualTo("MR");
        assertThat(made.string(Tag.PatientID)).isEqualTo("5711");
        assertThat(made.string(Tag.StudyID)).isEqualTo("AS1Z");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "paint Modality = CT | none of set",
                "set Modalty = CT | no attribute",
                "set Modality CT | \"CT\" is no VR",
                "set Modality | = is missing",
                "set Modality = ct | upper case",
                "set Modality = ABCDEFGHIJKLMNOPQ | 16 characters",
                "set StudyDate = 2026-01-31 | no date",
                "set StudyTime = 25 | no time",
                "set PatientAge = 12 | no age",
                "set StudyInstanceUID = 1.02 | no UID",
                "set SeriesNumber = 1.5 | whole number",
                "set SliceThickness = thick | decimal",
                "set BitsAllocated = 70000 | 65535",
                "set StudyID = a\\b | several",
                "set PatientName = a=b=c=d | three component groups",
                "set RequestAttributesSequence = x | sequence",
                "set StudyID[0].PatientID = x | no sequence",
                "set PixelData = 1 | nothing that can be changed",
                "set TransferSyntaxUID = 1.2 | nothing that can be changed",
                "set SpecificCharacterSet = ISO_IR 100 | Specific Character Set",
                "set (0009,1001) = 1 | creator",
                "set (0009,xx01,\"A\") = 1 | VR",
                "set (0008,xx01,\"A\") LO = 1 | not private",
                "remove StudyID now | behind its end",
                "copy StudyID AccessionNumber | copy is as",
                "copy RequestAttributesSequence to StudyID | has no values",
                "map Modality CT = mr | upper case",
                "map BitsAllocated 8 = 16 | characters",
                "replace PatientID ( = x | Unclosed group",
                "replace PatientID x = $1 | No group 1",
                "prefix Modality = x | upper case",
                "set StudyID = \"1 | quotation mark",
            })
    void saysWhichRuleIsWrongAndWhy(String rule, String problem) {
        assertThatThrownBy(() -> CoercionRules.ofText("set StudyID = 1\n" + rule))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(rule)
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"rule\": \"paint\", \"attribute\": \"StudyID\"}]",
                "[{\"rule\": \"set\", \"attribute\": \"StudyID\"}]",
                "[{\"rule\": \"set\", \"attribute\": \"StudyID\", \"value\": 1}]",
                "[{\"rule\": \"set\", \"attribute\": \"StudyID\", \"value\": \"1\", \"values\": {}}]",
                "[{\"rule\": \"map\", \"attribute\": \"StudyID\", \"values\": \"1\"}]",
                "[{}]",
                "[1]",
                "[{]"
            })
    void saysWhatIsWrongInJson(String json) {
        assertThatThrownBy(() -> CoercionRules.ofJson(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("(?s)(Rule 1 is wrong: |The rules are not JSON: ).+");
    }

    @Test
    void aValueThatTurnsOutWrongIsAnErrorThatDoesNotTellIt() {
        assertThatThrownBy(() -> coerced(dataSet(), "prefix AccessionNumber = x; copy PatientName to StudyDate"))
                .isInstanceOfSatisfying(DicomException.class, e -> assertThat(e.status())
                        .isEqualTo(DicomStatus.INVALID_ATTRIBUTE_VALUE))
                .hasMessageContaining("(0008,0020)")
                .hasMessageNotContaining("Doe");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set PatientID = 4711",
                "remove StationName",
                "map Modality MR = CT",
                "remove RequestAttributesSequence[4].PatientID",
                "default PatientName = Nobody",
                "replace PatientID x = y"
            })
    void leavesEveryByteWhereNothingChanges(String rules) throws Exception {
        for (TransferSyntax syntax : List.of(
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.EXPLICIT_VR_BIG_ENDIAN,
                TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN)) {
            byte[] file = Instances.file(
                    dataSet().setBytes(0x00080000, VR.UL, (byte) 1, (byte) 2, (byte) 3, (byte) 4), syntax);
            file[5] = 'x';
            assertThat(Instances.rewrite(file, Instances.coercion(rules))).isEqualTo(file);
        }
    }

    @Test
    void fileMetaInformationFollows() throws Exception {
        DicomFile made = Instances.read(Instances.rewrite(
                Instances.file(dataSet(), TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN),
                Instances.coercion("set SOPInstanceUID = 1.2.3.99")));
        assertThat(made.transferSyntax()).isEqualTo(TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN);
        assertThat(made.fileMetaInformation().string(Tag.MediaStorageSOPInstanceUID))
                .isEqualTo("1.2.3.99");
        assertThat(made.dataSet().string(Tag.SOPInstanceUID)).isEqualTo("1.2.3.99");
    }

    @Test
    void encodesInTheCharacterSetOfTheInstance() throws Exception {
        DataSet latin = new DataSet().setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 100");
        Instances.dataSet().forEach(latin::put);
        latin.setString(Tag.InstitutionName, VR.LO, "Zürich");
        DataSet made = coerced(latin, "set StationName = Käse");
        assertThat(made.string(Tag.SpecificCharacterSet)).isEqualTo("ISO_IR 100");
        assertThat(made.string(Tag.StationName)).isEqualTo("Käse");
        assertThat(made.bytes(Tag.StationName)).hasSize(4);
    }

    @Test
    void movesTheHeaderToUtf8WhereACharacterIsMissing() throws Exception {
        DataSet item = new DataSet().setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 144");
        item.setString(0x00080104, VR.LO, "Голова");
        DataSet latin = new DataSet().setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 100");
        Instances.dataSet().forEach(latin::put);
        latin.setString(Tag.InstitutionName, VR.LO, "Zürich").setItems(0x00082218, item);
        DataSet made = coerced(latin, "set StationName = 山田");
        assertThat(made.string(Tag.SpecificCharacterSet)).isEqualTo("ISO_IR 192");
        assertThat(made.string(Tag.StationName)).isEqualTo("山田");
        assertThat(made.string(Tag.InstitutionName)).isEqualTo("Zürich");
        assertThat(made.items(0x00082218).get(0).string(0x00080104)).isEqualTo("Голова");
        assertThat(made.items(0x00082218).get(0).contains(Tag.SpecificCharacterSet))
                .isFalse();
    }

    @Test
    void refusesToMoveTextThatIsBroken() {
        DataSet dataSet = new DataSet().setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 192");
        Instances.dataSet().forEach(dataSet::put);
        dataSet.setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 13");
        dataSet.setBytes(Tag.InstitutionName, VR.LO, (byte) 0xFF, (byte) 0xFE);
        assertThatThrownBy(() -> coerced(dataSet, "set StationName = 山田"))
                .isInstanceOf(DicomException.class)
                .hasMessageContaining("(0008,0080)");
    }

    @Test
    void keepsOriginalValuesWhereThatIsSet() throws Exception {
        byte[] file = Instances.file(dataSet());
        Coercion coercion = new Coercion(
                CoercionRules.ofText("set PatientID = 12; set InstitutionName = General; set"
                        + " RequestAttributesSequence[0].RequestedProcedureID = X; set StudyID = S1"),
                "Router 1");
        DataSet made = Instances.read(Instances.rewrite(file, coercion)).dataSet();
        DataSet original = made.items(Tag.OriginalAttributesSequence).get(0);
        assertThat(original.string(Tag.ModifyingSystem)).isEqualTo("Router 1");
        assertThat(original.string(Tag.ReasonForTheAttributeModification)).isEqualTo("COERCE");
        assertThat(original.string(Tag.AttributeModificationDateTime)).matches("\\d{14}[+-]\\d{4}");
        assertThat(original.contains(Tag.SourceOfPreviousValues)).isTrue();
        DataSet values = original.items(Tag.ModifiedAttributesSequence).get(0);
        assertThat(values.string(Tag.PatientID)).isEqualTo("4711");
        assertThat(values.get(Tag.InstitutionName).isEmpty()).isTrue();
        assertThat(values.items(0x00400275).get(0).string(0x00401001)).isEqualTo("R1");
        assertThat(values.contains(Tag.StudyID)).isFalse();

        DataSet again = Instances.read(Instances.rewrite(
                        Instances.file(made), new Coercion(CoercionRules.ofText("set PatientID = 13"), "Router 2")))
                .dataSet();
        assertThat(again.items(Tag.OriginalAttributesSequence))
                .extracting(each -> each.string(Tag.ModifyingSystem))
                .containsExactly("Router 1", "Router 2");
        assertThat(Instances.rewrite(file, new Coercion(CoercionRules.ofText("set PatientID = 4711"), "Router 1")))
                .isEqualTo(file);
    }
}
