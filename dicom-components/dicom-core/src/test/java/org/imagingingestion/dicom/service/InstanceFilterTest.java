package org.imagingingestion.dicom.service;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class InstanceFilterTest {
    private final DataSet instance = new DataSet()
            .setString(Tag.Modality, VR.CS, "MR")
            .setString(0x00080008, VR.CS, "ORIGINAL", "PRIMARY")
            .setString(Tag.StationName, VR.SH, "MR.1 ");

    @ParameterizedTest
    @CsvSource({
        "'', true",
        "'&', true",
        "Modality=MR, true",
        "Modality=mr, false",
        "Modality=CT, false",
        "00080060=M?, true",
        "00080060=M*&AETitle=SCANNER, true",
        "AETitle=SCANNER, true",
        "AETitle=OTHER, false",
        "AETitle=SCAN*, false",
        "Modality=MR&AETitle=OTHER, false",
        "ImageType=PRIMARY, true",
        "StationName=MR.1, true",
        "StationName=MRx1, false",
        "Provider=hospital, true",
        "Provider=hospital&Modality=CT, false",
        "Provider=hosp*, false",
        "AccessionNumber=, true",
        "AccessionNumber=1, false"
    })
    void matchesCallerAndAttributesTogether(String filter, boolean matches) {
        assertThat(InstanceFilter.parse(filter).matches("hospital", "SCANNER", instance))
                .isEqualTo(matches);
    }

    @Test
    void takesNothingOfACallerOrProviderThatIsNotKnown() {
        assertThat(InstanceFilter.parse("Provider=hospital").matches(null, "SCANNER", instance))
                .isFalse();
        assertThat(InstanceFilter.parse("AETitle=SCANNER").matches(null, null, instance))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Modality", "=MR", "Modalty=MR", "0008006=MR", "Modality=MR&x"})
    void namesWhatItDoesNotUnderstand(String filter) {
        assertThatThrownBy(() -> InstanceFilter.parse(filter))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(filter);
    }
}
