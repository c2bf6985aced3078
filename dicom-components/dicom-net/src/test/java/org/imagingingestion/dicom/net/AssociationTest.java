package org.imagingingestion.dicom.net;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.imagingingestion.dicom.net.TestPeer.CT;
import static org.imagingingestion.dicom.net.TestPeer.EXPLICIT;
import static org.imagingingestion.dicom.net.TestPeer.IMPLICIT;
import static org.imagingingestion.dicom.net.TestPeer.VERIFICATION;

/** Two of our own sides, talking. */
class AssociationTest {
    private static final String FIND = "1.2.840.10008.5.1.4.1.2.2.1";
    private static final String GET = "1.2.840.10008.5.1.4.1.2.2.3";
    private static final String JPEG_2000 = "1.2.840.10008.1.2.4.91";
    private static final String DEFLATED = "1.2.840.10008.1.2.1.99";

    private TestServer server;

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private static void verification(List<PresentationContext> contexts) {
        contexts.add(new PresentationContext(1, VERIFICATION, List.of(IMPLICIT)));
    }

    private static void storage(List<PresentationContext> contexts) {
        contexts.add(new PresentationContext(1, CT, List.of(EXPLICIT)));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static DimseStatus store(Association association, byte[] dataSet) throws Exception {
        return new ServiceUser(association)
                .store(association.context(CT), "1.2.3", null, DataSetSource.of(new ByteArrayInputStream(dataSet)));
    }

    @Test
    void echoesAndReleases() throws Exception {
        server = TestServer.start();
        try (Association association = server.associate(AssociationTest::verification)) {
            assertThat(new ServiceUser(association).echo().isSuccess()).isTrue();
            assertThat(new ServiceUser(association).echo().isSuccess()).isTrue();
        }
        await().until(() -> server.released.get() == 1);
        assertThat(server.opened.get(0).peer().implementationVersionName()).startsWith("IMAGINGESTION");
        assertThat(server.opened.get(0).callingAETitle()).isEqualTo("CLIENT");
        assertThat(server.problems).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "128, 0",
        "128, 1",
        "128, 122",
        "128, 123",
        "4096, 100000",
        "16384, 16372",
        "0, 1000000",
        "131072, 3000001"
    })
    void sendsDataSetsOfAnyLengthInPiecesThatThePeerTakes(int maximumLength, int length) throws Exception {
        server = TestServer.on().maximumLength(maximumLength).start();
        byte[] dataSet = random(length);
        try (Association association = server.associate(AssociationTest::storage)) {
            assertThat(store(association, dataSet).isSuccess()).isTrue();
            assertThat(store(association, dataSet).isSuccess()).isTrue();
        }
        assertThat(server.stored).hasSize(2).allSatisfy(stored -> {
            assertThat(stored.bytes()).isEqualTo(dataSet);
            assertThat(stored.transferSyntax()).isEqualTo(EXPLICIT);
            assertThat(stored.sopInstanceUID()).isEqualTo("1.2.3");
        });
    }

    @ParameterizedTest
    @CsvSource({"4096, 1", "4096, 4091", "131072, 300001", "131072, 300002"})
    void sendsAnEvenNumberOfBytesOfADeflatedDataSet(int maximumLength, int length) throws Exception {
        server = TestServer.on().maximumLength(maximumLength).start();
        byte[] dataSet = random(length);
        try (Association association =
                server.associate(contexts -> contexts.add(new PresentationContext(1, CT, List.of(DEFLATED))))) {
            assertThat(store(association, dataSet).isSuccess()).isTrue();
        }
        assertThat(server.stored.get(0).bytes()).isEqualTo(Arrays.copyOf(dataSet, length + (length & 1)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100_000})
    void passesOverADataSetThatIsNotRead(int length) throws Exception {
        server = TestServer.on()
                .handler((association, request) -> {
                    throw new DicomException(DicomStatus.OUT_OF_RESOURCES, "The disk is full");
                })
                .start();
        try (Association association = server.associate(AssociationTest::storage)) {
            for (int i = 0; i < 3; i++) {
                DimseStatus status = store(association, random(length));
                assertThat(status.code()).isEqualTo(0xA700);
                assertThat(status.comment()).isEqualTo("The disk is full");
            }
        }
        assertThat(server.problems).isEmpty();
    }

    @Test
    void answersAFailureWithoutTellingWhatItWas() throws Exception {
        server = TestServer.on()
                .handler((association, request) -> {
                    throw new IllegalStateException("Doe^Jane is not in the table");
                })
                .start();
        try (Association association = server.associate(AssociationTest::storage)) {
            DimseStatus status = store(association, random(10));
            assertThat(status.code()).isEqualTo(0x0110);
            assertThat(status.comment()).doesNotContain("Doe");
        }
    }

    @Test
    void cutsErrorCommentsToWhatAnElementHolds() throws Exception {
        server = TestServer.on()
                .handler((association, request) -> association.respond(
                        request,
                        new DimseStatus(0xC000, "ä\\\n" + "x".repeat(100), List.of(Tag.PatientID, Tag.PixelData))))
                .start();
        try (Association association = server.associate(AssociationTest::storage)) {
            DimseStatus status = store(association, random(10));
            assertThat(status.comment()).hasSizeLessThanOrEqualTo(64).startsWith("xxx");
            assertThat(status.offendingElements()).containsExactly(Tag.PatientID, Tag.PixelData);
        }
    }

    @Test
    void saysWhatItWasRejectedFor() throws IOException {
        server = TestServer.on()
                .admission((request, peer) -> Pdu.AssociateReject.CALLING_AE_NOT_RECOGNIZED)
                .start();

        assertThatThrownBy(() -> server.associate(AssociationTest::verification))
                .isInstanceOfSatisfying(AssociationRejectedException.class, e -> assertThat(e.isTransient())
                        .isFalse())
                .hasMessageContaining("calling AE title not recognized");
    }

    @Test
    void takesNoMoreThanItsLimit() throws Exception {
        server = TestServer.on().limits(100, 100, 2).start();
        try (Association one = server.associate(AssociationTest::verification);
                Association two = server.associate(AssociationTest::verification)) {
            assertThatThrownBy(() -> server.associate(AssociationTest::verification))
                    .isInstanceOfSatisfying(AssociationRejectedException.class, e -> assertThat(e.isTransient())
                            .isTrue());
            assertThat(new ServiceUser(one).echo().isSuccess()).isTrue();
        }
        await().untilAsserted(
                        () -> server.associate(AssociationTest::verification).close());
    }

    @Test
    void takesNoMoreFromOneHostThanItsLimit() throws Exception {
        server = TestServer.on().limits(100, 1, 100).start();
        try (Association one = server.associate(AssociationTest::verification)) {
            assertThatThrownBy(() -> server.associate(AssociationTest::verification))
                    .isInstanceOf(AssociationRejectedException.class);
            assertThat(new ServiceUser(one).echo().isSuccess()).isTrue();
        }
        await().untilAsserted(
                        () -> server.associate(AssociationTest::verification).close());
    }

    @Test
    void saysWhichSOPClassThePeerDoesNotTake() throws Exception {
        server = TestServer.start();
        try (Association association =
                server.associate(contexts -> contexts.add(new PresentationContext(1, "1.2.3.4", List.of(EXPLICIT))))) {
            assertThat(association.contexts()).isEmpty();
            assertThat(association.accept().presentationContexts().get(0).result())
                    .isEqualTo(PresentationContext.Result.ABSTRACT_SYNTAX_NOT_SUPPORTED);
            assertThatThrownBy(() -> association.context("1.2.3.4"))
                    .isInstanceOf(DicomException.class)
                    .hasMessageContaining("1.2.3.4");
        }
    }

    @Test
    void agreesOnTheTransferSyntaxThatTheAcceptorWouldHaveFirst() throws Exception {
        server = TestServer.start();
        String jpeg = "1.2.840.10008.1.2.4.50";
        try (Association association = server.associate(contexts -> {
            contexts.add(new PresentationContext(1, CT, List.of(IMPLICIT, EXPLICIT, jpeg)));
            contexts.add(new PresentationContext(3, CT, List.of(jpeg)));
            contexts.add(new PresentationContext(5, VERIFICATION, List.of(jpeg)));
        })) {
            assertThat(association.contexts())
                    .extracting(PresentationContext.Accepted::transferSyntax)
                    .containsExactly(EXPLICIT, jpeg);
            assertThat(association.accept().presentationContexts().get(2).result())
                    .isEqualTo(PresentationContext.Result.TRANSFER_SYNTAXES_NOT_SUPPORTED);
        }
    }

    @Test
    void agreesOnWindowRolesAndExtendedNegotiation() throws Exception {
        server = TestServer.start();
        UserInformation user = UserInformation.of(0)
                .withWindow(new UserInformation.Window(3, 0))
                .withRoles(List.of(
                        new UserInformation.RoleSelection(CT, false, true),
                        new UserInformation.RoleSelection(VERIFICATION, true, true)))
                .withExtended(List.of(new UserInformation.ExtendedNegotiation(FIND, new byte[] {1, 0, 1})))
                .withUserIdentity(new UserInformation.UserIdentity(
                        UserInformation.UserIdentity.Kind.USERNAME_AND_PASSCODE,
                        true,
                        "user".getBytes(),
                        "secret".getBytes()));
        try (Association association = server.associate(
                contexts -> {
                    contexts.add(new PresentationContext(1, CT, List.of(EXPLICIT)));
                    contexts.add(new PresentationContext(3, VERIFICATION, List.of(EXPLICIT)));
                },
                user)) {
            assertThat(association.window()).isEqualTo(3);
            assertThat(association.isSCU(CT)).isFalse();
            assertThat(association.isSCU(VERIFICATION)).isTrue();
            UserInformation answer = association.peer();
            assertThat(answer.window()).isEqualTo(new UserInformation.Window(3, 8));
            assertThat(answer.roles())
                    .containsExactly(
                            new UserInformation.RoleSelection(CT, false, true),
                            new UserInformation.RoleSelection(VERIFICATION, true, false));
            assertThat(answer.extended().get(0).information()).containsExactly(1, 0, 1);
            assertThat(answer.userIdentityAnswer()).as("nobody has verified it").isNull();
            assertThat(server.opened.get(0).isSCU(CT)).isTrue();
        }
        assertThat(server.opened.get(0).request().userInformation().toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sendsCompressedToWhoWantsThatFirstAndTakesWhatItWouldHaveItself(boolean sends) throws Exception {
        server = TestServer.start();
        UserInformation user =
                UserInformation.of(0).withRoles(List.of(new UserInformation.RoleSelection(CT, !sends, sends)));
        try (Association association = server.associate(
                contexts -> {
                    contexts.add(new PresentationContext(1, CT, List.of(JPEG_2000, EXPLICIT)));
                    contexts.add(new PresentationContext(3, CT, List.of(IMPLICIT, JPEG_2000, EXPLICIT)));
                },
                user)) {
            assertThat(association.contexts())
                    .extracting(PresentationContext.Accepted::transferSyntax)
                    .containsExactly(sends ? JPEG_2000 : EXPLICIT, EXPLICIT);
        }
    }

    @Test
    void isOverWhereTheReleaseOfAPeerThatIsGoneCannotBeAnswered() throws Exception {
        CountDownLatch isGone = new CountDownLatch(1);
        CompletableFuture<Exception> problem = new CompletableFuture<>();
        server = TestServer.on()
                .handler((association, request) -> {
                    isGone.await(10, TimeUnit.SECONDS);
                    try {
                        association.awaitResponse();
                    } catch (Exception e) {
                        problem.complete(e);
                        throw e;
                    }
                })
                .start();
        try (TestPeer peer = TestPeer.connectedTo(server.port())) {
            peer.send(TestPeer.associateRequest("SERVER", "PEER", VERIFICATION));
            peer.receive();
            peer.send(TestPeer.data(TestPeer.value(1, true, true, TestPeer.echo(1))), TestPeer.releaseRequest());
            peer.socket().setSoLinger(true, 0);
        }
        isGone.countDown();

        assertThat(problem.get(10, TimeUnit.SECONDS)).isInstanceOf(AssociationException.class);
    }

    @Test
    void takesRequestsWhileOthersWaitForTheirAnswers() throws Exception {
        server = TestServer.start();
        UserInformation user = UserInformation.of(0).withWindow(new UserInformation.Window(4, 1));
        try (Association association = server.associate(AssociationTest::storage, user)) {
            List<Integer> ids = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                ids.add(association.request(
                        association.context(CT),
                        Command.request(CommandField.C_STORE, CT).withSOPInstanceUID("1.2." + i),
                        DataSetSource.of(new ByteArrayInputStream(random(50_000)))));
            }
            for (int id : ids) {
                assertThat(association.awaitResponse().command().messageIDBeingRespondedTo())
                        .isEqualTo(id);
            }
        }
        assertThat(server.stored).hasSize(4);
    }

    private static DataSet match(int number) {
        return new DataSet().setString(Tag.PatientID, VR.LO, "P" + number);
    }

    private static void find(List<PresentationContext> contexts) {
        contexts.add(new PresentationContext(1, FIND, List.of(EXPLICIT)));
    }

    @Test
    void givesMatchesAsTheyCome() throws Exception {
        server = TestServer.on()
                .handler((association, request) -> {
                    int count = request.readDataSet().integer(Tag.InstanceNumber, 0);
                    for (int i = 0; i < count; i++) {
                        association.respond(request, request.command().response(DimseStatus.PENDING), match(i));
                    }
                    association.respond(request, DimseStatus.SUCCESS);
                })
                .start();
        try (Association association = server.associate(AssociationTest::find)) {
            for (int count : new int[] {3, 0, 1000}) {
                List<String> ids = new ArrayList<>();
                try (ServiceUser.Matches matches = new ServiceUser(association)
                        .find(association.context(FIND), new DataSet().setInt(Tag.InstanceNumber, VR.IS, count))) {
                    matches.forEachRemaining(match -> ids.add(match.string(Tag.PatientID)));
                    assertThat(matches.status().isSuccess()).isTrue();
                }
                assertThat(ids).hasSize(count);
            }
        }
    }

    @Test
    void stopsASearchThatIsCancelled() throws Exception {
        AtomicInteger sent = new AtomicInteger();
        server = TestServer.on()
                .handler((association, request) -> {
                    request.readDataSet();
                    while (!association.isCancelled(request)) {
                        association.respond(
                                request,
                                request.command().response(DimseStatus.PENDING),
                                match(sent.incrementAndGet()));
                    }
                    association.respond(request, DimseStatus.CANCEL);
                })
                .start();
        try (Association association = server.associate(AssociationTest::find)) {
            ServiceUser.Matches matches = new ServiceUser(association).find(association.context(FIND), match(0));
            assertThat(matches.next().string(Tag.PatientID)).isEqualTo("P1");
            matches.close();
            assertThat(matches.status().isCancel()).isTrue();

            // the association goes on
            try (ServiceUser.Matches again = new ServiceUser(association).find(association.context(FIND), match(0))) {
                assertThat(again.hasNext()).isTrue();
            }
        }
    }

    @Test
    void tellsThatASearchFailed() throws Exception {
        server = TestServer.on()
                .handler((association, request) -> {
                    throw new DicomException(DicomStatus.OUT_OF_RESOURCES, "no");
                })
                .start();
        try (Association association = server.associate(AssociationTest::find)) {
            ServiceUser.Matches matches = new ServiceUser(association).find(association.context(FIND), match(0));
            assertThatThrownBy(matches::hasNext).isInstanceOfSatisfying(FailedOperationException.class, e -> assertThat(
                            e.status().code())
                    .isEqualTo(0xA700));
        }
    }

    @Test
    void takesInstancesOnTheAssociationThatAskedForThem() throws Exception {
        byte[] dataSet = random(200_000);
        server = TestServer.on()
                .handler((association, request) -> {
                    request.readDataSet();
                    for (int i = 0; i < 3; i++) {
                        DimseStatus status = new ServiceUser(association)
                                .store(
                                        association.context(CT),
                                        "1.2." + i,
                                        null,
                                        DataSetSource.of(new ByteArrayInputStream(dataSet)));
                        association.respond(
                                request,
                                request.command()
                                        .response(DimseStatus.PENDING)
                                        .withSuboperations(
                                                new Suboperations(2 - i, i + 1, status.isSuccess() ? 0 : 1, 0)),
                                null);
                    }
                    association.respond(request, DimseStatus.SUCCESS);
                })
                .start();
        List<byte[]> got = new ArrayList<>();
        List<Suboperations> progress = new ArrayList<>();
        UserInformation user =
                UserInformation.of(16 << 10).withRoles(List.of(new UserInformation.RoleSelection(CT, false, true)));
        try (Association association = server.associate(
                contexts -> {
                    contexts.add(new PresentationContext(1, GET, List.of(EXPLICIT)));
                    contexts.add(new PresentationContext(3, CT, List.of(EXPLICIT)));
                },
                user)) {
            association.setHandler((itself, request) -> {
                try (InputStream in = request.data()) {
                    got.add(in.readAllBytes());
                }
                itself.respond(request, DimseStatus.SUCCESS);
            });
            ServiceUser.Response end =
                    new ServiceUser(association).get(association.context(GET), match(0), progress::add);
            assertThat(end.status().isSuccess()).isTrue();
        }
        assertThat(got).hasSize(3).allSatisfy(bytes -> assertThat(bytes).isEqualTo(dataSet));
        assertThat(progress).contains(new Suboperations(1, 2, 0, 0));
    }

    @Test
    void abortsWhenADataSetCannotBeReadToItsEnd() throws Exception {
        server = TestServer.start();
        try (Association association = server.associate(AssociationTest::storage)) {
            assertThatThrownBy(() -> new ServiceUser(association).store(association.context(CT), "1.2", null, out -> {
                        out.write(random(500_000));
                        throw new IOException("bad sector");
                    }))
                    .isInstanceOf(AssociationAbortedException.class)
                    .hasRootCauseMessage("bad sector");
            assertThat(association.isOpen()).isFalse();
            assertThatThrownBy(() -> store(association, random(10))).isInstanceOf(AssociationAbortedException.class);
        }
        await().until(() -> server.problems.size() == 1);
        assertThat(server.stored).isEmpty();
    }

    @Test
    void noticesThatTheOtherSideIsStopped() throws Exception {
        server = TestServer.start();
        try (Association association = server.associate(AssociationTest::verification)) {
            assertThat(new ServiceUser(association).echo().isSuccess()).isTrue();
            server.acceptor().close();
            assertThatThrownBy(() -> new ServiceUser(association).echo()).isInstanceOf(AssociationException.class);
        }
    }

    @Test
    void saysThatNobodyListens() throws IOException {
        server = TestServer.start();
        int port;
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = nobody.getLocalPort();
        }

        assertThatThrownBy(() -> new Requestor("127.0.0.1", port, TestServer.SHORT)
                        .associate(new Pdu.AssociateRequest("X", "Y", List.of(), UserInformation.of(0))))
                .isInstanceOf(AssociationException.class)
                .hasMessageContaining("No connection to 127.0.0.1:" + port);
    }

    @Test
    void holdsManyIdleAssociations() throws Exception {
        server = TestServer.on().timeouts(Timeouts.DEFAULT).start();
        List<Association> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 2000; i++) {
                idle.add(server.associate(AssociationTest::verification));
            }
            assertThat(new ServiceUser(idle.get(0)).echo().isSuccess()).isTrue();
            assertThat(new ServiceUser(idle.get(1999)).echo().isSuccess()).isTrue();
            await().atMost(Duration.ofMinutes(1)).until(() -> server.acceptor().associations() == 2000);
        } finally {
            idle.forEach(Association::disconnect);
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> server.acceptor().associations() == 0);
    }
}
