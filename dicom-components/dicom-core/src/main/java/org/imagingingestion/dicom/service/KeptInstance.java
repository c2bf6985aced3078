package org.imagingingestion.dicom.service;

/** An instance that is kept somewhere, and what has to be known of it before it is sent on. */
public interface KeptInstance extends InstanceSource {
    String sopClassUID();

    String sopInstanceUID();

    /** Of the data set as it is kept. */
    String transferSyntaxUID();
}
