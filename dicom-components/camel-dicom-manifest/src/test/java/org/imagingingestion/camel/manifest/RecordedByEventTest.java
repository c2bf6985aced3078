package org.imagingingestion.camel.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.event.ImageStoredEvent;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.StoredInstance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What is written of an instance is the same whether it comes as it was stored or by an event. */
class RecordedByEventTest {
    private static final Path FILES = Path.of("/usr/lib/python3/dist-packages/pydicom/data");

    /** Those that are instances the manifest takes. */
    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(FILES)) {
            List<Path> taken = files.filter(Files::isRegularFile)
                    .filter(RecordedByEventTest::isTaken)
                    .sorted()
                    .toList();
            assertThat(taken).hasSizeGreaterThan(50);
            return taken;
        }
    }

    @Test
    void writesTheSameOfACommonInstance() throws Exception {
        assertSame(TestInstance.stored(1, 2, 3).withReceivedFrom("CT01"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void writesTheSameOfEachFile(Path file) throws Exception {
        assertSame(stored(file));
    }

    private static void assertSame(StoredInstance stored) throws DicomException {
        byte[] event = ImageStoredEvent.of(stored, null, null).toJson();
        PreparedInstance direct = PreparedInstance.of(stored);
        PreparedInstance byEvent =
                PreparedInstance.of(ImageStoredEvent.parse(event).stored());

        assertThat(byEvent).usingRecursiveComparison().ignoringFields("stored").isEqualTo(direct);
        assertThat(byEvent.stored())
                .usingRecursiveComparison()
                .ignoringFields("dataSet", "bulkIndex")
                .isEqualTo(stored);
        assertThat(byEvent.bulkIndex()).isEqualTo(direct.bulkIndex());
    }

    private static boolean isTaken(Path file) {
        try {
            PreparedInstance.of(stored(file));
            return true;
        } catch (IOException | DicomException e) {
            return false;
        }
    }

    private static StoredInstance stored(Path file) throws IOException, DicomException {
        try (InputStream in = Files.newInputStream(file);
                InstanceBody body = InstanceBody.receive(in, ParseLimits.STREAMING)) {
            body.stream().transferTo(OutputStream.nullOutputStream());
            return new StoredInstance(
                    "default", "name", body.length(), body.sha256(), body.transferSyntax(), body.dataSet());
        }
    }
}
