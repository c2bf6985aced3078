package org.imagingingestion.dicom.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.imagingingestion.dicom.net.TestPeer.CT;
import static org.imagingingestion.dicom.net.TestPeer.VERIFICATION;
import static org.imagingingestion.dicom.net.TestPeer.associateRequest;
import static org.imagingingestion.dicom.net.TestPeer.data;
import static org.imagingingestion.dicom.net.TestPeer.echo;
import static org.imagingingestion.dicom.net.TestPeer.item;
import static org.imagingingestion.dicom.net.TestPeer.join;
import static org.imagingingestion.dicom.net.TestPeer.pdu;
import static org.imagingingestion.dicom.net.TestPeer.releaseRequest;
import static org.imagingingestion.dicom.net.TestPeer.store;
import static org.imagingingestion.dicom.net.TestPeer.value;

/** Peers that do not keep to the protocol: they lose their association, and nobody else notices. */
class HostilePeerTest {
    private static final int ASSOCIATE_AC = 2;
    private static final int ASSOCIATE_RJ = 3;
    private static final int RELEASE_RP = 6;
    private static final int ABORT = 7;

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = TestServer.start();
    }

    @AfterEach
    void stop() throws IOException {
        try (TestPeer peer = open(VERIFICATION)) {
            peer.send(data(value(1, true, true, echo(7))));
            assertThat(peer.receive()[0]).as("the next peer is answered").isEqualTo((byte) 4);
        }
        server.close();
    }

    private TestPeer open(String... sopClasses) throws IOException {
        TestPeer peer = TestPeer.connectedTo(server.port()).send(associateRequest("SERVER", "PEER", sopClasses));
        assertThat(peer.receive()[0]).isEqualTo((byte) ASSOCIATE_AC);
        return peer;
    }

    private static byte[] abort(int reason) {
        return pdu(ABORT, new byte[] {0, 0, 2, (byte) reason});
    }

    static Stream<Arguments> notARequest() {
        byte[] request = associateRequest("SERVER", "PEER", VERIFICATION);
        byte[] evenContext = request.clone();
        // after the header, the fixed fields and the application context
        evenContext[6 + 68 + 4 + 21 + 4] = 2;
        byte[] overrun = request.clone();
        overrun[6 + 68 + 2] = 0x7F;
        return Stream.of(
                Arguments.of("P-DATA before association", data(value(1, true, true, echo(1))), 2),
                Arguments.of("release before association", releaseRequest(), 2),
                Arguments.of("an answer", pdu(2, new byte[0]), 6),
                Arguments.of("no such PDU", pdu(0x47, new byte[10]), 1),
                Arguments.of("HTTP", TestPeer.ascii("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), 1),
                Arguments.of("a length of 4 GB", join(new byte[] {1, 0}, new byte[] {-1, -1, -1, -1}), 6),
                Arguments.of("too short", pdu(1, new byte[20]), 6),
                Arguments.of("no items", pdu(1, join(new byte[] {0, 1}, new byte[66])), 6),
                Arguments.of("an even context", evenContext, 6),
                Arguments.of("an item that is longer than the PDU", overrun, 6));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notARequest")
    void abortsWhatIsNoRequest(String what, byte[] bytes, int reason) throws IOException {
        try (TestPeer peer = TestPeer.connectedTo(server.port())) {
            peer.send(bytes);

            assertThat(peer.receive()).isEqualTo(abort(reason));
            assertThat(peer.isClosed()).isTrue();
        }
    }

    @Test
    void rejectsAProtocolVersionThatItDoesNotSpeak() throws IOException {
        byte[] request = associateRequest("SERVER", "PEER", VERIFICATION);
        byte[] ofUnknownItems = Arrays.copyOf(request, request.length);
        Arrays.fill(ofUnknownItems, 6 + 68, ofUnknownItems.length, (byte) -1);
        for (byte[] bytes : List.of(request, ofUnknownItems)) {
            bytes[7] = 2;
            try (TestPeer peer = TestPeer.connectedTo(server.port())) {
                peer.send(bytes);

                assertThat(peer.receive()).isEqualTo(pdu(ASSOCIATE_RJ, new byte[] {0, 1, 2, 2}));
            }
        }
        await().until(() -> server.rejected.size() == 2);
        assertThat(server.opened).isEmpty();
    }

    @Test
    void takesAPeerThatSpeaksLaterVersionsToo() throws IOException {
        byte[] request = associateRequest("SERVER", "PEER", VERIFICATION);
        request[7] = 3;
        try (TestPeer peer = TestPeer.connectedTo(server.port())) {
            peer.send(request);

            assertThat(peer.receive()[0]).isEqualTo((byte) ASSOCIATE_AC);
        }
    }

    @Test
    void doesNotTakeEndlessContexts() throws IOException {
        String[] many = new String[200];
        Arrays.fill(many, CT);
        try (TestPeer peer = TestPeer.connectedTo(server.port())) {
            peer.send(associateRequest("SERVER", "PEER", many));

            assertThat(peer.receive()).isEqualTo(abort(6));
        }
    }

    @Test
    void takesTheMostContextsThereCanBe() throws IOException {
        String[] many = new String[128];
        Arrays.fill(many, CT);
        try (TestPeer peer = open(many)) {
            await().until(() -> !server.opened.isEmpty());
            assertThat(server.opened.get(0).contexts()).hasSize(128);
        }
    }

    static Stream<Arguments> notAMessage() {
        byte[] data = value(1, false, true, new byte[10]);
        return Stream.of(
                Arguments.of("a data set without command", data(data), 6),
                Arguments.of("a context that was not agreed on", data(value(9, true, true, echo(1))), 6),
                Arguments.of("a value longer than its PDU", pdu(4, new byte[] {0, 0, 1, 0, 1, 3}), 6),
                Arguments.of("a value without header", pdu(4, new byte[] {0, 0, 0, 1, 1, 3}), 6),
                Arguments.of("a PDU that ends within a header", pdu(4, new byte[] {0, 0, 0}), 6),
                Arguments.of("a command that is none", data(value(1, true, true, new byte[40])), 6),
                Arguments.of("an empty command", data(value(1, true, true, new byte[0])), 6),
                Arguments.of(
                        "a command of two contexts",
                        data(value(1, true, false, new byte[8]), value(3, true, true, new byte[8])),
                        6),
                Arguments.of("a longer PDU than agreed", join(new byte[] {4, 0}, new byte[] {0, 0x20, 0, 0}), 6),
                Arguments.of("another request", associateRequest("SERVER", "PEER", VERIFICATION), 2),
                Arguments.of("an answer to no release", pdu(RELEASE_RP, new byte[4]), 2),
                Arguments.of(
                        "release within a data set",
                        join(
                                data(value(3, true, true, store(1)), value(3, false, false, new byte[8])),
                                releaseRequest()),
                        -1),
                Arguments.of(
                        "another command within a data set",
                        data(
                                value(3, true, true, store(1)),
                                value(3, false, false, new byte[8]),
                                value(1, true, true, echo(2))),
                        6));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notAMessage")
    void abortsWhatIsNoMessage(String what, byte[] bytes, int reason) throws IOException {
        try (TestPeer peer = open(VERIFICATION, CT)) {
            peer.send(bytes);

            byte[] answer = peer.receive();
            assertThat(answer[0]).isEqualTo((byte) ABORT);
            if (reason >= 0) {
                assertThat(answer).isEqualTo(abort(reason));
            }
            assertThat(peer.isClosed()).isTrue();
        }
        await().until(() -> server.problems.size() == 1);
    }

    @Test
    void doesNotTakeEndlessCommands() throws IOException {
        try (TestPeer peer = open(VERIFICATION)) {
            byte[] piece = data(value(1, true, false, new byte[8000]));
            for (int i = 0; i < 9; i++) {
                peer.send(piece);
            }

            assertThat(peer.receive()).isEqualTo(abort(6));
        }
    }

    @Test
    void closesAConnectionThatStaysSilent() throws IOException {
        try (TestPeer peer = TestPeer.connectedTo(server.port())) {
            assertThat(peer.isClosed()).isTrue();
        }
        assertThat(server.opened).isEmpty();
    }

    @Test
    void doesNotWaitForOneByteASecond() throws IOException {
        byte[] request = associateRequest("SERVER", "PEER", VERIFICATION);
        try (TestPeer peer = TestPeer.connectedTo(server.port())) {
            int sent = 0;
            try {
                while (sent < 40) {
                    peer.send(new byte[] {request[sent++]});
                    LockSupport.parkNanos(100_000_000);
                }
            } catch (IOException e) {
                // it has been closed
            }
            assertThat(sent).isLessThan(40);
        }
    }

    @Test
    void abortsADataSetThatTrickles() throws IOException {
        try (TestPeer peer = open(CT)) {
            peer.send(data(value(1, true, true, store(1))));
            await().atMost(Duration.ofSeconds(15))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> {
                        try {
                            peer.send(data(value(1, false, false, new byte[2])));
                            return !server.problems.isEmpty();
                        } catch (IOException e) {
                            return true;
                        }
                    });
        }
        await().until(() -> !server.problems.isEmpty());
        assertThat(server.problems.get(0)).hasMessageContaining("waited for too long");
    }

    @Test
    void forgetsAPeerThatAbortsWithinADataSet() throws IOException {
        try (TestPeer peer = open(CT)) {
            peer.send(data(value(1, true, true, store(1)), value(1, false, false, new byte[100])), TestPeer.abort());
            assertThat(peer.isClosed()).isTrue();
        }
        await().until(() -> server.problems.size() == 1);
        assertThat(server.stored).isEmpty();
        assertThat(server.problems.get(0)).hasMessageContaining("aborted");
    }

    @Test
    void forgetsAPeerThatIsGone() throws IOException {
        try (TestPeer peer = open(CT)) {
            peer.send(data(value(1, true, true, store(1)), value(1, false, false, new byte[100])));
        }
        await().until(() -> server.problems.size() == 1);
        assertThat(server.stored).isEmpty();
    }

    @Test
    void closesAConnectionWhosePeerDoesNotReadItsAnswers() throws IOException {
        try (TestPeer peer = TestPeer.thatReadsLittle(server.port())) {
            peer.send(associateRequest("SERVER", "PEER", VERIFICATION));
            assertThat(peer.receive()[0]).isEqualTo((byte) ASSOCIATE_AC);
            byte[] echoes = join(many(data(value(1, true, true, echo(1))), 500));
            try {
                while (server.problems.isEmpty()) {
                    peer.send(echoes);
                }
            } catch (IOException e) {
                // it has been closed
            }
        }
        await().until(() -> !server.problems.isEmpty());
    }

    private static byte[][] many(byte[] piece, int count) {
        byte[][] all = new byte[count][];
        Arrays.fill(all, piece);
        return all;
    }

    @Test
    void takesValuesSplitAtAnyPlace() throws IOException {
        byte[] command = store(5);
        byte[] dataSet = new byte[1000];
        new Random(1).nextBytes(dataSet);
        ByteBuffer all = ByteBuffer.wrap(dataSet);
        List<byte[]> pieces = new ArrayList<>();
        for (byte b : command) {
            pieces.add(data(value(1, true, false, new byte[] {b})));
        }
        pieces.add(data(value(1, true, true, new byte[0])));
        int n = 0;
        while (all.hasRemaining()) {
            byte[] piece = new byte[Math.min(n++ % 7, all.remaining())];
            all.get(piece);
            pieces.add(data(value(1, false, false, piece)));
        }
        pieces.add(data(value(1, false, true, new byte[0]), new byte[0]));
        pieces.add(pdu(4, new byte[0]));
        byte[] stream = join(pieces.toArray(byte[][]::new));

        try (TestPeer peer = open(CT)) {
            for (int at = 0; at < stream.length; at += 997) {
                peer.send(Arrays.copyOfRange(stream, at, Math.min(stream.length, at + 997)));
            }
            assertThat(peer.receive()[0]).isEqualTo((byte) 4);
            peer.send(releaseRequest());
            assertThat(peer.receive()[0]).isEqualTo((byte) RELEASE_RP);
        }
        assertThat(server.stored.get(0).bytes()).isEqualTo(dataSet);
        await().until(() -> server.released.get() == 1);
    }

    @Test
    void takesManyMessagesInOnePDU() throws IOException {
        try (TestPeer peer = open(VERIFICATION)) {
            peer.send(
                    data(value(1, true, true, echo(1)), value(1, true, true, echo(2)), value(1, true, true, echo(3))));
            for (int i = 0; i < 3; i++) {
                assertThat(peer.receive()[0]).isEqualTo((byte) 4);
            }
        }
    }

    @Test
    void passesOverItemsThatItDoesNotKnow() throws IOException {
        byte[] request = associateRequest("SERVER", "PEER", VERIFICATION);
        byte[] unknown = item(0x7A, new byte[300]);
        byte[] longer = join(Arrays.copyOfRange(request, 6, request.length), unknown);
        try (TestPeer peer = TestPeer.connectedTo(server.port())) {
            peer.send(pdu(1, longer));

            assertThat(peer.receive()[0]).isEqualTo((byte) ASSOCIATE_AC);
        }
    }

    @Test
    void rejectsACallerThatHasNoAETitle() throws IOException {
        for (String calling : List.of("A\nINFO  logged", "", "A\\B")) {
            try (TestPeer peer = TestPeer.connectedTo(server.port())) {
                peer.send(associateRequest("SERVER", calling, VERIFICATION));

                assertThat(peer.receive()).isEqualTo(pdu(ASSOCIATE_RJ, new byte[] {0, 1, 1, 3}));
            }
        }
    }

    @Test
    void answersACommandThatThereIsNot() throws IOException {
        byte[] command = echo(5);
        // Command Field is the third element: group length 12, Affected SOP Class UID 26, tag and length 8
        command[12 + 26 + 8] = 0x22;
        try (TestPeer peer = open(VERIFICATION)) {
            peer.send(data(value(1, true, true, command)));

            byte[] answer = peer.receive();
            assertThat(answer[0]).isEqualTo((byte) 4);
            // Status (0000,0900) is 0211H
            assertThat(HexFormat.of().formatHex(answer)).contains("00000009" + "02000000" + "1102");
        }
    }

    @Test
    void rejectsWhomItIsNot() throws IOException {
        try (TestPeer peer = TestPeer.connectedTo(server.port())) {
            peer.send(associateRequest("OTHER", "PEER", VERIFICATION));

            assertThat(peer.receive()).isEqualTo(pdu(ASSOCIATE_RJ, new byte[] {0, 1, 1, 7}));
        }
        await().until(() -> server.rejected.size() == 1);
    }
}
