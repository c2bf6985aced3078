package org.imagingingestion.benchmarks.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executors;

import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.net.Acceptor;
import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.DimseStatus;
import org.imagingingestion.dicom.net.Message;
import org.imagingingestion.dicom.net.Negotiator;
import org.imagingingestion.dicom.net.Pdu;
import org.imagingingestion.dicom.net.ServiceNegotiator;
import org.imagingingestion.dicom.net.ServiceOffer;
import org.imagingingestion.dicom.net.Timeouts;
import org.imagingingestion.dicom.net.TlsMaterial;
import org.imagingingestion.dicom.net.UserInformation;

/** Takes instances by C-STORE and keeps nothing: the network layer alone. */
public final class Discard implements Acceptor.Service, ServiceNegotiator.Admission {
    private Discard() {}

    /** @param args the port */
    public static void main(String[] args) throws IOException {
        Discard discard = new Discard();
        List<ServiceOffer> offers = List.of(new ServiceOffer(
                uid -> true, List.of(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid()), true, true, false));
        new Acceptor(
                        new Acceptor.Limits(100, 100, 100),
                        Timeouts.DEFAULT,
                        null,
                        TlsMaterial.ClientAuthentication.NONE,
                        Executors.newCachedThreadPool(),
                        new ServiceNegotiator(
                                offers,
                                discard,
                                (uid, information) -> null,
                                128 << 10,
                                new UserInformation.Window(1, 1)),
                        discard)
                .start(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])));
    }

    @Override
    public Pdu.AssociateReject admit(Pdu.AssociateRequest request, Negotiator.Peer peer) {
        return null;
    }

    @Override
    public void handle(Association association, Message request) throws IOException {
        if (request.data() != null) {
            byte[] chunk = new byte[128 << 10];
            InputStream in = request.data();
            while (in.read(chunk) >= 0) {
                // nothing is kept
            }
        }
        association.respond(request, DimseStatus.SUCCESS);
    }
}
