package org.imagingingestion.camel.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A file of records that is written from its start again and again, so that forcing it moves no end of file. A record is
 * magic, CRC-32C of the rest, generation, length of the name, length of the bytes (4 bytes each), name, bytes. The records
 * of a generation follow each other from the start; the first that is not whole or of another generation ends them.
 */
final class JournalFile implements AutoCloseable {
    static final String SUFFIX = ".journal";
    private static final int MAGIC = 0x44494A31;
    private static final int HEADER = 20;
    private static final int SIZE = 32 << 20;

    /** Takes a record. */
    @FunctionalInterface
    interface Reader {
        void record(String name, ByteBuffer bytes) throws IOException;
    }

    private final Path path;
    private FileChannel channel;
    private boolean closed;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
    private final List<String> names = new ArrayList<>();
    private int generation;
    private long forced;
    private long end;

    /** Files that are in this journal and not written yet; guarded by the journal's lock. */
    int pending;

    private JournalFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static JournalFile create(Path path) throws IOException {
        FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            ByteBuffer zeros = ByteBuffer.allocate(1 << 20);
            for (int written = 0; written < SIZE; ) {
                written += channel.write(zeros.rewind());
            }
            channel.force(true);
            return new JournalFile(path, channel);
        } catch (IOException e) {
            channel.close();
            // without this nobody would know where there is no room
            throw new FileSystemException(path.toString(), null, e.getMessage());
        }
    }

    /** Starts at the start. */
    void begin(int newGeneration) {
        generation = newGeneration;
        forced = 0;
        end = 0;
        names.clear();
    }

    /** Adds a record, durable after {@link #force}. @return whether there was room for it */
    boolean add(String name, byte[] bytes) throws IOException {
        byte[] encoded = name.getBytes(StandardCharsets.UTF_8);
        int length = HEADER + encoded.length + bytes.length;
        if (end + length > SIZE) {
            return false;
        }
        if (buffer.remaining() < length) {
            drain();
        }
        int start = buffer.position();
        buffer.putInt(MAGIC).putInt(0).putInt(generation).putInt(encoded.length).putInt(bytes.length);
        buffer.put(encoded).put(bytes);
        buffer.putInt(start + 4, checksum(buffer, start + 8, length - 8));
        end += length;
        names.add(name);
        return true;
    }

    private static int checksum(ByteBuffer bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(from, length));
        return (int) crc.getValue();
    }

    void force() throws IOException {
        drain();
        channel().force(false);
        forced = end;
    }

    private void drain() throws IOException {
        buffer.flip();
        long position = end - buffer.remaining();
        while (buffer.hasRemaining()) {
            position += channel().write(buffer, position);
        }
        buffer.clear();
    }

    /** A thread that is interrupted while it writes closes the channel; what was forced is not touched by that. */
    private FileChannel channel() throws IOException {
        if (!channel.isOpen() && !closed) {
            channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }
        return channel;
    }

    /** Forgets what was added since it was last forced. */
    void rewind() {
        buffer.clear();
        end = forced;
    }

    List<String> names() {
        return names;
    }

    boolean isEmpty() {
        return end == 0;
    }

    /** Marks it as holding nothing. */
    void clear() throws IOException {
        channel().write(ByteBuffer.allocate(HEADER), 0);
        channel().force(false);
        begin(generation);
    }

    /** Reads the records of the generation that the file holds. */
    static void read(Path path, Reader reader) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            int generation = file.remaining() < HEADER ? 0 : file.getInt(8);
            while (file.remaining() >= HEADER) {
                int start = file.position();
                int nameLength = file.getInt(start + 12);
                int length = file.getInt(start + 16);
                boolean whole = file.getInt(start) == MAGIC
                        && file.getInt(start + 8) == generation
                        && nameLength > 0
                        && length >= 0
                        && (long) nameLength + length <= file.remaining() - HEADER
                        && file.getInt(start + 4) == checksum(file, start + 8, HEADER - 8 + nameLength + length);
                if (!whole) {
                    return;
                }
                byte[] name = new byte[nameLength];
                file.get(start + HEADER, name);
                reader.record(
                        new String(name, StandardCharsets.UTF_8), file.slice(start + HEADER + nameLength, length));
                file.position(start + HEADER + nameLength + length);
            }
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        channel.close();
    }
}
