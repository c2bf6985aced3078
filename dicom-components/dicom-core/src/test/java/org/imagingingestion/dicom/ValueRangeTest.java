package org.imagingingestion.dicom;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ValueRangeTest {
    private static final ZoneOffset UTC = ZoneOffset.UTC;

    @ParameterizedTest
    @CsvSource({
        "20200229, 2020-02-29, 2020-02-29",
        "2020.02.29, 2020-02-29, 2020-02-29",
        "20200101-20200131, 2020-01-01, 2020-01-31",
        "20200101-20200101, 2020-01-01, 2020-01-01",
        "20200101-, 2020-01-01,",
        "-20200131,, 2020-01-31",
        "' 20200101 - 20200131 ', 2020-01-01, 2020-01-31",
        "2020.01.01-2020.01.31, 2020-01-01, 2020-01-31"
    })
    void readsDates(String query, LocalDate from, LocalDate to) throws DicomException {
        assertThat(DateRange.of(query)).isEqualTo(new DateRange(from, to));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "*",
                "2020",
                "202001",
                "20200230",
                "20201301",
                "20200001",
                "2020/01/01",
                "20200131-20200101",
                "20200101-20200102-20200103",
                "today",
                "2020-01-01"
            })
    void refusesWhatIsNoDate(String query) {
        assertThatThrownBy(() -> DateRange.of(query))
                .isInstanceOfSatisfying(
                        DicomException.class, e -> assertThat(e.status()).isEqualTo(DicomStatus.INVALID_ARGUMENT_VALUE))
                .hasMessageContaining("YYYYMMDD");
    }

    @ParameterizedTest
    @CsvSource({
        "10, 10:00:00, 10:59:59.999999",
        "1030, 10:30:00, 10:30:59.999999",
        "103015, 10:30:15, 10:30:15.999999",
        "103015.5, 10:30:15.5, 10:30:15.599999",
        "103015.123456, 10:30:15.123456, 10:30:15.123456",
        "10:30, 10:30:00, 10:30:59.999999",
        "10:30:15, 10:30:15, 10:30:15.999999",
        "10:30:15.25, 10:30:15.25, 10:30:15.259999",
        "235960, 23:59:59, 23:59:59.999999",
        "10-12, 10:00:00, 12:59:59.999999",
        "1030-, 10:30:00,",
        "-103015,, 10:30:15.999999"
    })
    void readsTimes(String query, LocalTime from, LocalTime to) throws DicomException {
        assertThat(TimeRange.of(query)).isEqualTo(new TimeRange(from, to));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "1",
                "103",
                "24",
                "1060",
                "103061",
                "103015.",
                "103015.1234567",
                "1030.5",
                "12-10",
                "10:3",
                "10:30:1",
                "10:3015",
                "1030:15",
                "noon"
            })
    void refusesWhatIsNoTime(String query) {
        assertThatThrownBy(() -> TimeRange.of(query))
                .isInstanceOf(DicomException.class)
                .hasMessageContaining("HHMMSS");
    }

    @ParameterizedTest
    @CsvSource({
        "2020, 2020-01-01T00:00:00Z, 2020-12-31T23:59:59.999999Z",
        "202002, 2020-02-01T00:00:00Z, 2020-02-29T23:59:59.999999Z",
        "20200229, 2020-02-29T00:00:00Z, 2020-02-29T23:59:59.999999Z",
        "2020022910, 2020-02-29T10:00:00Z, 2020-02-29T10:59:59.999999Z",
        "20200229103015.1, 2020-02-29T10:30:15.1Z, 2020-02-29T10:30:15.199999Z",
        "20200229103015+0100, 2020-02-29T09:30:15Z, 2020-02-29T09:30:15.999999Z",
        "2007-0500, 2007-01-01T05:00:00Z, 2008-01-01T04:59:59.999999Z",
        "2007-2008, 2007-01-01T00:00:00Z, 2008-12-31T23:59:59.999999Z",
        "2007-0500-2008, 2007-01-01T05:00:00Z, 2008-12-31T23:59:59.999999Z",
        "2007-2008-0500, 2007-01-01T00:00:00Z, 2009-01-01T04:59:59.999999Z",
        "2007-0500-2008-0500, 2007-01-01T05:00:00Z, 2009-01-01T04:59:59.999999Z",
        "2007+0100-2008+0200, 2006-12-31T23:00:00Z, 2008-12-31T21:59:59.999999Z",
        "2007-0500-, 2007-01-01T05:00:00Z,",
        "2007-, 2007-01-01T00:00:00Z,",
        "-2007-0500,, 2008-01-01T04:59:59.999999Z",
        "-2007,, 2007-12-31T23:59:59.999999Z"
    })
    void readsDateTimes(String query, Instant from, Instant to) throws DicomException {
        assertThat(DateTimeRange.of(query, UTC)).isEqualTo(new DateTimeRange(from, to));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "202",
                "20201",
                "20200230",
                "2020+1500",
                "2020+0160",
                "2020+01",
                "2008-2007",
                "2020-01-01T10:00",
                "2020+0100-0500+",
                "20200229103015.1234567"
            })
    void refusesWhatIsNoDateTime(String query) {
        assertThatThrownBy(() -> DateTimeRange.of(query, UTC))
                .isInstanceOf(DicomException.class)
                .hasMessageContaining("YYYYMMDDHHMMSS");
    }

    @Test
    void takesAnOffsetFromThePlaceWhereAValueSaysNone() throws DicomException {
        ZoneOffset offset = DateTimeRange.offset("+0530").orElseThrow();

        assertThat(DateTimeRange.of("2020010100", offset).from()).isEqualTo("2019-12-31T18:30:00Z");
        assertThat(DateTimeRange.offset("-1200")).contains(ZoneOffset.ofHours(-12));
        assertThat(DateTimeRange.offset("-1201")).isEmpty();
        assertThat(DateTimeRange.offset("+1401")).isEmpty();
        assertThat(DateTimeRange.offset("0100")).isEmpty();
    }

    @Test
    void readsStoredValuesWithoutComplaint() {
        assertThat(DateRange.ofValue("20200101 "))
                .contains(new DateRange(LocalDate.of(2020, 1, 1), LocalDate.of(2020, 1, 1)));
        assertThat(DateRange.ofValue("20200101-20200102")).isEmpty();
        assertThat(DateRange.ofValue("")).isEmpty();
        assertThat(TimeRange.ofValue("10"))
                .contains(new TimeRange(LocalTime.of(10, 0), LocalTime.of(10, 59, 59, 999_999_000)));
        assertThat(TimeRange.ofValue("noon")).isEmpty();
        assertThat(DateTimeRange.ofValue("2020", UTC)).isPresent();
        assertThat(DateTimeRange.ofValue("202013", UTC)).isEmpty();
    }

    @Test
    void saysNothingOfTheValueItRefuses() {
        assertThatThrownBy(() -> DateRange.of("19661301")).message().doesNotContain("1966");
    }

    @Test
    void containsBothItsEnds() throws DicomException {
        DateRange january = DateRange.of("20200101-20200131");

        assertThat(january.contains(LocalDate.of(2020, 1, 1))).isTrue();
        assertThat(january.contains(LocalDate.of(2020, 1, 31))).isTrue();
        assertThat(january.contains(LocalDate.of(2020, 2, 1))).isFalse();
        assertThat(DateRange.of("20200101-").contains(LocalDate.of(2999, 1, 1))).isTrue();
        assertThat(DateRange.of("-20200101").contains(LocalDate.of(2020, 1, 2))).isFalse();
    }

    @Test
    void overlapsValuesThatAreNotGivenToTheLastDigit() throws DicomException {
        TimeRange tenOClock = TimeRange.ofValue("10").orElseThrow();

        assertThat(TimeRange.of("1030-1130").overlaps(tenOClock)).isTrue();
        assertThat(TimeRange.of("11-").overlaps(tenOClock)).isFalse();
        assertThat(TimeRange.of("-0959").overlaps(tenOClock)).isFalse();
        assertThat(TimeRange.of("-10").overlaps(TimeRange.of("10-"))).isTrue();
    }
}
