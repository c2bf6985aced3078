package org.imagingingestion.camel.storage;

import java.io.File;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.StoredInstance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A storage space in a folder. A file is written under another name, forced to the disk, renamed, and its folder forced;
 * short ones become durable many at a time through a {@link Journal}.
 *
 * <p>Any number of processes may share the folder.
 */
public final class FileStorageSpace implements StorageSpace {
    private static final Logger LOG = LoggerFactory.getLogger(FileStorageSpace.class);
    private static final int CHUNK = 64 << 10;
    private static final int MOST_JOURNALED = 256 << 10;
    private static final int MOST_LASTING = 10_000;
    private static final int MOST_ATTEMPTS = 100;

    private final Path root;
    private final boolean fsync;
    private final int journaledLength;
    private final ProcessFolder own;
    private final NewFiles files;
    private final Journal journal;
    /** Folders whose entry in the folder above is on the disk. */
    private final Set<Path> lasting = ConcurrentHashMap.newKeySet();

    /**
     * Opens the folder, makes it where it is not there, and puts right what a process that was killed has left.
     *
     * @param fsync whether what is stored is to survive a loss of power
     * @param journaledLength longest file that goes through the journal, 0 for none
     * @param direct whether longer ones are written past the page cache, where the file system can; only with fsync
     */
    public FileStorageSpace(Path root, boolean fsync, int journaledLength, boolean direct) throws IOException {
        this.root = root.toAbsolutePath();
        this.fsync = fsync;
        this.journaledLength = fsync ? Math.min(journaledLength, MOST_JOURNALED) : 0;
        makeRoot();
        own = ProcessFolder.open(this.root);
        try {
            files = new NewFiles(own.path(), fsync && direct);
            journal = this.journaledLength > 0 ? new Journal(own.path(), this.root) : null;
        } catch (IOException e) {
            own.close();
            throw e;
        }
    }

    /** Images are for nobody else of the machine; whoever wants it otherwise makes the folder. */
    private static void makeForOwner(Path folder) throws IOException {
        try {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (UnsupportedOperationException e) {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            // by another process
        }
    }

    private void makeRoot() throws IOException {
        Path there = root;
        while (!Files.exists(there)) {
            there = there.getParent();
        }
        if (!Files.exists(root)) {
            Files.createDirectories(root.getParent());
            makeForOwner(root);
        }
        if (fsync) {
            forceFolders(root, there);
        }
    }

    @Override
    public StoredInstance store(String provider, InstanceBody body) throws IOException, DicomException {
        String name = ObjectName.create(provider, body.dataSet());
        byte[] start = new byte[Math.max(journaledLength + 1, CHUNK)];
        try {
            int n = fill(body.stream(), start);
            if (journal != null && n <= journaledLength && body.isComplete()) {
                journal.store(name, Arrays.copyOf(start, n), () -> writeShort(name, ByteBuffer.wrap(start, 0, n)));
            } else {
                writeLong(name, body, start, n);
            }
        } catch (IOException e) {
            if (e.getCause() instanceof DicomException problem) {
                throw problem;
            }
            throw e;
        }
        return new StoredInstance(provider, name, body.length(), body.sha256(), body.transferSyntax(), body.dataSet());
    }

    /** Reads until the buffer is full or the stream is at its end. */
    private static int fill(InputStream in, byte[] buffer) throws IOException {
        int filled = 0;
        while (filled < buffer.length) {
            int n = in.read(buffer, filled, buffer.length - filled);
            if (n < 0) {
                return filled;
            }
            filled += n;
        }
        return filled;
    }

    private void writeShort(String name, ByteBuffer bytes) throws IOException {
        Path file = resolve(name);
        try {
            withFolder(file, () -> {
                try (FileChannel out =
                        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                    writeAll(out, bytes.duplicate());
                }
            });
        } catch (IOException | RuntimeException | Error e) {
            undo(() -> delete(name), e);
            throw e;
        }
    }

    private void writeLong(String name, InstanceBody body, byte[] buffer, int filled) throws IOException {
        Path temporary = own.path().resolve(UUID.randomUUID() + ".part");
        Path file = resolve(name);
        try {
            try (NewFiles.NewFile out = files.create(temporary)) {
                for (int n = filled; n >= 0; n = body.stream().read(buffer)) {
                    out.write(buffer, n);
                }
                out.finish(fsync);
            }
            withFolder(file, () -> Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE));
            if (fsync) {
                forceNewFolders(file.getParent());
            }
        } catch (IOException | RuntimeException | Error e) {
            undo(() -> Files.deleteIfExists(temporary), e);
            undo(() -> delete(name), e);
            throw e;
        }
    }

    private static void undo(FileAction action, Throwable failure) {
        try {
            action.run();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    /** Something that needs the folder of a file. */
    @FunctionalInterface
    interface FileAction {
        void run() throws IOException;
    }

    /** Makes the folder first; again where another thread removes it as empty in between. */
    static void withFolder(Path file, FileAction action) throws IOException {
        for (int attempt = 0; ; attempt++) {
            try {
                makeFolder(file.getParent());
                action.run();
                return;
            } catch (NoSuchFileException e) {
                if (attempt == MOST_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static void makeFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            // to make it would cost the stack traces of two exceptions
            return;
        }
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            // it was there, and when its kind was looked at it was gone
            if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(folder)) {
                throw e;
            }
        }
    }

    /** Forces the file's folder, and those above it that are not known to last: each costs the disk a flush. */
    private void forceNewFolders(Path lowest) throws IOException {
        force(lowest);
        for (Path folder = lowest; !folder.equals(root) && !lasting.contains(folder); folder = folder.getParent()) {
            force(folder.getParent());
            if (lasting.size() >= MOST_LASTING) {
                lasting.clear();
            }
            lasting.add(folder);
        }
    }

    /** Forces the folders from one up to another: any of them may be new. */
    private static void forceFolders(Path lowest, Path highest) throws IOException {
        for (Path folder = lowest; folder.startsWith(highest); folder = folder.getParent()) {
            force(folder);
            if (folder.getParent() == null) {
                return;
            }
        }
    }

    static void force(Path fileOrFolder) throws IOException {
        try (FileChannel channel = FileChannel.open(fileOrFolder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public InputStream open(String objectName, long offset, long length) throws IOException {
        FileChannel channel = FileChannel.open(resolve(objectName), StandardOpenOption.READ);
        channel.position(offset);
        return new Bounded(Channels.newInputStream(channel), length);
    }

    @Override
    public Path file(String objectName) {
        return resolve(objectName);
    }

    @Override
    public void delete(String objectName) throws IOException {
        Path file = resolve(objectName);
        Files.deleteIfExists(file);
        for (Path folder = file.getParent(); !folder.equals(root); folder = folder.getParent()) {
            try {
                lasting.remove(folder);
                Files.deleteIfExists(folder);
            } catch (DirectoryNotEmptyException e) {
                return;
            }
        }
    }

    @Override
    public void putBack(String objectName, String sameAs, byte[] sha256) throws IOException, DicomException {
        Path file = resolve(objectName);
        Path needed = resolve(sameAs);
        if (!Files.exists(file) || Files.exists(needed) && Files.size(needed) == Files.size(file)) {
            return;
        }
        verify(objectName, sha256);
        if (fsync) {
            // a short one may be in the journal alone, under its own name
            force(file);
        }
        withFolder(needed, () -> Files.move(file, needed, StandardCopyOption.ATOMIC_MOVE));
        if (fsync) {
            forceNewFolders(needed.getParent());
        }
        LOG.warn("An object that was lost is there again, as it was sent again");
    }

    @Override
    public Stream<String> list(String provider, FileTime before) throws IOException {
        ObjectWalk walk = provider == null
                ? ObjectWalk.ofAll(root, before)
                : ObjectWalk.of(root.resolve(ObjectName.encode(provider)), before);
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(walk, Spliterator.NONNULL), false)
                .map(path -> root.relativize(path).toString().replace(File.separatorChar, '/'))
                .onClose(walk::close);
    }

    @Override
    public void check() throws IOException {
        Path probe = own.path().resolve("check-" + UUID.randomUUID());
        Files.write(probe, new byte[] {1});
        Files.delete(probe);
    }

    @Override
    public long free() {
        try {
            return Files.getFileStore(root).getUsableSpace();
        } catch (IOException e) {
            return -1;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (journal != null) {
                journal.close();
            }
        } catch (IOException e) {
            // whoever opens the storage space next writes again what the journal holds
            own.abandon();
            throw e;
        }
        own.close();
    }

    /** Names come from the manifest, and from events that are held against what they tell of; still none leads out of the folder. */
    private Path resolve(String objectName) {
        Path file = root.resolve(objectName).normalize();
        if (!file.startsWith(root) || file.equals(root)) {
            throw new IllegalArgumentException("The object name leads out of the storage space");
        }
        return file;
    }

    /** At most so many bytes of a stream. */
    private static final class Bounded extends FilterInputStream {
        private long left;

        Bounded(InputStream in, long length) {
            super(in);
            left = length;
        }

        @Override
        public int read() throws IOException {
            int b = left <= 0 ? -1 : super.read();
            left--;
            return b;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int n = super.read(bytes, offset, (int) Math.min(length, left));
            left -= Math.max(n, 0);
            return n;
        }
    }
}
