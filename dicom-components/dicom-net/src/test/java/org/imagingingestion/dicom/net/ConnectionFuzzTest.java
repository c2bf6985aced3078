package org.imagingingestion.dicom.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.api.SilentCloseable;
import com.code_intelligence.jazzer.junit.FuzzTest;

/** What a peer may send on an open association: any bytes end in an answer or in the end of the association. */
class ConnectionFuzzTest {
    private static final Timeouts TIMEOUTS = new Timeouts(
            Duration.ofSeconds(1),
            Duration.ofMillis(20),
            Duration.ofMillis(20),
            Duration.ofMillis(20),
            Duration.ofMillis(20),
            Duration.ofMillis(20));

    @FuzzTest
    void endsInAnAnswerOrAnAbort(FuzzedDataProvider data) throws IOException {
        boolean keepsFirstBytes = data.consumeBoolean();
        byte[] bytes = data.consumeRemainingAsBytes();
        try (SilentCloseable onlyToItself = BugDetectors.allowNetworkConnections();
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket peer = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
                Socket socket = server.accept()) {
            if (keepsFirstBytes) {
                peer.getOutputStream().write(TestPeer.associateRequest("A", "B", TestPeer.CT, TestPeer.VERIFICATION));
            }
            peer.getOutputStream().write(bytes);
            peer.shutdownOutput();
            serve(socket);
        }
    }

    private static void serve(Socket socket) {
        try (Transport transport = new Transport(socket, socket)) {
            UpperLayer layer = UpperLayer.acceptor(transport, TIMEOUTS);
            Pdu.AssociateRequest request = layer.awaitRequest();
            Pdu.AssociateAccept accept = new Pdu.AssociateAccept(
                    request.calledAETitle(),
                    request.callingAETitle(),
                    Pdu.APPLICATION_CONTEXT,
                    request.presentationContexts().stream()
                            .filter(context -> !context.transferSyntaxes().isEmpty())
                            .map(context -> new PresentationContext.Answer(
                                    context.id(),
                                    PresentationContext.Result.ACCEPTANCE,
                                    context.transferSyntaxes().get(0)))
                            .toList(),
                    UserInformation.of(16384));
            layer.accept(accept);
            new Association(layer, TIMEOUTS, request, accept, null).serve((association, message) -> {
                if (message.data() != null) {
                    message.readDataSet();
                }
                if (!association.isCancelled(message)) {
                    association.respond(message, new DimseStatus(0, null, List.of()));
                } else {
                    association.respond(message, DimseStatus.CANCEL);
                }
            });
        } catch (IOException e) {
            // the end of the association, which is all that a peer's bytes may do
        }
    }
}
