package org.imagingingestion.camel.dicomweb;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class RetriesTest {
    private static final Retries RETRIES = new Retries(5, 1_000, 8_000, Set.of(404));

    @ParameterizedTest
    @CsvSource({
        "200, false",
        "202, false",
        "307, false",
        "400, false",
        "401, false",
        "404, true",
        "408, true",
        "409, false",
        "429, true",
        "500, true",
        "503, true",
        "599, true"
    })
    void areWorthwhileWhereTheServerMayThinkBetterOfIt(int status, boolean worthwhile) {
        assertThat(RETRIES.isWorthwhile(status)).isEqualTo(worthwhile);
    }

    @ParameterizedTest
    @CsvSource({"0, 1000", "1, 2000", "2, 4000", "3, 8000", "4, 8000"})
    void waitTwiceAsLongEachTimeUpToALimit(int before, long most) {
        for (int i = 0; i < 100; i++) {
            assertThat(RETRIES.delay(before, null)).isBetween(most * 3 / 4, most);
        }
    }

    @Test
    void endAtTheMost() {
        assertThat(RETRIES.delay(5, null)).isEqualTo(-1);
        assertThat(RETRIES.delay(5, "1")).isEqualTo(-1);
    }

    @Test
    void waitAsLongAsTheServerAsks() {
        assertThat(RETRIES.delay(0, "7")).isEqualTo(7_000);
        assertThat(RETRIES.delay(0, "9")).as("longer than anybody waits").isEqualTo(-1);
        assertThat(RETRIES.delay(0, "0")).isPositive();
        assertThat(RETRIES.delay(0, "soon")).isPositive();
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(7));
        assertThat(RETRIES.delay(0, date)).isBetween(5_000L, 7_000L);
        assertThat(RETRIES.delay(0, "Sun, 06 Nov 1994 08:49:37 GMT")).isPositive();
    }
}
