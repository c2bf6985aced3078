package org.imagingingestion.camel.dicomweb;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    /** What in a tag stands for a media type. */
    static String token(MediaType mediaType) {
        String transferSyntax = mediaType.parameter(MediaType.TRANSFER_SYNTAX);
        String name = mediaType.type().replaceAll("[^a-z0-9.+-]", ".");
        return transferSyntax == null ? name : name + "-" + transferSyntax;
    }

    /** A boundary that no part of the object has in it. */
    static String boundary(byte[] sha256) {
        return HexFormat.of().formatHex(sha256, 0, 16);
    }

    /** 32 characters that stand for a text of any length. */
    static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
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
