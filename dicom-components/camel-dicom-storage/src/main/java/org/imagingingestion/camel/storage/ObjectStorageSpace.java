package org.imagingingestion.camel.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.StoredInstance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A storage space in an {@link ObjectStore}. An object of up to a part's length is stored in one request, a longer one part
 * by part. What an upload holds in memory is one part at most, whatever the object's length.
 *
 * <p>Any number of processes may share it.
 */
final class ObjectStorageSpace implements StorageSpace {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectStorageSpace.class);
    /** Up to this an object needs none of the memory that uploads wait for. */
    private static final int SHORT = 64 << 10;

    private final ObjectStore store;
    private final String prefix;
    private final PartBuffers buffers;

    /** @param prefix of all keys, before the names of objects @param partLength bytes that are sent at once */
    ObjectStorageSpace(ObjectStore store, String prefix, int partLength) {
        this.store = store;
        this.prefix = prefix;
        buffers = new PartBuffers(partLength);
    }

    @Override
    public StoredInstance store(String provider, InstanceBody body) throws IOException, DicomException {
        String name = ObjectName.create(provider, body.dataSet());
        try {
            upload(key(name), body.stream());
        } catch (IOException e) {
            if (e.getCause() instanceof DicomException problem) {
                throw problem;
            }
            throw e;
        }
        return new StoredInstance(provider, name, body.length(), body.sha256(), body.transferSyntax(), body.dataSet());
    }

    private void upload(String key, InputStream in) throws IOException {
        byte[] start = in.readNBytes(SHORT);
        if (start.length < SHORT) {
            put(key, start, start.length);
            return;
        }
        try (PartBuffers.Buffer buffer = buffers.begin(start)) {
            boolean isLong = buffer.fill(in);
            if (isLong) {
                buffer.enlarge();
                isLong = buffer.fill(in);
            }
            if (isLong) {
                putInParts(key, in, buffer);
            } else {
                put(key, buffer.bytes(), buffer.length());
            }
        }
    }

    private void put(String key, byte[] bytes, int length) throws IOException {
        try {
            store.put(key, bytes, length);
        } catch (IOException | RuntimeException | Error e) {
            // it may be there all the same, and nobody knows its name
            undo(() -> store.undo(key), e);
            throw e;
        }
    }

    private void putInParts(String key, InputStream in, PartBuffers.Buffer buffer) throws IOException {
        ObjectStore.Upload upload = store.begin(key);
        boolean completing = false;
        try {
            while (buffer.length() > 0) {
                upload.add(buffer.bytes(), buffer.length());
                buffer.refill(in);
            }
            completing = true;
            upload.complete();
        } catch (IOException | RuntimeException | Error e) {
            undo(upload::abort, e);
            if (completing) {
                undo(() -> store.undo(key), e);
            }
            throw e;
        }
    }

    private static void undo(FileStorageSpace.FileAction action, Throwable failure) {
        try {
            action.run();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public InputStream open(String objectName, long offset, long length) throws IOException {
        return new ResumedStream(store, key(objectName), offset, length);
    }

    @Override
    public void delete(String objectName) throws IOException {
        store.delete(key(objectName));
    }

    @Override
    public void putBack(String objectName, String sameAs, byte[] sha256) throws IOException, DicomException {
        long length = store.length(key(objectName));
        if (length < 0 || store.length(key(sameAs)) == length) {
            return;
        }
        verify(objectName, sha256);
        try (InputStream in = open(objectName, 0, length)) {
            upload(key(sameAs), in);
        }
        LOG.warn("An object that was lost is there again, as it was sent again");
    }

    @Override
    public Stream<String> list(String provider, FileTime before) {
        return store.list(key(provider == null ? "" : ObjectName.encode(provider) + "/"), before)
                .filter(key -> key.endsWith(ObjectName.SUFFIX))
                .map(key -> key.substring(prefix.length()));
    }

    @Override
    public void removeUnfinished(FileTime before) throws IOException {
        store.removeUnfinished(prefix, before);
    }

    @Override
    public void check() throws IOException {
        store.check(key(".check"));
    }

    @Override
    public long free() {
        return -1;
    }

    @Override
    public void close() {
        store.close();
    }

    private String key(String objectName) {
        return prefix + objectName;
    }
}
