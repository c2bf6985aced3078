package org.imagingingestion.camel.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * What a service keeps objects by, under keys. Nothing is visible under a key before all of it is there. Messages of its
 * failures name no key, as keys have UIDs in them.
 */
interface ObjectStore extends AutoCloseable {
    /** How long it may take to clean up after a failure, which the sender waits for. */
    Duration TO_CLEAN_UP = Duration.ofSeconds(5);

    /** Stores an object in one request, with a digest for the service to check. */
    void put(String key, byte[] bytes, int length) throws IOException;

    /** Begins an object that comes in parts. */
    Upload begin(String key) throws IOException;

    /**
     * Asks for a part of an object.
     *
     * @param length in bytes, at most what the object has from the offset
     * @param version that the object is to have, {@code null} for any
     * @throws java.nio.file.NoSuchFileException where there is none
     */
    Download get(String key, long offset, long length, String version) throws IOException;

    /** Bytes of an object, -1 where there is none. */
    long length(String key) throws IOException;

    /** Removes an object; one that is not there is no failure. */
    void delete(String key) throws IOException;

    /** The same after a failure: at most one attempt, within {@link #TO_CLEAN_UP}. */
    void undo(String key) throws IOException;

    /** Keys with a prefix that were stored before a time, page by page; throws {@link java.io.UncheckedIOException}. */
    Stream<String> list(String prefix, FileTime before);

    /** Removes the parts of uploads that were begun before a time and not finished. */
    void removeUnfinished(String prefix, FileTime before) throws IOException;

    /** Shows that objects can be stored, and leaves none. @param key of none */
    void check(String key) throws IOException;

    @Override
    void close();

    /** An object that comes in parts. */
    interface Upload {
        /** Adds the next part. All but the last are of the same length. The bytes may be used again afterwards. */
        void add(byte[] bytes, int length) throws IOException;

        /** Makes one object of all parts. */
        void complete() throws IOException;

        /** Removes all parts. */
        void abort() throws IOException;
    }

    /**
     * A part of an object on its way.
     *
     * @param length bytes that are to come
     * @param version of the object
     * @param cancel ends it where not all of it is wanted any more
     */
    record Download(InputStream stream, long length, String version, Runnable cancel) {}
}
