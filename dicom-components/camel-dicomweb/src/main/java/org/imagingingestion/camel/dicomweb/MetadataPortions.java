package org.imagingingestion.camel.dicomweb;

import java.util.List;

import org.imagingingestion.dicom.service.Retrieval;
import org.imagingingestion.dicom.service.RetrievalResult;

/**
 * The metadata of a retrieval, one portion after the other. Which instances it is of is settled with the first; what is deleted
 * meanwhile is passed over.
 */
final class MetadataPortions {
    /** Runs the route. */
    @FunctionalInterface
    interface Source {
        RetrievalResult retrieve(Retrieval retrieval) throws Exception;
    }

    /** Most instances that are asked for at once. */
    private static final int MOST = 256;

    private final Source source;
    private final Retrieval retrieval;
    private final String version;
    private final List<String> uids;
    private List<byte[]> portion;
    private List<String> pending = List.of();
    private int asked;

    private MetadataPortions(Source source, Retrieval retrieval, RetrievalResult first) {
        this.source = source;
        this.retrieval = retrieval;
        this.version = first.version();
        this.portion = first.metadata();
        this.uids = first.left();
    }

    /** Asks for the first one; {@code null} where nothing is there. */
    static MetadataPortions of(Source source, Retrieval retrieval) throws Exception {
        MetadataPortions portions = new MetadataPortions(source, retrieval, source.retrieve(retrieval));
        return portions.version == null || !portions.fill() ? null : portions;
    }

    /** Version of the first, which nothing else has when what follows is of a later one. */
    String version() {
        return version;
    }

    /** Whether the portion at hand is the last. */
    boolean isLast() {
        return pending.isEmpty() && asked == uids.size();
    }

    /** The portion at hand, which is not empty. */
    List<byte[]> portion() {
        return portion;
    }

    /** Goes to the next one. @return whether there is one */
    boolean next() throws Exception {
        // not to be held while the next one is made
        portion = List.of();
        return fill();
    }

    private boolean fill() throws Exception {
        while (portion.isEmpty() && !isLast()) {
            List<String> some = pending;
            if (some.isEmpty()) {
                some = uids.subList(asked, Math.min(asked + MOST, uids.size()));
                asked += some.size();
            }
            RetrievalResult result = source.retrieve(retrieval.of(some));
            portion = result.metadata();
            pending = result.left();
            if (pending.size() >= some.size()) {
                throw new IllegalStateException("The route gives none of the metadata that it is asked for");
            }
        }
        return !portion.isEmpty();
    }
}
