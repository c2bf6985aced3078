package org.imagingingestion.camel.dicomweb;

import java.util.ArrayList;
import java.util.List;

import org.imagingingestion.dicom.DicomException;

/**
 * What a client takes, and how gladly (RFC 9110 §12.5.1, PS3.18 §8.7.5).
 *
 * @param mediaType without its weight
 * @param quality from 0, not at all, to 1
 */
record MediaRange(MediaType mediaType, double quality) {
    private static final String WEIGHT = "q";
    private static final List<MediaRange> ANYTHING = List.of(new MediaRange(MediaType.of("*/*"), 1));

    /**
     * Reads what a client takes. Members that are no media ranges are passed over.
     *
     * @param acceptHeaders all Accept headers of a request
     * @param acceptQueryParameter decoded value of the query parameter {@code accept}, which counts instead of the headers
     *     (PS3.18 §8.3.3.1); {@code null} where there is none
     * @return in the order written; anything, where nothing is said
     */
    static List<MediaRange> parseAccept(List<String> acceptHeaders, String acceptQueryParameter) {
        if (acceptQueryParameter != null && !acceptQueryParameter.isBlank()) {
            // a plus sign that stands for itself is a space once it is decoded
            return parse(List.of(acceptQueryParameter.replaceAll(" (json|xml)\\b", "+$1")));
        }
        boolean nothing = acceptHeaders.stream().allMatch(String::isBlank);
        return nothing ? ANYTHING : parse(acceptHeaders);
    }

    private static List<MediaRange> parse(List<String> headers) {
        List<MediaRange> ranges = new ArrayList<>();
        for (String header : headers) {
            MediaTypeParser parser = new MediaTypeParser(header);
            while (true) {
                try {
                    MediaType mediaType = parser.next();
                    if (mediaType == null) {
                        break;
                    }
                    ranges.add(new MediaRange(mediaType.without(WEIGHT), weight(mediaType.parameter(WEIGHT))));
                } catch (DicomException e) {
                    parser.skipMember();
                }
            }
        }
        return ranges;
    }

    private static double weight(String text) {
        try {
            return text == null ? 1 : Math.max(0, Math.min(1, Double.parseDouble(text)));
        } catch (NumberFormatException e) {
            return 1;
        }
    }

    /**
     * How closely it names what is offered.
     *
     * @return 0 where it does not, more the closer
     */
    int specificity(Offer offer) {
        return specificity(mediaType, offer.mediaType(), offer.onlyByName());
    }

    private static int specificity(MediaType range, MediaType offered, boolean onlyByName) {
        int named = matchName(range, offered);
        if (named == 0 || !takesTransferSyntax(range, offered)) {
            return 0;
        }
        boolean syntaxNamed = range.parameter(MediaType.TRANSFER_SYNTAX) != null;
        if (!offered.isMultipart() || range.parameter(MediaType.TYPE) == null) {
            return onlyByName && !offered.isMultipart() && named == 3 && !syntaxNamed
                    ? 0
                    : named + (syntaxNamed ? 1 : 0);
        }
        try {
            int part = specificity(range.partType(), offered.partType(), onlyByName);
            return part == 0 ? 0 : named + part;
        } catch (DicomException e) {
            return 0;
        }
    }

    private static int matchName(MediaType range, MediaType offered) {
        if (range.type().equals("*/*")) {
            return 1;
        }
        if (range.type().endsWith("/*")) {
            return offered.type()
                            .startsWith(range.type().substring(0, range.type().length() - 1))
                    ? 2
                    : 0;
        }
        return range.type().equals(offered.type()) ? 3 : 0;
    }

    private static boolean takesTransferSyntax(MediaType range, MediaType offered) {
        String asked = range.parameter(MediaType.TRANSFER_SYNTAX);
        String given = offered.parameter(MediaType.TRANSFER_SYNTAX);
        return asked == null || asked.equals("*") || given == null || asked.equals(given);
    }
}
