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

    /**
     * What was decided.
     *
     * @param answer {@link Pdu.AssociateAccept} or {@link Pdu.AssociateReject}
     * @param user name of the user who was verified, {@code null} where nobody was
     */
    record Decision(Pdu answer, String user) {
        public static Decision reject(Pdu.AssociateReject reject) {
            return new Decision(reject, null);
        }
    }

    Decision negotiate(Pdu.AssociateRequest request, Peer peer);
}
