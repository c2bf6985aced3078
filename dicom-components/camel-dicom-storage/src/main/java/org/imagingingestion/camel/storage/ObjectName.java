package org.imagingingestion.camel.storage;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Tag;

/** Names of objects: {@code {provider}/{study}/{series}/{instance}_{receipt}.dcm}. */
final class ObjectName {
    static final String SUFFIX = ".dcm";

    /** File systems take names of up to 255 bytes, and the last of them has a receipt and a suffix. */
    private static final int MOST_BYTES_OF_A_PART = 200;

    private static final Pattern RECEIPT =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}" + Pattern.quote(SUFFIX));

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}" + Pattern.quote(SUFFIX));

    private ObjectName() {}

    /**
     * A name for the instance of a header.
     *
     * @throws DicomException where the header does not say which instance it is, or nothing can be named after it
     */
    static String create(String provider, DataSet header) throws DicomException {
        return create(
                provider,
                required(header, Tag.StudyInstanceUID, "Study Instance UID"),
                required(header, Tag.SeriesInstanceUID, "Series Instance UID"),
                required(header, Tag.SOPInstanceUID, "SOP Instance UID"));
    }

    private static String required(DataSet header, int tag, String name) throws DicomException {
        String value = header.string(tag);
        if (value == null) {
            throw new DicomException(DicomStatus.CANNOT_UNDERSTAND, name + " is missing");
        }
        if (isTooLong(value)) {
            throw new DicomException(DicomStatus.CANNOT_UNDERSTAND, name + " is too long to be a UID");
        }
        return value;
    }

    /** A name that no receipt had before. The parts come from outside and are percent-encoded. */
    static String create(String provider, String studyInstanceUID, String seriesInstanceUID, String sopInstanceUID) {
        return start(provider, studyInstanceUID, seriesInstanceUID, sopInstanceUID) + UUID.randomUUID() + SUFFIX;
    }

    private static String start(
            String provider, String studyInstanceUID, String seriesInstanceUID, String sopInstanceUID) {
        return encode(provider)
                + '/'
                + encode(studyInstanceUID)
                + '/'
                + encode(seriesInstanceUID)
                + '/'
                + encode(sopInstanceUID)
                + '_';
    }

    /** Whether an object of this name can be a receipt of this instance, and of no other. */
    static boolean isOf(
            String objectName,
            String provider,
            String studyInstanceUID,
            String seriesInstanceUID,
            String sopInstanceUID) {
        String start = start(provider, studyInstanceUID, seriesInstanceUID, sopInstanceUID);
        return objectName.startsWith(start)
                && RECEIPT.matcher(objectName.substring(start.length())).matches();
    }

    /** Whether it is a name that the original gives: the SHA-256 of the object. */
    static boolean isDigest(String objectName) {
        return DIGEST.matcher(objectName).matches();
    }

    /** The provider that an object is named after. */
    static String provider(String objectName) {
        return URLDecoder.decode(objectName.substring(0, Math.max(0, objectName.indexOf('/'))), StandardCharsets.UTF_8);
    }

    /** Whether no file can be named after a part. */
    private static boolean isTooLong(String part) {
        return part.length() > MOST_BYTES_OF_A_PART || encode(part).length() > MOST_BYTES_OF_A_PART;
    }

    /** One part, with everything but letters, digits, dot, hyphen and underscore as %XX; a dot at its start too. */
    static String encode(String part) {
        StringBuilder encoded = new StringBuilder(part.length());
        for (byte b : part.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b >= '0' && b <= '9'
                    || b >= 'a' && b <= 'z'
                    || b >= 'A' && b <= 'Z'
                    || b == '-'
                    || b == '_'
                    || b == '.' && !encoded.isEmpty();
            if (plain) {
                encoded.append((char) b);
            } else {
                encoded.append('%')
                        .append(Character.toUpperCase(Character.forDigit(b >> 4 & 0xF, 16)))
                        .append(Character.toUpperCase(Character.forDigit(b & 0xF, 16)));
            }
        }
        return encoded.toString();
    }
}
