package org.imagingingestion.camel.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Where one process keeps what is not finished. The lock on it tells that the process lives. */
final class ProcessFolder implements AutoCloseable {
    private static final String PARENT = ".process";
    private static final String LOCK = "lock";

    private final Path path;
    private final FileChannel channel;

    private ProcessFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Makes one, after finishing what processes that are gone have left in theirs. */
    static ProcessFolder open(Path root) throws IOException {
        Path parent = Files.createDirectories(root.resolve(PARENT));
        try (Stream<Path> others = Files.list(parent)) {
            for (Path other : others.filter(Files::isDirectory).toList()) {
                recover(other, root);
            }
        }
        Path path = Files.createDirectory(parent.resolve(UUID.randomUUID().toString()));
        FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.lock();
        FileStorageSpace.force(path);
        FileStorageSpace.force(parent);
        return new ProcessFolder(path, channel);
    }

    private static void recover(Path folder, Path root) throws IOException {
        try (FileChannel channel =
                        FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                Journal.replay(folder, root);
                remove(folder);
            }
        } catch (OverlappingFileLockException e) {
            // another storage space of this very process
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        remove(path);
        channel.close();
    }
}
