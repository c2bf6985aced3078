package org.imagingingestion.dicom;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class DicomJsonTest {
    private static final int LONG_TEXT = 0x00104000;
    private static final int ANY = 0x00189999;

    @Test
    void writesElementsInOrderWithTheirVRAndValues() {
        DataSet dataSet = new DataSet()
                .setString(Tag.StudyInstanceUID, VR.UI, "1.2.3")
                .setString(Tag.Modality, VR.CS, "CT")
                .setString(Tag.OtherPatientIDs, VR.LO, "A", "", "B")
                .setString(Tag.StudyDate, VR.DA);
        assertThat(json(dataSet))
                .isEqualTo("{\"00080020\":{\"vr\":\"DA\"},"
                        + "\"00080060\":{\"vr\":\"CS\",\"Value\":[\"CT\"]},"
                        + "\"00101000\":{\"vr\":\"LO\",\"Value\":[\"A\",null,\"B\"]},"
                        + "\"0020000D\":{\"vr\":\"UI\",\"Value\":[\"1.2.3\"]}}");
    }

    @Test
    void writesTagsAboveTheSignBitLast() {
        DataSet dataSet = new DataSet()
                .setString(0xF1010010, VR.LO, "X")
                .setInt(Tag.Rows, VR.US, 1)
                .setInt(0x7FE10011, VR.US, 2);
        assertThat(json(dataSet)).containsSubsequence("00280010", "7FE10011", "F1010010");
    }

    @Test
    void leavesGroupLengthsOut() {
        assertThat(json(new DataSet().setInt(0x00080000, VR.UL, 12))).isEqualTo("{}");
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
            Adams^John,             '{"Alphabetic":"Adams^John"}'
            Yamada^Tarou=山田^太郎=やまだ^たろう, '{"Alphabetic":"Yamada^Tarou","Ideographic":"山田^太郎","Phonetic":"やまだ^たろう"}'
            ==a^b,                  '{"Phonetic":"a^b"}'
            a==b,                   '{"Alphabetic":"a","Phonetic":"b"}'
            =x=,                    '{"Ideographic":"x"}'
            A\\^^^^\\B,             '{"Alphabetic":"A"},null,{"Alphabetic":"B"}'
            """)
    void writesTheGroupsOfANameThatAreThere(String name, String expected) {
        DataSet dataSet = new DataSet()
                .setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 192")
                .setString(Tag.PatientName, VR.PN, name);
        assertThat(json(dataSet)).endsWith("\"00100010\":{\"vr\":\"PN\",\"Value\":[" + expected + "]}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "^^^^", "=", "^=^ "})
    void writesNoValueForANameOfDelimiters(String name) {
        assertThat(json(new DataSet().setString(Tag.PatientName, VR.PN, name)))
                .isEqualTo("{\"00100010\":{\"vr\":\"PN\"}}");
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
            1.50,       1.50
            +5,         5
            -0,         -0
            007,        7
            -00.5,      -0.5
            .5,         0.5
            5.,         5
            1E5,        1E5
            1e-05,      1e-05
            0.1234567890123456789, 0.1234567890123456789
            1e400,      '"1e400"'
            1A,         '"1A"'
            -,          '"-"'
            .,          '"."'
            1.2.3,      '"1.2.3"'
            1 2,        '"1 2"'
            NaN,        '"NaN"'
            0x10,       '"0x10"'
            """)
    void writesDecimalsAsNumbersOfTheSameDigitsElseAsStrings(String text, String expected) {
        assertThat(json(new DataSet().setString(ANY, VR.DS, text)))
                .isEqualTo("{\"00189999\":{\"vr\":\"DS\",\"Value\":[" + expected + "]}}");
    }

    @Test
    void writesIntegersAsNumbersElseAsStrings() {
        assertThat(json(new DataSet().setString(ANY, VR.IS, " 12", "+3 ", "", "1.0", "1E2")))
                .contains("[12,3,null,\"1.0\",\"1E2\"]");
    }

    @Test
    void writesNumbersOfBinaryVRs() {
        assertThat(json(new DataSet().setInt(ANY, VR.US, 65535))).contains("[65535]");
        assertThat(json(new DataSet().setInt(ANY, VR.SS, -1, 2))).contains("[-1,2]");
        assertThat(json(new DataSet().setInt(ANY, VR.UL, 0xFFFFFFFFL))).contains("[4294967295]");
        assertThat(json(new DataSet().setInt(ANY, VR.AT, 0x7FE00010, 0x00080005)))
                .contains("[\"7FE00010\",\"00080005\"]");
        assertThat(json(new DataSet().setDouble(ANY, VR.FL, 0.1f, 1e30))).contains("[0.1,1.0E30]");
        assertThat(json(new DataSet().setDouble(ANY, VR.FD, 0.1, -0.0))).contains("[0.1,-0.0]");
    }

    @Test
    void writes64BitNumbersAsStringsWhereADoubleCouldNotHoldThem() {
        long exact = 1L << 53;
        assertThat(json(new DataSet().setInt(ANY, VR.SV, exact, exact + 1, -exact, Long.MIN_VALUE)))
                .contains("[9007199254740992,\"9007199254740993\",-9007199254740992,\"-9223372036854775808\"]");
        assertThat(json(new DataSet().setInt(ANY, VR.UV, 7, -1))).contains("[7,\"18446744073709551615\"]");
    }

    @Test
    void writesNumbersThatAreNotFiniteAsStrings() {
        double[] numbers = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        assertThat(json(new DataSet().setDouble(ANY, VR.FD, numbers))).contains("[\"NaN\",\"inf\",\"-inf\"]");
        assertThat(json(new DataSet().setDouble(ANY, VR.FL, numbers))).contains("[\"NaN\",\"inf\",\"-inf\"]");
    }

    @Test
    void writesBytesInlineInLittleEndian() {
        DataSet dataSet = new DataSet();
        dataSet.put(new Element.Value(0x00091001, VR.UN, new byte[] {1, 2, 3}));
        dataSet.put(new Element.Value(Tag.PixelData, VR.OW, new byte[] {1, 2, 3, 4}, true, VR.OW.code()));
        assertThat(json(dataSet))
                .isEqualTo("{\"00091001\":{\"vr\":\"UN\",\"InlineBinary\":\"AQID\"},"
                        + "\"7FE00010\":{\"vr\":\"OW\",\"InlineBinary\":\"AgEEAw==\"}}");
    }

    @Test
    void asksForTheURIOfLongValuesByTheirPath() {
        DataSet waveform = new DataSet();
        waveform.put(new Element.Bulk(0x54001010, VR.OW, 1000, 50_000, false));
        DataSet dataSet = new DataSet().setItems(0x54000100, new DataSet(), waveform);
        dataSet.put(new Fragments(Tag.PixelData, VR.OB).add(8, 0, new byte[0]).add(16, 10, null));
        List<String> paths = new ArrayList<>();
        String json = new String(
                DicomJson.toBytes(dataSet, (path, element) -> {
                    paths.add(path);
                    return "bulkdata/" + path;
                }),
                StandardCharsets.UTF_8);
        assertThat(paths).containsExactly("54000100/1/54001010", "7FE00010");
        assertThat(json)
                .isEqualTo("{\"54000100\":{\"vr\":\"SQ\",\"Value\":[{},"
                        + "{\"54001010\":{\"vr\":\"OW\",\"BulkDataURI\":\"bulkdata/54000100/1/54001010\"}}]},"
                        + "\"7FE00010\":{\"vr\":\"OB\",\"BulkDataURI\":\"bulkdata/7FE00010\"}}");
    }

    @Test
    void leavesOutAValueThatIsNeitherHeldNorHasAURI() {
        DataSet dataSet = new DataSet();
        dataSet.put(new Element.Bulk(Tag.PixelData, VR.OW, 1000, 50_000, false));
        assertThat(json(dataSet)).isEqualTo("{\"7FE00010\":{\"vr\":\"OW\"}}");
    }

    @Test
    void writesThePlaceholderOfAURIAsItselfAndEscapesTheRest() {
        DataSet dataSet = new DataSet().setBytes(Tag.PixelData, VR.OB, (byte) 1, (byte) 2);
        byte[] json = DicomJson.toBytes(dataSet, (path, element) -> "\u0001/a\"\\é\u0002\u0001\uD800");
        assertThat(new String(json, StandardCharsets.UTF_8))
                .isEqualTo("{\"7FE00010\":{\"vr\":\"OB\",\"BulkDataURI\":\"\u0001/a\\\"\\\\é\\u0002\u0001\uFFFD\"}}");
    }

    @Test
    void escapesControlCharactersOfValuesAlsoThatOfThePlaceholder() {
        DataSet dataSet = new DataSet()
                .setString(Tag.PatientID, VR.LO, "a\u0001\"b\u001Bc")
                .setString(LONG_TEXT, VR.LT, "1\r\n2\t3\f\\");
        dataSet.put(new BulkDataReference(0x00091001, VR.OB, "\u0001/x"));
        assertThat(json(dataSet))
                .contains("\"\\u0001/x\"", "\"a\\u0001\\\"b\\u001Bc\"", "\"1\\r\\n2\\t3\\f\\\\\"")
                .doesNotContain("\u0001");
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
            ISO_IR 100,                Müller,  '["ISO_IR 192"]'
            ISO_IR 144,                Люкceмбypг, '["ISO_IR 192"]'
            ISO_IR 13,                 ﾔﾏﾀﾞ‾¥,   '["ISO_IR 192"]'
            ISO 2022 IR 6\\ISO 2022 IR 87, 山田,  '["ISO_IR 192"]'
            ISO_IR 192,                😀é,     '["ISO_IR 192"]'
            ISO_IR 100,                plain,   '["ISO_IR 192"]'
            ISO_IR 6,                  plain,   '["ISO_IR 6"]'
            """)
    void writesTextInUTF8AndSaysSo(String set, String text, String said) {
        DataSet dataSet = new DataSet()
                .setString(Tag.SpecificCharacterSet, VR.CS, set.split("\\\\"))
                .setString(LONG_TEXT, VR.LT, text);
        assertThat(json(dataSet))
                .isEqualTo("{\"00080005\":{\"vr\":\"CS\",\"Value\":" + said
                        + "},\"00104000\":{\"vr\":\"LT\",\"Value\":[\"" + text + "\"]}}");
    }

    @Test
    void writesItemsInTheirOwnOrTheInheritedCharacterSet() {
        DataSet own = new DataSet();
        DataSet inherits = new DataSet();
        DataSet dataSet = new DataSet()
                .setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 100")
                .setItems(Tag.RequestAttributesSequence, own, inherits);
        own.setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 144").setString(LONG_TEXT, VR.LT, "Я");
        inherits.setString(LONG_TEXT, VR.LT, "é");
        assertThat(json(dataSet)).contains("[\"Я\"]", "[\"é\"]").doesNotContain("144", "100\"");
    }

    @Test
    void writesASequenceInUNAsSequence() {
        DataSet dataSet = new DataSet();
        dataSet.put(new Sequence(0x00091001, VR.UN, true).add(new DataSet()));
        assertThat(json(dataSet)).isEqualTo("{\"00091001\":{\"vr\":\"SQ\",\"Value\":[{}]}}");
    }

    private static String json(DataSet dataSet) {
        return new String(DicomJson.toBytes(dataSet, DicomJson.BulkDataUri.NONE), StandardCharsets.UTF_8);
    }
}
