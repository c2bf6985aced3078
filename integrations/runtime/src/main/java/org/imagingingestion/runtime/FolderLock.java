package org.imagingingestion.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Holds a folder for one process, as long as the process lives. */
final class FolderLock implements AutoCloseable {
    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the folder.
     *
     * @throws StartupException where another process has it
     */
    static FolderLock of(Path folder) throws StartupException, IOException {
        Path file = folder.resolve("postgres.lock");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                channel.truncate(0);
                channel.write(ByteBuffer.wrap(
                        Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
                return new FolderLock(channel);
            }
        } catch (OverlappingFileLockException e) {
            // by this very process; told as if by another
        }
        channel.close();
        throw new StartupException("The data folder " + folder + " is in use by process " + Files.readString(file)
                + ": stop that, or set IMAGING_DATA to another one");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
