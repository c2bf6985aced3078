package org.imagingingestion.camel.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.event.StudyRevisionEvent;
import org.imagingingestion.dicom.service.Deletion;
import org.imagingingestion.dicom.service.StoredInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.agroal.api.AgroalDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Recorders, deleters and announcers of two processes on one database, at once and without waiting for studies to settle. */
class ChangeSetsIT {
    private static final int STUDIES = 3;
    private static final int SERIES = 2;
    private static final int THREADS = 12;
    private static final Announcer.Waits NONE = new Announcer.Waits(0, 0);

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS + 3);
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final List<Future<Void>> background = new ArrayList<>();
    private TestManifest one;
    private TestManifest two;

    @BeforeEach
    void create() {
        String database = TestServer.newDatabase();
        Migrations.run(TestServer.pool(database, 2));
        one = new TestManifest(TestServer.pool(database, 10));
        two = new TestManifest(TestServer.pool(database, 10));
    }

    @AfterEach
    void close() {
        isOver.set(true);
        threads.shutdownNow();
        one.close();
        two.close();
    }

    private interface Act {
        void run() throws Exception;
    }

    /** Does something over and over, whatever the database says to it. */
    private void meanwhile(Act act) {
        background.add(threads.submit(() -> {
            while (!isOver.get()) {
                try {
                    act.run();
                } catch (DicomException e) {
                    // a connection was cut
                }
            }
            return null;
        }));
    }

    private void announceMeanwhile() {
        for (TestManifest manifest : List.of(one, two)) {
            Announcer announcer = new Announcer(manifest.dataSource(), Providers.of("*"), "test", null);
            meanwhile(() -> announcer.announce(NONE));
        }
    }

    private void runAll(List<Callable<Void>> calls) throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(THREADS);
        for (Future<Void> call : workers.invokeAll(calls)) {
            call.get();
        }
        workers.shutdown();
        isOver.set(true);
        for (Future<Void> one : background) {
            one.get();
        }
    }

    private void assertThatChangeSetsLeadToWhatIsThere() throws Exception {
        Announcer last = new Announcer(one.dataSource(), Providers.of("*"), "test", null);
        last.announce(NONE);
        assertThat(last.announce(NONE)).isZero();
        assertThat(one.rows("SELECT 1 FROM manifest.change")).isEmpty();
        for (int study = 1; study <= STUDIES; study++) {
            List<StudyRevisionEvent> revisions = Revisions.of(one.dataSource(), "default", TestInstance.study(study));
            Revisions.follow(revisions);
            List<String> present =
                    one.rows("SELECT e.series_instance_uid || '/' || i.sop_instance_uid FROM manifest.instance i"
                            + " JOIN manifest.series e ON e.id = i.series JOIN manifest.study s ON s.id = e.study"
                            + " WHERE s.study_instance_uid = '" + TestInstance.study(study) + "'");
            assertThat(revisions.isEmpty() ? new TreeSet<>() : Revisions.listed(revisions.get(revisions.size() - 1)))
                    .isEqualTo(new TreeSet<>(present));
        }
    }

    /** Counts that are kept are those that counting finds. */
    private void assertThatCountsAreRight() {
        assertThat(one.rows(
                        "SELECT sum(patients), sum(studies), sum(series), sum(instances), sum(kept_versions), sum(bytes)"
                                + " FROM manifest.total"))
                .isEqualTo(one.rows(
                        "SELECT (SELECT count(*) FROM manifest.patient), (SELECT count(*) FROM manifest.study),"
                                + " (SELECT count(*) FROM manifest.series), count(*), (SELECT count(*) FROM manifest.kept_version),"
                                + " coalesce(sum(length), 0) FROM manifest.instance"));
        assertThat(one.rows("SELECT 1 FROM manifest.study s WHERE (number_of_instances, number_of_series, bytes) <>"
                        + " (SELECT count(*), count(DISTINCT e.id), sum(i.length) FROM manifest.series e"
                        + " JOIN manifest.instance i ON i.series = e.id WHERE e.study = s.id)"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void addEveryInstanceOnceHoweverItComes(long seed) throws Exception {
        announceMeanwhile();
        Random random = new Random(seed);
        List<Callable<Void>> calls = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            int study = 1 + random.nextInt(STUDIES);
            int series = 1 + random.nextInt(SERIES);
            StoredInstance stored = TestInstance.stored(study, series, i);
            expected.add(TestInstance.series(study, series) + "/" + TestInstance.instance(study, series, i));
            for (int times = 1 + random.nextInt(2); times > 0; times--) {
                TestManifest manifest = random.nextBoolean() ? one : two;
                calls.add(() -> {
                    manifest.record(stored);
                    return null;
                });
            }
        }

        runAll(calls);

        assertThatChangeSetsLeadToWhatIsThere();
        List<String> additions = new ArrayList<>();
        for (int study = 1; study <= STUDIES; study++) {
            additions.addAll(Revisions.follow(Revisions.of(one.dataSource(), "default", TestInstance.study(study))));
        }
        assertThat(additions).containsExactlyInAnyOrderElementsOf(expected);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void leadToWhatIsThereThroughDeletionsReplacementsAndMoves(long seed) throws Exception {
        announceMeanwhile();
        Random random = new Random(seed);
        List<Callable<Void>> calls = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            calls.add(random.nextInt(5) == 0 ? deleting(random) : recording(random, i));
        }

        runAll(calls);

        assertThatChangeSetsLeadToWhatIsThere();
        assertThatCountsAreRight();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void leadToWhatIsThereThoughConnectionsAreCut(long seed) throws Exception {
        announceMeanwhile();
        Random random = new Random(seed);
        String database = one.rows("SELECT current_database()").get(0);
        List<Callable<Void>> calls = new ArrayList<>();
        try (AgroalDataSource other = TestServer.pool("postgres", 1)) {
            for (int i = 0; i < 300; i++) {
                Callable<Void> call = random.nextInt(5) == 0 ? deleting(random) : recording(random, i);
                boolean cuts = i % 40 == 20;
                calls.add(() -> {
                    if (cuts) {
                        TestServer.rows(
                                other,
                                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + database
                                        + "' AND random() < 0.5");
                    }
                    try {
                        return call.call();
                    } catch (DicomException e) {
                        // whether it was done or not is not known
                        return null;
                    }
                });
            }

            runAll(calls);
        }

        assertThatChangeSetsLeadToWhatIsThere();
        assertThatCountsAreRight();
    }

    private Callable<Void> recording(Random random, int version) {
        int number = random.nextInt(40);
        int study = 1 + random.nextInt(STUDIES);
        int series = 1 + random.nextInt(SERIES);
        StoredInstance stored = TestInstance.stored(study, series, number, d -> {
            // mostly at home in one series, now and then in another
            int home = number % 8 == 0 ? study : 1 + number % STUDIES;
            d.setString(Tag.StudyInstanceUID, VR.UI, TestInstance.study(home));
            d.setString(Tag.SeriesInstanceUID, VR.UI, TestInstance.series(home, series));
            d.setString(Tag.SOPInstanceUID, VR.UI, TestInstance.instance(9, 9, number));
            d.setString(Tag.PatientComments, VR.LT, "version " + (version % 3 == 0 ? 0 : version));
            d.setString(Tag.StudyDescription, VR.LO, "Description " + version % 5);
        });
        ConflictPolicy policy = random.nextInt(3) == 0 ? ConflictPolicy.KEEP_FIRST : ConflictPolicy.KEEP_LAST;
        TestManifest manifest = random.nextBoolean() ? one : two;
        return () -> {
            manifest.record(stored, policy);
            return null;
        };
    }

    private Callable<Void> deleting(Random random) {
        int study = 1 + random.nextInt(STUDIES);
        String series = TestInstance.series(study, 1 + random.nextInt(SERIES));
        String instance = TestInstance.instance(9, 9, random.nextInt(40));
        int level = random.nextInt(10);
        TestManifest manifest = random.nextBoolean() ? one : two;
        return () -> {
            manifest.manifest()
                    .deleter()
                    .delete(new Deletion(
                            "default",
                            TestInstance.study(study),
                            level == 0 ? null : series,
                            level <= 2 ? null : instance));
            return null;
        };
    }
}
