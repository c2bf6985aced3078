package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

import org.imagingingestion.dicom.service.BulkIndex;
import org.imagingingestion.dicom.service.ObjectSource;

/** A part of a stored object. */
final class StoredPayload extends Payload {
    private final ObjectSource objects;
    private final String objectName;
    private final long start;
    private final long length;

    StoredPayload(ObjectSource objects, String objectName, long start, long length) {
        this.objects = objects;
        this.objectName = objectName;
        this.start = start;
        this.length = length;
    }

    StoredPayload(ObjectSource objects, String objectName, BulkIndex.Range range) {
        this(objects, objectName, range.offset(), range.length());
    }

    /** The file that the object is, {@code null} where it is none. */
    Path file() {
        return objects.file(objectName);
    }

    /** Place of this payload's first byte in the object. */
    long start() {
        return start;
    }

    @Override
    long length() {
        return length;
    }

    @Override
    InputStream open(long offset, long length) throws IOException {
        return objects.open(objectName, start + offset, length);
    }
}
