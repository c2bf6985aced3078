package org.imagingingestion.dicom;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class NativeXmlTest {
    private static final String HEAD = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            + "<NativeDicomModel xmlns=\"http://dicom.nema.org/PS3.19/models/NativeDICOM\" xml:space=\"preserve\">";
    private static final String TAIL = "</NativeDicomModel>\n";
    private static final int LONG_TEXT = 0x00104000;

    @Test
    void writesKeywordsAndNumberedValues() {
        DataSet dataSet = new DataSet()
                .setString(Tag.StudyDate, VR.DA)
                .setString(Tag.Modality, VR.CS, "CT")
                .setString(Tag.OtherPatientIDs, VR.LO, "A", "", "B")
                .setInt(Tag.Rows, VR.US, 512);
        assertThat(xml(dataSet))
                .isEqualTo(HEAD
                        + "<DicomAttribute tag=\"00080020\" vr=\"DA\" keyword=\"StudyDate\"/>"
                        + "<DicomAttribute tag=\"00080060\" vr=\"CS\" keyword=\"Modality\"><Value number=\"1\">CT</Value></DicomAttribute>"
                        + "<DicomAttribute tag=\"00101000\" vr=\"LO\" keyword=\"OtherPatientIDs\"><Value number=\"1\">A</Value>"
                        + "<Value number=\"2\"/><Value number=\"3\">B</Value></DicomAttribute>"
                        + "<DicomAttribute tag=\"00280010\" vr=\"US\" keyword=\"Rows\"><Value number=\"1\">512</Value></DicomAttribute>"
                        + TAIL);
    }

    @Test
    void writesPrivateElementsWithTheirCreator() {
        DataSet dataSet = new DataSet().setString(0x00090010, VR.LO, "ACME <1>").setString(0x00091001, VR.SH, "x");
        assertThat(xml(dataSet))
                .contains("<DicomAttribute tag=\"00090010\" vr=\"LO\"><Value number=\"1\">ACME &lt;1&gt;</Value>")
                .contains("<DicomAttribute tag=\"00090001\" vr=\"SH\" privateCreator=\"ACME &lt;1&gt;\">");
    }

    @Test
    void readsPrivateElementsIntoTheBlockOfTheirCreator() throws Exception {
        DataSet dataSet = read(
                "<NativeDicomModel><DicomAttribute tag='00090010' vr='LO'><Value>A</Value></DicomAttribute>"
                        + "<DicomAttribute tag='00090001' vr='SH' privateCreator='A'><Value>1</Value></DicomAttribute>"
                        + "<DicomAttribute tag='00090010' vr='SH' privateCreator='Bé'><Value>2</Value></DicomAttribute>"
                        + "<DicomAttribute tag='00090011' vr='SH' privateCreator='Bé'><Value>3</Value></DicomAttribute>"
                        + "<DicomAttribute tag='00091233' vr='SH' privateCreator='C'><Value>4</Value></DicomAttribute></NativeDicomModel>");
        assertThat(dataSet.string(0x00090011)).isEqualTo("Bé");
        assertThat(dataSet.string(0x00091001)).isEqualTo("1");
        assertThat(dataSet.string(0x00091110)).isEqualTo("2");
        assertThat(dataSet.string(0x00091111)).isEqualTo("3");
        assertThat(dataSet.string(0x00091233)).isEqualTo("4");
    }

    @Test
    void keepsApartTheBlocksOfACreatorThatHasTwo() throws Exception {
        DataSet dataSet = new DataSet()
                .setString(0x00090010, VR.LO, "A")
                .setString(0x00090020, VR.LO, "A")
                .setString(0x00091001, VR.SH, "1")
                .setString(0x00092001, VR.SH, "2");
        SameData.assertSame(read(xml(dataSet)), dataSet, true);
    }

    @Test
    void writesNamesByGroupAndComponent() {
        DataSet dataSet = new DataSet()
                .setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 192")
                .setString(Tag.PatientName, VR.PN, "Adams^John^R.^Rev.^B.A.^more=山=", "^^^^", "B");
        assertThat(xml(dataSet))
                .contains(
                        "<PersonName number=\"1\"><Alphabetic><FamilyName>Adams</FamilyName><GivenName>John</GivenName>"
                                + "<MiddleName>R.</MiddleName><NamePrefix>Rev.</NamePrefix><NameSuffix>B.A.^more</NameSuffix></Alphabetic>"
                                + "<Ideographic><FamilyName>山</FamilyName></Ideographic></PersonName>"
                                + "<PersonName number=\"2\"/>"
                                + "<PersonName number=\"3\"><Alphabetic><FamilyName>B</FamilyName></Alphabetic></PersonName>");
    }

    @Test
    void writesItemsBytesAndBulkData() {
        DataSet item = new DataSet().setBytes(0x00091001, VR.UN, (byte) 1, (byte) 2);
        DataSet dataSet = new DataSet().setItems(Tag.RequestAttributesSequence, new DataSet(), item);
        dataSet.put(new Element.Bulk(Tag.PixelData, VR.OW, 1000, 50_000, false));
        String xml = new String(
                NativeXml.toBytes(
                        dataSet,
                        (path, element) -> element instanceof Element.Bulk ? "\u0001/b?\"&\u0002/" + path : null),
                StandardCharsets.UTF_8);
        assertThat(xml)
                .contains("<Item number=\"1\"></Item><Item number=\"2\"><DicomAttribute tag=\"00091001\" vr=\"UN\">"
                        + "<InlineBinary>AQI=</InlineBinary></DicomAttribute></Item>")
                .contains("<BulkData uri=\"\u0001/b?&quot;&amp;\uFFFD/7FE00010\"/>");
    }

    @Test
    void replacesCharactersThatXMLCannotHave() throws Exception {
        DataSet dataSet = new DataSet()
                .setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 192")
                .setString(LONG_TEXT, VR.LT, "a\u0001\u001B\f<&>\"\r\n\t\uFFFE😀]]>");
        String xml = xml(dataSet);
        assertThat(xml).contains(">a\uFFFD\uFFFD\uFFFD&lt;&amp;&gt;\"&#13;\n\t\uFFFD😀]]&gt;<");
        assertThat(read(xml).string(LONG_TEXT)).isEqualTo("a\uFFFD\uFFFD\uFFFD<&>\"\r\n\t\uFFFD😀]]>");
    }

    @Test
    void readsWhatItWrites() throws Exception {
        DataSet dataSet = new DataSet()
                .setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 100")
                .setString(Tag.PatientName, VR.PN, "Müller^Änne")
                .setDouble(0x00189901, VR.FD, 0.1, Double.NaN, Double.NEGATIVE_INFINITY)
                .setInt(0x00189902, VR.UV, -1)
                .setInt(0x00189903, VR.AT, 0x7FE00010)
                .setString(0x00189904, VR.DS, "1.50", "", "+3")
                .setItems(
                        Tag.RequestAttributesSequence, new DataSet(), new DataSet().setString(LONG_TEXT, VR.LT, " x"));
        dataSet.put(new BulkDataReference(Tag.PixelData, VR.OW, "a?b=\"c\"&d\r\n"));
        DataSet read = read(xml(dataSet));
        assertThat(xml(read)).isEqualTo(xml(dataSet));
        assertThat(read.string(Tag.PatientName)).isEqualTo("Müller^Änne");
        assertThat(read.doubles(0x00189901)).containsExactly(0.1, Double.NaN, Double.NEGATIVE_INFINITY);
        assertThat(read.strings(0x00189904)).containsExactly("1.50", "", "+3");
        assertThat(((BulkDataReference) read.get(Tag.PixelData)).uri()).isEqualTo("a?b=\"c\"&d\r\n");
    }

    @Test
    void readsIndentedDocumentsOfAnyPrefixInTheirOwnEncoding() throws Exception {
        String xml = "<?xml version='1.0' encoding='ISO-8859-1'?><!-- c --><n:NativeDicomModel xmlns:n='x'>\n"
                + "  <n:DicomAttribute vr='PN' tag='00100010'>\n    <n:PersonName number='1'>\n"
                + "      <n:SingleByte><n:GivenName>J\u00e9</n:GivenName></n:SingleByte>\n    </n:PersonName>\n"
                + "  </n:DicomAttribute><other><deep/></other>\n"
                + "  <n:DicomAttribute vr='US' tag='00280010'><n:Value number='2'> 7\n</n:Value><n:Value number='1'>5</n:Value></n:DicomAttribute>\n"
                + "  <n:DicomAttribute vr='OB' tag='00091001'><n:InlineBinary>A\nQI\n=</n:InlineBinary></n:DicomAttribute>\n"
                + "  <n:DicomAttribute vr='OB' tag='00091002'><n:BulkData uuid='1-2'/></n:DicomAttribute>\n"
                + "  <n:DicomAttribute vr='LO' tag='00100020'><n:Value><![CDATA[<x>]]>&amp;&#x41;</n:Value></n:DicomAttribute>\n"
                + "</n:NativeDicomModel>";
        DataSet dataSet = NativeXml.read(new ByteArrayInputStream(xml.getBytes(StandardCharsets.ISO_8859_1)));
        assertThat(dataSet.string(Tag.PatientName)).isEqualTo("^Jé");
        assertThat(dataSet.string(Tag.SpecificCharacterSet)).isEqualTo("ISO_IR 192");
        assertThat(dataSet.longs(Tag.Rows)).containsExactly(5, 7);
        assertThat(dataSet.bytes(0x00091001)).containsExactly(1, 2);
        assertThat(((BulkDataReference) dataSet.get(0x00091002)).uri()).isEqualTo("urn:uuid:1-2");
        assertThat(dataSet.string(Tag.PatientID)).isEqualTo("<x>&A");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            ''                              | XML: not well-formed or beyond a limit
            <a/>                            | XML: not a NativeDicomModel
            <NativeDicomModel>              | XML: not well-formed or beyond a limit
            <!DOCTYPE a><NativeDicomModel/> | XML: a document type is not allowed
            <!DOCTYPE a SYSTEM "file:///etc/passwd" [<!ENTITY b SYSTEM "file:///etc/passwd">]><NativeDicomModel>&b;</NativeDicomModel> | XML: a document type is not allowed
            <NativeDicomModel>&b;</NativeDicomModel> | XML: not well-formed or beyond a limit
            <NativeDicomModel><DicomAttribute/></NativeDicomModel> | XML: an attribute's name is not eight hexadecimal digits
            <NativeDicomModel><DicomAttribute tag="00100020" vr="L"/></NativeDicomModel> | XML: no such VR in 00100020
            <NativeDicomModel><DicomAttribute tag="00100020"><Value number="0"/></DicomAttribute></NativeDicomModel> | XML: a value's number is none or there twice in 00100020
            <NativeDicomModel><DicomAttribute tag="00100020"><Value number="1">a</Value><Value number="1">b</Value></DicomAttribute></NativeDicomModel> | XML: a value's number is none or there twice in 00100020
            <NativeDicomModel><DicomAttribute tag="00100020"><Value number="2000000000"/></DicomAttribute></NativeDicomModel> | XML: more than 1000000 data elements and values in 00100020
            <NativeDicomModel><DicomAttribute tag="00400275"><Item><DicomAttribute tag="00280010"><Value>x</Value></DicomAttribute></Item></DicomAttribute></NativeDicomModel> | XML: a value with VR US is not a number in 00400275/0/00280010
            <NativeDicomModel><DicomAttribute tag="00091001" vr="OB"><InlineBinary>A*</InlineBinary></DicomAttribute></NativeDicomModel> | XML: InlineBinary is not Base64 in 00091001
            <NativeDicomModel><DicomAttribute tag="00091001" vr="OB"><BulkData/></DicomAttribute></NativeDicomModel> | XML: BulkData has neither uri nor uuid in 00091001
            """)
    void saysWhatIsWrongAndWhere(String xml, String message) {
        DicomException problem = catchThrowableOfType(DicomException.class, () -> read(xml));
        assertThat(problem).hasMessageStartingWith(message).hasNoCause();
        assertThat(problem.status()).isEqualTo(DicomStatus.CANNOT_UNDERSTAND);
    }

    @Test
    void letsFailuresOfTheStreamThrough() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection lost");
            }
        };
        assertThatThrownBy(() -> NativeXml.read(broken))
                .isInstanceOf(IOException.class)
                .hasMessage("connection lost");
    }

    private static String xml(DataSet dataSet) {
        return new String(NativeXml.toBytes(dataSet, DicomJson.BulkDataUri.NONE), StandardCharsets.UTF_8);
    }

    private static DataSet read(String xml) throws Exception {
        return NativeXml.read(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }
}
