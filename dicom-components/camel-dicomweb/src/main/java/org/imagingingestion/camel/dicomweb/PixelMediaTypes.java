package org.imagingingestion.camel.dicomweb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.imagingingestion.dicom.TransferSyntax;

/** What the frames of a transfer syntax are called by themselves (PS3.18 §8.7.3.3, Tables 8.7.3-4 and 8.7.3-5). */
final class PixelMediaTypes {
    private static final String EXPLICIT_LITTLE_ENDIAN = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid();
    private static final String ENCAPSULATED_UNCOMPRESSED = "1.2.840.10008.1.2.1.98";
    private static final Map<String, String> COMPRESSED = new HashMap<>();

    static {
        compressed("image/jpeg", "4.50", "4.51", "4.57", "4.70");
        compressed("image/dicom-rle", "5");
        compressed("image/jls", "4.80", "4.81");
        compressed("image/jp2", "4.90", "4.91");
        compressed("image/jpx", "4.92", "4.93");
        compressed("image/jphc", "4.201", "4.202", "4.203");
        compressed("image/jxl", "4.110", "4.111", "4.112");
        compressed("video/mpeg", "4.100", "4.100.1", "4.101", "4.101.1");
        compressed("video/mp4", "4.102", "4.102.1", "4.103", "4.103.1", "4.104", "4.104.1");
        compressed("video/mp4", "4.105", "4.105.1", "4.106", "4.106.1");
        compressed("video/h265", "4.107", "4.108");
    }

    private PixelMediaTypes() {}

    private static void compressed(String mediaType, String... transferSyntaxes) {
        for (String suffix : transferSyntaxes) {
            COMPRESSED.put("1.2.840.10008.1.2." + suffix, mediaType);
        }
    }

    /** Whether the pixel data is one stream, and not frames that stand alone. */
    static boolean isVideo(String transferSyntax) {
        return COMPRESSED.getOrDefault(transferSyntax, "").startsWith("video/");
    }

    /**
     * What a frame can be given as, the most telling first.
     *
     * @param transferSyntax that the object is stored in
     * @param encapsulated whether its pixel data is in fragments
     */
    static List<Offer> of(String transferSyntax, boolean encapsulated) {
        List<Offer> offers = new ArrayList<>();
        if (!encapsulated) {
            offers.add(Offer.of(octets(EXPLICIT_LITTLE_ENDIAN)));
            if (transferSyntax.equals(TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid())) {
                // the pixels of both are the same bytes
                offers.add(Offer.of(octets(transferSyntax)));
            }
            return offers;
        }
        if (transferSyntax.equals(ENCAPSULATED_UNCOMPRESSED)) {
            offers.add(Offer.of(octets(EXPLICIT_LITTLE_ENDIAN)));
        }
        String mediaType = COMPRESSED.get(transferSyntax);
        if (mediaType != null) {
            offers.add(Offer.of(MediaType.of(mediaType).with(MediaType.TRANSFER_SYNTAX, transferSyntax)));
        }
        // who asks for octets and names no transfer syntax means uncompressed ones
        offers.add(new Offer(octets(transferSyntax), true));
        return offers;
    }

    private static MediaType octets(String transferSyntax) {
        return MediaType.OCTET_STREAM.with(MediaType.TRANSFER_SYNTAX, transferSyntax);
    }
}
