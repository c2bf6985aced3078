package org.imagingingestion.dicom.service;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** Where the bytes of stored objects are read from. */
public interface ObjectSource {
    /**
     * Opens a part of an object.
     *
     * @param objectName as {@link InstanceLocation#objectName()} has it
     * @param offset of the first byte
     * @param length in bytes, at most what the object has from there
     * @throws java.nio.file.NoSuchFileException where there is no such object
     */
    InputStream open(String objectName, long offset, long length) throws IOException;

    /** The object as a file of this machine, for whoever can send files without reading them; {@code null} where it is not one. */
    default Path file(String objectName) {
        return null;
    }
}
