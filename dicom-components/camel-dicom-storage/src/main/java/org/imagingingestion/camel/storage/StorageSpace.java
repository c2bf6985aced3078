package org.imagingingestion.camel.storage;

import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.ObjectSource;
import org.imagingingestion.dicom.service.StoredInstance;

/** Where the bytes of instances are kept. What it has said to have stored is there after any crash. */
public interface StorageSpace extends ObjectSource, AutoCloseable {
    /**
     * Stores an instance under a name of its own and returns when it is durable; on failure nothing is left.
     *
     * @throws DicomException where the bytes are not an instance
     * @throws IOException where they cannot be stored, or the sender breaks off
     */
    StoredInstance store(String provider, InstanceBody body) throws IOException, DicomException;

    /** Removes an object; one that is not there is no failure. */
    void delete(String objectName) throws IOException;

    /**
     * Puts an object in the place of another one of the same bytes where that is lost or cut short; does nothing where it is not.
     *
     * @throws IOException where it is needed there and cannot be put there
     */
    void putBack(String objectName, String sameAs) throws IOException;

    /** Names of the objects of a provider that were stored before a time; to be closed. */
    Stream<String> list(String provider, FileTime before) throws IOException;

    /** Shows that it can store. @throws IOException why it cannot */
    void check() throws IOException;

    /** Bytes that are free, -1 where that cannot be told. */
    long free();

    @Override
    void close() throws IOException;
}
