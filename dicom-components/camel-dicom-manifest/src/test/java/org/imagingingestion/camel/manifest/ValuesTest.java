package org.imagingingestion.camel.manifest;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ValuesTest {
    @ParameterizedTest
    @CsvSource({
        "Doe^Jane, =DOE^JANE===",
        "doe^jane^^^, =DOE^JANE===",
        "Yamada^Tarou=山田^太郎=やまだ^たろう, =YAMADA^TAROU=山田^太郎=やまだ^たろう=",
        "=山田, ==山田==",
    })
    void keepsNamesByTheirGroups(String name, String kept) {
        assertThat(Values.name(name)).isEqualTo(kept);
    }

    @Test
    void takesAccentsAway() {
        assertThat(Values.plainName("Müller^Änne")).isEqualTo("=MULLER^ANNE===");
        assertThat(Values.name("Mu\u0308ller")).isEqualTo(Values.name("M\u00FCller"));
    }

    @ParameterizedTest
    @CsvSource({
        "20240229, 2024-02-29",
        "2024.02.29, 2024-02-29",
        "20230229, ",
        "00000101, ",
        "2024, ",
        "garbage, ",
    })
    void keepsDatesOfTheCalendar(String value, String kept) {
        assertThat(Values.date(value)).isEqualTo(kept);
    }

    @ParameterizedTest
    @CsvSource({
        "10, 10:00",
        "101112.5, 10:11:12.500",
        "235960, 23:59:59",
        "10:11:12, 10:11:12",
        "256000, ",
    })
    void keepsTimesOfDay(String value, String kept) {
        assertThat(Values.time(value)).isEqualTo(kept);
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "+007, 7", "-1, -1", "99999999999, ", "1.5, "})
    void keepsWholeNumbers(String value, String kept) {
        DataSet dataSet = new DataSet().setString(Tag.InstanceNumber, VR.IS, value);

        assertThat(Values.number(dataSet, Tag.InstanceNumber)).isEqualTo(kept);
    }

    @Test
    void keepsNoMoreThanAnIndexTakes() {
        assertThat(Values.text("x".repeat(100_000))).hasSize(Values.LONGEST_TEXT);
        assertThat(Values.text("x" + "😀".repeat(1000))).hasSizeLessThanOrEqualTo(Values.LONGEST_TEXT);
        assertThat(Values.name("=".repeat(9) + "x^".repeat(10_000))).hasSizeLessThan(400);
    }

    @Test
    void keepsNoNul() {
        assertThat(Values.text("A\0B")).isEqualTo("AB");
        assertThat(Values.name("Doe\0^Jane")).isEqualTo("=DOE^JANE===");
    }
}
