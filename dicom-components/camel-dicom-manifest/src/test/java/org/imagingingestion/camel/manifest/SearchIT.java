package org.imagingingestion.camel.manifest;

import java.util.ArrayList;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.MatchingKey;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryLevel;
import org.imagingingestion.dicom.service.QueryResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imagingingestion.camel.manifest.TestManifest.itemKey;
import static org.imagingingestion.camel.manifest.TestManifest.key;
import static org.imagingingestion.camel.manifest.TestManifest.query;

class SearchIT {
    private static final int PRIVATE = 0x00091001;
    private static TestManifest manifest;

    @BeforeAll
    static void record() throws Exception {
        manifest = TestManifest.create();
        for (int study = 1; study <= 3; study++) {
            for (int series = 1; series <= 2; series++) {
                for (int instance = 1; instance <= 3; instance++) {
                    manifest.record(TestInstance.stored(odd(study, series, instance)));
                }
            }
        }
        // other tenants see nothing of these, nor are they seen
        manifest.record(TestInstance.stored("other", TestInstance.ct(1, 1, 1)));
    }

    /** Study 2 is of a patient in Japan and an MR, study 3 has accents, a request, and hardly anything else. */
    private static DataSet odd(int study, int series, int instance) {
        DataSet dataSet = TestInstance.ct(study, series, instance);
        if (study == 2) {
            dataSet.setString(Tag.PatientName, VR.PN, "Yamada^Tarou=山田^太郎=やまだ^たろう");
            if (series == 2) {
                dataSet.setString(Tag.Modality, VR.CS, "MR").setString(Tag.SOPClassUID, VR.UI, TestInstance.MR);
            }
            dataSet.setString(Tag.TimezoneOffsetFromUTC, VR.SH, "+0900");
        }
        if (study == 3) {
            dataSet.setString(Tag.PatientName, VR.PN, "Müller^Änne");
            dataSet.setString(Tag.ReferringPhysicianName, VR.PN, "Groß^É_100%");
            dataSet.remove(Tag.StudyDate);
            dataSet.setString(Tag.AccessionNumber, VR.SH);
            dataSet.remove(Tag.StudyID);
            dataSet.remove(Tag.SeriesNumber);
            dataSet.setItems(
                    Tag.RequestAttributesSequence,
                    new DataSet()
                            .setString(Tag.ScheduledProcedureStepID, VR.SH, "SPS1")
                            .setString(Tag.RequestedProcedureID, VR.SH, "RP1"),
                    new DataSet()
                            .setString(Tag.ScheduledProcedureStepID, VR.SH, "SPS2")
                            .setString(Tag.RequestedProcedureID, VR.SH, "RP2"));
            dataSet.setString(Tag.PerformedProcedureStepStartDate, VR.DA, "20240303");
            dataSet.setString(Tag.PerformedProcedureStepStartTime, VR.TM, "111213.5");
            dataSet.setString(0x00090010, VR.LO, "ACME").setString(PRIVATE, VR.LO, "private " + instance);
        }
        return dataSet;
    }

    @AfterAll
    static void close() {
        manifest.close();
    }

    private static List<String> uids(QueryLevel level, MatchingKey... keys) throws Exception {
        return uids(query(level, keys));
    }

    private static List<String> uids(Query query) throws Exception {
        int tag =
                switch (query.level()) {
                    case PATIENT -> Tag.PatientID;
                    case STUDY -> Tag.StudyInstanceUID;
                    case SERIES -> Tag.SeriesInstanceUID;
                    case IMAGE -> Tag.SOPInstanceUID;
                };
        List<String> uids = new ArrayList<>();
        for (byte[] match : manifest.search(query).matches()) {
            uids.add(PreparedJson.read(match).string(tag).replace(TestInstance.ROOT, ""));
        }
        return uids;
    }

    @Test
    void returnsWhatTheStandardRequiresOfStudies() throws Exception {
        assertThat(manifest.found(query(QueryLevel.STUDY, key(Tag.PatientID, "P2"))))
                .containsExactly("{\"00080005\":{\"vr\":\"CS\",\"Value\":[\"ISO_IR 192\"]},"
                        + "\"00080020\":{\"vr\":\"DA\",\"Value\":[\"20240103\"]},"
                        + "\"00080030\":{\"vr\":\"TM\",\"Value\":[\"020200\"]},"
                        + "\"00080050\":{\"vr\":\"SH\",\"Value\":[\"A2\"]},"
                        + "\"00080056\":{\"vr\":\"CS\",\"Value\":[\"ONLINE\"]},"
                        + "\"00080061\":{\"vr\":\"CS\",\"Value\":[\"CT\",\"MR\"]},"
                        + "\"00080090\":{\"vr\":\"PN\",\"Value\":[{\"Alphabetic\":\"House^Gregory2\"}]},"
                        + "\"00080201\":{\"vr\":\"SH\",\"Value\":[\"+0900\"]},"
                        + "\"00081030\":{\"vr\":\"LO\",\"Value\":[\"CHEST 2\"]},"
                        + "\"00081190\":{\"vr\":\"UR\",\"Value\":[\"\u0001/studies/" + TestInstance.study(2) + "\"]},"
                        + "\"00100010\":{\"vr\":\"PN\",\"Value\":[{\"Alphabetic\":\"Yamada^Tarou\","
                        + "\"Ideographic\":\"山田^太郎\",\"Phonetic\":\"やまだ^たろう\"}]},"
                        + "\"00100020\":{\"vr\":\"LO\",\"Value\":[\"P2\"]},"
                        + "\"00100030\":{\"vr\":\"DA\",\"Value\":[\"19700101\"]},"
                        + "\"00100040\":{\"vr\":\"CS\",\"Value\":[\"F\"]},"
                        + "\"0020000D\":{\"vr\":\"UI\",\"Value\":[\"" + TestInstance.study(2) + "\"]},"
                        + "\"00200010\":{\"vr\":\"SH\",\"Value\":[\"S2\"]},"
                        + "\"00201206\":{\"vr\":\"IS\",\"Value\":[2]},"
                        + "\"00201208\":{\"vr\":\"IS\",\"Value\":[6]}}");
    }

    @Test
    void returnsRequiredAttributesWithoutAValueToo() throws Exception {
        String study = manifest.found(query(QueryLevel.STUDY, key(Tag.PatientID, "P3")))
                .get(0);

        assertThat(study)
                .contains(
                        "\"00080020\":{\"vr\":\"DA\"}", "\"00080050\":{\"vr\":\"SH\"}", "\"00200010\":{\"vr\":\"SH\"}")
                .doesNotContain("\"00080201\"");
    }

    @Test
    void returnsWhatTheStandardRequiresOfTheSeriesOfAStudy() throws Exception {
        List<String> series =
                manifest.found(query(QueryLevel.SERIES, key(Tag.StudyInstanceUID, TestInstance.study(3))));

        assertThat(series).hasSize(2);
        assertThat(series.get(0))
                .isEqualTo("{\"00080005\":{\"vr\":\"CS\",\"Value\":[\"ISO_IR 192\"]},"
                        + "\"00080060\":{\"vr\":\"CS\",\"Value\":[\"CT\"]},"
                        + "\"0008103E\":{\"vr\":\"LO\",\"Value\":[\"Thorax 1.0 B1\"]},"
                        + "\"00081190\":{\"vr\":\"UR\",\"Value\":[\"\u0001/studies/" + TestInstance.study(3)
                        + "/series/"
                        + TestInstance.series(3, 1) + "\"]},"
                        + "\"0020000D\":{\"vr\":\"UI\",\"Value\":[\"" + TestInstance.study(3) + "\"]},"
                        + "\"0020000E\":{\"vr\":\"UI\",\"Value\":[\"" + TestInstance.series(3, 1) + "\"]},"
                        + "\"00200011\":{\"vr\":\"IS\"},"
                        + "\"00201209\":{\"vr\":\"IS\",\"Value\":[3]},"
                        + "\"00400244\":{\"vr\":\"DA\",\"Value\":[\"20240303\"]},"
                        + "\"00400245\":{\"vr\":\"TM\",\"Value\":[\"111213.5\"]},"
                        + "\"00400275\":{\"vr\":\"SQ\",\"Value\":[{\"00400009\":{\"vr\":\"SH\",\"Value\":[\"SPS1\"]},"
                        + "\"00401001\":{\"vr\":\"SH\",\"Value\":[\"RP1\"]}},{\"00400009\":{\"vr\":\"SH\",\"Value\":[\"SPS2\"]},"
                        + "\"00401001\":{\"vr\":\"SH\",\"Value\":[\"RP2\"]}}]}}");
    }

    @Test
    void returnsTheStudyWithSeriesOfAllStudies() throws Exception {
        String series = manifest.found(query(QueryLevel.SERIES, key(Tag.PatientID, "P2"), key(Tag.Modality, "MR")))
                .get(0);

        assertThat(series)
                .contains(
                        "\"00080061\":{\"vr\":\"CS\",\"Value\":[\"CT\",\"MR\"]}",
                        "\"00100020\"",
                        "\"00201208\"",
                        "\"00201209\"")
                .contains("/series/" + TestInstance.series(2, 2) + "\"");
    }

    @Test
    void returnsWhatTheStandardRequiresOfTheInstancesOfASeries() throws Exception {
        List<String> instances = manifest.found(query(
                QueryLevel.IMAGE,
                key(Tag.StudyInstanceUID, TestInstance.study(1)),
                key(Tag.SeriesInstanceUID, TestInstance.series(1, 2))));

        assertThat(instances).hasSize(3);
        assertThat(instances.get(1))
                .isEqualTo("{\"00080005\":{\"vr\":\"CS\",\"Value\":[\"ISO_IR 192\"]},"
                        + "\"00080016\":{\"vr\":\"UI\",\"Value\":[\"1.2.840.10008.5.1.4.1.1.2\"]},"
                        + "\"00080018\":{\"vr\":\"UI\",\"Value\":[\"" + TestInstance.instance(1, 2, 2) + "\"]},"
                        + "\"00080056\":{\"vr\":\"CS\",\"Value\":[\"ONLINE\"]},"
                        + "\"00081190\":{\"vr\":\"UR\",\"Value\":[\"\u0001/studies/" + TestInstance.study(1)
                        + "/series/"
                        + TestInstance.series(1, 2) + "/instances/" + TestInstance.instance(1, 2, 2) + "\"]},"
                        + "\"00083002\":{\"vr\":\"UI\",\"Value\":[\"1.2.840.10008.1.2.1\"]},"
                        + "\"0020000D\":{\"vr\":\"UI\",\"Value\":[\"" + TestInstance.study(1) + "\"]},"
                        + "\"0020000E\":{\"vr\":\"UI\",\"Value\":[\"" + TestInstance.series(1, 2) + "\"]},"
                        + "\"00200013\":{\"vr\":\"IS\",\"Value\":[2]},"
                        + "\"00280010\":{\"vr\":\"US\",\"Value\":[64]},"
                        + "\"00280011\":{\"vr\":\"US\",\"Value\":[64]},"
                        + "\"00280100\":{\"vr\":\"US\",\"Value\":[16]}}");
    }

    @Test
    void returnsTheLevelsAboveWithInstancesOfAllStudies() throws Exception {
        String instance = manifest.found(
                        query(QueryLevel.IMAGE, key(Tag.SOPInstanceUID, TestInstance.instance(2, 1, 1))))
                .get(0);

        assertThat(instance).contains("\"00080060\"", "\"00201209\"", "\"00100010\"", "\"00201206\"", "\"00080020\"");
        assertThat(manifest.found(query(QueryLevel.IMAGE, key(Tag.StudyInstanceUID, TestInstance.study(2))))
                        .get(0))
                .contains("\"00080060\"", "\"00201209\"")
                .doesNotContain("\"00100010\"", "\"00201206\"");
    }

    @Test
    void returnsPatientsWithTheirCounts() throws Exception {
        assertThat(manifest.found(query(QueryLevel.PATIENT, key(Tag.PatientName, "doe*"))))
                .containsExactly("{\"00080005\":{\"vr\":\"CS\",\"Value\":[\"ISO_IR 192\"]},"
                        + "\"00100010\":{\"vr\":\"PN\",\"Value\":[{\"Alphabetic\":\"Doe1^Jane\"}]},"
                        + "\"00100020\":{\"vr\":\"LO\",\"Value\":[\"P1\"]},"
                        + "\"00100030\":{\"vr\":\"DA\",\"Value\":[\"19700101\"]},"
                        + "\"00100040\":{\"vr\":\"CS\",\"Value\":[\"M\"]},"
                        + "\"00201200\":{\"vr\":\"IS\",\"Value\":[1]},\"00201202\":{\"vr\":\"IS\",\"Value\":[2]},"
                        + "\"00201204\":{\"vr\":\"IS\",\"Value\":[6]}}");
    }

    @ParameterizedTest
    @CsvSource({
        "STUDY, 00080020, 20240103, 2",
        "STUDY, 00080020, 20240101-20240102, 1",
        "STUDY, 00080020, 20240103-, 2",
        "STUDY, 00080020, -20240102, 1",
        "STUDY, 00080020, 20250101-, ''",
        "STUDY, 00080030, 0202, 2",
        "STUDY, 00080030, 02, 2",
        "STUDY, 00080030, 0103-, '2,3'",
        "STUDY, 00080050, A1, 1",
        "STUDY, 00080050, a1, ''",
        "STUDY, 00080050, A?, '2,1'",
        "STUDY, 00080050, *1, 1",
        "STUDY, 00080061, MR, 2",
        "STUDY, 00080061, M*, 2",
        "STUDY, 00080061, US, ''",
        "STUDY, 00080090, house^gregory1, 1",
        "STUDY, 00080090, *_100%, 3",
        "STUDY, 00080090, *x100%, ''",
        "STUDY, 00080090, GROSS*, 3",
        "STUDY, 00100010, doe1^jane, 1",
        "STUDY, 00100010, DOE?^*, 1",
        "STUDY, 00100010, doe1, ''",
        "STUDY, 00100010, *ada*, 2",
        "STUDY, 00100010, *山田*, 2",
        "STUDY, 00100010, *田*, 2",
        "STUDY, 00100010, 山田^太郎, 2",
        "STUDY, 00100010, 山?^太郎, 2",
        "STUDY, 00100010, yamada^tarou=山田^*, 2",
        "STUDY, 00100010, =山田^太郎, 2",
        "STUDY, 00100010, =*=やまだ*, 2",
        "STUDY, 00100010, yamada*太郎, ''",
        "STUDY, 00100010, müller*, 3",
        "STUDY, 00100010, muller*, ''",
        "STUDY, 00100020, P1, 1",
        "STUDY, 00100020, *2*, 2",
        "STUDY, 00100030, 19700101, '2,1,3'",
        "STUDY, 00100040, M, '1,3'",
        "STUDY, 00200010, S2, 2",
        "STUDY, 00081030, *HEST 1, 1",
        "STUDY, 00081030, CHEST 1, 1",
        "STUDY, 00201206, 2, '2,1,3'",
        "STUDY, 00080056, ONLINE, '2,1,3'",
        "STUDY, 00080056, OFFLINE, ''",
        "STUDY, 00080201, +0900, 2",
        "STUDY, 00101010, 054Y, '2,1,3'",
        "STUDY, 00101010, 05?Y, '2,1,3'",
        "STUDY, 00101010, 055Y, ''",
        "SERIES, 00080060, MR, 2.2",
        "SERIES, 00200011, 2, '2.2,1.2'",
        "SERIES, 00200011, 02, '2.2,1.2'",
        "SERIES, 0008103E, *B2, '2.2,1.2,3.2'",
        "SERIES, 00180015, CHEST, '2.1,2.2,1.1,1.2,3.1,3.2'",
        "SERIES, 00400244, 20240303, '3.1,3.2'",
        "SERIES, 00400244, 20240301-20240304, '3.1,3.2'",
        "SERIES, 00400245, 1112, '3.1,3.2'",
        "SERIES, 00400245, -111212, ''",
        "SERIES, 00080070, SIEM*, '2.1,2.2,1.1,1.2,3.1,3.2'",
        "SERIES, 00080070, PHILIPS, ''",
        "SERIES, 00080021, 20240101-20240102, '2.1,2.2,1.1,1.2,3.1,3.2'",
        "SERIES, 00100020, P2, '2.1,2.2'",
        "IMAGE, 00080016, 1.2.840.10008.5.1.4.1.1.4, '2.2.1,2.2.2,2.2.3'",
        "IMAGE, 00200013, 3, '2.1.3,2.2.3,1.1.3,1.2.3,3.1.3,3.2.3'",
        "IMAGE, 00280010, 512, ''",
        "IMAGE, 00201041, 3.0, '2.1.3,2.2.3,1.1.3,1.2.3,3.1.3,3.2.3'",
        "IMAGE, 00080032, 101103, '2.1.3,2.2.3,1.1.3,1.2.3,3.1.3,3.2.3'",
    })
    void matches(QueryLevel level, String tag, String value, String expected) throws Exception {
        assertThat(String.join(",", uids(level, key(Integer.parseUnsignedInt(tag, 16), value))))
                .isEqualTo(expected);
    }

    @Test
    void matchesListsOfUids() throws Exception {
        assertThat(uids(
                        QueryLevel.STUDY,
                        key(Tag.StudyInstanceUID, TestInstance.study(1), TestInstance.study(3), "1.2")))
                .containsExactly("1", "3");
        assertThat(uids(QueryLevel.IMAGE, key(Tag.SOPInstanceUID, TestInstance.instance(2, 1, 1))))
                .containsExactly("2.1.1");
    }

    @Test
    void matchesNamesWithoutAccentsWhenAskedTo() throws Exception {
        Query fuzzy = new Query(
                "default", QueryLevel.STUDY, List.of(key(Tag.PatientName, "muller*")), List.of(), false, true, 10, 0);

        assertThat(uids(fuzzy)).containsExactly("3");
        Query accented = new Query(
                "default",
                QueryLevel.STUDY,
                List.of(key(Tag.PatientName, "MÜLLER^anne")),
                List.of(),
                false,
                true,
                10,
                0);
        assertThat(uids(accented)).containsExactly("3");
    }

    @Test
    void matchesKeysOfOneItemTogether() throws Exception {
        MatchingKey step = itemKey(Tag.RequestAttributesSequence, Tag.ScheduledProcedureStepID, "SPS1");

        assertThat(uids(QueryLevel.SERIES, step)).containsExactly("3.1", "3.2");
        assertThat(uids(
                        QueryLevel.SERIES,
                        step,
                        itemKey(Tag.RequestAttributesSequence, Tag.RequestedProcedureID, "RP1")))
                .containsExactly("3.1", "3.2");
        assertThat(uids(
                        QueryLevel.SERIES,
                        step,
                        itemKey(Tag.RequestAttributesSequence, Tag.RequestedProcedureID, "RP2")))
                .isEmpty();
        assertThat(uids(QueryLevel.SERIES, itemKey(Tag.RequestAttributesSequence, Tag.RequestedProcedureID, "R?2")))
                .containsExactly("3.1", "3.2");
        assertThat(uids(QueryLevel.SERIES, step, itemKey(Tag.RequestAttributesSequence, Tag.AccessionNumber, "x")))
                .isEmpty();
        assertThat(uids(QueryLevel.IMAGE, step)).hasSize(6);
    }

    @Test
    void matchesPrivateAttributesOfInstances() throws Exception {
        MatchingKey key = new MatchingKey(List.of(PRIVATE), VR.LO, List.of("*vate 2"));

        assertThat(uids(QueryLevel.IMAGE, key)).containsExactly("3.1.2", "3.2.2");
    }

    @Test
    void combinesKeysOfAllLevelsByAnd() throws Exception {
        assertThat(uids(
                        QueryLevel.IMAGE,
                        key(Tag.PatientID, "P2"),
                        key(Tag.StudyDate, "2024-".replace("-", "0101-")),
                        key(Tag.Modality, "MR"),
                        key(Tag.InstanceNumber, "2"),
                        key(Tag.ProtocolName, "Thor*")))
                .containsExactly("2.2.2");
    }

    @Test
    void returnsWhatIsAskedForByName() throws Exception {
        Query study = new Query(
                "default",
                QueryLevel.STUDY,
                List.of(key(Tag.PatientID, "P1")),
                List.of(List.of(Tag.PatientAge), List.of(Tag.Modality), List.of(Tag.SOPClassUID)),
                false,
                false,
                10,
                0);
        assertThat(manifest.found(study).get(0))
                .contains("\"00101010\"")
                .doesNotContain("\"00080060\"", "\"00080016\"");

        Query series = new Query(
                "default",
                QueryLevel.SERIES,
                List.of(key(Tag.StudyInstanceUID, TestInstance.study(1))),
                List.of(List.of(Tag.SeriesDate), List.of(Tag.PatientName), List.of(Tag.NumberOfFrames)),
                false,
                false,
                10,
                0);
        assertThat(manifest.found(series).get(0))
                .contains("\"00080021\"", "\"00100010\"")
                .doesNotContain("\"00280008\"");

        Query instance = new Query(
                "default",
                QueryLevel.IMAGE,
                List.of(
                        key(Tag.StudyInstanceUID, TestInstance.study(1)),
                        key(Tag.SeriesInstanceUID, TestInstance.series(1, 1))),
                List.of(List.of(0x00200032), List.of(Tag.Modality), List.of(Tag.StudyDate)),
                false,
                false,
                10,
                0);
        assertThat(manifest.found(instance).get(0))
                .contains("\"00200032\"", "\"00080060\"", "\"00080020\"")
                .doesNotContain("\"00200037\"");
    }

    @Test
    void returnsAllThatIsKnownWhenAskedTo() throws Exception {
        Query study = new Query("default", QueryLevel.STUDY, List.of(), List.of(), true, false, 1, 0);
        assertThat(manifest.found(study).get(0)).contains("\"00101010\"").doesNotContain("\"00080060\"");

        Query instance = new Query(
                "default",
                QueryLevel.IMAGE,
                List.of(key(Tag.SOPInstanceUID, TestInstance.instance(3, 2, 1))),
                List.of(),
                true,
                false,
                1,
                0);
        DataSet found = PreparedJson.read(manifest.search(instance).matches().get(0));
        assertThat(found.string(PRIVATE)).isEqualTo("private 1");
        assertThat(found.string(Tag.RetrieveURL)).endsWith(TestInstance.instance(3, 2, 1));
        assertThat(found.string(Tag.PatientName)).isEqualTo("Müller^Änne");
    }

    @Test
    void givesPagesInOneOrder() throws Exception {
        List<String> all = uids(QueryLevel.IMAGE);
        assertThat(all)
                .hasSize(18)
                .startsWith("2.1.1", "2.1.2", "2.1.3", "2.2.1")
                .endsWith("3.2.3");

        List<String> paged = new ArrayList<>();
        for (int offset = 0; offset < 20; offset += 5) {
            Query page = new Query("default", QueryLevel.IMAGE, List.of(), List.of(), false, false, 5, offset);
            assertThat(manifest.search(page).more()).isEqualTo(offset + 5 < 18);
            paged.addAll(uids(page));
        }
        assertThat(paged).isEqualTo(all);
    }

    @Test
    void givesPagesWhereAttributesHaveNoColumn() throws Exception {
        MatchingKey key = key(Tag.Manufacturer, "SIEMENS");
        Query first = new Query("default", QueryLevel.SERIES, List.of(key), List.of(), false, false, 4, 0);
        Query second = new Query("default", QueryLevel.SERIES, List.of(key), List.of(), false, false, 4, 4);

        assertThat(manifest.search(first).more()).isTrue();
        assertThat(manifest.search(second).more()).isFalse();
        assertThat(uids(first)).containsExactly("2.1", "2.2", "1.1", "1.2");
        assertThat(uids(second)).containsExactly("3.1", "3.2");
    }

    @Test
    void tellsThatThereIsMoreForALimitOfNone() throws Exception {
        QueryResult none =
                manifest.search(new Query("default", QueryLevel.STUDY, List.of(), List.of(), false, false, 0, 0));

        assertThat(none.matches()).isEmpty();
        assertThat(none.more()).isTrue();
    }

    @Test
    void givesNoMoreAtOnceThanHasRoom() throws Exception {
        int most = Searcher.MOST_BYTES / 3;
        for (int i = 1; i <= 7; i++) {
            DataSet dataSet =
                    TestInstance.ct(90, 1, i).setString(0x00204000, VR.LT, "x".repeat(i == 4 ? 4 * most : most));
            manifest.record(TestInstance.stored("large", dataSet));
        }

        List<Integer> pages = new ArrayList<>();
        for (int offset = 0; offset < 7; offset += pages.get(pages.size() - 1)) {
            QueryResult page = manifest.search(
                    new Query("large", QueryLevel.IMAGE, List.of(), List.of(), true, false, 100, offset));
            pages.add(page.matches().size());
            assertThat(page.more()).isEqualTo(offset + page.matches().size() < 7);
        }

        assertThat(pages).containsExactly(2, 1, 1, 2, 1);
    }

    @Test
    void seesOneProviderOnly() throws Exception {
        assertThat(manifest.search(new Query("other", QueryLevel.IMAGE, List.of(), List.of(), false, false, 100, 0))
                        .matches())
                .hasSize(1);
        assertThat(manifest.search(new Query("none", QueryLevel.STUDY, List.of(), List.of(), false, false, 100, 0))
                        .matches())
                .isEmpty();
    }
}
