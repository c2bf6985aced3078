package org.imagingingestion.dicom.service;

import java.io.IOException;

/** An instance that is kept somewhere, and what has to be known of it before it is sent on. */
public interface KeptInstance extends InstanceSource {
    String sopClassUID();

    String sopInstanceUID();

    /** Of the data set as it is kept. */
    String transferSyntaxUID();

    /** Whether what it is can be asked before its turn to be sent comes; not where that would begin to retrieve it. */
    default boolean isDescribed() {
        return true;
    }

    /** Finds out what it is, where that is not known yet. @throws IOException where it cannot be had */
    default void describe() throws IOException {}
}
