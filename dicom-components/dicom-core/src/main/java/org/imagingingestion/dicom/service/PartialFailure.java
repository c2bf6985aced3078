package org.imagingingestion.dicom.service;

import java.util.Set;

/** A failure to send several instances of which some were taken all the same. */
public interface PartialFailure {
    /** SOP Instance UIDs of the instances that were taken; none of which another of the same UID was not. */
    Set<String> taken();

    /** Those that were taken though this is why a route failed, or one of the causes; empty where that is not told. */
    static Set<String> taken(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PartialFailure partial) {
                return partial.taken();
            }
        }
        return Set.of();
    }
}
