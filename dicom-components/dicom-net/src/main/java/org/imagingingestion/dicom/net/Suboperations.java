package org.imagingingestion.dicom.net;

/** How far the sub-operations of a retrieval are (PS3.7 §9.3.4.2), -1 for a number that is not told. */
public record Suboperations(int remaining, int completed, int failed, int warning) {
    /** The same at the end, where none remains to be told. */
    public Suboperations withoutRemaining() {
        return new Suboperations(-1, completed, failed, warning);
    }
}
