package org.imagingingestion.camel.events;

import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.event.DicomAvailableEvent;
import org.imagingingestion.dicom.event.ImageStoredEvent;
import org.imagingingestion.dicom.event.StudyRevisionEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EventFilterTest {
    private final DicomEventEndpoint options = new DicomEventEndpoint("dicom-event:filter", new DicomEventComponent());

    private static byte[] available(String modality, String station, String sender) {
        return new DicomAvailableEvent(
                        "north-1", null, "1.2", "1.3", "1.4", "1.2.840.1", "1.2.840.2", "00", modality, station, sender)
                .toJson();
    }

    private boolean takes(byte[] available) throws DicomException {
        return new EventFilter(options).matches(DicomAvailableEvent.TYPE, available);
    }

    @ParameterizedTest
    @CsvSource({"north-1,true", "north.*,true", "'south,north-[0-9]',true", "north,false", "orth-1,false", "south,false"
    })
    void selectsProvidersByExpressionsForTheWholeName(String selector, boolean isTaken) throws DicomException {
        options.setSelector(selector);

        assertThat(takes(available("CT", null, null))).isEqualTo(isTaken);
    }

    @Test
    void takesEverythingWithoutOptionsAndWithEmptyOnes() throws DicomException {
        assertThat(takes(available(null, null, null))).isTrue();
        options.setSelector("");
        options.setModality(" ");
        options.setAttributes("");
        assertThat(takes(available(null, null, null))).isTrue();
    }

    @Test
    void wantsAllOfWhatIsAskedFor() throws DicomException {
        options.setProviders("south,north-*");
        options.setModality("MR, C?");
        options.setStation("ROOM*");
        options.setAeTitle("SCANNER");
        options.setAttributes("SOPClassUID=1.2.840.*&00080018=1.4");

        assertThat(takes(available("CT", "ROOM 1", "SCANNER"))).isTrue();
        assertThat(takes(available("PT", "ROOM 1", "SCANNER"))).isFalse();
        assertThat(takes(available(null, "ROOM 1", "SCANNER"))).isFalse();
        assertThat(takes(available("CT", null, "SCANNER"))).isFalse();
        assertThat(takes(available("CT", "ROOM 1", null))).isFalse();
        options.setAttributes("SOPClassUID=1.2.84");
        assertThat(takes(available("CT", "ROOM 1", "SCANNER"))).isFalse();
    }

    @Test
    void knowsStudiesByOneOfTheirSeries() throws DicomException {
        DataSet ofStudy = new DataSet().setString(Tag.StudyDescription, VR.LO, "Trauma, head");
        List<StudyRevisionEvent.Series> series = List.of(
                new StudyRevisionEvent.Series("1.3", 1, "CT", List.of(), List.of(), null, "north-1"),
                new StudyRevisionEvent.Series(
                        "1.4",
                        2,
                        "SR",
                        List.of(),
                        new DataSet().setString(Tag.BodyPartExamined, VR.CS, "HEAD"),
                        List.of(),
                        null,
                        "north-1"));
        byte[] study = study(ofStudy, series);

        options.setModality("CT");
        options.setAttributes("StudyDescription=Trauma*");
        assertThat(takesStudy(study)).isTrue();
        options.setAttributes("StudyDescription=Trauma*&BodyPartExamined=HEAD");
        // of another series than the CT
        assertThat(takesStudy(study)).isFalse();
        options.setModality("MR");
        assertThat(takesStudy(study)).isFalse();
        // deleted, and to be told of whatever it was
        assertThat(takesStudy(study(null, List.of()))).isTrue();
    }

    private boolean takesStudy(byte[] study) throws DicomException {
        return new EventFilter(options).matches(StudyRevisionEvent.TYPE, study);
    }

    private static byte[] study(DataSet dataSet, List<StudyRevisionEvent.Series> series) {
        return new StudyRevisionEvent(
                        1,
                        "north-1",
                        new StudyRevisionEvent.Study("1.2", null, List.of(), dataSet, series),
                        new StudyRevisionEvent.ChangeSet(List.of(), List.of(), List.of()))
                .toJson();
    }

    @Test
    void knowsAllThatTheHeaderOfAStoredInstanceSays() throws DicomException {
        DataSet header = new DataSet().setString(0x00080008, VR.CS, "ORIGINAL", "PRIMARY");
        ImageStoredEvent whole = new ImageStoredEvent(
                new ImageStoredEvent.Image(
                        "1.2.840.10008.1.2", List.of(), "1.2", "1.3", "1.4", "1.5", "SCANNER", header, null),
                new ImageStoredEvent.Store("north-1", null, "x", null, null, null, null));
        options.setAttributes("ImageType=PRIM*");
        options.setAeTitle("SCANNER");
        EventFilter filter = new EventFilter(options);

        assertThat(filter.matches(ImageStoredEvent.TYPE, whole.toJson())).isTrue();
        assertThatThrownBy(() -> filter.matches(
                        ImageStoredEvent.TYPE, whole.withoutHeader().toJson()))
                .isInstanceOf(DicomException.class)
                .hasMessageContaining("has not the header");
        assertThatThrownBy(() -> filter.matches("OtherEvent", whole.toJson())).isInstanceOf(DicomException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "StudyDescription=x,does not tell",
        "Nonsense=x,neither the keyword nor the tag",
        "Modality,which is not as"
    })
    void refusesAttributesThatItCannotFilterBy(String attributes, String message) {
        options.setType(DicomAvailableEvent.TYPE);
        options.setAttributes(attributes);

        assertThatThrownBy(() -> new EventFilter(options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesASelectorThatIsNone() {
        options.setSelector("ok,(");

        assertThatThrownBy(() -> new EventFilter(options)).hasMessageContaining("selector has \"(\"");
    }
}
