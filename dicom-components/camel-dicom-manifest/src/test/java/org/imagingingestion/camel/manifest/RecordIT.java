package org.imagingingestion.camel.manifest;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.QueryLevel;
import org.imagingingestion.dicom.service.RecordOutcome;
import org.imagingingestion.dicom.service.RecordOutcome.Kind;
import org.imagingingestion.dicom.service.Retrieval.Content;
import org.imagingingestion.dicom.service.StoredInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.imagingingestion.camel.manifest.TestManifest.key;
import static org.imagingingestion.camel.manifest.TestManifest.query;

class RecordIT {
    private TestManifest manifest;

    @BeforeEach
    void create() {
        manifest = TestManifest.create();
    }

    @AfterEach
    void close() {
        manifest.close();
    }

    private ManifestStatistics statistics() throws DicomException {
        return manifest.manifest().inventory().statistics("default");
    }

    private String objectOf(int study, int series, int instance) throws DicomException {
        return manifest.locate(
                        Content.LOCATIONS,
                        TestInstance.study(study),
                        TestInstance.series(study, series),
                        TestInstance.instance(study, series, instance))
                .locations()
                .get(0)
                .objectName();
    }

    /** The same instance with other bytes. */
    private static StoredInstance other(int study, int series, int instance) {
        return TestInstance.stored(study, series, instance, d -> d.setString(Tag.PatientComments, VR.LT, "other"));
    }

    @Test
    void recordsAnInstance() throws Exception {
        StoredInstance stored = TestInstance.stored(1, 1, 1);

        assertThat(manifest.record(stored)).isEqualTo(new RecordOutcome(Kind.ADDED, null));

        assertThat(objectOf(1, 1, 1)).isEqualTo(stored.objectName());
        ManifestStatistics statistics = statistics();
        assertThat(statistics)
                .usingRecursiveComparison()
                .ignoringFields("latest")
                .isEqualTo(new ManifestStatistics(1, 1, 1, 1, 0, stored.length(), 0, null));
        assertThat(statistics.latest()).isNotNull();
    }

    @Test
    void changesNothingForTheSameBytesAndGivesTheSecondObjectUp() throws Exception {
        StoredInstance first = TestInstance.stored(1, 1, 1);
        StoredInstance second = TestInstance.stored(1, 1, 1);
        manifest.record(first);
        String version = manifest.locate(Content.VERSION, TestInstance.study(1), null, null)
                .version();

        for (ConflictPolicy policy : ConflictPolicy.values()) {
            assertThat(manifest.record(second, policy))
                    .isEqualTo(new RecordOutcome(Kind.UNCHANGED, second.objectName(), first.objectName()));
        }

        assertThat(manifest.locate(Content.VERSION, TestInstance.study(1), null, null)
                        .version())
                .isEqualTo(version);
        assertThat(objectOf(1, 1, 1)).isEqualTo(first.objectName());
        assertThat(statistics().instances()).isEqualTo(1);
    }

    @Test
    void doesNotGiveTheRecordedObjectUpWhenItIsRecordedAgain() throws Exception {
        StoredInstance stored = TestInstance.stored(1, 1, 1);
        manifest.record(stored);

        assertThat(manifest.record(stored)).isEqualTo(new RecordOutcome(Kind.UNCHANGED, null));
    }

    @Test
    void keepsTheFirst() throws Exception {
        StoredInstance first = TestInstance.stored(1, 1, 1);
        StoredInstance other = other(1, 1, 1);
        StoredInstance otherAgain = other(1, 1, 1);
        manifest.record(first);

        assertThat(manifest.record(other)).isEqualTo(new RecordOutcome(Kind.KEPT_FIRST, null));
        assertThat(manifest.record(other)).isEqualTo(new RecordOutcome(Kind.KEPT_FIRST, null));
        assertThat(manifest.record(otherAgain))
                .isEqualTo(new RecordOutcome(Kind.KEPT_FIRST, otherAgain.objectName(), other.objectName()));

        assertThat(objectOf(1, 1, 1)).isEqualTo(first.objectName());
        assertThat(manifest.rows("SELECT object_name FROM manifest.kept_version"))
                .containsExactly(other.objectName());
        assertThat(statistics().keptVersions()).isEqualTo(1);
        assertThat(statistics().instances()).isEqualTo(1);
    }

    @Test
    void refusesTheSecond() throws Exception {
        StoredInstance first = TestInstance.stored(1, 1, 1);
        StoredInstance other = other(1, 1, 1);
        manifest.record(first);

        assertThat(manifest.record(other, ConflictPolicy.REFUSE))
                .isEqualTo(new RecordOutcome(Kind.REFUSED, other.objectName()));

        assertThat(objectOf(1, 1, 1)).isEqualTo(first.objectName());
        assertThat(statistics().keptVersions()).isZero();
    }

    @Test
    void keepsTheLast() throws Exception {
        StoredInstance first = TestInstance.stored(1, 1, 1);
        StoredInstance other = other(1, 1, 1);
        manifest.record(first);
        manifest.record(TestInstance.stored(1, 1, 2));
        String version = manifest.locate(Content.VERSION, TestInstance.study(1), TestInstance.series(1, 1), null)
                .version();

        assertThat(manifest.record(other, ConflictPolicy.KEEP_LAST)).isEqualTo(new RecordOutcome(Kind.REPLACED, null));

        assertThat(objectOf(1, 1, 1)).isEqualTo(other.objectName());
        assertThat(manifest.locate(Content.VERSION, TestInstance.study(1), TestInstance.series(1, 1), null)
                        .version())
                .isNotEqualTo(version);
        assertThat(new String(
                        manifest.locate(
                                        Content.METADATA,
                                        TestInstance.study(1),
                                        TestInstance.series(1, 1),
                                        TestInstance.instance(1, 1, 1))
                                .metadata()
                                .get(0),
                        StandardCharsets.UTF_8))
                .contains("other");
        assertThat(manifest.rows("SELECT object_name FROM manifest.kept_version"))
                .containsExactly(first.objectName());
        ManifestStatistics statistics = statistics();
        assertThat(statistics.instances()).isEqualTo(2);
        assertThat(statistics.keptVersions()).isEqualTo(1);
        assertThat(manifest.rows("SELECT number_of_instances, number_of_series, bytes FROM manifest.study"))
                .containsExactly("2|1|20480");
    }

    @Test
    void doesNotBringAReplacedReceiptBackWhenItIsRecordedAgain() throws Exception {
        StoredInstance first = TestInstance.stored(1, 1, 1);
        StoredInstance other = other(1, 1, 1);
        manifest.record(first);
        manifest.record(other, ConflictPolicy.KEEP_LAST);

        assertThat(manifest.record(first, ConflictPolicy.KEEP_LAST)).isEqualTo(new RecordOutcome(Kind.UNCHANGED, null));

        assertThat(objectOf(1, 1, 1)).isEqualTo(other.objectName());
    }

    @Test
    void bringsBytesBackThatComeAgain() throws Exception {
        StoredInstance first = TestInstance.stored(1, 1, 1);
        StoredInstance other = other(1, 1, 1);
        StoredInstance firstAgain = TestInstance.stored(1, 1, 1);
        manifest.record(first);
        manifest.record(other, ConflictPolicy.KEEP_LAST);

        assertThat(manifest.record(firstAgain, ConflictPolicy.KEEP_LAST))
                .isEqualTo(new RecordOutcome(Kind.REPLACED, first.objectName()));

        assertThat(objectOf(1, 1, 1)).isEqualTo(firstAgain.objectName());
        assertThat(manifest.rows("SELECT object_name FROM manifest.kept_version"))
                .containsExactly(other.objectName());
        assertThat(statistics().keptVersions()).isEqualTo(1);
    }

    @Test
    void bringsIntoForceWhatWasFoundBeforeItsEventCame() throws Exception {
        StoredInstance first = TestInstance.stored(1, 1, 1);
        StoredInstance other = other(1, 1, 1);
        manifest.record(first);
        assertThat(manifest.record(other, ConflictPolicy.RECOVER).kind()).isEqualTo(Kind.KEPT_FIRST);

        assertThat(manifest.record(other, ConflictPolicy.KEEP_LAST)).isEqualTo(new RecordOutcome(Kind.REPLACED, null));

        assertThat(objectOf(1, 1, 1)).isEqualTo(other.objectName());
        assertThat(manifest.rows("SELECT object_name FROM manifest.kept_version"))
                .containsExactly(first.objectName());
        assertThat(manifest.rows("SELECT object_name FROM manifest.removed_object"))
                .isEmpty();
        assertThat(statistics().keptVersions()).isEqualTo(1);
        assertThat(manifest.record(first, ConflictPolicy.KEEP_LAST).kind()).isEqualTo(Kind.UNCHANGED);
    }

    @Test
    void remembersWhatWasInForceThoughItsBytesWereFoundAgain() throws Exception {
        StoredInstance first = TestInstance.stored(1, 1, 1);
        StoredInstance firstAgain = TestInstance.stored(1, 1, 1);
        StoredInstance other = other(1, 1, 1);
        manifest.record(first);
        manifest.record(other, ConflictPolicy.KEEP_LAST);
        manifest.record(firstAgain, ConflictPolicy.RECOVER);

        assertThat(manifest.record(first, ConflictPolicy.KEEP_LAST)).isEqualTo(new RecordOutcome(Kind.UNCHANGED, null));

        assertThat(objectOf(1, 1, 1)).isEqualTo(other.objectName());
    }

    /** Instance 1 of study 1, but said to be of another study. */
    private static StoredInstance moved(int study, int series) {
        return TestInstance.stored(
                study, series, 1, d -> d.setString(Tag.SOPInstanceUID, VR.UI, TestInstance.instance(1, 1, 1)));
    }

    @Test
    void leavesAnInstanceInItsStudyWhenItComesInAnother() throws Exception {
        manifest.record(TestInstance.stored(1, 1, 1));

        assertThat(manifest.record(moved(2, 1)))
                .isEqualTo(new RecordOutcome(Kind.KEPT_FIRST, null)
                        .at(new RecordOutcome.Place(TestInstance.study(1), TestInstance.series(1, 1))));

        assertThat(manifest.found(query(QueryLevel.STUDY))).hasSize(1);
        assertThat(manifest.rows("SELECT study_instance_uid FROM manifest.kept_version"))
                .containsExactly(TestInstance.study(2));
        assertThat(manifest.record(moved(2, 2), ConflictPolicy.REFUSE).kind()).isEqualTo(Kind.REFUSED);
        assertThat(statistics().studies()).isEqualTo(1);
    }

    @Test
    void movesAnInstanceToAnotherStudyWhereTheLastCounts() throws Exception {
        manifest.record(TestInstance.stored(1, 1, 1));
        manifest.record(TestInstance.stored(1, 2, 1, d -> d.setString(Tag.Modality, VR.CS, "MR")));

        assertThat(manifest.record(moved(2, 1), ConflictPolicy.KEEP_LAST).kind())
                .isEqualTo(Kind.REPLACED);

        assertThat(manifest.rows("SELECT study_instance_uid, number_of_series, number_of_instances, bytes, modalities"
                        + " FROM manifest.study ORDER BY 1"))
                .containsExactly(TestInstance.study(1) + "|1|1|10240|{MR}", TestInstance.study(2) + "|1|1|10240|{CT}");
        assertThat(manifest.locate(
                                Content.LOCATIONS,
                                TestInstance.study(1),
                                TestInstance.series(1, 1),
                                TestInstance.instance(1, 1, 1))
                        .locations())
                .isEmpty();
        assertThat(manifest.rows("SELECT series_instance_uid FROM manifest.series ORDER BY 1"))
                .containsExactly(TestInstance.series(1, 2), TestInstance.series(2, 1));
        assertThat(statistics())
                .usingRecursiveComparison()
                .ignoringFields("latest")
                .isEqualTo(new ManifestStatistics(2, 2, 2, 2, 1, 20_480, 0, null));
    }

    @Test
    void leavesNothingOfAStudyWhoseLastInstanceWentElsewhere() throws Exception {
        manifest.record(TestInstance.stored(1, 1, 1));

        manifest.record(moved(2, 1), ConflictPolicy.KEEP_LAST);

        assertThat(manifest.rows("SELECT study_instance_uid FROM manifest.study"))
                .containsExactly(TestInstance.study(2));
        assertThat(statistics().series()).isEqualTo(1);
        assertThat(manifest.record(TestInstance.stored(1, 1, 2)).kind()).isEqualTo(Kind.ADDED);
    }

    @Test
    void keepsOneSeriesUidInTwoStudiesApart() throws Exception {
        manifest.record(TestInstance.stored(1, 1, 1));
        manifest.record(TestInstance.stored(
                2, 1, 1, d -> d.setString(Tag.SeriesInstanceUID, VR.UI, TestInstance.series(1, 1))));

        assertThat(manifest.found(query(QueryLevel.SERIES, key(Tag.SeriesInstanceUID, TestInstance.series(1, 1)))))
                .hasSize(2);
        assertThat(manifest.locate(Content.LOCATIONS, TestInstance.study(2), TestInstance.series(1, 1), null)
                        .locations())
                .hasSize(1);
    }

    @Test
    void keepsProvidersApart() throws Exception {
        manifest.record(TestInstance.stored("a", TestInstance.ct(1, 1, 1)));

        assertThat(manifest.record(TestInstance.stored("b", TestInstance.ct(1, 1, 1)))
                        .kind())
                .isEqualTo(Kind.ADDED);

        assertThat(manifest.manifest().inventory().statistics("a").instances()).isEqualTo(1);
        assertThat(statistics().instances()).isZero();
        assertThat(statistics().latest()).isNull();
    }

    @Test
    void keepsTheFirstValueOfAStudyAndTellsTheOther() throws Exception {
        manifest.record(TestInstance.stored(1, 1, 1, d -> {
            d.remove(Tag.StudyID);
            d.setString(Tag.StudyDate, VR.DA);
        }));
        manifest.record(TestInstance.stored(1, 1, 2, d -> {
            d.setString(Tag.PatientName, VR.PN, "Other^Name");
            d.setString(Tag.SeriesDescription, VR.LO, "Other series");
        }));
        manifest.record(TestInstance.stored(1, 1, 3, d -> d.setString(Tag.PatientName, VR.PN, "Other^Name")));

        assertThat(manifest.found(query(
                        QueryLevel.STUDY,
                        key(Tag.PatientName, "DOE1^JANE"),
                        key(Tag.StudyID, "S1"),
                        key(Tag.StudyDate, "20240102"))))
                .hasSize(1)
                .allMatch(study -> study.contains("\"S1\"") && study.contains("20240102"));
        List<AttributeDisagreement> disagreements =
                manifest.manifest().inventory().disagreements("default", TestInstance.study(1));
        assertThat(disagreements)
                .extracting(
                        AttributeDisagreement::tag,
                        AttributeDisagreement::seriesInstanceUID,
                        AttributeDisagreement::inForce,
                        AttributeDisagreement::other,
                        AttributeDisagreement::sopInstanceUID)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                Tag.PatientName,
                                "",
                                "{\"vr\":\"PN\",\"Value\":[{\"Alphabetic\":\"Doe1^Jane\"}]}",
                                "{\"vr\":\"PN\",\"Value\":[{\"Alphabetic\":\"Other^Name\"}]}",
                                TestInstance.instance(1, 1, 2)),
                        org.assertj.core.groups.Tuple.tuple(
                                Tag.SeriesDescription,
                                TestInstance.series(1, 1),
                                "{\"vr\":\"LO\",\"Value\":[\"Thorax 1.0 B1\"]}",
                                "{\"vr\":\"LO\",\"Value\":[\"Other series\"]}",
                                TestInstance.instance(1, 1, 2)));
        assertThat(statistics().disagreements()).isEqualTo(2);
    }

    @Test
    void takesTheLatestValueWhereTheLastCounts() throws Exception {
        manifest.record(TestInstance.stored(1, 1, 1), ConflictPolicy.KEEP_LAST);
        manifest.record(
                TestInstance.stored(1, 1, 2, d -> {
                    d.setString(Tag.PatientName, VR.PN, "Other^Name");
                    d.setString(Tag.PatientID, VR.LO, "P99");
                    d.setString(Tag.Modality, VR.CS, "MR");
                    d.setString(Tag.AccessionNumber, VR.SH);
                }),
                ConflictPolicy.KEEP_LAST);

        assertThat(manifest.found(query(QueryLevel.STUDY, key(Tag.PatientID, "P99"), key(Tag.ModalitiesInStudy, "MR"))))
                .hasSize(1)
                .allMatch(study -> study.contains("Other^Name") && study.contains("\"A1\""));
        assertThat(manifest.found(query(QueryLevel.PATIENT, key(Tag.PatientID, "P99"))))
                .hasSize(1);
        assertThat(manifest.found(query(QueryLevel.PATIENT, key(Tag.PatientID, "P1"))))
                .isEmpty();
        assertThat(statistics().patients()).isEqualTo(2);
        assertThat(statistics().disagreements()).isEqualTo(3);

        // what was in force before is merged again
        manifest.record(TestInstance.stored(1, 1, 3), ConflictPolicy.KEEP_LAST);
        assertThat(manifest.found(query(QueryLevel.STUDY, key(Tag.PatientID, "P1"))))
                .hasSize(1);
    }

    @Test
    void keepsPatientsOfOneIdInTheirOwnStudies() throws Exception {
        manifest.record(TestInstance.stored(1, 1, 1));
        manifest.record(TestInstance.stored(2, 1, 1, d -> d.setString(Tag.PatientID, VR.LO, "P1")));

        assertThat(manifest.found(query(QueryLevel.STUDY, key(Tag.PatientID, "P1"), key(Tag.PatientName, "DOE2*"))))
                .hasSize(1);
        assertThat(manifest.found(query(QueryLevel.PATIENT))).hasSize(1);
        assertThat(manifest.manifest().inventory().disagreements("default", TestInstance.study(2)))
                .extracting(AttributeDisagreement::tag)
                .contains(Tag.PatientName);
    }

    @Test
    void keepsSomeOfManyDisagreementsVisible() throws Exception {
        for (int i = 1; i <= 60; i++) {
            String time = String.format("1010%02d", i % 60);
            manifest.record(TestInstance.stored(1, 1, i, d -> d.setString(Tag.SeriesTime, VR.TM, time)));
        }

        assertThat(statistics().disagreements()).isEqualTo(16);
        assertThat(manifest.rows("SELECT cardinality(merged) FROM manifest.series"))
                .containsExactly("32");
        assertThat(statistics().instances()).isEqualTo(60);
    }

    @Test
    void recordsAStudyOfAPatientWithoutId() throws Exception {
        manifest.record(TestInstance.stored(1, 1, 1, d -> d.setString(Tag.PatientID, VR.LO)));
        assertThat(statistics().patients()).isZero();

        manifest.record(TestInstance.stored(1, 1, 2));
        assertThat(statistics().patients()).isEqualTo(1);
        assertThat(manifest.found(query(QueryLevel.PATIENT))).hasSize(1);
    }

    @Test
    void recordsWhateverValuesAreInIt() throws Exception {
        DataSet dataSet = TestInstance.ct(1, 1, 1);
        dataSet.setString(Tag.PatientID, VR.LO, "A\0B" + "x".repeat(70_000));
        dataSet.setString(Tag.PatientName, VR.PN, "%_\\'\"^\0" + "^".repeat(50) + "=".repeat(50) + "y".repeat(70_000));
        dataSet.setString(Tag.StudyDate, VR.DA, "not a date");
        dataSet.setString(Tag.StudyTime, VR.TM, "99:99");
        dataSet.setString(Tag.SeriesNumber, VR.IS, "99999999999");
        dataSet.setString(Tag.InstanceNumber, VR.IS, "x");
        dataSet.setString(Tag.Modality, VR.CS, "C\0T");
        dataSet.setString(Tag.AccessionNumber, VR.SH, "\0");
        dataSet.setString(Tag.IssuerOfPatientID, VR.LO, "\0\0");
        dataSet.setString(0x0008103F, VR.UN, "");
        dataSet.setBytes(Tag.StudyDescription, VR.LO, (byte) 0xFF, (byte) 0xFE, (byte) 0xED, (byte) 0xA0);
        dataSet.put(new org.imagingingestion.dicom.Element.Bulk(Tag.PatientComments, VR.LT, 3000, 100_000, false));

        assertThat(manifest.record(TestInstance.stored(dataSet)).kind()).isEqualTo(Kind.ADDED);

        assertThat(manifest.found(query(QueryLevel.STUDY, key(Tag.PatientID, "ABxxx*"))))
                .hasSize(1);
        // merging reads what was written
        assertThat(manifest.record(TestInstance.stored(1, 1, 2)).kind()).isEqualTo(Kind.ADDED);
        assertThat(manifest.found(query(QueryLevel.IMAGE))).hasSize(2);
    }

    @Test
    void recordsTheOthersOfABatchWhereOneCannotBe() throws Exception {
        TestServer.execute(
                manifest.dataSource(),
                "ALTER TABLE manifest.instance ADD CONSTRAINT no_seven CHECK (instance_number <> 7)");
        List<java.util.concurrent.CompletableFuture<Object>> outcomes = new java.util.ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            StoredInstance stored = TestInstance.stored(1, 1, i);
            outcomes.add(java.util.concurrent.CompletableFuture.supplyAsync(() -> {
                try {
                    return manifest.record(stored).kind();
                } catch (DicomException e) {
                    return e.getMessage();
                }
            }));
        }

        for (int i = 1; i <= 20; i++) {
            Object expected = i == 7
                    ? "Recording an instance: the manifest's database refused it (SQLSTATE 23514, no_seven)"
                    : Kind.ADDED;
            assertThat(outcomes.get(i - 1).get()).isEqualTo(expected);
        }
        assertThat(statistics().instances()).isEqualTo(19);
    }

    @Test
    void tellsNoPatientDataWhenTheDatabaseRefuses() {
        TestServer.execute(
                manifest.dataSource(), "ALTER TABLE manifest.patient ADD CONSTRAINT none CHECK (patient_id <> 'P1')");

        assertThatThrownBy(() -> manifest.record(TestInstance.stored(1, 1, 1)))
                .isInstanceOf(DicomException.class)
                .hasNoCause()
                .hasMessageNotContaining("P1")
                .hasMessageNotContaining("Doe");
    }

    @Test
    void findsObjectsThatNothingRefersTo() throws Exception {
        StoredInstance first = TestInstance.stored(1, 1, 1);
        StoredInstance other = other(1, 1, 1);
        StoredInstance refused = TestInstance.stored(1, 1, 1);
        manifest.record(first);
        manifest.record(other);

        assertThat(manifest.manifest()
                        .inventory()
                        .orphans(List.of(refused.objectName(), first.objectName(), "x\0y", other.objectName())
                                .iterator()))
                .containsExactly(refused.objectName(), "x\0y");
    }
}
