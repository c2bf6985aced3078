package org.imagingingestion.dicom;

import java.util.Map;

/**
 * How a data set is encoded (PS3.5 §10 and Annex A).
 *
 * @param uid the transfer syntax UID
 * @param explicitVR whether elements carry their VR
 * @param bigEndian whether numbers have their most significant byte first
 * @param deflated whether the data set is compressed as a whole (PS3.5 §A.5)
 * @param encapsulated whether pixel data is a sequence of fragments (PS3.5 §A.4)
 */
public record TransferSyntax(
        String uid, boolean explicitVR, boolean bigEndian, boolean deflated, boolean encapsulated) {
    public static final TransferSyntax IMPLICIT_VR_LITTLE_ENDIAN =
            new TransferSyntax("1.2.840.10008.1.2", false, false, false, false);
    public static final TransferSyntax EXPLICIT_VR_LITTLE_ENDIAN =
            new TransferSyntax("1.2.840.10008.1.2.1", true, false, false, false);
    public static final TransferSyntax DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN =
            new TransferSyntax("1.2.840.10008.1.2.1.99", true, false, true, false);
    public static final TransferSyntax EXPLICIT_VR_BIG_ENDIAN =
            new TransferSyntax("1.2.840.10008.1.2.2", true, true, false, false);

    private static final Map<String, TransferSyntax> NATIVE = Map.of(
            IMPLICIT_VR_LITTLE_ENDIAN.uid,
            IMPLICIT_VR_LITTLE_ENDIAN,
            EXPLICIT_VR_LITTLE_ENDIAN.uid,
            EXPLICIT_VR_LITTLE_ENDIAN,
            DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN.uid,
            DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
            EXPLICIT_VR_BIG_ENDIAN.uid,
            EXPLICIT_VR_BIG_ENDIAN,
            // Encapsulated Uncompressed Explicit VR LE is encapsulated; these JPIP ones are deflated
            "1.2.840.10008.1.2.4.95",
            new TransferSyntax("1.2.840.10008.1.2.4.95", true, false, true, false),
            "1.2.840.10008.1.2.4.205",
            new TransferSyntax("1.2.840.10008.1.2.4.205", true, false, true, false),
            // JPIP Referenced: no pixel data of its own
            "1.2.840.10008.1.2.4.94",
            new TransferSyntax("1.2.840.10008.1.2.4.94", true, false, false, false),
            "1.2.840.10008.1.2.4.204",
            new TransferSyntax("1.2.840.10008.1.2.4.204", true, false, false, false));

    /** The syntax of this UID; one that is not known is taken as encapsulated Explicit VR Little Endian, as all new ones are. */
    public static TransferSyntax of(String uid) {
        TransferSyntax known = NATIVE.get(uid);
        return known != null ? known : new TransferSyntax(uid, true, false, false, true);
    }
}
