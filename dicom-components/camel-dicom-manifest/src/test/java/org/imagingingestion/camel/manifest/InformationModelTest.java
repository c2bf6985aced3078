package org.imagingingestion.camel.manifest;

import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.service.QueryLevel;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class InformationModelTest {
    @Test
    void knowsWhatBelongsToAPatientAStudyAndASeries() {
        assertThat(InformationModel.levelOf(Tag.PatientBirthDate)).isEqualTo(QueryLevel.PATIENT);
        assertThat(InformationModel.levelOf(Tag.PatientAge)).isEqualTo(QueryLevel.STUDY);
        assertThat(InformationModel.levelOf(Tag.ModalitiesInStudy)).isEqualTo(QueryLevel.STUDY);
        assertThat(InformationModel.levelOf(Tag.RequestAttributesSequence)).isEqualTo(QueryLevel.SERIES);
        assertThat(InformationModel.levelOf(Tag.Rows)).isEqualTo(QueryLevel.IMAGE);
        assertThat(InformationModel.levelOf(0x00091001)).isEqualTo(QueryLevel.IMAGE);
    }

    @Test
    void hasALevelForEveryColumn() {
        for (QueryLevel level : QueryLevel.values()) {
            for (Column column : Columns.of(level)) {
                QueryLevel attribute = InformationModel.levelOf(column.tag());
                assertThat(attribute == level || level == QueryLevel.STUDY && attribute == QueryLevel.PATIENT)
                        .as(column.name())
                        .isTrue();
            }
        }
    }
}
