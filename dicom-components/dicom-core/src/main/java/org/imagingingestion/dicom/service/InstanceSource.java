package org.imagingingestion.dicom.service;

import java.io.IOException;
import java.io.InputStream;

/** An instance that can be read more than once. */
@FunctionalInterface
public interface InstanceSource {
    /** Opens the Part 10 file. */
    InputStream open() throws IOException;

    /** Bytes of the file, -1 where that is not known. */
    default long length() {
        return -1;
    }
}
