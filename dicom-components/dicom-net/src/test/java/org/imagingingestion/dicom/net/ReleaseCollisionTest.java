package org.imagingingestion.dicom.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.imagingingestion.dicom.net.TestPeer.VERIFICATION;
import static org.imagingingestion.dicom.net.TestPeer.abort;
import static org.imagingingestion.dicom.net.TestPeer.associateAccept;
import static org.imagingingestion.dicom.net.TestPeer.associateRequest;
import static org.imagingingestion.dicom.net.TestPeer.data;
import static org.imagingingestion.dicom.net.TestPeer.echo;
import static org.imagingingestion.dicom.net.TestPeer.releaseRequest;
import static org.imagingingestion.dicom.net.TestPeer.releaseResponse;
import static org.imagingingestion.dicom.net.TestPeer.value;

/** Both sides ask for release at once (PS3.8 §7.2.2.7, §9.2.3): the requestor answers first. */
class ReleaseCollisionTest {
    private static final byte[] ECHO = data(value(1, true, true, echo(1)));

    /** Our requestor, which asks for release at once. */
    private static CompletableFuture<IOException> release(ServerSocket server) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                new Requestor("127.0.0.1", server.getLocalPort(), TestServer.SHORT)
                        .associate(new Pdu.AssociateRequest(
                                "PEER",
                                "CLIENT",
                                List.of(new PresentationContext(1, VERIFICATION, List.of(TestPeer.IMPLICIT))),
                                UserInformation.of(16384)))
                        .release();
                return null;
            } catch (IOException e) {
                return e;
            }
        });
    }

    private static TestPeer askedForRelease(ServerSocket server) throws IOException {
        TestPeer peer = TestPeer.acceptedBy(server);
        peer.receive();
        peer.send(associateAccept("PEER", "CLIENT"));
        assertThat(peer.receive()).isEqualTo(releaseRequest());
        return peer;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theRequestorAnswersAndWaitsForItsOwnAnswer(boolean hasSentData) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<IOException> release = release(server);
            try (TestPeer peer = askedForRelease(server)) {
                if (hasSentData) {
                    peer.send(ECHO);
                }
                peer.send(releaseRequest());

                assertThat(peer.receive()).isEqualTo(releaseResponse());
                assertThat(release).isNotDone();

                peer.send(releaseResponse());
                assertThat(peer.isClosed()).isTrue();
                assertThat(release.get(10, TimeUnit.SECONDS)).isNull();
            }
        }
    }

    @Test
    void theRequestorAbortsAPeerThatSendsDataInstead() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<IOException> release = release(server);
            try (TestPeer peer = askedForRelease(server)) {
                peer.send(releaseRequest());
                assertThat(peer.receive()).isEqualTo(releaseResponse());
                peer.send(ECHO);

                assertThat(peer.receive()[0]).isEqualTo((byte) 7);
            }
            assertThat(release.get(10, TimeUnit.SECONDS)).isInstanceOf(AssociationAbortedException.class);
        }
    }

    @Test
    void theRequestorDoesNotWaitForeverForItsAnswer() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<IOException> release = release(server);
            try (TestPeer peer = askedForRelease(server)) {
                peer.send(releaseRequest());
                assertThat(peer.receive()).isEqualTo(releaseResponse());

                assertThat(peer.receive()[0]).isEqualTo((byte) 7);
            }
            assertThat(release.get(10, TimeUnit.SECONDS)).hasMessageContaining("waited for too long");
        }
    }

    /** An acceptor that asks for release itself once it has answered. */
    private static TestServer releasing() throws IOException {
        return TestServer.on()
                .handler((association, request) -> {
                    association.respond(request, DimseStatus.SUCCESS);
                    association.release();
                })
                .start();
    }

    private static TestPeer askedForRelease(TestServer server) throws IOException {
        TestPeer peer = TestPeer.connectedTo(server.port());
        peer.send(associateRequest("SERVER", "PEER", VERIFICATION));
        peer.receive();
        peer.send(ECHO);
        assertThat(peer.receive()[0]).isEqualTo((byte) 4);
        assertThat(peer.receive()).isEqualTo(releaseRequest());
        return peer;
    }

    @Test
    void theAcceptorWaitsForItsAnswerBeforeItGivesIts() throws Exception {
        try (TestServer server = releasing()) {
            try (TestPeer peer = askedForRelease(server)) {
                peer.send(releaseRequest());
                assertThat(peer.isSilent()).isTrue();

                peer.send(releaseResponse());
                assertThat(peer.receive()).isEqualTo(releaseResponse());
            }
            await().until(() -> server.released.get() == 1);
            assertThat(server.problems).isEmpty();
        }
    }

    @Test
    void theAcceptorHearsOfAPeerThatAbortsInstead() throws Exception {
        try (TestServer server = releasing()) {
            try (TestPeer peer = askedForRelease(server)) {
                peer.send(releaseRequest(), abort());
                assertThat(peer.isClosed()).isTrue();
            }
            await().until(() -> server.problems.size() == 1);
            assertThat(server.problems.get(0)).hasMessageContaining("aborted");
        }
    }
}
