package org.imagingingestion.camel.fhir;

/** What became of a revision of a study. */
public enum Outcome {
    /** The study was not published before. */
    CREATED,
    /** The ImagingStudy is now as the revision has it. */
    UPDATED,
    /** The server had this revision already, or a later one. */
    UNCHANGED,
    /** The revision is of a storage space that is not published. */
    IGNORED
}
