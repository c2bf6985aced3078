package org.imagingingestion.camel.storage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.imagingingestion.dicom.DicomParseException;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.SenderException;
import org.imagingingestion.dicom.service.StoredInstance;
import org.imagingingestion.dicom.service.UnavailableException;
import org.imagingingestion.tests.servers.FaultyLink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What a storage space in any object store does, on its real server behind a network that can fail. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ObjectStorageSpaceContract {
    static final int PART = 5 << 20;
    static final long SOON = 3000;
    static final long LATE = 60_000;
    static final int SMALL = 4_000;
    static final int MEDIUM = 3_000_000;
    static final int LARGE = 2 * PART + 1_000_000;

    final String prefix = UUID.randomUUID() + "/";
    FaultyLink link;
    StorageSpace space;
    /** Not through the link. */
    private StorageSpace beside;

    /** The server's port. */
    abstract int port() throws Exception;

    /** Opens the storage space of this test's prefix, with parts of {@link #PART}. */
    abstract StorageSpace open(int port, long timeout) throws Exception;

    /** How many uploads are begun and neither finished nor aborted. */
    abstract int unfinished() throws Exception;

    @BeforeEach
    void open() throws Exception {
        link = new FaultyLink(port());
        space = open(link.port(), SOON);
        beside = open(port(), LATE);
    }

    @AfterEach
    void close() throws IOException {
        link.heal();
        space.close();
        beside.close();
        link.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, SMALL, 66_000, 1 << 20, MEDIUM, PART - 500, PART, 2 * PART, LARGE})
    void givesBackTheBytesAsReceived(int pixels) throws Exception {
        byte[] file = file("1.2.3", pixels);

        StoredInstance stored = store(file);

        assertThat(read(stored.objectName())).isEqualTo(file);
        assertThat(stored.length()).isEqualTo(file.length);
        assertThat(stored.sha256())
                .isEqualTo(MessageDigest.getInstance("SHA-256").digest(file));
        assertThat(stored.objectName()).startsWith("default/1.2/1.2.1/1.2.3_").endsWith(".dcm");
        assertThat(stored.dataSet().contains(Tag.DataSetTrailingPadding)).isTrue();
        assertThat(unfinished()).isZero();
    }

    @Test
    void storesAnObjectOfPartsWithoutARest() throws Exception {
        int header = file("1.2.3", 0).length;
        byte[] file = file("1.2.3", 2 * PART - header);
        assertThat(file).hasSize(2 * PART);

        assertThat(read(store(file).objectName())).isEqualTo(file);
    }

    @Test
    void givesAPart() throws Exception {
        byte[] file = file("1.2.3", MEDIUM);
        String name = store(file).objectName();

        assertThat(read(name, 1000, 70_000)).isEqualTo(Arrays.copyOfRange(file, 1000, 71_000));
        assertThat(read(name, file.length - 10, 1000))
                .isEqualTo(Arrays.copyOfRange(file, file.length - 10, file.length));
        assertThat(read(name, 10, 0)).isEmpty();
        assertThat(read(name, file.length, 10)).isEmpty();
        assertThat(read(name, file.length + 10, 10)).isEmpty();
    }

    @Test
    void leavesNothingOfWhatIsReadInPart() throws Exception {
        String name = store(file("1.2.3", LARGE)).objectName();

        for (int i = 0; i < 200; i++) {
            try (InputStream in = space.open(name, 0, Long.MAX_VALUE)) {
                assertThat(in.readNBytes(10)).hasSize(10);
            }
        }
    }

    @Test
    void saysThatThereIsNoSuchObject() {
        assertThatThrownBy(() -> read("default/1.2/1.2.1/1.2.3_none.dcm"))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageNotContaining("1.2.3");
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, MEDIUM, LARGE})
    void leavesNothingOfAnInstanceThatIsCutOff(int pixels) throws Exception {
        byte[] file = file("1.2.3", pixels);

        assertThatThrownBy(() -> store(Arrays.copyOf(file, file.length - 100))).isInstanceOf(DicomParseException.class);

        assertNothingIsThere();
        assertThat(unfinished()).isZero();
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

        assertNothingIsThere();
        assertThat(unfinished()).isZero();
    }

    @Test
    void takesNoNameFromOutsideForAKey() throws Exception {
        byte[] file = file("../../../x/\u00e4%2F+ ?&#", SMALL);

        StoredInstance stored = store(file);

        assertThat(stored.objectName())
                .startsWith("default/1.2/1.2.1/%2E.%2F..%2F..%2Fx%2F%C3%A4%252F%2B%20%3F%26%23_");
        assertThat(read(stored.objectName())).isEqualTo(file);
        assertThat(names("default")).containsExactly(stored.objectName());
        space.delete(stored.objectName());
        assertThat(names("default")).isEmpty();
    }

    @Test
    void deletesAnObjectAndNoOther() throws Exception {
        StoredInstance one = store(file("1.2.3", SMALL));
        StoredInstance other = store(file("1.2.3", SMALL));

        space.delete(one.objectName());
        space.delete(one.objectName());

        assertThat(names("default")).containsExactly(other.objectName());
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, LARGE})
    void putsWhatIsLostBackByTheSameBytes(int pixels) throws Exception {
        byte[] file = file("1.2.3", pixels);
        StoredInstance first = store(file);
        StoredInstance second = store(file);

        space.putBack(second.objectName(), first.objectName(), first.sha256());
        space.delete(first.objectName());
        space.putBack(second.objectName(), first.objectName(), first.sha256());

        assertThat(read(first.objectName())).isEqualTo(file);
    }

    @Test
    void listsObjectsOfAnAgeAndAProvider() throws Exception {
        List<String> stored = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            stored.add(store(file("1.2.3." + i, SMALL)).objectName());
        }
        store("default2", file("1.2.3", SMALL));

        assertThat(names("default")).containsExactlyInAnyOrderElementsOf(stored);
        assertThat(names("default2")).hasSize(1);
        assertThat(names("defaul")).isEmpty();
        try (Stream<String> old = space.list("default", FileTime.fromMillis(0))) {
            assertThat(old).isEmpty();
        }
    }

    @Test
    void storesForManyAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        List<Future<StoredInstance>> stored = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            byte[] file = file("1.2.3." + i, i % 10 == 0 ? LARGE : 60_000);
            stored.add(threads.submit(() -> store(file)));
        }
        for (Future<StoredInstance> each : stored) {
            assertThat(read(each.get().objectName())).hasSize((int) each.get().length());
        }
        threads.shutdown();
    }

    @Test
    @Timeout(value = 330, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void keepsAnObjectThatIsLongerThanItsMemory() throws Exception {
        Path output = Files.createTempFile("long", "object");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LongObject.class.getName(),
                        getClass().getName(),
                        Integer.toString(port()),
                        "150000000")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }

    @Test
    void showsThatItCanStoreAndLeavesNothing() throws Exception {
        space.check();

        assertThat(names("default")).isEmpty();
        link.refuse();
        assertThatThrownBy(() -> space.check()).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, MEDIUM, LARGE})
    void storesNothingWhereNobodyAnswers(int pixels) throws Exception {
        link.refuse();

        assertStoresNothing(pixels);
    }

    @Test
    void storesNothingWhereTheServiceGoesAwayInTheMiddle() throws Exception {
        byte[] file = file("1.2.3", LARGE);
        InputStream cutting = new SequenceInputStream(
                new ByteArrayInputStream(file, 0, PART + 1000),
                new ByteArrayInputStream(file, PART + 1000, file.length - PART - 1000) {
                    @Override
                    public synchronized int read(byte[] bytes, int offset, int length) {
                        link.refuse();
                        return super.read(bytes, offset, length);
                    }
                });

        assertThatThrownBy(() -> store(cutting)).isInstanceOf(UnavailableException.class);

        assertNothingIsThere();
        beside.removeUnfinished(FileTime.fromMillis(System.currentTimeMillis() + 60_000));
        assertThat(unfinished()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, LARGE})
    void storesNothingWhereTheServiceIsSilent(int pixels) throws Exception {
        link.keepSilent();

        assertStoresNothing(pixels);
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, LARGE})
    void storesNothingWhereTheServiceIsOverloaded(int pixels) throws Exception {
        link.answer(
                503,
                "application/xml",
                "<?xml version=\"1.0\"?><Error><Code>SlowDown</Code><Message>x</Message></Error>");

        assertThat(failure(pixels)).hasMessageContaining("503");
        assertNothingIsThere();
    }

    @ParameterizedTest
    @ValueSource(ints = {MEDIUM, LARGE})
    void storesAllTheSameWhereAnUploadIsCutOnce(int pixels) throws Exception {
        byte[] file = file("1.2.3", pixels);
        link.cutUpAfter(file.length / 2);

        String name = store(file).objectName();

        assertThat(read(name)).isEqualTo(file);
        assertThat(names("default")).containsExactly(name);
        assertThat(link.connections()).isGreaterThan(1);
        assertThat(unfinished()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, LARGE})
    void storesAllTheSameWhereAnAnswerIsLostOnce(int pixels) throws Exception {
        byte[] file = file("1.2.3", pixels);
        link.cutDownAfter(1);

        String name = store(file).objectName();

        assertThat(read(name)).isEqualTo(file);
        assertThat(names("default")).containsExactly(name);
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, MEDIUM, LARGE})
    void keepsNothingThatTheNetworkHasChanged(int pixels) throws Exception {
        byte[] file = file("1.2.3", pixels);
        link.changeUpAfter(file.length / 2 + 1500L);

        try {
            String name = store(file).objectName();

            assertThat(read(name)).isEqualTo(file);
        } catch (IOException e) {
            assertNothingIsThere();
        }
        assertThat(unfinished()).isZero();
    }

    @Test
    void storesOverASlowNetwork() throws Exception {
        link.slow(3_000_000);
        byte[] file = file("1.2.3", MEDIUM);

        assertThat(read(store(file).objectName())).isEqualTo(file);
    }

    @Test
    void givesAllOfAnObjectWhereTheDownloadIsCut() throws Exception {
        byte[] file = file("1.2.3", LARGE);
        String name = store(file).objectName();

        link.cutDownAfter(file.length / 3);

        assertThat(read(name)).isEqualTo(file);
    }

    @Test
    void failsWhereTheRestOfADownloadDoesNotCome() throws Exception {
        byte[] file = file("1.2.3", LARGE);
        String name = store(file).objectName();

        try (InputStream in = space.open(name, 0, Long.MAX_VALUE)) {
            in.readNBytes(100_000);
            link.refuse();

            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);
        }
    }

    @Test
    void worksAgainWhenTheServiceIsBack() throws Exception {
        link.refuse();
        failure(SMALL);
        link.heal();

        assertThat(read(store(file("1.2.3", LARGE)).objectName())).hasSizeGreaterThan(LARGE);
    }

    private void assertStoresNothing(int pixels) throws Exception {
        failure(pixels);
        link.heal();
        assertNothingIsThere();
    }

    /** The failure to store, which says nothing of what was to be stored. */
    final IOException failure(int pixels) throws Exception {
        return failure(space, pixels);
    }

    static IOException failure(StorageSpace space, int pixels) throws Exception {
        try (InstanceBody body =
                InstanceBody.receive(new ByteArrayInputStream(file("1.2.3.77", pixels)), ParseLimits.STREAMING)) {
            space.store("default", body);
            throw new AssertionError("It is stored");
        } catch (IOException e) {
            for (Throwable each = e; each != null; each = each.getCause()) {
                assertThat(each).hasMessageNotContaining("1.2.3.77");
            }
            return e;
        }
    }

    final void assertNothingIsThere() throws Exception {
        link.heal();
        assertThat(names("default")).isEmpty();
    }

    private List<String> names(String provider) throws IOException {
        try (Stream<String> names = beside.list(provider, FileTime.fromMillis(System.currentTimeMillis() + 60_000))) {
            return names.toList();
        }
    }

    final StoredInstance store(byte[] file) throws Exception {
        return store("default", file);
    }

    static StoredInstance store(StorageSpace space, byte[] file) throws Exception {
        try (InstanceBody body = InstanceBody.receive(new ByteArrayInputStream(file), ParseLimits.STREAMING)) {
            return space.store("default", body);
        }
    }

    private StoredInstance store(String provider, byte[] file) throws Exception {
        try (InstanceBody body = InstanceBody.receive(new ByteArrayInputStream(file), ParseLimits.STREAMING)) {
            return space.store(provider, body);
        }
    }

    private StoredInstance store(InputStream in) throws Exception {
        try (InstanceBody body = InstanceBody.receive(in, ParseLimits.STREAMING)) {
            return space.store("default", body);
        }
    }

    final byte[] read(String objectName) throws IOException {
        return read(objectName, 0, Long.MAX_VALUE);
    }

    private byte[] read(String objectName, long offset, long length) throws IOException {
        try (InputStream in = space.open(objectName, offset, length)) {
            return in.readAllBytes();
        }
    }

    static byte[] file(String sopInstanceUID, int pixels) throws Exception {
        return FileStorageSpaceTest.file(sopInstanceUID, pixels);
    }
}
