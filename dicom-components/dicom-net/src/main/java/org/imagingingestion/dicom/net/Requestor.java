package org.imagingingestion.dicom.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** Opens associations (PS3.8 §7.1). */
public final class Requestor {
    private final String host;
    private final int port;
    private final Timeouts timeouts;
    private final TlsMaterial tls;
    private final boolean verifyHost;

    /** A requestor to a peer without encryption. */
    public Requestor(String host, int port, Timeouts timeouts) {
        this(host, port, timeouts, null, false);
    }

    /**
     * @param tls {@code null} for no encryption
     * @param verifyHost whether the peer's certificate must name the host
     */
    public Requestor(String host, int port, Timeouts timeouts, TlsMaterial tls, boolean verifyHost) {
        this.host = host;
        this.port = port;
        this.timeouts = timeouts;
        this.tls = tls;
        this.verifyHost = verifyHost;
    }

    /**
     * Opens an association.
     *
     * @throws AssociationRejectedException where the peer does not take it
     * @throws AssociationException where there is no connection, or it ends before the answer
     */
    public Association associate(Pdu.AssociateRequest request) throws IOException {
        Transport transport = connect();
        try {
            UpperLayer layer = UpperLayer.requestor(transport, timeouts);
            Pdu.AssociateAccept accept = layer.request(request);
            return new Association(layer, timeouts, request, accept, null);
        } catch (IOException | RuntimeException e) {
            transport.close();
            throw e;
        }
    }

    private Transport connect() throws IOException {
        Socket plain = new Socket();
        Transport transport = null;
        try {
            plain.connect(
                    new InetSocketAddress(host, port), (int) timeouts.connect().toMillis());
            transport = new Transport(plain, tls == null ? plain : tls.opened(plain, host, port, verifyHost));
            transport.handshake(timeouts.connect());
            return transport;
        } catch (IOException e) {
            if (transport != null) {
                transport.close();
            }
            plain.close();
            String what = e instanceof SocketTimeoutException ? " in time" : "";
            throw new AssociationException("No connection to " + host + ':' + port + what + ": " + e.getMessage(), e);
        }
    }
}
