package org.imagingingestion.camel.manifest;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.event.EventElement;
import org.imagingingestion.dicom.event.StudyRevisionEvent;
import org.imagingingestion.dicom.event.StudyRevisionEvent.ChangeSet;
import org.imagingingestion.dicom.event.StudyRevisionEvent.Series;
import org.imagingingestion.dicom.service.Deletion;
import org.imagingingestion.dicom.service.StoredInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RevisionIT {
    private static final Announcer.Waits NONE = new Announcer.Waits(0, 0);
    private static final Announcer.Waits USUAL = new Announcer.Waits(30, 600);

    private TestManifest manifest;
    private Announcer announcer;

    @BeforeEach
    void create() {
        manifest = TestManifest.create();
        announcer = announcer("*");
    }

    private Announcer announcer(String providers) {
        return new Announcer(
                manifest.dataSource(), Providers.of(providers), "test", "https://archive.example.org/dicom-web");
    }

    @AfterEach
    void close() {
        manifest.close();
    }

    private List<StudyRevisionEvent> revisions(int study) throws Exception {
        return Revisions.of(manifest.dataSource(), "default", TestInstance.study(study));
    }

    /** Announces now and gives what was announced of study 1. */
    private StudyRevisionEvent announced() throws Exception {
        int known = revisions(1).size();
        announcer.announce(NONE);
        List<StudyRevisionEvent> revisions = revisions(1);
        assertThat(revisions).hasSize(known + 1);
        return revisions.get(known);
    }

    private void delete(int study, Integer series, Integer instance) throws Exception {
        manifest.manifest()
                .deleter()
                .delete(new Deletion(
                        "default",
                        TestInstance.study(study),
                        series == null ? null : TestInstance.series(study, series),
                        instance == null ? null : TestInstance.instance(study, series, instance)));
    }

    private static String path(int series, int instance) {
        return TestInstance.series(1, series) + "/" + TestInstance.instance(1, series, instance);
    }

    private static StoredInstance changed(int series, int instance, Consumer<DataSet> change) {
        return TestInstance.stored(1, series, instance, change);
    }

    private static StoredInstance commented(int series, int instance) {
        return changed(series, instance, d -> d.setString(0x00204000, VR.LT, "again"));
    }

    private static void assertChanges(
            StudyRevisionEvent revision, List<String> additions, List<String> deletions, List<String> modifications) {
        assertThat(revision.changeSet()).isEqualTo(new ChangeSet(additions, deletions, modifications));
    }

    private void letTimePass(int seconds) {
        TestServer.execute(
                manifest.dataSource(),
                "UPDATE manifest.study_state SET first_change = first_change - interval '" + seconds
                        + "s', last_change = last_change - interval '" + seconds + "s'");
    }

    @Test
    void tellsTheWholeStudyByItsNumbers() throws Exception {
        manifest.record(TestInstance.stored(1, 2, 7));
        manifest.record(TestInstance.stored(1, 1, 10));
        manifest.record(changed(1, 9, d -> d.setString(Tag.SeriesDescription, VR.LO, "Thorax 1.0 B1")));

        StudyRevisionEvent revision = announced();

        assertThat(revision.revision()).isZero();
        assertThat(revision.provider()).isEqualTo("default");
        assertThat(revision.study().studyInstanceUID()).isEqualTo(TestInstance.study(1));
        assertThat(revision.study().studyDate()).isEqualTo("20240102");
        assertThat(revision.study().attributes())
                .containsExactlyInAnyOrder(
                        new EventElement("0008", "0061", "CS", "CT"),
                        new EventElement("0008", "0050", "SH", "A1"),
                        new EventElement("0008", "0090", "PN", "House^Gregory1"),
                        new EventElement("0008", "1030", "LO", "CHEST 1"),
                        new EventElement("0010", "0010", "PN", "Doe1^Jane"),
                        new EventElement("0010", "0020", "LO", "P1"),
                        new EventElement("0010", "0030", "DA", "19700101"),
                        new EventElement("0010", "0040", "CS", "M"));
        assertThat(revision.study().series()).extracting(Series::number).containsExactly(1, 2);
        Series first = revision.study().series().get(0);
        assertThat(first)
                .usingRecursiveComparison()
                .ignoringFields("dataSet")
                .isEqualTo(new Series(
                        TestInstance.series(1, 1),
                        1,
                        "CT",
                        List.of(new EventElement("0008", "103E", "LO", "Thorax 1.0 B1")),
                        List.of(
                                new StudyRevisionEvent.Instance(TestInstance.instance(1, 1, 9), TestInstance.CT, 9),
                                new StudyRevisionEvent.Instance(TestInstance.instance(1, 1, 10), TestInstance.CT, 10)),
                        "https://archive.example.org/dicom-web/studies/" + TestInstance.study(1) + "/series/"
                                + TestInstance.series(1, 1),
                        "default"));
        assertChanges(revision, List.of(path(2, 7), path(1, 10), path(1, 9)), List.of(), List.of());
    }

    @Test
    void tellsWhatHasSeveralValuesWholeAndWhatDocumentsAreCalled() throws Exception {
        manifest.record(changed(1, 1, d -> {
            d.setString(Tag.StudyTime, VR.TM, "101112");
            d.setItems(
                    Tag.ProcedureCodeSequence,
                    new DataSet().setString(Tag.CodeMeaning, VR.LO, "CT Thorax"),
                    new DataSet().setString(Tag.CodeMeaning, VR.LO, "CT Abdomen"));
            d.setString(Tag.PerformingPhysicianName, VR.PN, "One^A", "Two^B");
            d.setString(Tag.Laterality, VR.CS, "L");
        }));
        manifest.record(changed(2, 1, d -> {
            d.setString(Tag.SOPClassUID, VR.UI, "1.2.840.10008.5.1.4.1.1.104.1");
            d.setString(Tag.DocumentTitle, VR.ST, "Letter");
        }));
        manifest.record(changed(2, 2, d -> {
            d.setString(Tag.SOPClassUID, VR.UI, "1.2.840.10008.5.1.4.1.1.88.11");
            d.setItems(
                    Tag.ConceptNameCodeSequence, new DataSet().setString(Tag.CodeMeaning, VR.LO, "Radiology Report"));
        }));

        StudyRevisionEvent.Study study = announced().study();

        assertThat(study.dataSet().string(Tag.StudyTime)).isEqualTo("101112");
        assertThat(study.dataSet().items(Tag.ProcedureCodeSequence)).hasSize(2);
        DataSet series = study.series().get(0).dataSet();
        assertThat(series.strings(Tag.PerformingPhysicianName)).containsExactly("One^A", "Two^B");
        assertThat(series.string(Tag.Laterality)).isEqualTo("L");
        assertThat(series.contains(Tag.RequestAttributesSequence)).isFalse();
        assertThat(study.series().get(0).instances())
                .extracting(StudyRevisionEvent.Instance::title)
                .containsExactly((String) null);
        assertThat(study.series().get(1).instances())
                .extracting(StudyRevisionEvent.Instance::title)
                .containsExactly("Letter", "Radiology Report");
    }

    @Test
    void waitsUntilNothingComesAnyMore() throws Exception {
        manifest.record(TestInstance.stored(1, 1, 1));
        assertThat(announcer.announce(USUAL)).isZero();

        letTimePass(29);
        manifest.record(TestInstance.stored(1, 1, 2));
        letTimePass(29);
        assertThat(announcer.announce(USUAL)).isZero();

        letTimePass(2);
        assertThat(announcer.announce(USUAL)).isEqualTo(1);
        assertThat(announcer.announce(USUAL)).isZero();
        assertThat(revisions(1)).hasSize(1);
    }

    @Test
    void doesNotWaitForEverForAStudyThatNeverSettles() throws Exception {
        for (int i = 1; i <= 20; i++) {
            manifest.record(TestInstance.stored(1, 1, i));
            assertThat(announcer.announce(USUAL)).isZero();
            letTimePass(29);
        }
        letTimePass(29);
        manifest.record(TestInstance.stored(1, 1, 21));

        assertThat(announcer.announce(USUAL)).isEqualTo(1);

        assertThat(revisions(1).get(0).changeSet().additions()).hasSize(21);
    }

    @Test
    void tellsOnlyWhatIsNewInTheNextRevision() throws Exception {
        manifest.record(TestInstance.stored(1, 1, 1));
        announced();
        manifest.record(TestInstance.stored(1, 1, 1));
        assertThat(announcer.announce(NONE)).isZero();

        manifest.record(TestInstance.stored(1, 1, 2));
        StudyRevisionEvent second = announced();

        assertThat(second.revision()).isEqualTo(1);
        assertChanges(second, List.of(path(1, 2)), List.of(), List.of());
        assertThat(Revisions.listed(second)).isEqualTo(Set.of(path(1, 1), path(1, 2)));
    }

    @Test
    void tellsOfAReplacedInstanceThatItWentAndIsThereAnew() throws Exception {
        manifest.record(TestInstance.stored(1, 1, 1));
        announced();

        manifest.record(commented(1, 1), ConflictPolicy.KEEP_LAST);

        assertChanges(announced(), List.of(), List.of(path(1, 1)), List.of(path(1, 1)));
    }

    @Test
    void tellsNothingOfOtherBytesThatDoNotCount() throws Exception {
        manifest.record(TestInstance.stored(1, 1, 1));
        announced();

        manifest.record(commented(1, 1), ConflictPolicy.KEEP_FIRST);
        manifest.record(commented(1, 1), ConflictPolicy.REFUSE);

        assertThat(announcer.announce(NONE)).isZero();
    }

    @Test
    void tellsBothStudiesOfAnInstanceThatMoved() throws Exception {
        manifest.record(TestInstance.stored(1, 1, 1));
        manifest.record(TestInstance.stored(2, 1, 1));
        announcer.announce(NONE);
        StoredInstance moved = TestInstance.stored(2, 1, 1, d -> {
            d.setString(Tag.SOPInstanceUID, VR.UI, TestInstance.instance(1, 1, 1));
            d.setInt(Tag.InstanceNumber, VR.IS, 5);
        });

        manifest.record(moved, ConflictPolicy.KEEP_LAST);
        announcer.announce(NONE);

        assertChanges(revisions(1).get(1), List.of(), List.of(path(1, 1)), List.of());
        assertThat(revisions(1).get(1).study().series()).isEmpty();
        assertChanges(
                revisions(2).get(1),
                List.of(TestInstance.series(2, 1) + "/" + TestInstance.instance(1, 1, 1)),
                List.of(),
                List.of());
    }

    @Test
    void tellsWhoCorrectedTheStudy() throws Exception {
        manifest.record(TestInstance.stored(1, 1, 1));
        announced();

        manifest.record(
                changed(1, 2, d -> d.setString(Tag.PatientName, VR.PN, "Doe^Corrected")), ConflictPolicy.KEEP_LAST);
        StudyRevisionEvent revision = announced();

        assertChanges(revision, List.of(path(1, 2)), List.of(), List.of(path(1, 2)));
        assertThat(revision.study().attributes()).contains(new EventElement("0010", "0010", "PN", "Doe^Corrected"));
    }

    @Test
    void takesWhatTheFirstInstancesSayForNoCorrection() throws Exception {
        manifest.record(changed(1, 1, d -> d.remove(Tag.AccessionNumber)));
        manifest.record(TestInstance.stored(1, 1, 2));

        assertChanges(announced(), List.of(path(1, 1), path(1, 2)), List.of(), List.of());
    }

    @Test
    void tellsOfDeletions() throws Exception {
        for (int i = 1; i <= 3; i++) {
            manifest.record(TestInstance.stored(1, i, 1));
        }
        announced();

        delete(1, 2, 1);
        delete(1, 3, null);
        StudyRevisionEvent second = announced();
        delete(1, null, null);
        StudyRevisionEvent third = announced();

        assertChanges(second, List.of(), List.of(path(2, 1), path(3, 1)), List.of());
        assertThat(Revisions.listed(second)).isEqualTo(Set.of(path(1, 1)));
        assertChanges(third, List.of(), List.of(path(1, 1)), List.of());
        assertThat(third.study())
                .isEqualTo(new StudyRevisionEvent.Study(TestInstance.study(1), null, List.of(), List.of()));
    }

    @Test
    void saysNothingOfWhatCameAndWentInBetween() throws Exception {
        manifest.record(TestInstance.stored(1, 1, 1));
        delete(1, null, null);
        announcer.announce(NONE);
        assertThat(revisions(1)).isEmpty();

        manifest.record(TestInstance.stored(1, 1, 2));
        manifest.record(TestInstance.stored(1, 1, 3));
        delete(1, 1, 2);

        StudyRevisionEvent first = announced();
        assertThat(first.revision()).isZero();
        assertChanges(first, List.of(path(1, 3)), List.of(), List.of());
    }

    @Test
    void addsWhatIsStoredAgainAfterItsDeletionWasTold() throws Exception {
        manifest.record(TestInstance.stored(1, 1, 1));
        announced();
        delete(1, null, null);
        announced();

        manifest.record(TestInstance.stored(1, 1, 1));
        StudyRevisionEvent third = announced();

        assertThat(third.revision()).isEqualTo(2);
        assertChanges(third, List.of(path(1, 1)), List.of(), List.of());
    }

    @Test
    void tellsOfWhatIsStoredAgainBeforeItsDeletionWasTold() throws Exception {
        manifest.record(TestInstance.stored(1, 1, 1));
        announced();

        delete(1, null, null);
        manifest.record(TestInstance.stored(1, 1, 1));

        assertChanges(announced(), List.of(), List.of(path(1, 1)), List.of(path(1, 1)));
    }

    @Test
    void keepsTenantsApart() throws Exception {
        manifest.record(TestInstance.stored("one", TestInstance.ct(1, 1, 1)));
        manifest.record(TestInstance.stored("two", TestInstance.ct(1, 1, 2)));

        announcer("one, three").announce(NONE);

        assertThat(revisions(1)).isEmpty();
        assertThat(Revisions.of(manifest.dataSource(), "two", TestInstance.study(1)))
                .isEmpty();

        announcer("two").announce(NONE);

        for (String provider : List.of("one", "two")) {
            List<StudyRevisionEvent> revisions = Revisions.of(manifest.dataSource(), provider, TestInstance.study(1));
            assertThat(Revisions.follow(revisions)).containsExactly(path(1, provider.equals("one") ? 1 : 2));
            assertThat(revisions.get(0).study().series())
                    .extracting(Series::providerName)
                    .containsOnly(provider);
        }
    }

    @Test
    void announcesWhatWasThereBeforeRevisionsWere() throws Exception {
        manifest.record(TestInstance.stored(1, 1, 1));
        TestServer.execute(manifest.dataSource(), "DELETE FROM manifest.change", "DELETE FROM manifest.study_state");
        String migration = new String(
                Migrations.class
                        .getResourceAsStream("migration/V3__revisions.sql")
                        .readAllBytes(),
                StandardCharsets.UTF_8);
        TestServer.execute(
                manifest.dataSource(), migration.substring(migration.indexOf("INSERT INTO manifest.change")));

        assertChanges(announced(), List.of(path(1, 1)), List.of(), List.of());
    }

    @Test
    void announcesTheOthersWhereOneCannotBe() throws Exception {
        for (int study = 1; study <= 3; study++) {
            manifest.record(TestInstance.stored(study, 1, 1));
        }
        TestServer.execute(
                manifest.dataSource(),
                "UPDATE manifest.study SET attributes = 'no JSON' WHERE study_instance_uid = '" + TestInstance.study(1)
                        + "'");

        assertThat(announcer.announce(NONE)).isEqualTo(2);

        assertThat(revisions(1)).isEmpty();
        assertThat(manifest.rows("SELECT study_instance_uid FROM manifest.change"))
                .containsExactly(TestInstance.study(1));
    }
}
