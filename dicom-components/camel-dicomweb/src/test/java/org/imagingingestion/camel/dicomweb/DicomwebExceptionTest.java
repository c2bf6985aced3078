package org.imagingingestion.camel.dicomweb;

import java.net.ConnectException;

import org.imagingingestion.dicom.DicomStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class DicomwebExceptionTest {
    @ParameterizedTest
    @CsvSource({
        "400, true, false",
        "401, false, false",
        "403, false, false",
        "404, true, false",
        "408, false, true",
        "409, true, false",
        "415, true, false",
        "422, true, false",
        "429, false, true",
        "500, false, false",
        "502, false, true",
        "503, false, true",
        "504, false, true"
    })
    void tellsRefusalsFromOutages(int httpStatus, boolean isFinal, boolean isOutage) {
        DicomwebException refused = DicomwebException.refused(DicomStatus.ofHttp(httpStatus), httpStatus, null, null);

        assertThat(refused.isFinal()).isEqualTo(isFinal);
        assertThat(refused.isOutage()).isEqualTo(isOutage);
    }

    @Test
    void takesWhatDoesNotAnswerForAway() {
        DicomwebException unanswered = DicomwebException.unanswered(new ConnectException());

        assertThat(unanswered.isFinal()).isFalse();
        assertThat(unanswered.isOutage()).isTrue();
    }

    @Test
    void goesByTheReasonOfAnInstanceThatIsRefused() {
        // a server that could not store it says so by 409 too
        assertThat(new DicomwebException(DicomStatus.PROCESSING_FAILURE, 409, "").isFinal())
                .isFalse();
        assertThat(new DicomwebException(DicomStatus.OUT_OF_RESOURCES, 409, "").isOutage())
                .isTrue();
        assertThat(new DicomwebException(DicomStatus.SOP_CLASS_NOT_SUPPORTED, 409, "").isFinal())
                .isTrue();
    }
}
