package org.imagingingestion.camel.forward;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;

import org.imagingingestion.camel.storage.FileStorageSpace;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.SenderException;

/**
 * The folder of instances on their way: {@code waiting} and {@code failed} have a folder for each destination, {@code passing} what
 * is not acknowledged yet. Whoever moves files from {@code failed} to {@code waiting} has them sent again.
 */
final class Spool implements AutoCloseable {
    private static final String PASSING = "passing";

    private final FileChannel lockFile;
    private final FileStorageSpace waiting;
    private final FileStorageSpace failed;
    private final FileStorageSpace passing;

    /** @throws IOException where the folder cannot be used, or another process does */
    Spool(Path folder) throws IOException {
        Path root = folder.toAbsolutePath();
        // makes the folder for its owner alone
        waiting = new FileStorageSpace(root.resolve("waiting"), true, 0, false);
        failed = new FileStorageSpace(root.resolve("failed"), true, 0, false);
        passing = new FileStorageSpace(root.resolve(PASSING), false, 0, false);
        lockFile = FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isLocked()) {
            close();
            throw new IOException("Another endpoint or process sends the instances of the folder " + root);
        }
        try (Stream<String> left = passing.list(PASSING, FileTime.fromMillis(Long.MAX_VALUE))) {
            for (String name : (Iterable<String>) left::iterator) {
                passing.delete(name);
            }
        }
    }

    private boolean isLocked() throws IOException {
        try {
            FileLock lock = lockFile.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Keeps an instance until its sender has an answer. */
    SpooledInstance pass(InstanceBody body) throws DicomException, IOException {
        return store(passing, PASSING, body);
    }

    /** Keeps an instance durably until a destination has it. */
    SpooledInstance keep(Destination destination, InstanceBody body) throws DicomException, IOException {
        return store(waiting, destination.folder(), body);
    }

    /** Keeps the same for another destination. */
    SpooledInstance keep(Destination destination, SpooledInstance other) throws DicomException, IOException {
        try (InputStream in = other.open();
                InstanceBody body = InstanceBody.receive(in, ParseLimits.STREAMING)) {
            return keep(destination, body);
        }
    }

    /** Names of the instances that wait for a destination; to be closed. */
    Stream<String> waiting(Destination destination) throws IOException {
        return waiting.list(destination.folder(), FileTime.fromMillis(Long.MAX_VALUE));
    }

    /** Folders of destinations that something waits for. */
    List<String> folders() throws IOException {
        try (Stream<Path> folders = Files.list(waiting.file("any").getParent())) {
            return folders.map(folder -> folder.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .map(name -> URLDecoder.decode(name, StandardCharsets.UTF_8))
                    .toList();
        }
    }

    /** @throws java.nio.file.NoSuchFileException where it does not wait any more */
    SpooledInstance instance(String objectName) throws IOException, DicomException {
        return SpooledInstance.of(waiting, objectName);
    }

    void remove(SpooledInstance instance) throws IOException {
        instance.space().delete(instance.objectName());
    }

    /** Puts an instance aside that its destination does not take. */
    void putAside(String objectName) throws IOException {
        Path aside = failed.file(objectName);
        Files.createDirectories(aside.getParent());
        Files.move(waiting.file(objectName), aside, StandardCopyOption.ATOMIC_MOVE);
        // removes the folders that are empty now
        waiting.delete(objectName);
    }

    private static SpooledInstance store(FileStorageSpace space, String destination, InstanceBody body)
            throws DicomException, IOException {
        try {
            return new SpooledInstance(
                    space,
                    space.store(destination, body).objectName(),
                    body.length(),
                    body.dataSet().string(Tag.SOPClassUID, ""),
                    body.dataSet().string(Tag.SOPInstanceUID, ""),
                    body.transferSyntax().uid());
        } catch (SenderException e) {
            throw e;
        } catch (IOException e) {
            throw new DicomException(DicomStatus.OUT_OF_RESOURCES, "The spool cannot store", e);
        }
    }

    @Override
    public void close() throws IOException {
        waiting.close();
        failed.close();
        passing.close();
        lockFile.close();
    }
}
