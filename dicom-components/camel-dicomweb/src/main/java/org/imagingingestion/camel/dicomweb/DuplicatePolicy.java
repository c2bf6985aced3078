package org.imagingingestion.camel.dicomweb;

/** What an instance is that a server refuses as it has one of the same SOP Instance UID. */
public enum DuplicatePolicy {
    /** Not stored. */
    FAIL,
    /** Stored, if it is the same. */
    COMPARE
}
