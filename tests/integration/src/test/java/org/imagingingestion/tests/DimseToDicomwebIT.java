package org.imagingingestion.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.Command;
import org.imagingingestion.dicom.net.CommandField;
import org.imagingingestion.dicom.net.DataSetSource;
import org.imagingingestion.dicom.net.DimseStatus;
import org.imagingingestion.dicom.net.Pdu;
import org.imagingingestion.dicom.net.PresentationContext;
import org.imagingingestion.dicom.net.Requestor;
import org.imagingingestion.dicom.net.ServiceUser;
import org.imagingingestion.dicom.net.Timeouts;
import org.imagingingestion.dicom.net.UserInformation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** DIMSE peers of a DICOMweb server: our own, and Orthanc. */
class DimseToDicomwebIT {
    private static final String COMMITMENT = "1.2.840.10008.1.20.1";
    private static final String COMMITMENT_INSTANCE = "1.2.840.10008.1.20.1.1";

    /** Whose DICOMweb it is. */
    enum Archive {
        OURS,
        ORTHANC
    }

    @TempDir
    static Path folder;

    private static ImagingIngestion archive;
    private static Orthanc orthanc;
    private static ImagingIngestion toOurs;
    private static ImagingIngestion toOrthanc;
    private static int movePort;

    @BeforeAll
    static void start() throws IOException {
        movePort = ImagingIngestion.freePort();
        archive = ImagingIngestion.on(folder.resolve("archive")).start();
        orthanc = Orthanc.in(folder.resolve("orthanc"), archive.dicomWeb());
        toOurs = adapter("to-ours", archive.dicomWeb().toString());
        toOrthanc = adapter("to-orthanc", orthanc.dicomWeb().toString());
    }

    private static ImagingIngestion adapter(String name, String dicomWeb) {
        return ImagingIngestion.on(folder.resolve(name))
                .property("imaging.adapter.dicomweb-address", dicomWeb)
                .property("imaging.adapter.ae-title", "ADAPTER")
                .environment("ENV_AETS_JSON", "[{\"name\":\"DEST\",\"host\":\"127.0.0.1\",\"port\":" + movePort + "}]")
                .start();
    }

    @AfterAll
    static void stop() {
        toOurs.close();
        toOrthanc.close();
        orthanc.close();
        archive.close();
    }

    private static ImagingIngestion adapter(Archive kind) {
        return kind == Archive.OURS ? toOurs : toOrthanc;
    }

    private static Dcmtk.Run run(Archive kind, String program, String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        int at = all.indexOf("SERVER");
        all.remove(at);
        all.addAll(
                at,
                List.of(
                        "-aec",
                        "ADAPTER",
                        "127.0.0.1",
                        Integer.toString(adapter(kind).dimsePort())));
        return new Dcmtk(folder, 0).run(program, all.toArray(String[]::new));
    }

    private static DataSet store(Archive kind, String patient) throws IOException {
        DataSet instance = Samples.image(Samples.header(Samples.uid(), Samples.uid()), 64, 64, 1)
                .setString(Tag.PatientID, VR.LO, patient);
        Samples.pixels(instance, Samples.bytes(64 * 64, 1));
        Path file = Files.write(Files.createTempFile(folder, "instance", ".dcm"), Samples.file(instance));
        run(kind, "storescu", "SERVER", file.toString());
        return instance;
    }

    private static String[] retrieval(DataSet instance, String... options) {
        List<String> arguments = new ArrayList<>(List.of("-S"));
        arguments.addAll(Arrays.asList(options));
        arguments.addAll(List.of(
                "SERVER",
                "-k",
                "QueryRetrieveLevel=STUDY",
                "-k",
                "StudyInstanceUID=" + instance.string(Tag.StudyInstanceUID)));
        return arguments.toArray(String[]::new);
    }

    @ParameterizedTest
    @EnumSource(Archive.class)
    void storesByStowAndFindsByQido(Archive kind) throws Exception {
        DataSet instance = store(kind, "FIND" + kind);

        List<DataSet> found = run(
                        kind,
                        "findscu",
                        "-S",
                        "-X",
                        "SERVER",
                        "-k",
                        "QueryRetrieveLevel=STUDY",
                        "-k",
                        "PatientID=FIND" + kind,
                        "-k",
                        "PatientName",
                        "-k",
                        "StudyInstanceUID")
                .dataSets();

        assertThat(found).hasSize(1);
        assertThat(found.get(0).string(Tag.StudyInstanceUID)).isEqualTo(instance.string(Tag.StudyInstanceUID));
        assertThat(found.get(0).string(Tag.PatientName)).isEqualTo("Doe^Jane");
        assertThat(found.get(0).string(Tag.QueryRetrieveLevel)).isEqualTo("STUDY");
    }

    @ParameterizedTest
    @EnumSource(Archive.class)
    void fetchesByWado(Archive kind) throws Exception {
        DataSet instance = store(kind, "GET" + kind);

        List<DataSet> got = run(kind, "getscu", retrieval(instance)).dataSets();

        assertThat(got).hasSize(1);
        assertThat(got.get(0).bytes(Tag.PixelData)).isEqualTo(instance.bytes(Tag.PixelData));
    }

    @ParameterizedTest
    @EnumSource(Archive.class)
    void movesByWado(Archive kind) throws Exception {
        DataSet instance = store(kind, "MOVE" + kind);

        try (Dcmtk.Server storescp = new Dcmtk(folder, 0).storescp(movePort)) {
            run(kind, "movescu", retrieval(instance, "-aem", "DEST"));

            List<DataSet> received = new Dcmtk.Run(0, "", storescp.folder()).dataSets();
            assertThat(received).hasSize(1);
            assertThat(received.get(0).bytes(Tag.PixelData)).isEqualTo(instance.bytes(Tag.PixelData));
        }
    }

    @ParameterizedTest
    @EnumSource(Archive.class)
    void confirmsWhatQidoFinds(Archive kind) throws Exception {
        DataSet instance = store(kind, "COMMIT" + kind);
        DataSet request = new DataSet()
                .setString(Tag.TransactionUID, VR.UI, Samples.uid())
                .setItems(
                        Tag.ReferencedSOPSequence,
                        reference(Samples.CT_IMAGE_STORAGE, instance.string(Tag.SOPInstanceUID)),
                        reference(Samples.CT_IMAGE_STORAGE, Samples.uid()));
        DataSet[] result = new DataSet[1];

        try (Association association = new Requestor("127.0.0.1", adapter(kind).dimsePort(), Timeouts.DEFAULT)
                .associate(new Pdu.AssociateRequest(
                        "ADAPTER",
                        "SCANNER",
                        List.of(new PresentationContext(1, COMMITMENT, List.of("1.2.840.10008.1.2"))),
                        UserInformation.of(0)))) {
            association.setHandler((itself, event) -> {
                result[0] = event.readDataSet();
                itself.respond(event, DimseStatus.SUCCESS);
            });
            PresentationContext.Accepted context = association.context(COMMITMENT);
            Command command =
                    Command.request(CommandField.N_ACTION, COMMITMENT).withSOPInstanceUID(COMMITMENT_INSTANCE);
            command.elements().setInt(Tag.ActionTypeID, VR.US, 1);
            new ServiceUser(association).ask(context, command, DataSetSource.of(request, context.transferSyntax()));
            association.serveNext(Timeouts.DEFAULT.idle());
        }

        assertThat(result[0].items(Tag.ReferencedSOPSequence))
                .extracting(item -> item.string(Tag.ReferencedSOPInstanceUID))
                .containsExactly(instance.string(Tag.SOPInstanceUID));
        assertThat(result[0].items(Tag.FailedSOPSequence))
                .extracting(item -> item.integer(Tag.FailureReason, 0))
                .containsExactly(0x0112);
    }

    private static DataSet reference(String sopClass, String uid) {
        return new DataSet()
                .setString(Tag.ReferencedSOPClassUID, VR.UI, sopClass)
                .setString(Tag.ReferencedSOPInstanceUID, VR.UI, uid);
    }

    @Test
    void answersThatTheServerIsAway() throws Exception {
        ImagingIngestion lost = adapter("to-nobody", "http://127.0.0.1:" + ImagingIngestion.freePort() + "/dicom-web");
        try (lost) {
            Path file =
                    Files.write(folder.resolve("lost.dcm"), Samples.file(Samples.header(Samples.uid(), Samples.uid())));
            Dcmtk.Run run = new Dcmtk(folder, 0)
                    .attempt(
                            "storescu",
                            "-d",
                            "-aec",
                            "ADAPTER",
                            "127.0.0.1",
                            Integer.toString(lost.dimsePort()),
                            file.toString());
            assertThat(run.output()).contains("DIMSE Status                  : 0x0110");
        }
    }
}
