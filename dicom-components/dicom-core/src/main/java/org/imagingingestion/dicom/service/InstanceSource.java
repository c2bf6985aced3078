package org.imagingingestion.dicom.service;

import java.io.IOException;
import java.io.InputStream;

/** An instance that is kept somewhere, to be sent on. */
public interface InstanceSource {
    String sopClassUID();

    String sopInstanceUID();

    /** Of the data set as it is kept. */
    String transferSyntaxUID();

    /** Opens the Part 10 file; may be called more than once. */
    InputStream open() throws IOException;
}
