package org.imagingingestion.camel.dicomweb;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.imagingingestion.dicom.DicomException;

/** Strong entity tags, and the conditions that clients make of them (RFC 9110 §8.8.3, §13.1). */
final class EntityTag {
    private static final Pattern TAG = Pattern.compile("(W/)?(\"[^\"]*\")");

    private EntityTag() {}

    /**
     * The tag of one representation of an object.
     *
     * @param sha256 digest of the object
     * @param representation what is given of it, and how
     */
    static String of(byte[] sha256, String representation) {
        return "\"" + HexFormat.of().formatHex(sha256) + "-" + representation + "\"";
    }

    /** The tag of one representation of something that has a version. */
    static String of(String version, String representation) {
        return "\"" + digest(version) + "-" + representation + "\"";
    }

    /** What in a tag tells one way to give the same thing from others: the media type, and whether it is in parts. */
    static String representation(MediaType mediaType) throws DicomException {
        MediaType partType = mediaType.isMultipart() ? mediaType.partType() : mediaType;
        String transferSyntax = partType.parameter(MediaType.TRANSFER_SYNTAX);
        return partType.type().replaceAll("[^a-z0-9.+-]", ".")
                + (transferSyntax == null ? "" : "-" + transferSyntax)
                + (mediaType.isMultipart() ? "-multipart" : "");
    }

    /**
     * A boundary that no object has in it, as none can hold a digest of itself.
     *
     * @param sha256 digests of all objects that parts are of
     */
    static String boundary(byte[]... sha256) {
        MessageDigest digest = sha256();
        for (byte[] one : sha256) {
            digest.update(one);
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 16);
    }

    /** 32 characters that stand for a text of any length. */
    static String digest(String text) {
        byte[] digest = sha256().digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest, 0, 16);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether a client that has what its If-None-Match headers name has this. */
    static boolean isNoneMatch(List<String> ifNoneMatch, String tag) {
        for (String header : ifNoneMatch) {
            if (header.strip().equals("*")) {
                return true;
            }
            for (Matcher matcher = TAG.matcher(header); matcher.find(); ) {
                if (matcher.group(2).equals(tag)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether a range may be given to a client with this If-Range header; a date never says enough. */
    static boolean isIfRange(String ifRange, String tag) {
        return ifRange == null || ifRange.strip().equals(tag);
    }
}
