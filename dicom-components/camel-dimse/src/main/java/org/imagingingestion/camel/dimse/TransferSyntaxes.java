package org.imagingingestion.camel.dimse;

import java.util.List;
import java.util.stream.Stream;

import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.TransferSyntax;

/** Transfer syntaxes in the order that they are preferred in. */
final class TransferSyntaxes {
    /** Those that can be made of each other here. */
    static final List<String> NATIVE = List.of(
            TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid(),
            TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid(),
            TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN.uid(),
            TransferSyntax.EXPLICIT_VR_BIG_ENDIAN.uid());

    /** For queries and other messages without pixels. */
    static final List<String> PLAIN = List.of(
            TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid(),
            TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid(),
            TransferSyntax.EXPLICIT_VR_BIG_ENDIAN.uid());

    /**
     * For instances: what loses nothing and is read by all comes first, then what is compressed without loss, then the rest that
     * the standard knows, and last what tells least about its values.
     */
    static final List<String> STORAGE = storage();

    private TransferSyntaxes() {}

    private static List<String> storage() {
        List<String> lossless = Stream.of(
                        "JPEGLSLossless",
                        "JPEG2000Lossless",
                        "HTJ2KLossless",
                        "HTJ2KLosslessRPCL",
                        "JPEGLosslessSV1",
                        "JPEGLossless",
                        "RLELossless")
                .map(Dictionary::uidOfKeyword)
                .filter(uid -> uid != null)
                .toList();
        List<String> last = List.of(
                TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN.uid(),
                TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid(),
                TransferSyntax.EXPLICIT_VR_BIG_ENDIAN.uid());
        Stream<String> others = Dictionary.uids().stream()
                .filter(entry -> entry.type().equals("Transfer Syntax"))
                .map(Dictionary.UIDEntry::uid)
                .filter(uid -> !lossless.contains(uid) && !last.contains(uid));
        return Stream.of(
                        Stream.of(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid()),
                        lossless.stream(),
                        others,
                        last.stream())
                .flatMap(uids -> uids)
                .distinct()
                .toList();
    }

    /** Whether an instance of one can be sent in the other. */
    static boolean isConvertible(String from, String to) {
        return from.equals(to) || NATIVE.contains(from) && NATIVE.contains(to);
    }
}
