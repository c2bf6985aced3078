package org.imagingingestion.camel.manifest;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomJson;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.Fragments;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.StoredInstance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PreparedInstanceTest {
    static PreparedInstance prepared(int study, int series, int instance) {
        return prepared(TestInstance.ct(study, series, instance));
    }

    static PreparedInstance prepared(DataSet dataSet) {
        try {
            return PreparedInstance.of(TestInstance.stored(dataSet));
        } catch (DicomException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void writesMetadataWithTheTransferSyntaxAndBulkDataByPlace() throws Exception {
        String metadata = new String(prepared(1, 2, 3).metadata(), StandardCharsets.UTF_8);

        assertThat(metadata)
                .contains("\"00083002\":{\"vr\":\"UI\",\"Value\":[\"1.2.840.10008.1.2.1\"]}")
                .contains("\"7FE00010\":{\"vr\":\"OW\",\"BulkDataURI\":\"\u0001/studies/" + TestInstance.study(1)
                        + "/series/"
                        + TestInstance.series(1, 2) + "/instances/" + TestInstance.instance(1, 2, 3)
                        + "/bulkdata/7FE00010\"}");
        DataSet read = DicomJson.read(new ByteArrayInputStream(
                metadata.replace("\u0001", "http://host").getBytes(StandardCharsets.UTF_8)));
        int last = 0;
        for (Element element : read) {
            assertThat(Integer.compareUnsigned(last, element.tag())).isNegative();
            last = element.tag();
        }
        assertThat(read.string(Tag.PatientName)).isEqualTo("Doe1^Jane");
    }

    @Test
    void leavesFileMetaInformationOut() {
        DataSet dataSet = TestInstance.ct(1, 1, 1);
        dataSet.setString(Tag.TransferSyntaxUID, VR.UI, "1.2.840.10008.1.2.1");

        assertThat(new String(prepared(dataSet).metadata(), StandardCharsets.UTF_8))
                .doesNotContain("\"0002");
    }

    @Test
    void namesBulkDataInItemsByItsPath() {
        DataSet item = new DataSet();
        item.put(new Element.Bulk(0x54001010, VR.OW, 100, 5000, false));
        DataSet dataSet = TestInstance.ct(1, 1, 1);
        dataSet.setItems(0x54000100, item);
        dataSet.put(new Fragments(Tag.PixelData, VR.OB).add(1, 0, new byte[0]).add(9, 10, null));

        assertThat(new String(prepared(dataSet).metadata(), StandardCharsets.UTF_8))
                .contains("/bulkdata/54000100/0/54001010\"")
                .contains("/bulkdata/7FE00010\"");
    }

    @Test
    void leavesATransferSyntaxOutThatIsNoUID() throws Exception {
        StoredInstance stored = TestInstance.stored(1, 1, 1);
        StoredInstance odd = new StoredInstance(
                "default", "name", 1, stored.sha256(), TransferSyntax.of("\"},\0"), stored.dataSet());

        PreparedInstance prepared = PreparedInstance.of(odd);

        assertThat(new String(prepared.metadata(), StandardCharsets.UTF_8)).doesNotContain("00083002");
        assertThat(InstanceRows.transferSyntax(odd)).isEqualTo("\"},");
    }

    @Test
    void dividesAttributesByLevel() {
        PreparedInstance prepared = prepared(1, 1, 1);

        String study = new String(prepared.study().attributes(), StandardCharsets.UTF_8);
        String series = new String(prepared.series().attributes(), StandardCharsets.UTF_8);
        assertThat(study)
                .contains("\"00080020\"", "\"00100010\"", "\"00101010\"")
                .doesNotContain("\"00080060\"");
        assertThat(series).contains("\"00080060\"", "\"00080070\"").doesNotContain("\"00080020\"", "\"00280010\"");
        assertThat(new String(prepared.patient().attributes(), StandardCharsets.UTF_8))
                .contains("\"00100020\"")
                .doesNotContain("\"0020000D\"");
    }

    @ParameterizedTest
    @CsvSource({
        "0020000D, StudyInstanceUID is missing",
        "0020000E, SeriesInstanceUID is missing",
        "00080018, SOPInstanceUID is missing",
        "00080016, SOPClassUID is missing"
    })
    void refusesAnInstanceWithoutItsUIDs(String tag, String message) {
        DataSet dataSet = TestInstance.ct(1, 1, 1);
        StoredInstance stored = TestInstance.stored(dataSet);
        dataSet.remove(Integer.parseUnsignedInt(tag, 16));

        assertThatThrownBy(() -> PreparedInstance.of(stored))
                .isInstanceOfSatisfying(DicomException.class, e -> assertThat(e.status())
                        .isEqualTo(DicomStatus.DATA_SET_DOES_NOT_MATCH_SOP_CLASS))
                .hasMessageContaining(message);
    }

    @Test
    void refusesAUIDThatIsNone() {
        StoredInstance stored =
                TestInstance.stored(TestInstance.ct(1, 1, 1).setString(Tag.SeriesInstanceUID, VR.UI, "1.2/../3"));

        assertThatThrownBy(() -> PreparedInstance.of(stored)).hasMessageContaining("SeriesInstanceUID is not a UID");
    }
}
