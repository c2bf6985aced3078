package org.imagingingestion.camel.dicomweb;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class QueryParametersTest {
    private static Query parse(String... parameters) throws DicomException {
        return parsed(parameters).query("p", QueryLevel.STUDY, List.of());
    }

    private static QueryParameters parsed(String... parameters) throws DicomException {
        List<Map.Entry<String, String>> entries = new ArrayList<>();
        for (String parameter : parameters) {
            int equals = parameter.indexOf('=');
            entries.add(Map.entry(parameter.substring(0, equals), parameter.substring(equals + 1)));
        }
        return QueryParameters.parse(entries, 1000);
    }

    private static void assertRefused(String named, String... parameters) {
        assertThatThrownBy(() -> parse(parameters))
                .isInstanceOfSatisfying(
                        DicomException.class, e -> assertThat(e.status()).isEqualTo(DicomStatus.INVALID_ARGUMENT_VALUE))
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @CsvSource({
        "PatientID, 00100020",
        "00100020, 00100020",
        "0020000d, 0020000D",
        "RequestAttributesSequence.ScheduledProcedureStepID, 00400275/00400009",
        "00400275.00400009, 00400275/00400009",
        "RequestAttributesSequence.00400009, 00400275/00400009"
    })
    void namesAttributesByKeywordTagAndPath(String name, String path) throws DicomException {
        List<Integer> tags = List.of(path.split("/")).stream()
                .map(tag -> Integer.parseUnsignedInt(tag, 16))
                .toList();

        assertThat(parse(name + "=1").keys()).singleElement().satisfies(key -> assertThat(key.path())
                .isEqualTo(tags));
    }

    @Test
    void givesKeysTheirVrAndValue() throws DicomException {
        assertThat(parse("PatientName=Doe^J*", "StudyDate=20200101-")).satisfies(query -> assertThat(query.keys())
                .containsExactly(
                        new MatchingKey(List.of(Tag.PatientName), VR.PN, List.of("Doe^J*")),
                        new MatchingKey(List.of(Tag.StudyDate), VR.DA, List.of("20200101-"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2,1.3", "1.2\\1.3", " 1.2 , 1.3 "})
    void splitsListsOfUids(String value) throws DicomException {
        assertThat(parse("StudyInstanceUID=" + value).keys())
                .containsExactly(new MatchingKey(List.of(Tag.StudyInstanceUID), VR.UI, List.of("1.2", "1.3")));
    }

    @Test
    void joinsUidsOfAKeyGivenTwice() throws DicomException {
        assertThat(parse("StudyInstanceUID=1.2", "0020000D=1.3").keys())
                .containsExactly(new MatchingKey(List.of(Tag.StudyInstanceUID), VR.UI, List.of("1.2", "1.3")));
    }

    @Test
    void splitsListsOfCodesAsViewersWriteThem() throws DicomException {
        assertThat(parse("ModalitiesInStudy=CT,MR").keys())
                .containsExactly(new MatchingKey(List.of(Tag.ModalitiesInStudy), VR.CS, List.of("CT", "MR")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PatientName=", "PatientName=*", "PatientName=**", "StudyDate=*"})
    void returnsWhatMatchesUniversally(String parameter) throws DicomException {
        Query query = parse(parameter);

        assertThat(query.keys()).isEmpty();
        assertThat(query.includeFields()).hasSize(1);
    }

    @Test
    void collectsIncludedFields() throws DicomException {
        Query query = parse(
                "includefield=00081030,00080060,PatientID",
                "includefield=RequestAttributesSequence.ScheduledProcedureStepID",
                "includefield=00091001",
                "includefield=00081030",
                "includefield=");

        assertThat(query.includeAll()).isFalse();
        assertThat(query.includeFields())
                .containsExactly(
                        List.of(Tag.StudyDescription),
                        List.of(Tag.Modality),
                        List.of(Tag.PatientID),
                        List.of(Tag.RequestAttributesSequence, Tag.ScheduledProcedureStepID),
                        List.of(0x00091001));
        assertThat(parse("includefield=all").includeAll()).isTrue();
    }

    @Test
    void readsPagingWithinWhatIsAllowed() throws DicomException {
        assertThat(parse()).extracting(Query::limit, Query::offset).containsExactly(1000, 0);
        assertThat(parse("limit=10", "offset=20"))
                .extracting(Query::limit, Query::offset)
                .containsExactly(10, 20);
        assertThat(parse("limit=5000").limit()).isEqualTo(1000);
        assertThat(parse("limit=99999999999999", "offset=99999999999999"))
                .extracting(Query::limit, Query::offset)
                .containsExactly(1000, Integer.MAX_VALUE);
    }

    @Test
    void takesTheParametersOfTheStandard() throws DicomException {
        assertThat(parse("fuzzymatching=true").fuzzyMatching()).isTrue();
        assertThat(parse("fuzzymatching=false").fuzzyMatching()).isFalse();
        assertThat(parsed("emptyvaluematching=true", "multiplevaluematching=false", "accept=a/b")
                        .ignored())
                .containsExactly("emptyvaluematching");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limit=x|limit",
                "limit=-1|limit",
                "limit=|limit",
                "offset=1.5|offset",
                "fuzzymatching=yes|fuzzymatching",
                "includefield=NoSuchThing|NoSuchThing",
                "NoSuchThing=1|NoSuchThing",
                "PatientName.PatientID=1|PatientName.PatientID",
                "00020010=1.2|00020010",
                "00100000=1|00100000",
                "0010002=1|0010002",
                "00091001=1|00091001",
                "PatientID.=1|PatientID.",
                ".PatientID=1|.PatientID",
                "RequestAttributesSequence=1|RequestAttributesSequence",
                "StudyDate=2020-01-01|StudyDate",
                "StudyDate=20201301|StudyDate",
                "StudyTime=99|StudyTime",
                "StudyInstanceUID=1.2.x|StudyInstanceUID",
                "StudyInstanceUID=1..2|StudyInstanceUID",
                "StudyInstanceUID=,|StudyInstanceUID",
                "SeriesNumber=one|SeriesNumber",
                "PixelData=1|PixelData"
            })
    void refusesWhatIsMalformedAndNamesTheKey(String parameter, String named) {
        assertRefused(named, parameter);
    }

    @Test
    void refusesControlCharacters() {
        assertRefused("PatientID", "PatientID=a\u0000b");
    }

    @Test
    void refusesAKeyGivenTwice() {
        assertRefused("00100020", "PatientID=1", "00100020=2");
    }

    @Test
    void matchesItemsOneLevelDeepOnly() {
        assertRefused("one level", "RequestAttributesSequence.ScheduledProtocolCodeSequence.CodeValue=1");
    }

    @Test
    void neverRepeatsAValueOrAnUnsafeName() {
        assertThatThrownBy(() -> parse("StudyDate=Doe^John")).hasMessageNotContaining("Doe");
        assertThatThrownBy(() -> parse("<script>=1")).hasMessageNotContaining("script");
    }
}
