package org.imagingingestion.camel.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.sun.nio.file.ExtendedOpenOption;

/**
 * Makes files that are written from their start to their end, past the page cache where that is wanted and the file system
 * can: copying there what is forced to the disk at once costs more than the disk, and pushes out what is read.
 */
final class NewFiles {
    private static final Logger LOG = LoggerFactory.getLogger(NewFiles.class);
    private static final int BUFFER = 1 << 20;
    private static final int LEAST_BLOCK = 4096;
    private static final Set<OpenOption> CACHED = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final Set<OpenOption> DIRECT =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT);

    private final int block;
    private final Set<OpenOption> options;
    /** As many as files were written at once. */
    private final ConcurrentLinkedQueue<ByteBuffer> idle = new ConcurrentLinkedQueue<>();

    /** @param folder of the files @param direct whether they are to be written past the page cache */
    NewFiles(Path folder, boolean direct) throws IOException {
        block = (int) Math.min(
                BUFFER, Math.max(LEAST_BLOCK, Files.getFileStore(folder).getBlockSize()));
        options = direct && canDirect(folder) ? DIRECT : CACHED;
    }

    private boolean canDirect(Path folder) throws IOException {
        Path probe = folder.resolve("direct-" + UUID.randomUUID());
        try (FileChannel channel = FileChannel.open(probe, DIRECT)) {
            channel.write(newBuffer().limit(block));
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("Files are written through the page cache, as the file system takes no direct writes", e);
            return false;
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    private ByteBuffer newBuffer() {
        return ByteBuffer.allocateDirect(BUFFER + block - 1).alignedSlice(block);
    }

    NewFile create(Path path) throws IOException {
        return new NewFile(FileChannel.open(path, options));
    }

    /** A file that is being written. */
    final class NewFile implements AutoCloseable {
        private final FileChannel channel;
        private final ByteBuffer buffer;
        private long length;

        private NewFile(FileChannel channel) {
            this.channel = channel;
            ByteBuffer used = idle.poll();
            buffer = used != null ? used.clear() : newBuffer();
        }

        void write(byte[] bytes, int count) throws IOException {
            for (int done = 0; done < count; ) {
                int n = Math.min(count - done, buffer.remaining());
                buffer.put(bytes, done, n);
                done += n;
                if (!buffer.hasRemaining()) {
                    flush();
                }
            }
            length += count;
        }

        private void flush() throws IOException {
            FileStorageSpace.writeAll(channel, buffer.flip());
            buffer.clear();
        }

        /** Writes what is left. @param force whether all of it is to be on the disk then */
        void finish(boolean force) throws IOException {
            boolean padded = options == DIRECT && buffer.position() % block != 0;
            while (padded && buffer.position() % block != 0) {
                buffer.put((byte) 0);
            }
            flush();
            if (padded) {
                channel.truncate(length);
            }
            if (force) {
                channel.force(true);
            }
        }

        @Override
        public void close() throws IOException {
            idle.add(buffer);
            channel.close();
        }
    }
}
