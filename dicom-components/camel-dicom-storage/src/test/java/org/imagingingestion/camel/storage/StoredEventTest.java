package org.imagingingestion.camel.storage;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;

import org.apache.camel.CamelExecutionException;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.event.ImageStoredEvent;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.StoredInstance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is taken of events that tell of stored objects, and what is not. */
class StoredEventTest extends CamelTestSupport {
    private static final String PROVIDER = "n\u00f6rth/1";

    @TempDir
    Path folder;

    private String uri(String operation) {
        return "dicom-storage:file?path=" + folder + "&operation=" + operation;
    }

    private StoredInstance store(String uid) throws Exception {
        byte[] file = FileStorageSpaceTest.file(uid, 100);
        try (InstanceBody body = InstanceBody.receive(new ByteArrayInputStream(file), ParseLimits.STREAMING)) {
            return template.requestBody(uri("store&provider=RAW(" + PROVIDER + ")"), body, StoredInstance.class);
        }
    }

    private StoredInstance read(ImageStoredEvent event) {
        return template.requestBody(
                uri("read"), event.toCloudEvent("urn:test", Instant.now(), null), StoredInstance.class);
    }

    private static ImageStoredEvent event(StoredInstance stored) throws DicomException {
        return ImageStoredEvent.of(stored, null, null);
    }

    private static ImageStoredEvent of(ImageStoredEvent event, String provider, String objectName) {
        ImageStoredEvent.Store store = event.store();
        return new ImageStoredEvent(
                event.image(),
                new ImageStoredEvent.Store(provider, null, objectName, null, null, store.length(), store.sha256()));
    }

    private void assertRefused(ImageStoredEvent event) {
        assertThatThrownBy(() -> read(event))
                .isInstanceOf(CamelExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(DicomException.class, e -> assertThat(e.status())
                        .isEqualTo(DicomStatus.INVALID_ARGUMENT_VALUE));
    }

    @Test
    void takesAnObjectOfTheInstanceWithItsHeaderAndWithout() throws Exception {
        StoredInstance stored = store("1.2.3");

        for (ImageStoredEvent event :
                new ImageStoredEvent[] {event(stored), event(stored).withoutHeader()}) {
            StoredInstance read = read(event);
            assertThat(read.provider()).isEqualTo(PROVIDER);
            assertThat(read.objectName()).isEqualTo(stored.objectName());
            assertThat(read.sha256()).isEqualTo(stored.sha256());
        }
    }

    @Test
    void refusesAnObjectOfAnotherInstanceOrProvider() throws Exception {
        ImageStoredEvent event = event(store("1.2.3"));
        String own = event.store().objectName();
        String other = store("1.2.34").objectName();

        for (ImageStoredEvent each : new ImageStoredEvent[] {event, event.withoutHeader()}) {
            assertRefused(of(each, PROVIDER, other));
            assertRefused(of(each, "south", own));
            assertRefused(of(each, PROVIDER, own + "/../" + other));
            assertRefused(of(each, PROVIDER, own.replace("1.2.3_", "1.2.3_x")));
        }
    }

    @Test
    void refusesAHeaderOfAnotherInstance() throws Exception {
        ImageStoredEvent own = event(store("1.2.3"));
        ImageStoredEvent.Image image = event(store("1.2.4")).image();
        ImageStoredEvent mixed = new ImageStoredEvent(
                new ImageStoredEvent.Image(
                        image.transferSyntaxUID(),
                        image.elements(),
                        own.image().studyInstanceUID(),
                        own.image().seriesInstanceUID(),
                        own.image().sopInstanceUID(),
                        image.sopClassUID(),
                        null,
                        image.dataSet(),
                        image.bulkIndex()),
                own.store());

        assertRefused(mixed);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void takesAnObjectOfTheOriginalByItsDigest(boolean withHeader) throws Exception {
        StoredInstance stored = store("1.2.3");
        String name = HexFormat.of().formatHex(stored.sha256()) + ".dcm";
        Files.move(folder.resolve(stored.objectName()), folder.resolve(name));
        ImageStoredEvent event = withHeader ? event(stored) : event(stored).withoutHeader();

        assertThat(read(of(event, "default", name)).sha256()).isEqualTo(stored.sha256());
        assertRefused(of(event, "south", name));
        assertRefused(of(event(store("1.2.4")), "default", name));

        String wrong = "0".repeat(64) + ".dcm";
        Files.move(folder.resolve(name), folder.resolve(wrong));
        assertRefused(of(event, "default", wrong));
    }
}
