package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;

import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.InstanceLocation;
import org.imagingingestion.dicom.service.InstanceSource;
import org.imagingingestion.dicom.service.ObjectSource;
import org.imagingingestion.dicom.service.RetrievalResult;

/** Finds the instances in what a route has for a body. */
final class InstanceSources {
    private InstanceSources() {}

    private record Held(byte[] file) implements InstanceSource {
        @Override
        public InputStream open() {
            return new ByteArrayInputStream(file);
        }

        @Override
        public long length() {
            return file.length;
        }
    }

    private record OnDisk(Path file) implements InstanceSource {
        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(file);
        }

        @Override
        public long length() {
            try {
                return Files.size(file);
            } catch (IOException e) {
                return -1;
            }
        }
    }

    private record Cached(StreamCache cache) implements InstanceSource {
        @Override
        public InputStream open() {
            cache.reset();
            return (InputStream) cache;
        }
    }

    private record Stored(ObjectSource objects, String name, long length) implements InstanceSource {
        @Override
        public InputStream open() throws IOException {
            return objects.open(name, 0, length);
        }
    }

    /** Several instances, {@code null} where the body is to be a single one. */
    static Iterator<?> several(Object body) {
        if (body instanceof RetrievalResult result) {
            if (result.objects() == null) {
                throw new IllegalArgumentException(
                        "What was located can only be stored after a storage space has put itself there");
            }
            return result.locations().iterator();
        }
        if (body instanceof Iterator<?> iterator) {
            return iterator;
        }
        if (body instanceof Iterable<?> iterable && !(body instanceof Path) && !(body instanceof DataSet)) {
            return iterable.iterator();
        }
        return body instanceof Object[] array ? Arrays.asList(array).iterator() : null;
    }

    /**
     * One instance.
     *
     * @param objects where locations are read from, {@code null} where there are none
     * @throws IllegalArgumentException where it is nothing that can be sent
     */
    static OutgoingInstance single(Object body, ObjectSource objects) {
        if (body instanceof InstanceBody instance) {
            return new OutgoingInstance(instance);
        }
        if (body instanceof InstanceSource source) {
            return new OutgoingInstance(source);
        }
        if (body instanceof byte[] file) {
            return new OutgoingInstance(new Held(file));
        }
        if (body instanceof Path file) {
            return new OutgoingInstance(new OnDisk(file));
        }
        if (body instanceof File file) {
            return new OutgoingInstance(new OnDisk(file.toPath()));
        }
        if (body instanceof WrappedFile<?> file && file.getFile() instanceof File local) {
            return new OutgoingInstance(new OnDisk(local.toPath()));
        }
        if (body instanceof InstanceLocation location && objects != null) {
            return new OutgoingInstance(new Stored(objects, location.objectName(), location.length()));
        }
        if (body instanceof StreamCache cache && body instanceof InputStream) {
            return new OutgoingInstance(new Cached(cache));
        }
        if (body instanceof InputStream stream) {
            return new OutgoingInstance(stream);
        }
        throw new IllegalArgumentException(
                "A stow: producer sends an InstanceBody, or a Part 10 file as InputStream, File, Path,"
                        + " byte[] or InstanceSource, or several of them; not "
                        + (body == null ? "nothing" : "a " + body.getClass().getName()));
    }
}
