package org.imagingingestion.camel.storage;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomParseException;
import org.imagingingestion.dicom.DicomWriter;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.SenderException;
import org.imagingingestion.dicom.service.StoredInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FileStorageSpaceTest {
    private static final int SMALL = 4_000;
    private static final int LARGE = 900_000;

    @TempDir
    Path folder;

    private FileStorageSpace space;

    @BeforeEach
    void open() throws IOException {
        space = new FileStorageSpace(folder.resolve("space"), true, 64 << 10, true);
    }

    @AfterEach
    void close() throws IOException {
        space.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, SMALL, 65_000, 66_000, LARGE})
    void givesBackTheBytesAsReceived(int pixels) throws Exception {
        byte[] file = file("1.2.3", pixels);

        StoredInstance stored = store(new ByteArrayInputStream(file));

        assertThat(read(stored.objectName())).isEqualTo(file);
        assertThat(stored.length()).isEqualTo(file.length);
        assertThat(stored.sha256())
                .isEqualTo(MessageDigest.getInstance("SHA-256").digest(file));
        assertThat(stored.objectName()).startsWith("default/1.2/1.2.1/1.2.3_").endsWith(".dcm");
        assertThat(stored.dataSet().contains(Tag.DataSetTrailingPadding)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "true, 4096",
        "true, 4097",
        "true, 8191",
        "true, 1048576",
        "true, 1048577",
        "true, 2100000",
        "false, 1048577"
    })
    void writesFilesOfAnyLength(boolean direct, int length) throws Exception {
        int header = file("1.2.3", 0).length;
        byte[] file = file("1.2.3", length - header);
        assertThat(file).hasSize(length);

        try (FileStorageSpace unjournaled = new FileStorageSpace(folder.resolve("other"), true, 0, direct)) {
            StoredInstance stored = unjournaled.store(
                    "default", InstanceBody.receive(new ByteArrayInputStream(file), ParseLimits.STREAMING));

            assertThat(unjournaled.file(stored.objectName())).hasBinaryContent(file);
        }
    }

    @Test
    void givesAPart() throws Exception {
        byte[] file = file("1.2.3", LARGE);
        StoredInstance stored = store(new ByteArrayInputStream(file));

        try (InputStream in = space.open(stored.objectName(), 1000, 70_000)) {
            assertThat(in.readAllBytes()).hasSize(70_000).startsWith(file[1000], file[1001], file[1002]);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, LARGE})
    void leavesNothingOfAnInstanceThatIsCutOff(int pixels) throws Exception {
        byte[] file = file("1.2.3", pixels);
        InputStream cut = new ByteArrayInputStream(file, 0, file.length - 100);

        assertThatThrownBy(() -> store(cut)).isInstanceOf(DicomParseException.class);
        assertThat(files()).isEmpty();
    }

    @Test
    void leavesNothingWhenTheSenderBreaksOff() throws Exception {
        byte[] file = file("1.2.3", LARGE);
        InputStream broken =
                new SequenceInputStream(new ByteArrayInputStream(file, 0, file.length - 100), new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("connection reset");
                    }
                });

        assertThatThrownBy(() -> store(broken)).isInstanceOf(SenderException.class);
        assertThat(files()).isEmpty();
    }

    @Test
    void takesNoNameFromOutsideForAPath() throws Exception {
        StoredInstance stored = store(new ByteArrayInputStream(file("../../../x/\u00e4", SMALL)));

        assertThat(stored.objectName()).startsWith("default/1.2/1.2.1/%2E.%2F..%2F..%2Fx%2F%C3%A4_");
        assertThat(files()).hasSize(1);
        assertThatThrownBy(() -> space.open("../../etc/passwd", 0, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void deletesAnObjectAndTheFoldersItWasAloneIn() throws Exception {
        StoredInstance one = store(new ByteArrayInputStream(file("1.2.3", SMALL)));
        StoredInstance other = store(new ByteArrayInputStream(file("1.2.4", LARGE)));

        space.delete(one.objectName());
        space.delete(one.objectName());

        assertThat(read(other.objectName())).isNotEmpty();
        assertThatThrownBy(() -> read(one.objectName())).isInstanceOf(NoSuchFileException.class);

        space.delete(other.objectName());

        assertThat(folder.resolve("space/default")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, LARGE})
    void putsWhatIsLostBackByTheSameBytes(int pixels) throws Exception {
        byte[] file = file("1.2.3", pixels);
        StoredInstance first = store(new ByteArrayInputStream(file));

        space.putBack(store(new ByteArrayInputStream(file)).objectName(), first.objectName(), first.sha256());
        assertThat(files()).hasSize(2);

        Files.write(space.file(first.objectName()), new byte[10]);
        space.putBack(store(new ByteArrayInputStream(file)).objectName(), first.objectName(), first.sha256());
        assertThat(read(first.objectName())).isEqualTo(file);

        space.delete(first.objectName());
        space.putBack(store(new ByteArrayInputStream(file)).objectName(), first.objectName(), first.sha256());
        assertThat(read(first.objectName())).isEqualTo(file);
        assertThat(files()).hasSize(2);
    }

    @Test
    void putsNothingBackThatHasOtherBytes() throws Exception {
        StoredInstance first = store(new ByteArrayInputStream(file("1.2.3", SMALL)));
        StoredInstance other = store(new ByteArrayInputStream(file("1.2.3", LARGE)));
        space.delete(first.objectName());

        assertThatThrownBy(() -> space.putBack(other.objectName(), first.objectName(), first.sha256()))
                .isInstanceOf(DicomException.class)
                .hasMessage("A stored object has not the digest that was told of it");

        assertThat(space.file(first.objectName())).doesNotExist();
        assertThat(space.file(other.objectName())).exists();
    }

    @Test
    void listsObjectsOfAnAge() throws Exception {
        StoredInstance stored = store(new ByteArrayInputStream(file("1.2.3", SMALL)));
        FileTime now = FileTime.fromMillis(System.currentTimeMillis() + 10_000);

        try (Stream<String> all = space.list("default", now);
                Stream<String> others = space.list("other", now);
                Stream<String> old = space.list("default", FileTime.fromMillis(0))) {
            assertThat(all).containsExactly(stored.objectName());
            assertThat(others).isEmpty();
            assertThat(old).isEmpty();
        }
    }

    @Test
    void writesAgainFromTheJournalWhatAKilledProcessHadPromised() throws Exception {
        List<StoredInstance> stored = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            stored.add(store(new ByteArrayInputStream(file("1.2.3." + i, SMALL))));
        }
        Path after = folder.resolve("after");
        copy(space.file("x").getParent().resolve(".process"), after.resolve(".process"));

        try (FileStorageSpace restarted = new FileStorageSpace(after, true, 64 << 10, true)) {
            for (StoredInstance each : stored) {
                assertThat(Files.readAllBytes(restarted.file(each.objectName())))
                        .isEqualTo(read(each.objectName()));
            }
        }
        assertThat(after.resolve(".process")).isEmptyDirectory();
    }

    @Test
    void storesForManyAtOnceAndFillsTheJournalMoreThanOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        List<Future<StoredInstance>> stored = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            byte[] file = file("1.2.3." + i, 60_000);
            stored.add(threads.submit(() -> store(new ByteArrayInputStream(file))));
        }
        for (Future<StoredInstance> each : stored) {
            assertThat(space.file(each.get().objectName())).hasSize(each.get().length());
        }
        threads.shutdown();
    }

    private StoredInstance store(InputStream in) throws Exception {
        try (InstanceBody body = InstanceBody.receive(in, ParseLimits.STREAMING)) {
            return space.store("default", body);
        }
    }

    private byte[] read(String objectName) throws IOException {
        try (InputStream in = space.open(objectName, 0, Long.MAX_VALUE)) {
            return in.readAllBytes();
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("space"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file ->
                            file.toString().endsWith(".dcm") || file.toString().endsWith(".part"))
                    .toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }

    static byte[] file(String sopInstanceUID, int pixels) throws Exception {
        byte[] pixelData = new byte[pixels];
        new java.util.Random(pixels).nextBytes(pixelData);
        DataSet dataSet = new DataSet()
                .setString(Tag.SOPClassUID, VR.UI, "1.2.840.10008.5.1.4.1.1.2")
                .setString(Tag.SOPInstanceUID, VR.LO, sopInstanceUID)
                .setString(Tag.StudyInstanceUID, VR.UI, "1.2")
                .setString(Tag.SeriesInstanceUID, VR.UI, "1.2.1")
                .setBytes(Tag.PixelData, VR.OW, pixelData)
                .setBytes(Tag.DataSetTrailingPadding, VR.OB, new byte[2]);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new DicomWriter(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN).writeFile(dataSet, out);
        return out.toByteArray();
    }
}
