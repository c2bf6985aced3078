package org.imagingingestion.dicom.service;

import java.util.HexFormat;

/**
 * What the manifest did with a stored instance.
 *
 * @param kind what happened
 * @param discard name of an object that nothing refers to any more and that is to be removed, {@code null} where there is none
 * @param sameAs name of the object of the same bytes that is referred to instead, {@code null} where there is none; what is to
 *     be removed takes its place where it is lost
 * @param place where the instance is found under its SOP Instance UID, {@code null} where that is as it says itself
 * @param sha256 digest of the bytes of both objects in hexadecimal digits, {@code null} where there is no {@code sameAs}
 */
public record RecordOutcome(Kind kind, String discard, String sameAs, Place place, String sha256) {
    /** A study and a series of it. */
    public record Place(String studyInstanceUID, String seriesInstanceUID) {}

    public RecordOutcome(Kind kind, String discard) {
        this(kind, discard, null, null, null);
    }

    public RecordOutcome(Kind kind, String discard, String sameAs) {
        this(kind, discard, sameAs, null, null);
    }

    /** The same of an instance that is found elsewhere. */
    public RecordOutcome at(Place elsewhere) {
        return new RecordOutcome(kind, discard, sameAs, elsewhere, sha256);
    }

    /** The same, told of which bytes. */
    public RecordOutcome of(byte[] digest) {
        return sameAs == null
                ? this
                : new RecordOutcome(kind, discard, sameAs, place, HexFormat.of().formatHex(digest));
    }

    public enum Kind {
        /** A new instance. */
        ADDED,
        /** The same bytes again; nothing changed. */
        UNCHANGED,
        /** Other bytes under a known SOP Instance UID; the earlier ones stay in force, the new ones are kept beside them. */
        KEPT_FIRST,
        /** Other bytes under a known SOP Instance UID; they are in force now, the earlier ones are kept beside them. */
        REPLACED,
        /** Other bytes under a known SOP Instance UID, not taken. */
        REFUSED
    }
}
