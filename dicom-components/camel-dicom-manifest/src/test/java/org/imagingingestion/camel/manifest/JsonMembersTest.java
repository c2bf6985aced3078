package org.imagingingestion.camel.manifest;

import java.nio.charset.StandardCharsets;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomJson;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class JsonMembersTest {
    @Test
    void findsWhereEachAttributeStands() {
        DataSet item = new DataSet().setString(Tag.StudyDescription, VR.LO, "in }]{[ \\\" item");
        DataSet dataSet = new DataSet()
                .setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 192")
                .setString(Tag.AccessionNumber, VR.SH)
                .setString(Tag.StudyDescription, VR.LO, "a \"quoted\" {brace} and a \\ backslash")
                .setItems(0x00081110, item, new DataSet())
                .setString(Tag.PatientName, VR.PN, "Müller^Änne=山田");
        byte[] json = DicomJson.toBytes(dataSet, DicomJson.BulkDataUri.NONE);

        JsonMembers members = JsonMembers.of(json);

        assertThat(members.size()).isEqualTo(dataSet.size());
        int i = 0;
        for (Element element : dataSet) {
            assertThat(members.tagAt(i)).isEqualTo(element.tag());
            assertThat(members.find(element.tag())).isEqualTo(i);
            i++;
        }
        assertThat(members.isEmpty(members.find(Tag.AccessionNumber))).isTrue();
        assertThat(members.isEmpty(members.find(Tag.PatientName))).isFalse();
        assertThat(members.find(Tag.PatientID)).isNegative();
        JsonObject same = new JsonObject();
        for (int k = members.size() - 1; k >= 0; k--) {
            same.add(members, k);
        }
        assertThat(new String(same.toBytes(), StandardCharsets.UTF_8))
                .isEqualTo(new String(json, StandardCharsets.UTF_8));
    }

    @Test
    void readsAnObjectWithoutAttributes() {
        assertThat(JsonMembers.of(new JsonObject().toBytes()).size()).isZero();
        assertThat(new String(new JsonObject().toBytes(), StandardCharsets.UTF_8))
                .isEqualTo("{}");
    }

    @Test
    void keepsTheFirstOfOneTagAndPutsTagsInOrder() {
        JsonObject object = new JsonObject()
                .addText(Tag.PatientID, VR.LO, "1")
                .addNumber(Tag.NumberOfStudyRelatedSeries, VR.IS, 2)
                .addText(Tag.PatientID, VR.LO, "3")
                .addEmpty(0xFFFFFFF0, VR.LO)
                .addStrings(Tag.ModalitiesInStudy, VR.CS, "CT", "P\"T")
                .addStrings(Tag.Modality, VR.CS);

        assertThat(new String(object.toBytes(), StandardCharsets.UTF_8))
                .isEqualTo("{\"00080060\":{\"vr\":\"CS\"},\"00080061\":{\"vr\":\"CS\",\"Value\":[\"CT\",\"P\\\"T\"]},"
                        + "\"00100020\":{\"vr\":\"LO\",\"Value\":[\"1\"]},\"00201206\":{\"vr\":\"IS\",\"Value\":[2]},"
                        + "\"FFFFFFF0\":{\"vr\":\"LO\"}}");
    }
}
