package org.imagingingestion.camel.manifest;

import java.util.List;

import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.Deletion;
import org.imagingingestion.dicom.service.QueryLevel;
import org.imagingingestion.dicom.service.RecordOutcome;
import org.imagingingestion.dicom.service.RecordOutcome.Kind;
import org.imagingingestion.dicom.service.Retrieval.Content;
import org.imagingingestion.dicom.service.StoredInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imagingingestion.camel.manifest.TestManifest.query;

class DeletionIT {
    private static final long DAY = 86_400_000;

    private TestManifest manifest;

    @BeforeEach
    void create() {
        manifest = TestManifest.create();
    }

    @AfterEach
    void close() {
        manifest.close();
    }

    private long delete(String study, String series, String instance) throws Exception {
        return manifest.manifest().deleter().delete(new Deletion("default", study, series, instance));
    }

    private void fill() throws Exception {
        for (int study = 1; study <= 2; study++) {
            for (int series = 1; series <= 2; series++) {
                for (int instance = 1; instance <= 3; instance++) {
                    manifest.record(TestInstance.stored(study, series, instance));
                }
            }
        }
    }

    private ManifestStatistics statistics() throws Exception {
        return manifest.manifest().inventory().statistics("default");
    }

    private List<String> removed(long retention) throws Exception {
        return manifest.manifest().removedObjects().due(Providers.of("default"), retention);
    }

    private static StoredInstance commented(String comment) {
        return TestInstance.stored(1, 1, 1, d -> d.setString(0x00204000, VR.LT, comment));
    }

    @Test
    void deletesAnInstance() throws Exception {
        fill();

        assertThat(delete(TestInstance.study(1), TestInstance.series(1, 1), TestInstance.instance(1, 1, 2)))
                .isEqualTo(1);
        assertThat(delete(TestInstance.study(1), TestInstance.series(1, 1), TestInstance.instance(1, 1, 2)))
                .isZero();

        assertThat(manifest.found(query(QueryLevel.IMAGE)))
                .hasSize(11)
                .noneMatch(match -> match.contains(TestInstance.instance(1, 1, 2)));
        assertThat(manifest.locate(Content.LOCATIONS, TestInstance.study(1), null, null)
                        .locations())
                .hasSize(5);
        assertThat(statistics())
                .usingRecursiveComparison()
                .ignoringFields("latest")
                .isEqualTo(new ManifestStatistics(2, 2, 4, 11, 0, 11 * 10_240, 0, null));
    }

    @Test
    void deletesASeriesAndWhatItsStudySaysOfIt() throws Exception {
        fill();
        manifest.record(TestInstance.stored(1, 3, 1, d -> d.setString(Tag.Modality, VR.CS, "MR")));

        assertThat(delete(TestInstance.study(1), TestInstance.series(1, 3), null))
                .isEqualTo(1);

        assertThat(manifest.rows("SELECT number_of_series, number_of_instances, modalities FROM manifest.study"
                        + " ORDER BY study_instance_uid"))
                .containsExactly("2|6|{CT}", "2|6|{CT}");
    }

    @Test
    void leavesNothingOfAPatientWhoseLastStudyIsDeleted() throws Exception {
        fill();
        manifest.record(
                TestInstance.stored(1, 1, 4, d -> d.setString(Tag.PatientName, VR.PN, "Other^Name")),
                ConflictPolicy.KEEP_LAST);

        assertThat(delete(TestInstance.study(1), null, null)).isEqualTo(7);

        assertThat(manifest.found(query(QueryLevel.PATIENT))).hasSize(1);
        for (String table : List.of("study", "series", "template", "patient", "disagreement", "kept_version")) {
            assertThat(manifest.rows("SELECT t FROM (SELECT t::text FROM manifest." + table
                            + " t) x (t) WHERE t LIKE '%P1%' OR t LIKE '%Doe1%' OR t LIKE '%Other%'"))
                    .as(table)
                    .isEmpty();
        }
        assertThat(statistics())
                .usingRecursiveComparison()
                .ignoringFields("latest")
                .isEqualTo(new ManifestStatistics(1, 1, 2, 6, 0, 6 * 10_240, 0, null));
    }

    @Test
    void findsNothingToDeleteElsewhere() throws Exception {
        fill();
        manifest.record(TestInstance.stored("other", TestInstance.ct(1, 1, 1)));

        assertThat(delete("1.2.3", null, null)).isZero();
        assertThat(delete(TestInstance.study(1), TestInstance.series(2, 1), null))
                .isZero();
        assertThat(delete(TestInstance.study(1), TestInstance.series(1, 2), TestInstance.instance(1, 1, 1)))
                .isZero();
        assertThat(delete("\0' OR 1=1 --", "\0", "\0")).isZero();
        assertThat(delete(TestInstance.study(1), null, null)).isEqualTo(6);

        assertThat(manifest.manifest().inventory().statistics("other").instances())
                .isEqualTo(1);
        assertThat(statistics().instances()).isEqualTo(6);
    }

    @Test
    void keepsObjectsUntilTheirTimeHasCome() throws Exception {
        StoredInstance stored = TestInstance.stored(1, 1, 1);
        manifest.record(stored);
        delete(TestInstance.study(1), null, null);

        assertThat(removed(DAY)).isEmpty();
        TestServer.execute(
                manifest.dataSource(), "UPDATE manifest.removed_object SET removed_at = removed_at - interval '25h'");
        assertThat(removed(DAY)).containsExactly(stored.objectName());

        manifest.manifest().removedObjects().forget(Providers.of("*"), "other/" + stored.objectName());
        assertThat(removed(DAY)).containsExactly(stored.objectName());
        assertThat(manifest.manifest().removedObjects().due(Providers.of("other, more"), 0))
                .isEmpty();
        manifest.manifest().removedObjects().forget(Providers.of("other"), stored.objectName());
        assertThat(removed(DAY)).containsExactly(stored.objectName());
        manifest.manifest().removedObjects().forget(Providers.of("more, default"), stored.objectName());
        assertThat(removed(0)).isEmpty();
    }

    @Test
    void removesReplacedVersionsInTheirTimeButNoneThatCameLater() throws Exception {
        StoredInstance first = TestInstance.stored(1, 1, 1);
        StoredInstance late = commented("late");
        StoredInstance last = commented("last");
        manifest.record(first);
        manifest.record(late);
        manifest.record(last, ConflictPolicy.KEEP_LAST);

        assertThat(removed(DAY)).isEmpty();
        assertThat(removed(0)).containsExactly(first.objectName());

        assertThat(statistics().keptVersions()).isEqualTo(1);
        assertThat(manifest.rows("SELECT object_name FROM manifest.kept_version"))
                .containsExactly(late.objectName());
    }

    @Test
    void keepsAReplacedVersionThatComesAgainAndDoesNotCount() throws Exception {
        StoredInstance first = TestInstance.stored(1, 1, 1);
        manifest.record(first);
        manifest.record(commented("last"), ConflictPolicy.KEEP_LAST);
        manifest.record(first);
        assertThat(manifest.rows("SELECT count(replaced_at) FROM manifest.kept_version"))
                .containsExactly("1");

        RecordOutcome again = manifest.record(TestInstance.stored(1, 1, 1));

        assertThat(again.sameAs()).isEqualTo(first.objectName());
        assertThat(removed(0)).containsExactly(again.discard());
        assertThat(statistics().keptVersions()).isEqualTo(1);
    }

    @Test
    void doesNotTakeADeletedObjectForOneThatWasNeverRecorded() throws Exception {
        StoredInstance first = TestInstance.stored(1, 1, 1);
        StoredInstance second = commented("second");
        manifest.record(first);
        manifest.record(second, ConflictPolicy.KEEP_LAST);
        delete(TestInstance.study(1), null, null);

        assertThat(manifest.manifest()
                        .inventory()
                        .orphans(List.of(first.objectName(), second.objectName(), "default/never.dcm")
                                .iterator()))
                .containsExactly("default/never.dcm");
        assertThat(removed(0)).containsExactlyInAnyOrder(first.objectName(), second.objectName());
    }

    @Test
    void doesNotBringADeletedInstanceBackWhenItIsHeardOfOnceMore() throws Exception {
        StoredInstance deleted = TestInstance.stored(1, 1, 1);
        StoredInstance other = TestInstance.stored(1, 1, 2);
        for (StoredInstance stored : List.of(deleted, other, TestInstance.stored(1, 1, 3))) {
            manifest.record(stored);
        }
        delete(TestInstance.study(1), TestInstance.series(1, 1), TestInstance.instance(1, 1, 1));
        delete(TestInstance.study(1), TestInstance.series(1, 1), TestInstance.instance(1, 1, 2));

        for (ConflictPolicy policy : ConflictPolicy.values()) {
            assertThat(manifest.record(deleted, policy)).isEqualTo(new RecordOutcome(Kind.UNCHANGED, null));
        }
        assertThat(statistics().instances()).isEqualTo(1);

        delete(TestInstance.study(1), null, null);
        assertThat(manifest.record(other).kind()).isEqualTo(Kind.UNCHANGED);
        assertThat(statistics().instances()).isZero();
    }

    @Test
    void doesNotTakeAReceiptThatWasGivenUpForANewOneWhenItIsHeardOfOnceMore() throws Exception {
        StoredInstance first = TestInstance.stored(1, 1, 1);
        StoredInstance again = TestInstance.stored(1, 1, 1);
        StoredInstance corrected = commented("corrected");
        manifest.record(TestInstance.stored(1, 1, 2));
        manifest.record(first, ConflictPolicy.KEEP_LAST);
        assertThat(manifest.record(again, ConflictPolicy.KEEP_LAST).discard()).isEqualTo(again.objectName());
        manifest.record(corrected, ConflictPolicy.KEEP_LAST);

        assertThat(manifest.record(again, ConflictPolicy.KEEP_LAST))
                .isEqualTo(new RecordOutcome(Kind.UNCHANGED, again.objectName()));
        assertThat(manifest.manifest()
                        .inventory()
                        .orphans(List.of(first.objectName(), again.objectName()).iterator()))
                .as("whoever was killed before it removed the object has the sweep do it")
                .containsExactly(again.objectName());
        assertThat(inForce()).isEqualTo(corrected.objectName());

        StoredInstance back = TestInstance.stored(1, 1, 1);
        RecordOutcome replaced = manifest.record(back, ConflictPolicy.KEEP_LAST);
        assertThat(replaced.discard()).isEqualTo(first.objectName());
        manifest.record(first, ConflictPolicy.KEEP_LAST);
        assertThat(inForce()).isEqualTo(back.objectName());

        delete(TestInstance.study(1), null, null);
        for (StoredInstance receipt : List.of(first, again, corrected, back)) {
            assertThat(manifest.record(receipt).kind()).isEqualTo(Kind.UNCHANGED);
        }
        assertThat(statistics().instances()).isZero();
    }

    private String inForce() throws Exception {
        return manifest.locate(Content.LOCATIONS, TestInstance.study(1), null, TestInstance.instance(1, 1, 1))
                .locations()
                .get(0)
                .objectName();
    }

    @Test
    void doesNotRecoverWhatWasDeleted() throws Exception {
        manifest.record(TestInstance.stored(1, 1, 1));
        manifest.record(TestInstance.stored(1, 1, 2));
        delete(TestInstance.study(1), TestInstance.series(1, 1), TestInstance.instance(1, 1, 1));
        StoredInstance orphan = TestInstance.stored(1, 1, 1);

        assertThat(manifest.record(orphan, ConflictPolicy.RECOVER)).isEqualTo(new RecordOutcome(Kind.REFUSED, null));
        assertThat(manifest.record(TestInstance.stored(1, 1, 3), ConflictPolicy.RECOVER)
                        .kind())
                .isEqualTo(Kind.ADDED);
        assertThat(statistics().instances()).isEqualTo(2);

        assertThat(manifest.record(TestInstance.stored(1, 1, 1)).kind()).isEqualTo(Kind.ADDED);
        assertThat(manifest.record(orphan, ConflictPolicy.RECOVER).kind()).isEqualTo(Kind.REFUSED);
        assertThat(statistics().instances()).isEqualTo(3);
    }

    @Test
    void takesTheSameInstanceAgain() throws Exception {
        manifest.record(TestInstance.stored(1, 1, 1));
        manifest.record(TestInstance.stored(1, 1, 2));
        delete(TestInstance.study(1), TestInstance.series(1, 1), TestInstance.instance(1, 1, 1));
        assertThat(manifest.record(TestInstance.stored(1, 1, 1)).kind()).isEqualTo(Kind.ADDED);
        delete(TestInstance.study(1), null, null);
        assertThat(manifest.record(TestInstance.stored(1, 1, 1)).kind()).isEqualTo(Kind.ADDED);

        assertThat(statistics())
                .usingRecursiveComparison()
                .ignoringFields("latest")
                .isEqualTo(new ManifestStatistics(1, 1, 1, 1, 0, 10_240, 0, null));
    }
}
