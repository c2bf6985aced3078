package org.imagingingestion.tests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.net.Command;
import org.imagingingestion.dicom.net.CommandField;
import org.imagingingestion.dicom.net.DataSetSource;
import org.imagingingestion.dicom.net.DimseStatus;
import org.imagingingestion.dicom.net.PresentationContext;
import org.imagingingestion.dicom.net.ServiceUser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Storage commitment: what is kept is confirmed, to a requestor that waits and to one that does not (PS3.4 Annex J). */
class DimseCommitmentIT {
    private static final int ALL_COMMITTED = 1;
    private static final int SOME_FAILED = 2;
    private static final Duration TO_CALL_BACK = Duration.ofSeconds(30);

    @TempDir
    static Path folder;

    private static int port;
    private static ImagingIngestion server;

    private final CommitmentRequestor requestor = new CommitmentRequestor();
    private final String transaction = Samples.uid();

    @BeforeAll
    static void start() {
        port = ImagingIngestion.freePort();
        server = startAgain();
    }

    private static ImagingIngestion startAgain() {
        return ImagingIngestion.on(folder)
                .environment("ENV_AETS_JSON", "[{\"name\":\"REQUESTOR\",\"host\":\"127.0.0.1\",\"port\":" + port + "}]")
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void forget() throws Exception {
        requestor.close();
    }

    private static DataSet stored() {
        DataSet instance = Samples.header(Samples.uid(), Samples.uid());
        new DicomwebClient(server.dicomWeb()).storeAll(Samples.file(instance));
        return instance;
    }

    private static ServiceClassUser associate() {
        return ServiceClassUser.of(
                server.dimsePort(),
                "REQUESTOR",
                List.of(CommitmentRequestor.SOP_CLASS, ServiceUser.VERIFICATION),
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid());
    }

    private static DimseStatus ask(ServiceClassUser scu, DataSet request) throws Exception {
        return ask(scu, CommitmentRequestor.SOP_CLASS, CommitmentRequestor.SOP_INSTANCE, 1, request);
    }

    private static DimseStatus ask(
            ServiceClassUser scu, String sopClass, String sopInstance, int actionType, DataSet request)
            throws Exception {
        PresentationContext.Accepted context = scu.context(CommitmentRequestor.SOP_CLASS);
        Command action = Command.request(CommandField.N_ACTION, sopClass).withSOPInstanceUID(sopInstance);
        action.elements().setInt(Tag.ActionTypeID, VR.US, actionType);
        return new ServiceUser(scu.association())
                .ask(context, action, request == null ? null : DataSetSource.of(request, context.transferSyntax()))
                .status();
    }

    /** Asks, and stays until the result came. */
    private CommitmentRequestor.Result result(DataSet... instances) throws Exception {
        try (ServiceClassUser scu = associate()) {
            scu.association().setHandler(requestor);
            assertThat(ask(scu, CommitmentRequestor.request(transaction, instances))
                            .isSuccess())
                    .isTrue();
            // what comes before the answer is handled while that is awaited
            assertThat(new ServiceUser(scu.association()).echo().isSuccess()).isTrue();
        }
        assertThat(requestor.results()).hasSize(1);
        assertThat(requestor.results().get(0).transaction()).isEqualTo(transaction);
        return requestor.results().get(0);
    }

    @Test
    void confirmsOnTheAssociationThatItIsAskedOn() throws Exception {
        DataSet one = stored();
        DataSet other = stored();

        CommitmentRequestor.Result result = result(one, other);

        assertThat(result.eventType()).isEqualTo(ALL_COMMITTED);
        assertThat(result.committed())
                .containsExactly(one.string(Tag.SOPInstanceUID), other.string(Tag.SOPInstanceUID));
        assertThat(result.dataSet().string(Tag.RetrieveAETitle)).isEqualTo("DICOM-INGEST");
        assertThat(result.dataSet().contains(Tag.FailedSOPSequence)).isFalse();
        assertThat(commitments()).isEmpty();
    }

    @Test
    void tellsWhatIsNotKeptAndWhy() throws Exception {
        DataSet one = stored();
        DataSet ofAnotherClass = stored().setString(Tag.SOPClassUID, VR.UI, Samples.SECONDARY_CAPTURE_IMAGE_STORAGE);
        DataSet unknown = Samples.header(Samples.uid(), Samples.uid());

        CommitmentRequestor.Result result = result(one, ofAnotherClass, unknown);

        assertThat(result.eventType()).isEqualTo(SOME_FAILED);
        assertThat(result.committed()).containsExactly(one.string(Tag.SOPInstanceUID));
        assertThat(result.reasons()).containsExactly(0x0119, 0x0112);
    }

    @Test
    void confirmsNothingThatIsGoneFromTheDisk() throws Exception {
        DataSet gone = stored();
        for (Path object : new StorageFolder(folder.resolve("storage")).objects()) {
            if (object.toString().contains(gone.string(Tag.SOPInstanceUID))) {
                Files.delete(object);
            }
        }

        assertThat(result(gone).reasons()).hasSize(1);
    }

    @Test
    void callsBackWhoReleasesAtOnce() throws Exception {
        DataSet instance = stored();
        requestor.listen(port);

        try (ServiceClassUser scu = associate()) {
            assertThat(ask(scu, CommitmentRequestor.request(transaction, instance))
                            .isSuccess())
                    .isTrue();
        }

        assertReported(instance);
    }

    @Test
    void callsBackWhoIsGoneAtOnce() throws Exception {
        DataSet instance = stored();
        requestor.listen(port);

        try (ServiceClassUser scu = associate()) {
            assertThat(ask(scu, CommitmentRequestor.request(transaction, instance))
                            .isSuccess())
                    .isTrue();
            scu.association().disconnect();
        }

        assertReported(instance);
    }

    @Test
    void callsBackAfterItWasKilledWhileTheRequestorWasAway() throws Exception {
        DataSet instance = stored();
        try (ServiceClassUser scu = associate()) {
            assertThat(ask(scu, CommitmentRequestor.request(transaction, instance))
                            .isSuccess())
                    .isTrue();
        }
        ProcessHandle postgres = server.postgres().orElseThrow();

        server.kill();
        Promise.awaitEnd(postgres);
        server = startAgain();
        requestor.listen(port);

        assertReported(instance);
    }

    private void assertReported(DataSet instance) {
        await().atMost(TO_CALL_BACK).until(() -> !requestor.results().isEmpty());
        assertThat(requestor.results()).hasSize(1);
        assertThat(requestor.results().get(0).transaction()).isEqualTo(transaction);
        assertThat(requestor.results().get(0).eventType()).isEqualTo(ALL_COMMITTED);
        assertThat(requestor.results().get(0).committed()).containsExactly(instance.string(Tag.SOPInstanceUID));
        await().until(() -> commitments().isEmpty());
    }

    /** Requests whose results are not taken yet. */
    private static List<Path> commitments() throws Exception {
        try (Stream<Path> files = Files.list(folder.resolve("dimse/commitment"))) {
            return files.toList();
        }
    }

    static Stream<Arguments> wrong() {
        String sopClass = CommitmentRequestor.SOP_CLASS;
        String sopInstance = CommitmentRequestor.SOP_INSTANCE;
        DataSet right = CommitmentRequestor.request(Samples.uid(), Samples.header(Samples.uid(), Samples.uid()));
        DataSet noTransaction = CommitmentRequestor.request(null, Samples.header(Samples.uid(), Samples.uid()));
        return Stream.of(
                Arguments.of("SOP class", Samples.CT_IMAGE_STORAGE, sopInstance, 1, right, "0118H"),
                Arguments.of("SOP instance", sopClass, "1.2.3", 1, right, "0112H"),
                Arguments.of("action type", sopClass, sopInstance, 2, right, "0123H"),
                Arguments.of("transaction", sopClass, sopInstance, 1, noTransaction, "0115H"),
                Arguments.of(
                        "no references", sopClass, sopInstance, 1, CommitmentRequestor.request(Samples.uid()), "0115H"),
                Arguments.of("no data set", sopClass, sopInstance, 1, null, "0212H"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void answersWhatIsWrongWithARequest(
            String what, String sopClass, String sopInstance, int actionType, DataSet request, String status)
            throws Exception {
        try (ServiceClassUser scu = associate()) {
            assertThat(ask(scu, sopClass, sopInstance, actionType, request).hex())
                    .isEqualTo(status);
            assertThat(new ServiceUser(scu.association()).echo().isSuccess()).isTrue();
        }
    }
}
