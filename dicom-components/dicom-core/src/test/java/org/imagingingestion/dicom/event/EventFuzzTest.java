package org.imagingingestion.dicom.event;

import org.imagingingestion.dicom.DicomException;

import com.code_intelligence.jazzer.junit.FuzzTest;

import static org.assertj.core.api.Assertions.assertThat;

/** Fuzzes the readers of events; without {@code JAZZER_FUZZ} only with the inputs that are kept. */
class EventFuzzTest {
    private interface Reader {
        void read(byte[] input) throws DicomException;
    }

    @FuzzTest
    void readsOrSaysWhatIsWrong(byte[] input) {
        attempt(input, EventFuzzTest::readAgainWhatIsWritten);
        attempt(input, DicomAvailableEvent::parse);
        attempt(
                input,
                bytes ->
                        StudyRevisionEvent.parse(StudyRevisionEvent.parse(bytes).toJson()));
        attempt(input, bytes -> {
            CloudEvent event = CloudEventHttp.readStructured(bytes);
            if (event.data().length > 0) {
                assertThat(CloudEventHttp.readStructured(CloudEventHttp.structured(event))
                                .id())
                        .isEqualTo(event.id());
            }
        });
    }

    private static void readAgainWhatIsWritten(byte[] bytes) throws DicomException {
        ImageStoredEvent event = ImageStoredEvent.parse(bytes);
        event.stored();
        assertThat(ImageStoredEvent.parse(event.toJson()).store()).isEqualTo(event.store());
    }

    private static void attempt(byte[] input, Reader reader) {
        try {
            reader.read(input);
        } catch (DicomException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }
}
