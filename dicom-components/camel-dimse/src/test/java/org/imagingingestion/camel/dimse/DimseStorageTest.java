package org.imagingingestion.camel.dimse;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomFile;
import org.imagingingestion.dicom.DicomReader;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.event.DeliveryFailure;
import org.imagingingestion.dicom.net.CommandField;
import org.imagingingestion.dicom.net.Suboperations;
import org.imagingingestion.dicom.service.KeptInstance;
import org.imagingingestion.dicom.service.QueryLevel;
import org.imagingingestion.dicom.service.ServiceHeaders;
import org.imagingingestion.dicom.service.StoreResult;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Instances that are stored and retrieved, from one AE title of the component to another. */
class DimseStorageTest extends DimseFixture {
    @Test
    void storesWhatComesInWhicheverForm() throws Exception {
        byte[] file = file("1.2.3.4.5");
        Path path = Files.write(folder.resolve("a.dcm"), file);
        for (Object body : List.of(file, path, path.toFile(), Files.newInputStream(path))) {
            send(archive("operation=store"), body, Map.of());
        }

        assertThat(received).hasSize(4).allSatisfy(each -> {
            assertThat(each.file()).isEqualTo(file);
            assertThat(each.headers())
                    .containsEntry(DimseConstants.COMMAND, "C-STORE")
                    .containsEntry(DimseConstants.CALLING_AE_TITLE, "TEST")
                    .containsEntry(DimseConstants.CALLED_AE_TITLE, "ARCHIVE")
                    .containsEntry(DimseConstants.SOP_CLASS_UID, CT)
                    .containsEntry(DimseConstants.SOP_INSTANCE_UID, "1.2.3.4.5");
        });
        assertThat(server().statistics().accepted()).as("associations").isEqualTo(1);
    }

    @Test
    void tellsWhatBecameOfEachOfSeveral() {
        StoreResult result = send(
                        archive("operation=store"),
                        List.of(file("1.1"), new byte[200], file("1.2", TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN)),
                        Map.of())
                .getMessage()
                .getBody(StoreResult.class);

        assertThat(result.instances()).extracting(StoreResult.Instance::stored).containsExactly(false, true, true);
        assertThat(result.isComplete()).isFalse();
        assertThat(received).hasSize(2);
    }

    @Test
    void saysWhatBecameOfEachWhereNotAllAreToFail() {
        refusal = new DicomException(DicomStatus.DUPLICATE_SOP_INSTANCE, "It is there");

        assertThatThrownBy(() -> send(
                        archive("operation=store&failWhenIncomplete=true"),
                        List.of(file("1.1"), file("1.2"), file("1.3")),
                        Map.of()))
                .cause()
                .isInstanceOfSatisfying(StoreIncompleteException.class, e -> {
                    assertThat(e.status()).isEqualTo(DicomStatus.DUPLICATE_SOP_INSTANCE);
                    assertThat(e).hasMessageStartingWith("Of 3 instances 2 are stored: ");
                    assertThat(e.taken()).containsExactlyInAnyOrder("1.2", "1.3");
                });
    }

    @Test
    void doesNotGoOnWithSeveralWhereThePeerTakesNoneForNow() {
        refusal = new DicomException(DicomStatus.OUT_OF_RESOURCES, "Full");

        assertThatThrownBy(() -> send(
                        archive("operation=store&failWhenIncomplete=true&maximumRetries=0"),
                        List.of(file("1.1"), file("1.2")),
                        Map.of()))
                .cause()
                .isInstanceOfSatisfying(StoreIncompleteException.class, e -> {
                    assertThat(e.taken()).isEmpty();
                    assertThat(e.isOutage()).isTrue();
                });
        assertThat(received).isEmpty();
    }

    @Test
    void takesAnInstanceThatCannotBeHadForItsOwnFailure() throws Exception {
        KeptInstance gone = new KeptInstance() {
            @Override
            public boolean isDescribed() {
                return false;
            }

            @Override
            public void describe() throws IOException {
                throw new IOException(new DicomException(DicomStatus.NO_SUCH_OBJECT_INSTANCE, "Gone"));
            }

            @Override
            public String sopClassUID() {
                throw new IllegalStateException("It is not known");
            }

            @Override
            public String sopInstanceUID() {
                return "1.2";
            }

            @Override
            public String transferSyntaxUID() {
                throw new IllegalStateException("It is not known");
            }

            @Override
            public InputStream open() {
                throw new IllegalStateException("It cannot be had");
            }
        };

        assertThatThrownBy(() -> send(
                        archive("operation=store&failWhenIncomplete=true"),
                        List.of(file("1.1"), gone, file("1.3")),
                        Map.of()))
                .cause()
                .isInstanceOfSatisfying(StoreIncompleteException.class, e -> {
                    assertThat(e.taken()).containsExactlyInAnyOrder("1.1", "1.3");
                    assertThat(DeliveryFailure.of(e).isFinal()).isTrue();
                    assertThat(e).hasMessageEndingWith("2 are stored: Gone");
                });
    }

    @Test
    void failsWhereThePeerDoesNotTakeAnInstance() {
        refusal = new DicomException(DicomStatus.DUPLICATE_SOP_INSTANCE, "It is there");

        assertThatThrownBy(() -> send(archive("operation=store"), file("1.2"), Map.of()))
                .cause()
                .isInstanceOfSatisfying(FailedStatusException.class, e -> {
                    assertThat(e.status()).isEqualTo(DicomStatus.DUPLICATE_SOP_INSTANCE);
                    assertThat(e).hasMessageContaining("0111H");
                    assertThat(e.answer().comment()).isEqualTo("It is there");
                });
    }

    @Test
    void triesAgainWhereThePeerIsOutOfResources() {
        refusal = new DicomException(DicomStatus.OUT_OF_RESOURCES, "Later");

        send(archive("operation=store"), file("1.2"), Map.of());

        assertThat(received).hasSize(1);
    }

    private Suboperations move(String destination) {
        return send(archive("operation=move"), identifier(), Map.of(DimseConstants.MOVE_DESTINATION, destination))
                .getMessage()
                .getBody(Suboperations.class);
    }

    @Test
    void movesWhatTheRouteFinds() {
        kept.add(source("1.1", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
        kept.add(source("1.2", TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN));
        kept.add(source("1.3", TransferSyntax.EXPLICIT_VR_BIG_ENDIAN));

        assertThat(move("DEST")).isEqualTo(new Suboperations(-1, 3, 0, 0));
        assertThat(received).hasSize(3);
        assertThat(received.get(0).headers())
                .containsEntry(DimseConstants.CALLED_AE_TITLE, "DEST")
                .containsEntry(DimseConstants.CALLING_AE_TITLE, "ARCHIVE")
                .containsEntry(DimseConstants.MOVE_ORIGINATOR, "TEST");
        assertThat(queries.get(0).level()).isEqualTo(QueryLevel.IMAGE);
        assertThat(queries.get(0).keys()).hasSize(1);
    }

    @Test
    void writesInstancesAnewForWhomTakesNoOtherTransferSyntax() throws Exception {
        for (TransferSyntax syntax : List.of(
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.EXPLICIT_VR_BIG_ENDIAN,
                TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN)) {
            kept.add(source("1." + kept.size(), syntax));
        }

        assertThat(move("PLAIN")).isEqualTo(new Suboperations(-1, 3, 0, 0));
        assertThat(received).hasSize(3);
        for (Received each : received) {
            try (InputStream in = new ByteArrayInputStream(each.file())) {
                DicomFile file = DicomReader.read(in, ParseLimits.WHOLE);
                assertThat(file.transferSyntax()).isEqualTo(TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN);
                assertThat(file.dataSet().bytes(Tag.PixelData)).isEqualTo(PIXELS);
                assertThat(file.dataSet().integer(Tag.BitsAllocated, 0)).isEqualTo(16);
            }
        }
    }

    @Test
    void passesOnWhatItTakes() {
        send("dimse:ROUTER@127.0.0.1:" + port, file("1.2"), Map.of());

        assertThat(received).hasSize(1);
        assertThat(received.get(0).headers()).containsEntry(DimseConstants.CALLED_AE_TITLE, "DEST");
    }

    @Test
    void answersAFailureOfAnotherPeerAndGoesOn() throws Exception {
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody.close();
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    errorHandler(noErrorHandler());
                    from("dimse:LOST?operations=store")
                            .to("dimse:X@127.0.0.1:" + nobody.getLocalPort() + "?maximumRetries=0");
                }
            });
        }
        String lost = "dimse:LOST@127.0.0.1:" + port + "?maximumRetries=0";
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> send(lost, file("1.2"), Map.of()))
                    .cause()
                    .isInstanceOfSatisfying(
                            FailedStatusException.class,
                            e -> assertThat(e.answer().code()).isEqualTo(0x0110));
        }
        assertThat(server().statistics().answers())
                .containsEntry(new DimseStatistics.Answer(CommandField.C_STORE, CT, "IMAGINGESTION", 0x0110), 2L);
        assertThat(server().statistics().aborted()).isZero();
    }

    @Test
    void tellsTheRouteWhoseInstancesTheseAre() {
        send("dimse:ARCHIVE@127.0.0.1:" + port + "?callingAE=SCANNER", file("1.2"), Map.of());
        send(archive("operation=store"), file("1.3"), Map.of());

        assertThat(received.get(0).headers()).containsEntry(ServiceHeaders.PROVIDER, "radiology");
        assertThat(received.get(1).headers()).doesNotContainKey(ServiceHeaders.PROVIDER);
    }

    @Test
    void doesNotRetrieveByWhatMatchesAnything() {
        for (DataSet identifier : List.of(
                identifier().setString(Tag.StudyInstanceUID, VR.UI, "*"),
                identifier().setBytes(Tag.StudyInstanceUID, VR.UI, new byte[2]),
                identifier()
                        .setString(Tag.QueryRetrieveLevel, VR.CS, "PATIENT")
                        .setString(Tag.PatientID, VR.LO, "A*"))) {
            assertThatThrownBy(() -> send(
                            archive("operation=move"),
                            identifier,
                            Map.of(
                                    DimseConstants.MOVE_DESTINATION,
                                    "DEST",
                                    DimseConstants.SOP_CLASS_UID,
                                    DimseOperation.MOVE.sopClasses().get(0))))
                    .cause()
                    .isInstanceOfSatisfying(
                            FailedStatusException.class,
                            e -> assertThat(e.answer().code()).isEqualTo(0xA900));
        }
        assertThat(queries).isEmpty();
    }

    @Test
    void releasesAssociationsThatAreNotUsed() {
        send(archive("operation=store&pooledIdleTime=100"), file("1.2"), Map.of());
        send(archive("operation=echo&pooledIdleTime=100"), "", Map.of());

        await().until(() -> server().associations() == 0);
        assertThat(server().statistics().aborted()).isZero();
    }

    @Test
    void countsWhatCannotBeMoved() {
        kept.add(source("1.1", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
        kept.add(source("1.9", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
        kept.add(source("1.2", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));

        assertThat(move("DEST")).isEqualTo(new Suboperations(-1, 2, 1, 0));
    }

    @Test
    void fetchesWhatThePeerHas() {
        kept.add(source("1.1", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
        kept.add(source("1.9", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
        kept.add(source("1.2", TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN));

        Exchange exchange = send(archive("operation=get&instances=direct:ingest"), identifier(), Map.of());

        assertThat(exchange.getMessage().getBody()).isEqualTo(new Suboperations(-1, 2, 1, 0));
    }

    @Test
    void doesNotMoveToWhomItDoesNotKnow() {
        assertThatThrownBy(() -> move("NOBODY"))
                .cause()
                .isInstanceOfSatisfying(
                        FailedStatusException.class,
                        e -> assertThat(e.answer().code()).isEqualTo(0xA801));
    }
}
