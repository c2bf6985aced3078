package org.imagingingestion.camel.manifest;

import java.sql.SQLException;

import org.imagingingestion.dicom.DicomStatus;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class SqlFailuresTest {
    @ParameterizedTest
    @CsvSource({
        ", OUT_OF_RESOURCES", // of the pool
        "08001, OUT_OF_RESOURCES",
        "08006, OUT_OF_RESOURCES",
        "53300, OUT_OF_RESOURCES",
        "57014, OUT_OF_RESOURCES",
        "57P03, OUT_OF_RESOURCES",
        "58030, OUT_OF_RESOURCES", // an error of its disk
        "25006, OUT_OF_RESOURCES", // a replica after a failover
        "99999, OUT_OF_RESOURCES", // of the driver, while it connects
        "40P01, OUT_OF_RESOURCES",
        "23505, OUT_OF_RESOURCES",
        "22021, PROCESSING_FAILURE",
        "42P01, PROCESSING_FAILURE",
    })
    void tellsWhetherItMayGoWellLater(String state, DicomStatus status) {
        assertThat(SqlFailures.toDicom("Recording", new SQLException("a patient's name", state))
                        .status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"08006", "22021"})
    void doesNotTellWhatTheDatabaseSays(String state) {
        assertThat(SqlFailures.toDicom("Recording", new SQLException("Doe^Jane", state)))
                .hasMessageNotContaining("Doe")
                .hasMessageContaining(state);
    }
}
