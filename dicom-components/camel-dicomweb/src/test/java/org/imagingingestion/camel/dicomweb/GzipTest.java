package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.zip.GZIPInputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class GzipTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip|true",
                "gzip, deflate, br|true",
                "br;q=1.0, GZIP;q=0.5|true",
                "*|true",
                "gzip;q=0|false",
                "gzip; q=0.0, *|false",
                "*;q=0|false",
                "identity|false",
                "''|false"
            })
    void isGivenToWhoTakesIt(String header, boolean accepted) {
        assertThat(Gzip.isAccepted(List.of(header))).isEqualTo(accepted);
    }

    @Test
    void comesBackTheSame() throws Exception {
        byte[] bytes = StoredObject.noise(100_000, 1);

        assertThat(new GZIPInputStream(new ByteArrayInputStream(Gzip.compress(bytes))).readAllBytes())
                .isEqualTo(bytes);
    }
}
