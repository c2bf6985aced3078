package org.imagingingestion.camel.dicomweb;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.imagingingestion.dicom.DicomException;

/** Chooses what a client gets among what there is (PS3.18 §8.7.8). */
final class Negotiation {
    private static final String ACCEPT = "accept";

    private Negotiation() {}

    /**
     * What the client of a request takes.
     *
     * @throws DicomException where a query parameter is not well percent-encoded
     */
    static List<MediaRange> accepted(HttpCall call) throws DicomException {
        String parameter = null;
        for (Map.Entry<String, String> entry : call.query()) {
            if (entry.getKey().equals(ACCEPT)) {
                parameter = entry.getValue();
            }
        }
        return MediaRange.parseAccept(call.headers("Accept"), parameter);
    }

    /**
     * The media type that the client of a request likes best; among equals the first.
     *
     * @param offered in the order in which they are liked here
     * @throws HttpException 406, saying what can be had, where the client takes none
     */
    static MediaType choose(HttpCall call, List<MediaType> offered) throws DicomException {
        return choose(accepted(call), offered.stream().map(Offer::of).toList()).mediaType();
    }

    /**
     * The offer that a client likes best; among equals the first.
     *
     * @param offers in the order in which they are liked here
     * @throws HttpException 406, saying what can be had, where the client takes none
     */
    static Offer choose(List<MediaRange> accepted, List<Offer> offers) throws HttpException {
        Offer best = null;
        double bestQuality = 0;
        for (Offer offer : offers) {
            double quality = offer.quality(accepted);
            if (quality > bestQuality) {
                best = offer;
                bestQuality = quality;
            }
        }
        if (best == null) {
            throw notAcceptable(offers);
        }
        return best;
    }

    /** What there is to tell a client who takes none of it. */
    static HttpException notAcceptable(List<Offer> offers) {
        return new HttpException(
                406,
                "None of the accepted media types can be given. There is: "
                        + offers.stream()
                                .map(offer -> offer.mediaType().toString())
                                .distinct()
                                .collect(Collectors.joining(", ")));
    }
}
