package org.imagingingestion.camel.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes short files durable many at a time. Each is appended to one file that is forced to the disk once for all who wait;
 * the file itself is written without forcing it. When a {@link JournalFile} is full, everything written since is forced at
 * once and it is used again; after a crash the files are written again from it.
 */
final class Journal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    /** Writes the file that has become durable. */
    @FunctionalInterface
    interface FileWriter {
        void write() throws IOException;
    }

    /** A file that waits to become durable. */
    private static final class Entry {
        private final String name;
        private final byte[] bytes;
        private JournalFile journal;
        private Throwable failure;

        Entry(String name, byte[] bytes) {
            this.name = name;
            this.bytes = bytes;
        }

        boolean isDone() {
            return journal != null || failure != null;
        }
    }

    /** Less than half of a journal file, so that no batch fills two. */
    private static final int MOST_BYTES_OF_A_BATCH = 8 << 20;

    private final Path root;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
    private boolean writing;
    private JournalFile current;
    private JournalFile other;
    private Thread checkpoint;
    private int generation;

    /** @param folder of the journal files @param root of the files that they make durable */
    Journal(Path folder, Path root) throws IOException {
        this.root = root;
        current = JournalFile.create(folder.resolve("0" + JournalFile.SUFFIX));
        other = JournalFile.create(folder.resolve("1" + JournalFile.SUFFIX));
        FileStorageSpace.force(folder);
        current.begin(++generation);
    }

    /**
     * Makes bytes durable, then has them written to their file.
     *
     * @throws IOException where they are not durable, or the file cannot be written
     */
    void store(String name, byte[] bytes, FileWriter file) throws IOException {
        Entry entry = new Entry(name, bytes);
        enqueue(entry);
        for (List<Entry> batch = next(entry); batch != null; batch = next(entry)) {
            write(batch);
        }
        if (entry.failure != null) {
            throw new IOException("The journal cannot be written", entry.failure);
        }
        try {
            file.write();
        } finally {
            lock.lock();
            try {
                entry.journal.pending--;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void enqueue(Entry entry) {
        lock.lock();
        try {
            waiting.add(entry);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the entry is done, or it is this thread's turn to write. @return what to write then, else {@code null} */
    private List<Entry> next(Entry entry) {
        lock.lock();
        try {
            while (writing && !entry.isDone()) {
                changed.awaitUninterruptibly();
            }
            if (entry.isDone()) {
                return null;
            }
            writing = true;
            List<Entry> batch = new ArrayList<>();
            for (int bytes = 0; bytes < MOST_BYTES_OF_A_BATCH && !waiting.isEmpty(); ) {
                batch.add(waiting.poll());
                bytes += batch.get(batch.size() - 1).bytes.length;
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void write(List<Entry> batch) {
        JournalFile journal = null;
        Throwable failure = null;
        try {
            for (Entry entry : batch) {
                if (!current.add(entry.name, entry.bytes)) {
                    current.force();
                    complete(batch.subList(0, batch.indexOf(entry)), current, null);
                    turn();
                    current.add(entry.name, entry.bytes);
                }
            }
            current.force();
            journal = current;
        } catch (IOException | RuntimeException | Error e) {
            // whatever it is, the others must not wait for ever
            current.rewind();
            failure = e;
        }
        lock.lock();
        try {
            complete(batch, journal, failure);
            writing = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void complete(List<Entry> entries, JournalFile journal, Throwable failure) {
        lock.lock();
        try {
            for (Entry entry : entries) {
                if (!entry.isDone()) {
                    entry.failure = failure;
                    entry.journal = journal;
                    if (journal != null) {
                        journal.pending++;
                    }
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Goes on in the other file, when what is in that one is in the files themselves. */
    private void turn() throws IOException {
        awaitCheckpoint();
        JournalFile full = current;
        current = other;
        other = full;
        current.begin(++generation);
        checkpoint = new Thread(() -> checkpoint(full), "storage-checkpoint");
        checkpoint.start();
    }

    private void awaitCheckpoint() throws IOException {
        try {
            if (checkpoint != null) {
                checkpoint.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted");
        }
        if (!other.isEmpty()) {
            checkpoint(other);
        }
        if (!other.isEmpty()) {
            throw new IOException("What the journal holds cannot be forced to the disk");
        }
    }

    private void checkpoint(JournalFile full) {
        lock.lock();
        try {
            while (full.pending > 0) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
        try {
            forceAll(full.names(), root);
            full.clear();
        } catch (IOException e) {
            LOG.error("Files in {} cannot be forced to the disk: {}", root, e.getMessage());
        }
    }

    /** Forces the files, by one call for the whole file system where the machine has it. */
    private static void forceAll(List<String> names, Path root) throws IOException {
        if (names.isEmpty() || syncFileSystem(root)) {
            return;
        }
        for (String name : names) {
            Path file = root.resolve(name);
            if (Files.exists(file)) {
                FileStorageSpace.force(file);
                for (Path folder = file.getParent(); folder.startsWith(root); folder = folder.getParent()) {
                    FileStorageSpace.force(folder);
                }
            }
        }
    }

    private static boolean syncFileSystem(Path root) throws IOException {
        try {
            Process sync = new ProcessBuilder("sync", "-f", root.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return sync.waitFor() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted");
        } catch (IOException e) {
            return false;
        }
    }

    /** Writes again what the journals of a process that was killed hold, and forces it. */
    static void replay(Path folder, Path root) throws IOException {
        List<Path> journals;
        try (Stream<Path> files = Files.list(folder)) {
            journals = files.filter(file -> file.toString().endsWith(JournalFile.SUFFIX))
                    .toList();
        }
        List<String> names = new ArrayList<>();
        Path temporary = folder.resolve("restored.part");
        for (Path journal : journals) {
            JournalFile.read(journal, (name, bytes) -> {
                restore(root.resolve(name), bytes, temporary);
                names.add(name);
            });
        }
        forceAll(names, root);
    }

    /** Leaves a file alone that is whole: another process may be reading it. */
    private static void restore(Path file, ByteBuffer bytes, Path temporary) throws IOException {
        if (holds(file, bytes)) {
            return;
        }
        try (FileChannel out = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            FileStorageSpace.writeAll(out, bytes);
        }
        FileStorageSpace.withFolder(file, () -> Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE));
    }

    private static boolean holds(Path file, ByteBuffer bytes) throws IOException {
        try {
            return Files.size(file) == bytes.remaining()
                    && ByteBuffer.wrap(Files.readAllBytes(file)).equals(bytes);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Forces all that it holds. @throws IOException where that is not possible; what it holds is still there then */
    @Override
    public void close() throws IOException {
        try {
            awaitWriter();
            awaitCheckpoint();
            checkpoint(current);
            if (!current.isEmpty()) {
                throw new IOException("What the journal holds cannot be forced to the disk");
            }
        } finally {
            current.close();
            other.close();
        }
    }

    private void awaitWriter() {
        lock.lock();
        try {
            while (writing || !waiting.isEmpty()) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }
}
