package org.imagingingestion.dicom.net;

import java.util.List;
import java.util.function.Predicate;

import org.imagingingestion.dicom.TransferSyntax;

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

    /**
     * The transfer syntax to send in, {@code null} where none does. What the peer wants compressed it gets so: instances that are
     * kept compressed cannot be sent otherwise, and a peer that asks for others puts one that is not compressed first.
     */
    String chooseToSend(List<String> proposed) {
        String first = proposed.isEmpty() ? null : proposed.get(0);
        boolean isTaken = first != null
                && TransferSyntax.of(first).encapsulated()
                && (anyTransferSyntax || transferSyntaxes.contains(first));
        return isTaken ? first : choose(proposed);
    }
}
