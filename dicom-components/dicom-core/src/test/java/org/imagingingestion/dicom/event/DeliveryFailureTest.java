package org.imagingingestion.dicom.event;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.TimeUnit;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class DeliveryFailureTest {
    @ParameterizedTest
    @CsvSource({
        "OUT_OF_RESOURCES, false, true",
        "RESOURCE_LIMITATION, false, true",
        "PROCESSING_FAILURE, false, false",
        "NOT_AUTHORIZED, false, false",
        "MOVE_DESTINATION_UNKNOWN, false, false",
        "SOP_CLASS_NOT_SUPPORTED, true, false",
        "DATA_SET_DOES_NOT_MATCH_SOP_CLASS, true, false",
        "CANNOT_UNDERSTAND, true, false",
        "DUPLICATE_SOP_INSTANCE, true, false",
        "NO_SUCH_OBJECT_INSTANCE, true, false"
    })
    void tellsWhatIsTriedAgainFromWhatIsNot(DicomStatus status, boolean isFinal, boolean isOutage) {
        DeliveryFailure failure = DeliveryFailure.of(new IOException(new DicomException(status, "The target says so")));

        assertThat(failure.isFinal()).isEqualTo(isFinal);
        assertThat(failure.isOutage()).isEqualTo(isOutage);
        assertThat(failure.reason()).isEqualTo(status + ": The target says so");
    }

    @Test
    void takesANetworkForOneThatComesBack() {
        assertThat(DeliveryFailure.of(new ConnectException("to Doe^Jane")))
                .isEqualTo(new DeliveryFailure(false, true, 0, "java.net.ConnectException"));
        assertThat(DeliveryFailure.of(new NoSuchFileException("Doe^Jane")).isOutage())
                .isFalse();
    }

    @Test
    void waitsAnHourAtMost() {
        DicomException patient = new DicomException(DicomStatus.OUT_OF_RESOURCES, "It is full") {
            @Override
            public long retryAfter() {
                return TimeUnit.DAYS.toMillis(1);
            }
        };

        assertThat(DeliveryFailure.of(patient).retryAfter()).isEqualTo(TimeUnit.HOURS.toMillis(1));
    }

    @Test
    void showsMessagesThatAreKnownToHaveNothingOfAPatient() {
        assertThat(DeliveryFailure.of(new IllegalStateException("Doe^Jane")).reason())
                .isEqualTo("java.lang.IllegalStateException");
        assertThat(DeliveryFailure.of(new DicomException(DicomStatus.PROCESSING_FAILURE, "x".repeat(1000)))
                        .reason())
                .hasSize(500);
    }
}
