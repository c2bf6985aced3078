package org.imagingingestion.dicom.net;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;

/** Decides which associations are taken, and how. */
@FunctionalInterface
public interface Negotiator {
    /**
     * Whoever asks for an association.
     *
     * @param certificates of a TLS client that gave some, its own first; empty otherwise
     */
    record Peer(InetAddress address, List<X509Certificate> certificates) {}

    /** @return {@link Pdu.AssociateAccept} or {@link Pdu.AssociateReject} */
    Pdu negotiate(Pdu.AssociateRequest request, Peer peer);
}
