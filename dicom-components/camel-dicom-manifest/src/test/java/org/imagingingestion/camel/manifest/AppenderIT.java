package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.StoredInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AppenderIT {
    private TestManifest manifest;
    private Templates templates;
    private Appender appender;

    @BeforeEach
    void create() throws Exception {
        manifest = TestManifest.create();
        templates = new Templates();
        appender = new Appender(templates);
        appender.remember(write(pending(TestInstance.stored(1, 1, 1), TestInstance.stored(2, 1, 1))));
    }

    @AfterEach
    void close() {
        manifest.close();
    }

    private static List<Pending> pending(StoredInstance... instances) throws Exception {
        return pending(ConflictPolicy.KEEP_FIRST, instances);
    }

    private static List<Pending> pending(ConflictPolicy policy, StoredInstance... instances) throws Exception {
        List<Pending> pending = new ArrayList<>();
        for (StoredInstance instance : instances) {
            PreparedInstance prepared = PreparedInstance.of(instance);
            pending.add(new Pending(prepared, policy, TestManifest.EVENTS.of(prepared, null)));
        }
        return pending;
    }

    private Batch write(List<Pending> batch) throws SQLException {
        return Transaction.run(manifest.dataSource(), connection -> new BatchWriter(templates)
                .write(connection, batch)
                .added());
    }

    private void append(List<Pending> pending) throws SQLException {
        Batch batch = appender.batch(pending);
        try (Connection connection = manifest.dataSource().getConnection()) {
            appender.write(connection, batch);
        }
    }

    private List<String> counts() {
        return manifest.rows("SELECT number_of_instances FROM manifest.study ORDER BY study_instance_uid");
    }

    @Test
    void countsWhatItAdds() throws Exception {
        append(pending(TestInstance.stored(1, 1, 2), TestInstance.stored(1, 1, 3), TestInstance.stored(2, 1, 2)));

        assertThat(counts()).containsExactly("3", "2");
        assertThat(manifest.rows("SELECT number_of_instances FROM manifest.series ORDER BY id"))
                .containsExactly("3", "2");
        assertThat(manifest.manifest().inventory().statistics("default"))
                .usingRecursiveComparison()
                .ignoringFields("latest", "bytes")
                .isEqualTo(new ManifestStatistics(2, 2, 2, 5, 0, 0, 0, null));
        assertThat(manifest.locate(
                                org.imagingingestion.dicom.service.Retrieval.Content.METADATA,
                                TestInstance.study(1),
                                TestInstance.series(1, 1),
                                TestInstance.instance(1, 1, 3))
                        .metadata())
                .hasSize(1);
    }

    @Test
    void addsNothingWhereOneIsThere() throws Exception {
        List<Pending> batch = pending(TestInstance.stored(1, 1, 2), TestInstance.stored(2, 1, 1));

        assertThatThrownBy(() -> append(batch))
                .isInstanceOfSatisfying(SQLException.class, e -> assertThat(SqlFailures.isConflict(e))
                        .isTrue());

        assertThat(counts()).containsExactly("1", "1");
    }

    @Test
    void addsNothingToASeriesThatIsGone() throws Exception {
        List<Pending> batch = pending(TestInstance.stored(1, 1, 2));
        Stream.of("instance", "series", "study")
                .forEach(table -> manifest.rows(
                        "WITH gone AS (DELETE FROM manifest." + table + " RETURNING 1) SELECT count(*) FROM gone"));

        assertThatThrownBy(() -> append(batch))
                .isInstanceOfSatisfying(SQLException.class, e -> assertThat(SqlFailures.isConflict(e))
                        .isTrue());

        assertThat(counts()).isEmpty();
    }

    @Test
    void leavesWhatSaysSomethingNewToTheOthers() throws Exception {
        StoredInstance renamed =
                TestInstance.stored(1, 1, 2, d -> d.setString(Tag.StudyDescription, VR.LO, "something else"));

        assertThat(appender.batch(pending(renamed))).isNull();
        assertThat(appender.batch(pending(TestInstance.stored(1, 2, 1)))).isNull();
        assertThat(appender.batch(pending(ConflictPolicy.KEEP_LAST, TestInstance.stored(1, 1, 2))))
                .isNull();
        assertThat(appender.batch(pending(TestInstance.stored(1, 1, 2)))).isNotNull();

        appender.remember(write(pending(renamed)));

        assertThat(appender.batch(pending(
                        TestInstance.stored(1, 1, 3, d -> d.setString(Tag.StudyDescription, VR.LO, "something else")))))
                .isNotNull();
    }
}
