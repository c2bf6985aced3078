package org.imagingingestion.camel.manifest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.RecordOutcome;
import org.imagingingestion.dicom.service.RecordOutcome.Kind;
import org.imagingingestion.dicom.service.StoredInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Many threads, and two manifests on one database as two processes have them. */
class ConcurrencyIT {
    private static final int THREADS = 48;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private TestManifest one;
    private TestManifest two;

    @BeforeEach
    void create() {
        String database = TestServer.newDatabase();
        Migrations.run(TestServer.pool(database, 2));
        one = new TestManifest(TestServer.pool(database, 6));
        two = new TestManifest(TestServer.pool(database, 6));
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        one.close();
        two.close();
    }

    private List<RecordOutcome> recordAll(List<StoredInstance> instances, ConflictPolicy policy) throws Exception {
        List<Callable<RecordOutcome>> calls = new ArrayList<>();
        for (int i = 0; i < instances.size(); i++) {
            StoredInstance stored = instances.get(i);
            TestManifest manifest = i % 2 == 0 ? one : two;
            calls.add(() -> manifest.record(stored, policy));
        }
        List<RecordOutcome> outcomes = new ArrayList<>();
        for (Future<RecordOutcome> outcome : threads.invokeAll(calls)) {
            outcomes.add(outcome.get());
        }
        return outcomes;
    }

    private static Map<Kind, Long> kinds(List<RecordOutcome> outcomes) {
        return outcomes.stream().collect(Collectors.groupingBy(RecordOutcome::kind, Collectors.counting()));
    }

    /** Counts that are kept are those that counting finds. */
    private void assertConsistent() throws Exception {
        assertThat(one.rows("SELECT s.id FROM manifest.study s WHERE number_of_series <>"
                        + " (SELECT count(*) FROM manifest.series e WHERE e.study = s.id) OR (number_of_instances, bytes) <>"
                        + " (SELECT count(*), sum(i.length) FROM manifest.series e JOIN manifest.instance i ON i.series = e.id"
                        + " WHERE e.study = s.id)"))
                .isEmpty();
        assertThat(one.rows("SELECT e.id FROM manifest.series e WHERE (number_of_instances, bytes) <>"
                        + " (SELECT count(*), sum(i.length) FROM manifest.instance i WHERE i.series = e.id)"))
                .isEmpty();
        assertThat(one.rows("SELECT sum(studies), sum(series), sum(instances), sum(kept_versions), sum(bytes)"
                        + " FROM manifest.total"))
                .isEqualTo(
                        one.rows(
                                "SELECT (SELECT count(*) FROM manifest.study), (SELECT count(*) FROM manifest.series),"
                                        + " count(*), (SELECT count(*) FROM manifest.kept_version), sum(length) FROM manifest.instance"));
        assertThat(one.rows("SELECT sum(patients) FROM manifest.total"))
                .isEqualTo(one.rows("SELECT count(*) FROM manifest.patient"));
    }

    @Test
    void recordsManyInstancesOfNewStudiesAtOnce() throws Exception {
        List<StoredInstance> instances = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            instances.add(TestInstance.stored(1 + i % 7, 1 + i % 3, 1 + i));
        }
        Collections.shuffle(instances, new Random(1));

        assertThat(kinds(recordAll(instances, ConflictPolicy.KEEP_FIRST))).containsOnly(Map.entry(Kind.ADDED, 600L));

        assertConsistent();
        assertThat(one.manifest().inventory().statistics("default").instances()).isEqualTo(600);
    }

    @Test
    void recordsOneInstanceOnceHoweverOftenItComesAtOnce() throws Exception {
        List<StoredInstance> instances = new ArrayList<>();
        for (int i = 0; i < 10 * THREADS; i++) {
            instances.add(TestInstance.stored(1, 1, 1 + i / THREADS));
        }

        List<RecordOutcome> outcomes = recordAll(instances, ConflictPolicy.KEEP_FIRST);

        assertThat(kinds(outcomes))
                .containsOnly(Map.entry(Kind.ADDED, 10L), Map.entry(Kind.UNCHANGED, 10L * (THREADS - 1)));
        assertThat(outcomes.stream()
                        .filter(outcome -> outcome.discard() != null)
                        .map(RecordOutcome::discard))
                .hasSize(10 * (THREADS - 1))
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(one.rows("SELECT object_name FROM manifest.instance"));
        assertConsistent();
    }

    private static StoredInstance different(int i) {
        // the same SOP Instance UIDs in one study or the other, with other bytes each time
        return TestInstance.stored(1 + i % 2, 1, 1, d -> {
            d.setString(Tag.SOPInstanceUID, VR.UI, TestInstance.instance(9, 9, i % 5));
            d.setString(Tag.PatientComments, VR.LT, "version " + i);
        });
    }

    @Test
    void letsOneOfManyVersionsCount() throws Exception {
        for (ConflictPolicy policy : ConflictPolicy.values()) {
            List<StoredInstance> instances = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                instances.add(different(i + 1000 * policy.ordinal()));
            }

            List<RecordOutcome> outcomes = recordAll(instances, policy);

            assertConsistent();
            List<String> known = new ArrayList<>(one.rows("SELECT object_name FROM manifest.instance"));
            assertThat(known).hasSize(5);
            known.addAll(one.rows("SELECT object_name FROM manifest.kept_version"));
            for (int i = 0; i < outcomes.size(); i++) {
                // an object is either known to the manifest or given up
                String name = instances.get(i).objectName();
                assertThat(known.contains(name))
                        .isNotEqualTo(name.equals(outcomes.get(i).discard()));
            }
        }
    }

    @Test
    void mergesWhatManyInstancesSayDifferently() throws Exception {
        List<StoredInstance> instances = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            int number = i;
            instances.add(TestInstance.stored(1 + i % 3, 1 + i % 2, i, d -> {
                d.setString(Tag.StudyDescription, VR.LO, "Description " + number % 4);
                d.setString(Tag.PatientID, VR.LO, "P" + number % 2);
                d.setString(Tag.SeriesDescription, VR.LO, "Series " + number % 4);
            }));
        }

        recordAll(instances, ConflictPolicy.KEEP_LAST);

        assertConsistent();
        assertThat(one.rows("SELECT DISTINCT tag FROM manifest.disagreement"))
                .contains("00081030", "00100020", "0008103E");
    }
}
