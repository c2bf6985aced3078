package org.imagingingestion.camel.manifest;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.RecordOutcome.Kind;
import org.imagingingestion.dicom.service.StoredInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AvailableEventsIT {
    private static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final TestManifest manifest = TestManifest.create();

    @BeforeEach
    void subscribe() {
        TestServer.execute(
                manifest.dataSource(),
                "INSERT INTO manifest.subscription (name, types) VALUES ('a', '{DicomAvailableEvent}')");
    }

    @AfterEach
    void close() {
        manifest.close();
    }

    private static StoredInstance version(int number) {
        return TestInstance.stored(1, 1, 1, d -> d.setString(Tag.PatientComments, VR.LT, "version " + number));
    }

    private int deliveries() {
        return manifest.rows("SELECT seq FROM manifest.delivery").size();
    }

    @Test
    void tellsOfEachInstanceThatIsAdded() throws Exception {
        // the first makes the series, the others are appended to it
        for (int i = 1; i <= 5; i++) {
            manifest.record(TestInstance.stored(1, 1, i));
        }

        assertThat(manifest.rows(
                        "SELECT type, source, subject, partition_key, traceparent FROM manifest.event ORDER BY seq"))
                .hasSize(5)
                .contains("DicomAvailableEvent|test|/studies/" + TestInstance.study(1) + "/series/"
                        + TestInstance.series(1, 1) + "/instances/" + TestInstance.instance(1, 1, 5)
                        + "|default/" + TestInstance.study(1) + "|null");
        assertThat(manifest.rows("SELECT convert_from(data, 'UTF8')::json ->> 'endpoint' = 'http://wado' || subject,"
                        + " convert_from(data, 'UTF8')::json ->> 'sopInstanceUID' FROM manifest.event ORDER BY seq"))
                .containsExactly(
                        "t|" + TestInstance.instance(1, 1, 1),
                        "t|" + TestInstance.instance(1, 1, 2),
                        "t|" + TestInstance.instance(1, 1, 3),
                        "t|" + TestInstance.instance(1, 1, 4),
                        "t|" + TestInstance.instance(1, 1, 5));
        assertThat(deliveries()).isEqualTo(5);
    }

    @Test
    void saysNothingOfWhatChangesNothing() throws Exception {
        StoredInstance first = version(1);
        manifest.record(first);
        manifest.record(first);
        assertThat(manifest.record(version(1)).kind()).isEqualTo(Kind.UNCHANGED);
        assertThat(manifest.record(version(2)).kind()).isEqualTo(Kind.KEPT_FIRST);
        assertThat(manifest.record(version(3), ConflictPolicy.REFUSE).kind()).isEqualTo(Kind.REFUSED);

        assertThat(deliveries()).isEqualTo(1);
    }

    @Test
    void tellsOfEachVersionThatReplacesAnotherThoughItsBytesWereInForceBefore() throws Exception {
        for (int number : new int[] {1, 2, 1, 1, 2}) {
            manifest.record(version(number), ConflictPolicy.KEEP_LAST);
        }

        assertThat(manifest.rows("SELECT count(*), count(DISTINCT convert_from(data, 'UTF8')::json ->> 'sha256')"
                        + " FROM manifest.event"))
                .containsExactly("4|2");
        assertThat(deliveries()).isEqualTo(4);
    }

    @Test
    void carriesTheTraceThatIsOne() throws DicomException {
        for (String traceparent : new String[] {TRACEPARENT, "00-x\u0000'", TRACEPARENT + "\n"}) {
            manifest.manifest()
                    .recorder()
                    .record(
                            TestInstance.stored(1, 1, 10 + deliveries()),
                            ConflictPolicy.KEEP_FIRST,
                            traceparent,
                            10_000);
        }

        assertThat(manifest.rows("SELECT traceparent FROM manifest.event ORDER BY seq"))
                .containsExactly(TRACEPARENT, "null", "null");
    }
}
