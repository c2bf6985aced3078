package org.imagingingestion.dicom;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class DicomStatusTest {
    @ParameterizedTest
    @EnumSource
    void isFoundByItsCode(DicomStatus status) {
        assertThat(DicomStatus.ofCode(status.code())).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "A7FF, OUT_OF_RESOURCES",
        "A9AB, DATA_SET_DOES_NOT_MATCH_SOP_CLASS",
        "C001, CANNOT_UNDERSTAND",
        "CFFF, CANNOT_UNDERSTAND",
        "B123, COERCION_OF_DATA_ELEMENTS",
        "0199, PROCESSING_FAILURE",
        "FFFF, PROCESSING_FAILURE"
    })
    void isOfTheClassOfACodeThatIsNotKnown(String code, DicomStatus expected) {
        assertThat(DicomStatus.ofCode(Integer.parseInt(code, 16))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "200, 0000, 0000",
        "204, 0000, 0000",
        "307, 0110, A701",
        "400, 0110, A701",
        "401, 0124, 0124",
        "403, 0124, 0124",
        "404, 0112, A701",
        "406, 0110, A701",
        "407, 0124, 0124",
        "409, 0111, A701",
        "410, 0112, A701",
        "413, A700, A700",
        "429, A700, A700",
        "500, 0110, A701",
        "503, A700, A700",
        "507, A700, A700",
        "0, 0110, 0110"
    })
    void standsForAnAnswerOfAServer(int httpStatus, String status, String searchStatus) {
        assertThat(DicomStatus.ofHttp(httpStatus).code()).isEqualTo(Integer.parseInt(status, 16));
        assertThat(DicomStatus.ofHttpSearch(httpStatus).code()).isEqualTo(Integer.parseInt(searchStatus, 16));
    }
}
