package org.imagingingestion.dicom.net;

import java.util.List;
import java.util.function.Predicate;

/**
 * SOP classes that an acceptor takes, and in which transfer syntaxes.
 *
 * @param sopClass whether a SOP class is one of these
 * @param transferSyntaxes UIDs, what the acceptor would have first
 * @param anyTransferSyntax whether others are taken too, where the peer offers none of these
 * @param peerMayBeSCU whether the requestor may ask for operations
 * @param peerMayBeSCP whether the requestor may be asked for operations, which it has to propose (PS3.7 §D.3.3.4)
 */
public record ServiceOffer(
        Predicate<String> sopClass,
        List<String> transferSyntaxes,
        boolean anyTransferSyntax,
        boolean peerMayBeSCU,
        boolean peerMayBeSCP) {
    /** The transfer syntax to use, {@code null} where none does. */
    String choose(List<String> proposed) {
        for (String mine : transferSyntaxes) {
            if (proposed.contains(mine)) {
                return mine;
            }
        }
        return anyTransferSyntax && !proposed.isEmpty() ? proposed.get(0) : null;
    }
}
