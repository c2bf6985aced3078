package org.imagingingestion.camel.instance;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;

/** What stands before the pixel data, so that it can be read at any place: in memory, or in a file where it is long. */
final class HeaderSpool extends OutputStream {
    private static final int IN_MEMORY = 1 << 20;
    private static final long MOST = 1 << 30;

    private byte[] bytes = new byte[16 << 10];
    private int held;
    private long length;
    private FileChannel file;

    long length() {
        return length;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int count) throws IOException {
        if (length + count > MOST) {
            throw new IOException(new DicomException(
                    DicomStatus.CANNOT_UNDERSTAND, "More than " + MOST + " bytes stand before the pixel data"));
        }
        if (file == null && held + count > IN_MEMORY) {
            spill();
        }
        if (file == null) {
            if (held + count > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.min(IN_MEMORY, Math.max(held + count, 2 * bytes.length)));
            }
            System.arraycopy(source, offset, bytes, held, count);
            held += count;
        } else {
            append(source, offset, count);
        }
        length += count;
    }

    private void spill() throws IOException {
        Path path = Files.createTempFile("dicom-header", null);
        try {
            file = FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        } finally {
            // where the system allows it, it is gone now, also for whoever is killed
            Files.deleteIfExists(path);
        }
        append(bytes, 0, held);
        bytes = null;
    }

    private void append(byte[] source, int offset, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(source, offset, count);
        while (buffer.hasRemaining()) {
            file.write(buffer);
        }
    }

    /** The bytes from a place on, to be read until this is closed. */
    InputStream open(long offset, long count) {
        return file == null
                ? new ByteArrayInputStream(bytes, (int) offset, (int) Math.min(count, held - offset))
                : new Part(offset, Math.min(count, length - offset));
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    private final class Part extends InputStream {
        private long place;
        private final long end;

        Part(long offset, long count) {
            place = offset;
            end = offset + count;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int count) throws IOException {
            if (place >= end) {
                return count == 0 ? 0 : -1;
            }
            int n = file.read(ByteBuffer.wrap(target, offset, (int) Math.min(count, end - place)), place);
            if (n > 0) {
                place += n;
            }
            return n;
        }
    }
}
