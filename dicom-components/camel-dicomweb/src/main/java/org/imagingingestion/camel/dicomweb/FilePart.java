package org.imagingingestion.camel.dicomweb;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

import io.netty.channel.FileRegion;
import io.netty.util.AbstractReferenceCounted;

/** A part of an open file on its way to the client, copied by the operating system. */
final class FilePart extends AbstractReferenceCounted implements FileRegion {
    private final FileChannel file;
    private final long offset;
    private final long length;
    private volatile long transferred;

    /** @param file stays open; whoever opened it closes it when the part is sent */
    FilePart(FileChannel file, long offset, long length) {
        this.file = file;
        this.offset = offset;
        this.length = length;
    }

    @Override
    public long position() {
        return offset;
    }

    @Override
    @SuppressWarnings("deprecation")
    public long transfered() {
        return transferred;
    }

    @Override
    public long transferred() {
        return transferred;
    }

    @Override
    public long count() {
        return length;
    }

    @Override
    public long transferTo(WritableByteChannel target, long position) throws IOException {
        long left = length - position;
        if (left <= 0) {
            return 0;
        }
        long written = file.transferTo(offset + position, left, target);
        if (written > 0) {
            transferred += written;
        } else if (file.size() < offset + length) {
            throw new EOFException("A stored object is shorter than it was");
        }
        return written;
    }

    @Override
    protected void deallocate() {
        // the file is not this part's own
    }

    @Override
    public FileRegion retain() {
        super.retain();
        return this;
    }

    @Override
    public FileRegion retain(int increment) {
        super.retain(increment);
        return this;
    }

    @Override
    public FileRegion touch() {
        return this;
    }

    @Override
    public FileRegion touch(Object hint) {
        return this;
    }
}
