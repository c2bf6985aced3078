package org.imagingingestion.camel.manifest;

/** What counts when other bytes come under the SOP Instance UID of a recorded instance, or when it comes in another study or series. */
public enum ConflictPolicy {
    /** The recorded instance stays in force; the new one is kept beside it. */
    KEEP_FIRST,
    /** The new instance is in force from now on; the one before is kept beside it. */
    KEEP_LAST,
    /** The recorded instance stays in force; the new one is not taken. */
    REFUSE,
    /** As {@link #KEEP_FIRST} for an object that was never recorded; one of an instance that was deleted is not recorded at all. */
    RECOVER
}
