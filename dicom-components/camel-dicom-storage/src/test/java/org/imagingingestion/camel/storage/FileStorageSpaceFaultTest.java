package org.imagingingestion.camel.storage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.StoredInstance;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What a storage space does when others get in its way. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileStorageSpaceFaultTest {
    private static final int SHORT = 4_000;
    private static final int LONG = 100_000;
    private static final int JOURNALED = 64 << 10;
    private static final int MANY = 700;

    @TempDir
    Path temporary;

    private Path folder;

    @BeforeEach
    void name() {
        folder = temporary.resolve("space");
    }

    @ParameterizedTest
    @ValueSource(ints = {SHORT, LONG})
    void storesIntoFoldersThatOthersRemoveAsEmpty(int pixels) throws Exception {
        try (FileStorageSpace space = open(pixels == SHORT)) {
            List<StoredInstance> kept = inParallel(4, thread -> {
                List<StoredInstance> stored = new ArrayList<>();
                for (int i = 0; i < 250; i++) {
                    StoredInstance one = store(space, "1.2.3", pixels);
                    if (i % 10 == 0) {
                        stored.add(one);
                    } else {
                        space.delete(one.objectName());
                    }
                    if (i % 50 == 49) {
                        for (StoredInstance each : stored.subList(0, stored.size() - 1)) {
                            assertThat(space.file(each.objectName())).hasSize(each.length());
                            space.delete(each.objectName());
                        }
                        stored.subList(0, stored.size() - 1).clear();
                    }
                }
                return stored;
            });

            assertThat(kept).isNotEmpty().allSatisfy(each -> assertThat(space.file(each.objectName()))
                    .hasSize(each.length()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SHORT, LONG})
    void failsWhereAFileHasTheNameOfAFolder(int pixels) throws Exception {
        try (FileStorageSpace space = open(true)) {
            Files.writeString(folder.resolve("default"), "in the way");

            assertThatThrownBy(() -> store(space, "1.2.3", pixels)).isInstanceOf(IOException.class);
            assertThat(unfinished()).isEmpty();

            Files.delete(folder.resolve("default"));
            assertThat(space.file(store(space, "1.2.3", pixels).objectName())).isRegularFile();
        }
    }

    @Test
    void doesNotTakeAUidThatNoFolderCanBeNamedAfter() throws Exception {
        try (FileStorageSpace space = open(true)) {
            assertThatThrownBy(() -> store(space, "1".repeat(300), SHORT))
                    .isInstanceOfSatisfying(
                            DicomException.class, e -> assertThat(e.status()).isEqualTo(DicomStatus.CANNOT_UNDERSTAND));
        }
    }

    @Test
    void goesOnAfterAThreadWasInterruptedWhileItWrote() throws Exception {
        try (FileStorageSpace space = open(true)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> store(space, "1.2.3", SHORT)).isInstanceOf(IOException.class);
            assertThat(Thread.interrupted()).isTrue();

            StoredInstance stored = store(space, "1.2.4", SHORT);

            assertThat(space.file(stored.objectName())).hasSize(stored.length());
        }
    }

    @Test
    void storesMoreAtOnceThanTheJournalHolds() throws Exception {
        try (FileStorageSpace space = open(true)) {
            List<StoredInstance> stored =
                    inParallel(MANY, thread -> List.of(store(space, "1.2." + thread, JOURNALED - 1000)));

            assertThat(stored).hasSize(MANY).allSatisfy(each -> assertThat(space.file(each.objectName()))
                    .hasSize(each.length()));
        }
    }

    @Test
    void leavesTheFolderOfALivingProcessAlone() throws Exception {
        try (FileStorageSpace first = open(true)) {
            StoredInstance stored = store(first, "1.2.3", SHORT);

            open(true).close();
            tryToOpenInAnotherProcess();

            assertThat(processFolders()).hasSize(1);
            assertThat(store(first, "1.2.4", LONG).objectName()).isNotEmpty();
            assertThat(first.file(stored.objectName())).exists();
        }
        assertThat(processFolders()).isEmpty();
    }

    private void tryToOpenInAnotherProcess() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OpenAndClose.class.getName(),
                        folder.toString())
                .inheritIO()
                .start();
        assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(other.exitValue()).isZero();
    }

    /** Another process on the same folder. */
    static final class OpenAndClose {
        private OpenAndClose() {}

        public static void main(String[] args) throws IOException {
            new FileStorageSpace(Path.of(args[0]), true, JOURNALED, true).close();
        }
    }

    @Test
    void doesNotTouchObjectsThatAreWholeWhenItRecovers() throws Exception {
        FileStorageSpace killed = open(true);
        StoredInstance whole = store(killed, "1.2.3", SHORT);
        StoredInstance torn = store(killed, "1.2.4", SHORT);
        FileTime longAgo = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(killed.file(whole.objectName()), longAgo);
        Path after = temporary.resolve("after");
        copy(folder, after);
        Files.write(after.resolve(torn.objectName()), new byte[10]);
        Files.setLastModifiedTime(after.resolve(whole.objectName()), longAgo);

        try (FileStorageSpace space = new FileStorageSpace(after, true, JOURNALED, true)) {
            assertThat(Files.getLastModifiedTime(space.file(whole.objectName())))
                    .isEqualTo(longAgo);
            assertThat(space.file(torn.objectName())).hasSize(torn.length());
        }
        killed.close();
    }

    @Test
    void recoversAFolderThatAProcessHadNotFinishedMaking() throws Exception {
        Files.createDirectories(folder.resolve(".process/no-lock"));
        Files.createDirectories(folder.resolve(".process/short-journal"));
        Files.createFile(folder.resolve(".process/short-journal/lock"));
        Files.write(folder.resolve(".process/short-journal/0.journal"), new byte[100]);
        Files.createFile(folder.resolve(".process/short-journal/1.journal"));

        open(true).close();

        assertThat(processFolders()).isEmpty();
    }

    @Test
    void listsWhileOthersRemove() throws Exception {
        try (FileStorageSpace space = open(false)) {
            List<StoredInstance> stored = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                stored.add(store(space, "1.2.3." + i, SHORT));
            }
            FileTime now = FileTime.fromMillis(System.currentTimeMillis() + 60_000);

            List<Long> counts = inParallel(2, thread -> {
                if (thread == 0) {
                    for (StoredInstance each : stored) {
                        space.delete(each.objectName());
                    }
                    return List.of();
                }
                List<Long> all = new ArrayList<>();
                do {
                    try (Stream<String> names = space.list("default", now)) {
                        all.add(names.count());
                    }
                } while (all.get(all.size() - 1) > 0);
                return all;
            });

            assertThat(counts).isSortedAccordingTo((a, b) -> Long.compare(b, a)).endsWith(0L);
        }
    }

    private FileStorageSpace open(boolean fsync) throws IOException {
        return new FileStorageSpace(folder, fsync, JOURNALED, true);
    }

    private List<Path> processFolders() throws IOException {
        try (Stream<Path> folders = Files.list(folder.resolve(".process"))) {
            return folders.toList();
        }
    }

    private List<Path> unfinished() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".part")).toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    private static StoredInstance store(FileStorageSpace space, String sopInstanceUID, int pixels) throws Exception {
        byte[] file = FileStorageSpaceTest.file(sopInstanceUID, pixels);
        try (InstanceBody body = InstanceBody.receive(new ByteArrayInputStream(file), ParseLimits.STREAMING)) {
            return space.store("default", body);
        }
    }

    private interface Work<T> {
        List<T> of(int thread) throws Exception;
    }

    private static <T> List<T> inParallel(int threads, Work<T> work) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<List<T>>> tasks = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                tasks.add(() -> work.of(thread));
            }
            List<T> results = new ArrayList<>();
            for (Future<List<T>> each : executor.invokeAll(tasks)) {
                results.addAll(each.get());
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }
}
