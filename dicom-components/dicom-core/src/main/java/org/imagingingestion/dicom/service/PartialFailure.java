package org.imagingingestion.dicom.service;

import java.util.Map;
import java.util.Set;

/** A failure to send several instances that tells of each, so that those that were taken need not be sent again with the others. */
public interface PartialFailure {
    /** SOP Instance UIDs of the instances that were taken. */
    Set<String> taken();

    /** Why instances were not taken, by SOP Instance UID. What is here and in {@link #taken()}, or in neither, may have been taken or not. */
    Map<String, Throwable> refused();
}
