package org.imagingingestion.camel.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.stream.Stream;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
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
     * @param sha256 digest of the bytes
     * @throws DicomException PROCESSING_FAILURE where it is needed there and has other bytes
     * @throws IOException where it is needed there and cannot be put there
     */
    void putBack(String objectName, String sameAs, byte[] sha256) throws IOException, DicomException;

    /** @throws DicomException PROCESSING_FAILURE where an object has not these bytes */
    default void verify(String objectName, byte[] sha256) throws IOException, DicomException {
        try (DigestInputStream in =
                new DigestInputStream(open(objectName, 0, Long.MAX_VALUE), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            if (!MessageDigest.isEqual(in.getMessageDigest().digest(), sha256)) {
                throw new DicomException(
                        DicomStatus.PROCESSING_FAILURE, "A stored object has not the digest that was told of it");
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Names of the objects that were stored before a time; to be closed. @param provider {@code null} for all of them */
    Stream<String> list(String provider, FileTime before) throws IOException;

    /** Removes what was begun to be stored before a time and never finished, where that is left when a process ends. */
    default void removeUnfinished(FileTime before) throws IOException {}

    /** Shows that it can store. @throws IOException why it cannot */
    void check() throws IOException;

    /** Bytes that are free, -1 where that cannot be told. */
    long free();

    @Override
    void close() throws IOException;
}
