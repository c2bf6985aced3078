package org.imagingingestion.camel.dicomweb;

import java.util.List;

/**
 * A representation that can be given.
 *
 * @param mediaType what it is called, with its transfer syntax where that matters
 * @param onlyByName whether a client that names the media type must name the transfer syntax too, because without one it means
 *     another (PS3.18 §8.7.3.3)
 */
record Offer(MediaType mediaType, boolean onlyByName) {
    static Offer of(MediaType mediaType) {
        return new Offer(mediaType, false);
    }

    static List<Offer> of(MediaType... mediaTypes) {
        return List.of(mediaTypes).stream().map(Offer::of).toList();
    }

    /** The weight of the range that names this offer most closely, 0 where the client does not take it. */
    double quality(List<MediaRange> accepted) {
        int closest = 0;
        double quality = 0;
        for (MediaRange range : accepted) {
            int specificity = range.specificity(this);
            if (specificity > closest || specificity == closest && specificity > 0 && range.quality() > quality) {
                closest = specificity;
                quality = range.quality();
            }
        }
        return quality;
    }
}
