package org.imagingingestion.dicom.event;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is told of instances that are available, and of studies. */
class EventsTest {
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final DicomAvailableEvent AVAILABLE = new DicomAvailableEvent(
            "north",
            "http://in/wado-rs/studies/1.2/series/1.2.3/instances/1.2.3.4",
            "1.2",
            "1.2.3",
            "1.2.3.4",
            "1.2.840.10008.5.1.4.1.1.2",
            "1.2.840.10008.1.2.1",
            "ab".repeat(32),
            "CT",
            null,
            "CT01");
    private static final StudyRevisionEvent REVISION = new StudyRevisionEvent(
            3,
            "north",
            new StudyRevisionEvent.Study(
                    "1.2",
                    "20260102",
                    List.of(new EventElement("0010", "0010", "PN", "Jürgens^Änne")),
                    List.of(new StudyRevisionEvent.Series(
                            "1.2.3",
                            1,
                            "CT",
                            List.of(),
                            List.of(new StudyRevisionEvent.Instance("1.2.3.4", "1.2.840.10008.5.1.4.1.1.2", null)),
                            "https://out/wado-rs/studies/1.2/series/1.2.3",
                            "north"))),
            new StudyRevisionEvent.ChangeSet(List.of("1.2.3/1.2.3.4"), List.of(), List.of()));

    @Test
    void tellOfAnInstanceInTheJsonOfTheSchema() throws Exception {
        EventSchema.check(DicomAvailableEvent.TYPE, AVAILABLE.toJson());
        assertThat(new String(AVAILABLE.toJson(), StandardCharsets.UTF_8))
                .startsWith(
                        "{\"provider\":\"north\",\"endpoint\":\"http://in/wado-rs/studies/1.2/series/1.2.3/instances/1.2.3.4\",");
        assertThat(DicomAvailableEvent.parse(AVAILABLE.toJson())).isEqualTo(AVAILABLE);
    }

    @Test
    void tellOfAStudyInTheJsonOfTheSchema() throws Exception {
        EventSchema.check(StudyRevisionEvent.TYPE, REVISION.toJson());
        assertThat(new String(REVISION.toJson(), StandardCharsets.UTF_8))
                .contains("\"study\":{\"studyInstanceUID\":\"1.2\",\"studyDate\":\"20260102\",\"attributes\":["
                        + "{\"group\":\"0010\",\"element\":\"0010\",\"vr\":\"PN\",\"value\":\"Jürgens^Änne\"}],"
                        + "\"series\":[{\"seriesInstanceUID\":\"1.2.3\",\"number\":1,\"modality\":\"CT\",\"attributes\":[],"
                        + "\"instances\":[{\"sopInstanceUID\":\"1.2.3.4\",\"sopClassUID\":\"1.2.840.10008.5.1.4.1.1.2\","
                        + "\"number\":null}],\"endpoint\":\"https://out/wado-rs/studies/1.2/series/1.2.3\","
                        + "\"providerName\":\"north\"}]}")
                .endsWith("\"changeSet\":{\"additions\":[\"1.2.3/1.2.3.4\"],\"deletions\":[],\"modifications\":[]}}");
        assertThat(StudyRevisionEvent.parse(REVISION.toJson())).isEqualTo(REVISION);
    }

    @Test
    void tellOfAStudyWholeWhereItHasMoreThanOneValue() throws Exception {
        DataSet study = new DataSet()
                .setItems(Tag.ProcedureCodeSequence, new DataSet().setString(Tag.CodeValue, VR.SH, "1"))
                .setString(Tag.StudyTime, VR.TM, "1011");
        DataSet series = new DataSet().setString(Tag.OperatorsName, VR.PN, "A", "B");
        StudyRevisionEvent.Series first = REVISION.study().series().get(0);
        StudyRevisionEvent event = new StudyRevisionEvent(
                3,
                "north",
                new StudyRevisionEvent.Study(
                        "1.2",
                        null,
                        List.of(),
                        study,
                        List.of(new StudyRevisionEvent.Series(
                                "1.2.3",
                                1,
                                "SR",
                                List.of(),
                                series,
                                List.of(new StudyRevisionEvent.Instance("1.2.3.4", "1.2", 1, "Report")),
                                first.endpoint(),
                                "north"))),
                REVISION.changeSet());

        EventSchema.check(StudyRevisionEvent.TYPE, event.toJson());
        StudyRevisionEvent.Study read = StudyRevisionEvent.parse(event.toJson()).study();

        assertThat(read.dataSet().items(Tag.ProcedureCodeSequence).get(0).string(Tag.CodeValue))
                .isEqualTo("1");
        assertThat(read.dataSet().string(Tag.StudyTime)).isEqualTo("1011");
        assertThat(read.series().get(0).dataSet().strings(Tag.OperatorsName)).containsExactly("A", "B");
        assertThat(read.series().get(0).instances().get(0).title()).isEqualTo("Report");
    }

    @Test
    void haveIdsOfWhatHappened() {
        CloudEvent available = AVAILABLE.toCloudEvent("urn:a", TIME, null);
        CloudEvent revision = REVISION.toCloudEvent("urn:a", TIME, null);

        assertThat(available.id())
                .isEqualTo(AVAILABLE
                        .toCloudEvent("urn:b", TIME.plusSeconds(1), null)
                        .id())
                .isNotEqualTo(revision.id());
        assertThat(revision.id())
                .isNotEqualTo(new StudyRevisionEvent(4, "north", REVISION.study(), REVISION.changeSet())
                        .toCloudEvent("urn:a", TIME, null)
                        .id());
        assertThat(available.subject()).isEqualTo("/studies/1.2/series/1.2.3/instances/1.2.3.4");
        assertThat(revision.subject()).isEqualTo("/studies/1.2");
        assertThat(available.partitionKey()).isEqualTo(revision.partitionKey()).isEqualTo("north/1.2");
    }

    @Test
    void areReadWhereOriginalSendersLeaveOutWhatWasAdded() throws Exception {
        DicomAvailableEvent available =
                DicomAvailableEvent.parse("{\"provider\":\"p\",\"endpoint\":\"http://x\"}".getBytes());
        String old = new String(REVISION.toJson(), StandardCharsets.UTF_8).replace("\"provider\":\"north\",", "");

        assertThat(available.endpoint()).isEqualTo("http://x");
        assertThat(StudyRevisionEvent.parse(old.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(REVISION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{}", "{\"provider\":{}}", "{\"revision\":1e400}", "{\"revision\":9999999999}"})
    void areRefusedWhereTheyAreNone(String json) {
        assertThatThrownBy(() -> DicomAvailableEvent.parse(json.getBytes())).isInstanceOf(DicomException.class);
        assertThatThrownBy(() -> StudyRevisionEvent.parse(json.getBytes())).isInstanceOf(DicomException.class);
    }
}
