package org.imagingingestion.camel.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Where one process keeps what is not finished. The lock on it tells that the process lives. The lock's file is the last that
 * is removed, so that whoever gets the lock of a file that is still there has the folder.
 */
final class ProcessFolder implements AutoCloseable {
    private static final String PARENT = ".process";
    private static final String LOCK = "lock";

    /** Those of this process. To open the lock's file once more and close it would release the lock. */
    private static final Set<Path> OPEN = new HashSet<>();

    private final Path path;
    private final FileChannel channel;

    private ProcessFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Makes one, after finishing what processes that are gone have left in theirs. */
    static ProcessFolder open(Path root) throws IOException {
        Path parent = Files.createDirectories(root.resolve(PARENT)).toRealPath();
        synchronized (OPEN) {
            for (Path other : list(parent)) {
                if (!OPEN.contains(other) && Files.isDirectory(other)) {
                    recover(other, root);
                }
            }
            ProcessFolder folder = create(parent);
            while (folder == null) {
                folder = create(parent);
            }
            OPEN.add(folder.path);
            return folder;
        }
    }

    /** @return {@code null} where another process took it for one that is left */
    private static ProcessFolder create(Path parent) throws IOException {
        Path path = Files.createDirectory(parent.resolve(UUID.randomUUID().toString()));
        FileChannel channel;
        try {
            channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (NoSuchFileException e) {
            return null;
        }
        channel.lock();
        if (!Files.exists(path.resolve(LOCK))) {
            channel.close();
            return null;
        }
        FileStorageSpace.force(path);
        FileStorageSpace.force(parent);
        return new ProcessFolder(path, channel);
    }

    private static void recover(Path folder, Path root) throws IOException {
        Path lockFile = folder.resolve(LOCK);
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null && Files.exists(lockFile)) {
                Journal.replay(folder, root);
                remove(folder);
            }
        } catch (NoSuchFileException e) {
            if (Files.exists(lockFile)) {
                throw e;
            }
            // it is being removed, or its process ended before it had a lock
            removeEmpty(folder);
        }
    }

    private static void remove(Path folder) throws IOException {
        for (Path file : list(folder)) {
            if (!file.endsWith(LOCK)) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder.resolve(LOCK));
        removeEmpty(folder);
    }

    private static void removeEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            // something of somebody else is in it
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    Path path() {
        return path;
    }

    /** Removes it with all that is in it. */
    @Override
    public void close() throws IOException {
        try {
            remove(path);
        } finally {
            abandon();
        }
    }

    /** Leaves it to whoever opens the storage space next. */
    void abandon() throws IOException {
        synchronized (OPEN) {
            OPEN.remove(path);
            channel.close();
        }
    }
}
