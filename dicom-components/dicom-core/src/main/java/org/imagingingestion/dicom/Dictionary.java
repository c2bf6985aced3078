package org.imagingingestion.dicom;

import java.util.List;

/**
 * What the standard registers: data elements (PS3.6 §6 to §9, PS3.7 §E) and unique identifiers (PS3.6 Annex A). Loaded when
 * first asked, from one table in this jar.
 */
public final class Dictionary {
    private Dictionary() {}

    /**
     * A registered data element.
     *
     * @param tag with zeros for the digits that vary in repeating groups
     * @param mask ones for the bits that are fixed: all but in repeating groups, such as 60xx,3000
     * @param vrs in the standard's order, none for items and delimiters
     * @param vm value multiplicity as the standard writes it, such as {@code 1-n}
     * @param keyword empty where the standard has retired it with the name
     * @param name as the standard writes it
     */
    public record Entry(int tag, int mask, List<VR> vrs, String vm, String keyword, String name, boolean isRetired) {}

    /**
     * A registered unique identifier.
     *
     * @param type such as {@code SOP Class} or {@code Transfer Syntax}
     * @param isStorage whether it is a SOP class of the Storage Service Class (PS3.4 §B.5 and what it had before)
     * @param isNonPatientStorage whether it is one of Non-Patient Object Storage (PS3.4 §GG.3)
     */
    public record UIDEntry(
            String uid,
            String type,
            String keyword,
            String name,
            boolean isStorage,
            boolean isNonPatientStorage,
            boolean isRetired) {}

    /**
     * The VR of an element whose VR is not written with it (PS3.5 §6.2, Annex A.1).
     *
     * @return the first one where the standard leaves a choice ({@code US or SS} is US) but OW for {@code OB or OW}; LO for
     *     private creators, UL for group lengths, UN for other private elements and what is not known
     */
    public static VR vrOf(int tag) {
        if (Tag.isGroupLength(tag)) {
            return VR.UL;
        }
        if (Tag.isPrivate(tag)) {
            return Tag.isPrivateCreator(tag) ? VR.LO : VR.UN;
        }
        List<VR> vrs = vrs(tag);
        if (vrs.isEmpty()) {
            return VR.UN;
        }
        return vrs.get(0) == VR.OB && vrs.contains(VR.OW) ? VR.OW : vrs.get(0);
    }

    /** All VRs that an element may have, in the standard's order; none where it is private or not known. */
    public static List<VR> vrs(int tag) {
        Entry entry = entry(tag);
        return entry == null ? List.of() : entry.vrs();
    }

    /** Whether the element is registered; private elements never are. */
    public static boolean isKnown(int tag) {
        return entry(tag) != null;
    }

    /** The keyword of an element, {@code null} where it is private or not known. */
    public static String keywordOf(int tag) {
        Entry entry = entry(tag);
        return entry == null || entry.keyword().isEmpty() ? null : entry.keyword();
    }

    /** The name of an element, {@code null} where it is private or not known. */
    public static String nameOf(int tag) {
        Entry entry = entry(tag);
        return entry == null || entry.name().isEmpty() ? null : entry.name();
    }

    /** Value multiplicity of an element as the standard writes it, {@code null} where it is private or not known. */
    public static String vmOf(int tag) {
        Entry entry = entry(tag);
        return entry == null ? null : entry.vm();
    }

    /** Whether the standard has the element no longer. */
    public static boolean isRetired(int tag) {
        Entry entry = entry(tag);
        return entry != null && entry.isRetired();
    }

    /**
     * The element of a keyword, the first one of repeating groups ({@code OverlayData} is 60003000).
     *
     * @return 0 where the keyword is not known; that is also the tag of Command Group Length, which nobody asks for by keyword
     */
    public static int tagOf(String keyword) {
        Entry entry = Registry.INSTANCE.element(keyword);
        return entry == null ? 0 : entry.tag();
    }

    /** What is registered for the element, that of its repeating group where it is in one; {@code null} where it is not known. */
    public static Entry entry(int tag) {
        return Tag.isPrivate(tag) ? null : Registry.INSTANCE.element(tag);
    }

    /** All registered data elements in the order of their tags. */
    public static List<Entry> entries() {
        return Registry.INSTANCE.elements();
    }

    /** What is registered for a UID, {@code null} where it is not known. */
    public static UIDEntry uid(String uid) {
        return Registry.INSTANCE.uid(uid);
    }

    /** All registered UIDs, in the order of the numbers in them. */
    public static List<UIDEntry> uids() {
        return Registry.INSTANCE.uids();
    }

    /** The name of a UID, {@code null} where it is not known. */
    public static String uidName(String uid) {
        UIDEntry entry = uid(uid);
        return entry == null || entry.name().isEmpty() ? null : entry.name();
    }

    /** The UID of a keyword, such as {@code CTImageStorage}; {@code null} where it is not known. */
    public static String uidOfKeyword(String keyword) {
        UIDEntry entry = Registry.INSTANCE.uidOfKeyword(keyword);
        return entry == null ? null : entry.uid();
    }

    /** Whether a UID is a SOP class of the Storage Service Class, retired ones with the others (PS3.4 §B.5). */
    public static boolean isStorageSOPClass(String uid) {
        UIDEntry entry = uid(uid);
        return entry != null && entry.isStorage();
    }
}
