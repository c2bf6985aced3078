package org.imagingingestion.camel.manifest;

import java.util.List;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
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
import static org.imagingingestion.camel.manifest.TestManifest.key;
import static org.imagingingestion.camel.manifest.TestManifest.query;

class SearchPlanTest {
    @ParameterizedTest
    @CsvSource({
        "STUDY, 00080020, 2024-01-01, StudyDate is neither a date nor a range of dates",
        "STUDY, 00080020, 20240230, StudyDate is neither a date nor a range of dates",
        "STUDY, 00080020, 20240201-20240101, StudyDate is neither a date nor a range of dates",
        "STUDY, 00080030, 25, StudyTime is neither a time nor a range of times",
        "STUDY, 0020000D, 1.2.x, StudyInstanceUID is not a UID or a list of UIDs",
        "STUDY, 0020000D, 1.2.*, StudyInstanceUID is not a UID or a list of UIDs",
        "STUDY, 00100030, 1970, PatientBirthDate is neither",
        "SERIES, 00200011, one, SeriesNumber is not a whole number",
        "IMAGE, 00200013, 1*, InstanceNumber is not a whole number",
        "STUDY, 00080060, CT, Modality is an attribute of level SERIES",
        "SERIES, 00280010, 512, Rows is an attribute of level IMAGE",
        "IMAGE, 00180050, thick, SliceThickness is not a number",
        "IMAGE, 00080022, 2024-01-01, AcquisitionDate is neither a value nor a range",
        "IMAGE, 7FE00010, x, PixelData is of VR OW which cannot be matched",
        "PATIENT, 00080050, x, AccessionNumber is an attribute of level STUDY",
    })
    void namesTheKeyThatCannotBeMatched(QueryLevel level, String tag, String value, String message) {
        MatchingKey key = key(Integer.parseUnsignedInt(tag, 16), value);

        assertThatThrownBy(() -> SearchPlan.of(query(level, key))).isInstanceOfSatisfying(DicomException.class, e -> {
            assertThat(e.status()).isEqualTo(DicomStatus.INVALID_ARGUMENT_VALUE);
            assertThat(e.getMessage().replace(",", "")).startsWith(message);
        });
    }

    @Test
    void namesKeysThatAreTooLongTooManyOrHaveNul() {
        assertInvalid("PatientID has a NUL character", key(Tag.PatientID, "A\0"));
        assertInvalid("PatientName is longer than", key(Tag.PatientName, "*a".repeat(10_000)));
        assertInvalid(
                "StudyInstanceUID has more than",
                key(Tag.StudyInstanceUID, "1.2,".repeat(20_000).split(",")));
        assertInvalid(
                "00091001 is of VR OB", new MatchingKey(List.of(0x00091001), VR.OB, List.of("x")), QueryLevel.IMAGE);
    }

    private static void assertInvalid(String message, MatchingKey key) {
        assertInvalid(message, key, QueryLevel.STUDY);
    }

    private static void assertInvalid(String message, MatchingKey key, QueryLevel level) {
        assertThatThrownBy(() -> SearchPlan.of(query(level, key)))
                .isInstanceOf(DicomException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void refusesNegativeLimits() {
        Query query = new Query("default", QueryLevel.STUDY, List.of(), List.of(), false, false, -1, 0);

        assertThatThrownBy(() -> SearchPlan.of(query)).hasMessage("limit is negative");
    }

    @Test
    void neverPutsValuesIntoSql() throws Exception {
        SearchPlan plan = SearchPlan.of(query(
                QueryLevel.STUDY,
                key(Tag.PatientName, "O'Brien*"),
                key(Tag.PatientID, "'; DROP TABLE study; --"),
                key(Tag.ModalitiesInStudy, "C'*")));

        String sql = SearchStatement.of(plan).sql();
        assertThat(sql).doesNotContain("Brien", "BRIEN", "DROP", "C'");
    }

    @Test
    void takesEmptyValuesAndStarsForAnyValue() throws Exception {
        Conditions all = SearchPlan.of(query(QueryLevel.STUDY)).conditions();

        Conditions conditions = SearchPlan.of(query(
                        QueryLevel.STUDY,
                        key(Tag.PatientID),
                        key(Tag.PatientName, ""),
                        key(Tag.StudyDate, "*"),
                        key(0x00081110, "")))
                .conditions();

        assertThat(conditions.sql()).isEqualTo(all.sql());
    }

    @Test
    void knowsWhetherAllIsInOneStudy() throws Exception {
        MatchingKey one = key(Tag.StudyInstanceUID, "1.2.3");
        MatchingKey two = key(Tag.StudyInstanceUID, "1.2.3", "1.2.4");

        assertThat(SearchPlan.of(query(QueryLevel.SERIES, one)).isInStudy()).isTrue();
        assertThat(SearchPlan.of(query(QueryLevel.SERIES, two)).isInStudy()).isFalse();
        assertThat(SearchPlan.of(query(QueryLevel.IMAGE, one, key(Tag.SeriesInstanceUID, "1.2.3.4")))
                        .isInSeries())
                .isTrue();
        assertThat(SearchPlan.of(query(QueryLevel.IMAGE, key(Tag.SeriesInstanceUID, "1.2.3.4")))
                        .isInSeries())
                .isFalse();
    }
}
