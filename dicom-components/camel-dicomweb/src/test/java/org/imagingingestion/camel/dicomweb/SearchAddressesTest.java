package org.imagingingestion.camel.dicomweb;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.MatchingKey;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SearchAddressesTest {
    @ParameterizedTest
    @CsvSource({
        "PATIENT, , , /studies?",
        "STUDY, , , /studies?",
        "STUDY, 1.2, , /studies?0020000D=1.2",
        "SERIES, , , /series?",
        "SERIES, 1.2, , /studies/1.2/series?",
        "SERIES, 1.2, 1.3, /studies/1.2/series?0020000E=1.3",
        "SERIES, 1.2/1.4, , '/series?0020000D=1.2,1.4'",
        "IMAGE, , , /instances?",
        "IMAGE, 1.2, , /studies/1.2/instances?",
        "IMAGE, 1.2, 1.3, /studies/1.2/series/1.3/instances?",
        "IMAGE, 1.2, 1.3/1.4, '/studies/1.2/instances?0020000E=1.3,1.4'",
        "IMAGE, , 1.3, /instances?0020000E=1.3",
        "IMAGE, 1.*, , /instances?0020000D=1.*"
    })
    void asksAtTheResourceOfTheLevel(QueryLevel level, String study, String series, String expected) throws Exception {
        List<MatchingKey> keys = new ArrayList<>();
        if (study != null) {
            keys.add(key(Tag.StudyInstanceUID, study.split("/")));
        }
        if (series != null) {
            keys.add(key(Tag.SeriesInstanceUID, series.split("/")));
        }

        assertThat(addresses(query(level, keys, List.of()))).containsExactly(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "%&#^ +, %25%26%23%5E%20%2B",
        "Doe^J*, Doe%5EJ*",
        "M?ller, M?ller",
        "Müller, M%C3%BCller",
        "山田^太郎, %E5%B1%B1%E7%94%B0%5E%E5%A4%AA%E9%83%8E",
        "'a,b=c\\d', a%2Cb%3Dc%5Cd"
    })
    void encodesValues(String value, String encoded) throws Exception {
        Query query = query(QueryLevel.STUDY, List.of(key(Tag.PatientName, value)), List.of());

        assertThat(addresses(query)).containsExactly("/studies?00100010=" + encoded);
    }

    @Test
    void leavesRangesAsTheyAre() throws Exception {
        Query query = query(
                QueryLevel.STUDY, List.of(key(Tag.StudyDate, "20200101-"), key(Tag.StudyTime, "10-12")), List.of());

        assertThat(addresses(query)).containsExactly("/studies?00080020=20200101-&00080030=10-12");
    }

    @Test
    void asksForFieldsOnce() throws Exception {
        Query query = new Query(
                "default",
                QueryLevel.STUDY,
                List.of(
                        key(Tag.PatientID, "7"),
                        new MatchingKey(
                                List.of(Tag.RequestAttributesSequence, Tag.ScheduledProcedureStepID),
                                VR.SH,
                                List.of("x"))),
                List.of(List.of(Tag.PatientID), List.of(Tag.StudyDescription), List.of(Tag.RequestAttributesSequence)),
                false,
                true,
                10,
                0);

        assertThat(addresses(query))
                .containsExactly("/studies?fuzzymatching=true&includefield=00081030&includefield=00400275"
                        + "&00100020=7&00400275.00400009=x");
    }

    @Test
    void asksForAllFieldsByOneWord() throws Exception {
        Query query = new Query(
                "default", QueryLevel.STUDY, List.of(), List.of(List.of(Tag.StudyDescription)), true, false, 10, 0);

        assertThat(addresses(query)).containsExactly("/studies?includefield=all");
    }

    @Test
    void asksForSeveralModalitiesOneByOneOrByAList() throws Exception {
        Query query = query(
                QueryLevel.STUDY, List.of(key(Tag.ModalitiesInStudy, "CT", "MR"), key(Tag.PatientID, "7")), List.of());

        assertThat(addresses(query))
                .containsExactly("/studies?00080061=CT&00100020=7", "/studies?00080061=MR&00100020=7");
        assertThat(new SearchAddresses(query, true, 2048).all()).containsExactly("/studies?00080061=CT,MR&00100020=7");
    }

    @Test
    void splitsAListOfUidsThatIsTooLong() throws Exception {
        String[] uids = IntStream.range(0, 100).mapToObj(i -> "1.2.3." + i).toArray(String[]::new);
        Query query = query(QueryLevel.IMAGE, List.of(key(Tag.SOPInstanceUID, uids)), List.of());

        List<String> addresses = new SearchAddresses(query, false, 200).all();

        assertThat(addresses).hasSizeGreaterThan(3).allMatch(address -> address.length() <= 200);
        assertThat(addresses.stream()
                        .flatMap(address -> List.of(
                                address.substring(address.indexOf('=') + 1).split(","))
                                .stream()))
                .containsExactly(uids);
        assertThat(new SearchAddresses(query, false, 1).all()).hasSize(100);
    }

    @Test
    void refusesMoreRequestsThanAnybodyWants() {
        String[] many = IntStream.range(0, 40).mapToObj(Integer::toString).toArray(String[]::new);
        Query query =
                query(QueryLevel.STUDY, List.of(key(Tag.PatientID, many), key(Tag.AccessionNumber, many)), List.of());

        assertThatThrownBy(() -> addresses(query)).isInstanceOf(DicomException.class);
    }

    private static List<String> addresses(Query query) throws Exception {
        return new SearchAddresses(query, false, 2048).all();
    }

    private static MatchingKey key(int tag, String... values) {
        return new MatchingKey(List.of(tag), Dictionary.vrOf(tag), List.of(values));
    }

    private static Query query(QueryLevel level, List<MatchingKey> keys, List<List<Integer>> fields) {
        return new Query("default", level, keys, fields, false, false, 10, 0);
    }
}
