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

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class DicomJsonReadTest {
    private static final int LONG_TEXT = 0x00104000;

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
    void readsAnArrayOneByOne() throws Exception {
        String one = json(new DataSet().setString(Tag.PatientID, VR.LO, "1"));
        for (String text : new String[] {"[" + one + "," + one + "]", one, "[]"}) {
            int count = 0;
            try (DataSetReader reader = DicomJson.reader(stream(text))) {
                while (reader.next() != null) {
                    count++;
                }
                assertThat(reader.next()).isNull();
            }
            assertThat(count).isEqualTo(text.split("vr", -1).length - 1);
        }
        for (String text : new String[] {"", "[" + one, "[" + one + "]x", one + one, "[1]", "7"}) {
            assertThat(catchThrowableOfType(DicomException.class, () -> {
                        try (DataSetReader reader = DicomJson.reader(stream(text))) {
                            while (reader.next() != null) {
                                // to the end
                            }
                        }
                    }))
                    .as(text)
                    .isNotNull();
        }
    }

    @Test
    void passesOverWhatIsNotWanted() throws Exception {
        String json = "{\"00080005\":{\"vr\":\"CS\",\"Value\":[\"ISO_IR 192\"]},"
                + "\"00081115\":{\"vr\":\"SQ\",\"Value\":[{\"0020000D\":{\"vr\":\"UI\",\"Value\":[\"1.2\"]}}]},"
                + "\"00100010\":{\"vr\":\"PN\",\"Value\":[{\"Alphabetic\":\"Dœ^Jane\"}]},"
                + "\"00100020\":{\"vr\":\"LO\",\"Value\":[\"1\"]}}";

        DataSet dataSet =
                DicomJson.read(json.getBytes(StandardCharsets.UTF_8), tag -> tag != Tag.PatientID && tag != 0x00081115);

        assertThat(dataSet).extracting(Element::tag).containsExactly(Tag.SpecificCharacterSet, Tag.PatientName);
        assertThat(dataSet.string(Tag.PatientName)).isEqualTo("Dœ^Jane");
    }

    @Test
    void readsAllOfTheItemsOfWhatIsWanted() throws Exception {
        String json = "{\"00081115\":{\"vr\":\"SQ\",\"Value\":[{\"0020000D\":{\"vr\":\"UI\",\"Value\":[\"1.2\"]}}]}}";

        DataSet dataSet = DicomJson.read(json.getBytes(StandardCharsets.UTF_8), tag -> tag == 0x00081115);

        assertThat(dataSet.items(0x00081115).get(0).string(Tag.StudyInstanceUID))
                .isEqualTo("1.2");
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
