package org.imagingingestion.dicom;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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

    @Test
    void writesAndReadsArrays() throws Exception {
        DataSet first = new DataSet().setString(Tag.PatientID, VR.LO, "1");
        DataSet second = new DataSet().setString(Tag.PatientID, VR.LO, "2");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DicomJson.writeArray(List.of(first, second), out, DicomJson.BulkDataUri.NONE);
        List<String> ids = new ArrayList<>();
        DicomJson.readArray(
                new ByteArrayInputStream(out.toByteArray()), dataSet -> ids.add(dataSet.string(Tag.PatientID)));
        assertThat(ids).containsExactly("1", "2");
        DicomJson.readArray(stream(json(first)), dataSet -> ids.add(dataSet.string(Tag.PatientID)));
        assertThat(ids).containsExactly("1", "2", "1");
    }

    @Test
    void readsWhateverTheOrderOfTheMembers() throws Exception {
        DataSet dataSet = read("{\"00280010\":{\"Value\":[512],\"x\":{\"y\":[1]},\"vr\":\"US\"},"
                + "\"00400275\":{\"Value\":[{},{\"00400009\":{\"Value\":[\"S\"],\"vr\":\"SH\"}}],\"vr\":\"SQ\"}}");
        assertThat(dataSet.integer(Tag.Rows, 0)).isEqualTo(512);
        assertThat(dataSet.items(Tag.RequestAttributesSequence)).hasSize(2);
        assertThat(dataSet.items(Tag.RequestAttributesSequence).get(1).string(Tag.ScheduledProcedureStepID))
                .isEqualTo("S");
    }

    @Test
    void readsNumbersAndStringsAlikeWhereTheStandardAllowsBoth() throws Exception {
        DataSet dataSet = read("{\"00189901\":{\"vr\":\"DS\",\"Value\":[1.50,\"1.50\",null]},"
                + "\"00189902\":{\"vr\":\"UV\",\"Value\":[7,\"18446744073709551615\"]},"
                + "\"00189903\":{\"vr\":\"FD\",\"Value\":[1e5,\"NaN\",\"-inf\"]},"
                + "\"00189904\":{\"vr\":\"IS\",\"Value\":[\"5\",6]},"
                + "\"00189905\":{\"vr\":\"AT\",\"Value\":[\"7fe00010\"]},"
                + "\"00189906\":{\"vr\":\"UL\",\"Value\":[1.0]}}");
        assertThat(dataSet.strings(0x00189901)).containsExactly("1.50", "1.50", "");
        assertThat(dataSet.longs(0x00189902)).containsExactly(7, -1);
        assertThat(dataSet.doubles(0x00189903)).containsExactly(1e5, Double.NaN, Double.NEGATIVE_INFINITY);
        assertThat(dataSet.longs(0x00189904)).containsExactly(5, 6);
        assertThat(dataSet.longs(0x00189905)).containsExactly(0x7FE00010L);
        assertThat(dataSet.longs(0x00189906)).containsExactly(1);
    }

    @Test
    void readsTextAsUTF8WhateverSetIsNamed() throws Exception {
        DataSet dataSet = read("{\"00080005\":{\"vr\":\"CS\",\"Value\":[\"ISO_IR 100\"]},"
                + "\"00100010\":{\"vr\":\"PN\",\"Value\":[{\"Alphabetic\":\"M\\u00fcller\",\"Ideographic\":\"山\"}]},"
                + "\"00104000\":{\"vr\":\"LT\",\"Value\":[\"\\uD83D\\uDE00\\uD800\"]}}");
        assertThat(dataSet.string(Tag.SpecificCharacterSet)).isEqualTo("ISO_IR 192");
        assertThat(dataSet.string(Tag.PatientName)).isEqualTo("Müller=山");
        assertThat(dataSet.string(LONG_TEXT)).isEqualTo("\uD83D\uDE00\uFFFD");
    }

    @Test
    void saysUTF8WhereNoSetIsNamedButNeeded() throws Exception {
        DataSet dataSet = read("{\"00400275\":{\"vr\":\"SQ\",\"Value\":[{\"00080005\":{\"vr\":\"CS\"},"
                + "\"00104000\":{\"vr\":\"LT\",\"Value\":[\"é\"]}}]}}");
        assertThat(dataSet.string(Tag.SpecificCharacterSet)).isEqualTo("ISO_IR 192");
        assertThat(dataSet.items(Tag.RequestAttributesSequence).get(0).string(LONG_TEXT))
                .isEqualTo("é");
        assertThat(read("{\"00104000\":{\"vr\":\"LT\",\"Value\":[\"e\"]}}").contains(Tag.SpecificCharacterSet))
                .isFalse();
    }

    @Test
    void keepsBulkDataReferences() throws Exception {
        String json = "{\"7FE00010\":{\"vr\":\"OW\",\"BulkDataURI\":\"https://h/x?a=\\\"b\\\"\"}}";
        DataSet dataSet = read(json);
        assertThat(((BulkDataReference) dataSet.get(Tag.PixelData)).uri()).isEqualTo("https://h/x?a=\"b\"");
        assertThat(json(dataSet)).isEqualTo(json);
    }

    @Test
    void takesTheVRFromTheDictionaryWhereItIsMissing() throws Exception {
        assertThat(read("{\"00280010\":{\"Value\":[512]}}").get(Tag.Rows).vr()).isEqualTo(VR.US);
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
            '', JSON: a data set is not an object
            '[]', JSON: a data set is not an object
            '{', JSON: not well-formed or beyond a limit
            '{} {}', JSON: there is more after the end
            '{"PatientID":{}}', JSON: an attribute's name is not eight hexadecimal digits
            '{"00100020":"x"}', JSON: an attribute is not an object in 00100020
            '{"00100020":{"vr":"XX"}}', JSON: no such VR in 00100020
            '{"00100020":{"vr":"LO"},"00100020":{"vr":"LO"}}', JSON: an attribute is there twice in 00100020
            '{"00100020":{"vr":"LO","Value":"x"}}', JSON: Value is not an array in 00100020
            '{"00100020":{"vr":"LO","Value":[true]}}', 'JSON: Value has a member that is neither text, number, null nor object in 00100020'
            '{"00100020":{"vr":"LO","Value":[{"Alphabetic":"x"}]}}', JSON: an object as a value with VR LO in 00100020
            '{"00100020":{"vr":"LO","InlineBinary":"AQI="}}', JSON: InlineBinary with VR LO in 00100020
            '{"00091001":{"vr":"OB","Value":[1]}}', JSON: Value with VR OB in 00091001
            '{"00091001":{"vr":"OB","InlineBinary":"A"}}', JSON: InlineBinary is not Base64 in 00091001
            '{"00091001":{"vr":"OB","InlineBinary":"AQI=","BulkDataURI":"x"}}', 'JSON: more than one of Value, InlineBinary and BulkDataURI in 00091001'
            '{"00400275":{"vr":"SQ","Value":[{},{"00280010":{"vr":"US","Value":[65536]}}]}}', JSON: a value is not in the range of VR US in 00400275/1/00280010
            '{"00280010":{"vr":"US","Value":[1e999999999]}}', JSON: a value is not in the range of VR US in 00280010
            '{"00280010":{"vr":"US","Value":[0.5]}}', JSON: a value is not in the range of VR US in 00280010
            '{"00280010":{"vr":"FD","Value":["0x1p3"]}}', JSON: a value with VR FD is not a number in 00280010
            '{"00280009":{"vr":"AT","Value":["0028"]}}', JSON: a value with VR AT is not eight hexadecimal digits in 00280009
            '{"FFFEE000":{"vr":"UN"}}', JSON: not a tag of a data element in FFFEE000
            """)
    void saysWhatIsWrongAndWhere(String json, String message) {
        DicomException problem = catchThrowableOfType(DicomException.class, () -> read(json));
        assertThat(problem).hasMessageStartingWith(message);
        assertThat(problem.status()).isEqualTo(DicomStatus.CANNOT_UNDERSTAND);
    }

    @Test
    void quotesNothingOfTheInputInAMessage() {
        assertThat(catchThrowableOfType(
                        DicomException.class, () -> read("{\"00100010\":{\"vr\":\"PN\",\"Value\":[Secret^Name]}}")))
                .hasMessageNotContaining("Secret")
                .hasNoCause();
    }

    private static String json(DataSet dataSet) {
        return new String(DicomJson.toBytes(dataSet, DicomJson.BulkDataUri.NONE), StandardCharsets.UTF_8);
    }

    private static DataSet read(String json) throws Exception {
        return DicomJson.read(stream(json));
    }

    private static InputStream stream(String json) {
        return new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8));
    }
}
