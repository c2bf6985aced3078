package org.imagingingestion.camel.instance;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.UIDs;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

import static org.assertj.core.api.Assertions.assertThat;

class PseudonymsTest {
    private static final Pseudonyms PSEUDONYMS = new Pseudonyms(Instances.KEY);

    @Property(tries = 200)
    void sameUIDAndKeyGiveTheSameUIDWhereverItStands(@ForAll @IntRange(min = 1) int number) {
        String uid = "1.2.276.0." + number;
        DataSet made = Instances.deidentified(Instances.dataSet()
                .setString(Tag.SOPInstanceUID, VR.UI, uid)
                .setItems(
                        0x00081140,
                        new DataSet()
                                .setString(0x00081150, VR.UI, "1.2.840.10008.5.1.4.1.1.2")
                                .setString(0x00081155, VR.UI, uid)));
        String mapped = made.string(Tag.SOPInstanceUID);
        assertThat(mapped).isEqualTo(PSEUDONYMS.uid(uid)).isEqualTo(new Pseudonyms(Instances.KEY).uid(uid));
        assertThat(made.items(0x00081140).get(0).string(0x00081155)).isEqualTo(mapped);
        assertThat(made.items(0x00081140).get(0).string(0x00081150)).isEqualTo("1.2.840.10008.5.1.4.1.1.2");
        assertThat(UIDs.isValid(mapped)).isTrue();
        assertThat(mapped).isNotEqualTo(new Pseudonyms("another secret of the same length").uid(uid));
    }

    @Property(tries = 50)
    void differentUIDsStayDifferent(@ForAll @Size(100) Set<@IntRange(min = 1) Integer> numbers) {
        Set<String> mapped = new HashSet<>();
        numbers.forEach(number -> mapped.add(PSEUDONYMS.uid("1.2.276.0." + number)));
        assertThat(mapped).hasSize(numbers.size());
    }

    @Property(tries = 200)
    void identifiersAreLettersAndDigits(
            @ForAll @StringLength(min = 1, max = 64) @CharRange(from = ' ', to = '~') String identifier) {
        assertThat(PSEUDONYMS.identifier(identifier))
                .matches("[A-Z2-7]{16}")
                .isEqualTo(new Pseudonyms(Instances.KEY).identifier(identifier));
    }

    @Property(tries = 200)
    void intervalsBetweenDatesOfAPatientStay(
            @ForAll @IntRange(min = 3653, max = 40000) int one, @ForAll @IntRange(min = 3653, max = 40000) int other) {
        DateTimeFormatter format = DateTimeFormatter.BASIC_ISO_DATE;
        LocalDate first = LocalDate.ofEpochDay(one);
        LocalDate second = LocalDate.ofEpochDay(other);
        DataSet made = Instances.deidentified(
                Instances.dataSet()
                        .setString(Tag.StudyDate, VR.DA, first.format(format))
                        .setString(0x0008002A, VR.DT, second.format(format) + "101112.5"),
                ProfileOption.RETAIN_MODIFIED_DATES);
        LocalDate movedFirst = LocalDate.parse(made.string(Tag.StudyDate), format);
        LocalDate movedSecond = LocalDate.parse(made.string(0x0008002A).substring(0, 8), format);
        assertThat(ChronoUnit.DAYS.between(movedFirst, movedSecond)).isEqualTo(ChronoUnit.DAYS.between(first, second));
        assertThat(movedFirst).isBefore(first).isAfter(first.minusDays(3653));
        assertThat(made.string(0x0008002A)).endsWith("101112.5");
    }

    @Test
    void patientsAreMovedByDifferentDays() {
        Set<Integer> days = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            days.add(PSEUDONYMS.days("patient " + i));
        }
        assertThat(days.size()).isGreaterThan(80);
        assertThat(days).allMatch(each -> each < 0 && each >= -3652);
    }

    /** So that another release gives what was given out before. */
    @Test
    void staysAsItIsFromReleaseToRelease() {
        assertThat(List.of(
                        PSEUDONYMS.uid("1.2.3"),
                        PSEUDONYMS.identifier("4711"),
                        String.valueOf(PSEUDONYMS.days("4711\\"))))
                .containsExactly("2.25.224173133381899891462025543429570918424", "FSFLHIWMQVPQX2Q7", "-2878");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.2.840.10008.5.1.4.1.1.2", // SOP class
                "1.2.840.10008.1.2.1", // transfer syntax
                "1.2.840.10008.1.4.1.1", // Talairach frame of reference
                "1.2.840.10008.2.16.4" // coding scheme DCM
            })
    void whatTheStandardRegistersStays(String uid) {
        assertThat(PSEUDONYMS.uid(uid)).isEqualTo(uid);
    }

    @Test
    void whatOnlyBeginsAsThoseOfTheStandardIsReplaced() {
        assertThat(PSEUDONYMS.uid("1.2.840.10008.5.1.4.1.1.2.20240115.4711")).startsWith("2.25.");
    }

    @ParameterizedTest
    @CsvSource({
        "20200301, -1, 20200229",
        "2020.03.01, -1, 20200229",
        "20200230, -1, ",
        "2020, -1, ",
        "00010101, -1, ",
        "20200101-20200131, -1, "
    })
    void movesDates(String date, int days, String moved) {
        assertThat(DateShift.date(date, days)).isEqualTo(moved);
    }

    @ParameterizedTest
    @CsvSource({
        "20200301235960.123456+0100, -1, 20200229235960.123456+0100",
        "2020030110, -1, 2020022910",
        "202003, -1, 202002",
        "2020, -1, 2019",
        "2020-0500, -1, 2019-0500",
        "20201301, -1, ",
        "yesterday, -1, "
    })
    void movesDatesAndTimes(String date, int days, String moved) {
        assertThat(DateShift.dateTime(date, days)).isEqualTo(moved);
    }
}
