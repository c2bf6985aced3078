package org.imagingingestion.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomParser;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What scanners and workstations do, played by the programs of dcmtk. */
class DimseIT {
    private static final String DEFLATED = TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN.uid();

    @TempDir
    static Path folder;

    private static ImagingIngestion server;
    private static Dcmtk dcmtk;
    private static int movePort;

    @BeforeAll
    static void start() {
        movePort = ImagingIngestion.freePort();
        server = ImagingIngestion.on(folder.resolve("data"))
                .environment(
                        "ENV_AETS_JSON",
                        "[{\"name\":\"DEST\",\"host\":\"127.0.0.1\",\"port\":" + movePort
                                + "},{\"name\":\"GONE\",\"host\":\"127.0.0.1\",\"port\":1}"
                                + ",{\"name\":\"ONLYSTORES\",\"operations\":[\"store\"]},{\"name\":\"RADIOLOGY\",\"provider\":\"radiology\"}]")
                .start();
        dcmtk = new Dcmtk(folder, server.dimsePort());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Path file(byte[] bytes) throws IOException {
        return Files.write(Files.createTempFile(folder, "instance", ".dcm"), bytes);
    }

    /** A study of three instances in two series, stored. */
    private static List<DataSet> study(String patient) throws IOException {
        String study = Samples.uid();
        String first = Samples.uid();
        String second = Samples.uid();
        List<DataSet> instances = new ArrayList<>();
        List<String> files = new ArrayList<>(List.of("SERVER"));
        for (String series : List.of(first, first, second)) {
            DataSet instance = Samples.image(Samples.header(study, series), 64, 64, 1)
                    .setString(Tag.PatientID, VR.LO, patient)
                    .setInt(Tag.InstanceNumber, VR.IS, instances.size() + 1);
            Samples.pixels(instance, Samples.bytes(64 * 64, instances.size()));
            instances.add(instance);
            files.add(file(Samples.file(instance)).toString());
        }
        dcmtk.run("storescu", files.toArray(String[]::new));
        return instances;
    }

    private static byte[] dataSet(byte[] file) {
        return Part10.of(file).dataSet();
    }

    private static byte[] retrieved(DataSet instance) {
        return new DicomwebClient(server.dicomWeb())
                .get(
                        "studies/" + instance.string(Tag.StudyInstanceUID) + "/series/"
                                + instance.string(Tag.SeriesInstanceUID) + "/instances/"
                                + instance.string(Tag.SOPInstanceUID),
                        "application/dicom; transfer-syntax=*")
                .body();
    }

    @Test
    void answersAnEcho() {
        dcmtk.run("echoscu", "--repeat", "3", "SERVER");
    }

    @ParameterizedTest
    @CsvSource({
        "-xe, 1.2.840.10008.1.2.1",
        "-xi, 1.2.840.10008.1.2",
        "-xb, 1.2.840.10008.1.2.2",
        "-xd, 1.2.840.10008.1.2.1.99"
    })
    void keepsWhatIsSentInTheTransferSyntaxThatWasAgreedOn(String propose, String transferSyntax) throws Exception {
        DataSet instance = Samples.image(Samples.header(Samples.uid(), Samples.uid()), 64, 64, 1);
        Samples.pixels(instance, Samples.bytes(64 * 64, 1));
        byte[] file = Samples.file(instance, transferSyntax);

        dcmtk.run("storescu", propose, "SERVER", file(file).toString());

        byte[] kept = retrieved(instance);
        try (DicomParser parser = new DicomParser(ParseLimits.WHOLE)) {
            parser.feed(kept, 0, kept.length);
            parser.finish();
            assertThat(parser.transferSyntax().uid()).isEqualTo(transferSyntax);
            assertThat(parser.fileMetaInformation().string(Tag.MediaStorageSOPInstanceUID))
                    .isEqualTo(instance.string(Tag.SOPInstanceUID));
            assertThat(parser.dataSet().bytes(Tag.PixelData)).isEqualTo(instance.bytes(Tag.PixelData));
        }
        if (!TransferSyntax.of(transferSyntax).deflated()) {
            assertThat(dataSet(kept)).isEqualTo(dataSet(file));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-xy, 50",
        "-xx, 51",
        "-xs, 70",
        "-xt, 80",
        "-xu, 81",
        "-xv, 90",
        "-xw, 91",
        "-xm, 100",
        "-xh, 101",
        "-xn, 102",
        "-xl, 103",
        "-x2, 104",
        "-x3, 105",
        "-xo, 106",
        "-x4, 107",
        "-x5, 108"
    })
    void keepsCompressedWhatIsSentCompressed(String propose, String last) throws Exception {
        DataSet instance = Samples.image(Samples.header(Samples.uid(), Samples.uid()), 64, 64, 2);
        Samples.fragments(instance, Samples.bytes(1000, 1), Samples.bytes(2000, 2));
        byte[] file = Samples.file(instance, "1.2.840.10008.1.2.4." + last);

        dcmtk.run("storescu", propose, "SERVER", file(file).toString());

        byte[] kept = retrieved(instance);
        assertThat(Part10.of(kept).transferSyntaxUID()).isEqualTo("1.2.840.10008.1.2.4." + last);
        assertThat(dataSet(kept)).isEqualTo(dataSet(file));
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 131072})
    void givesAndSendsInAnyLengthOfPDUs(int length) throws Exception {
        DataSet instance = Samples.image(Samples.header(Samples.uid(), Samples.uid()), 512, 512, 3);
        Samples.pixels(instance, Samples.bytes(512 * 512 * 3, length));
        byte[] file = Samples.file(instance);
        dcmtk.run("storescu", "-xe", "SERVER", file(file).toString());
        String limit = Integer.toString(length);

        Dcmtk.Run get = dcmtk.run("getscu", retrieval("-S", instance, "IMAGE", "+B", "-pdu", limit));
        assertThat(dataSet(Files.readAllBytes(get.files().get(0)))).isEqualTo(dataSet(file));

        try (Dcmtk.Server storescp = dcmtk.storescp(movePort, "-pdu", limit)) {
            dcmtk.run("movescu", retrieval("-S", instance, "IMAGE", "-aem", "DEST"));
            Path received = new Dcmtk.Run(0, "", storescp.folder()).files().get(0);
            assertThat(dataSet(Files.readAllBytes(received))).isEqualTo(dataSet(file));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--abort-during", "--abort-after"})
    void tellsThatADestinationBreaksOff(String option) throws Exception {
        List<DataSet> study = study("ABORT");

        try (Dcmtk.Server storescp = dcmtk.storescp(movePort, option)) {
            assertThat(dcmtk.attempt("movescu", retrieval("-S", study.get(0), "STUDY", "-d", "-aem", "DEST"))
                            .output())
                    .containsIgnoringCase("0xa702")
                    .contains("Failed Suboperations          : 3");
        }
        dcmtk.run("echoscu", "SERVER");
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 16384, 131072})
    void takesAnyLengthOfPDUs(int length) throws Exception {
        DataSet instance = Samples.image(Samples.header(Samples.uid(), Samples.uid()), 512, 512, 3);
        Samples.pixels(instance, Samples.bytes(512 * 512 * 3, length));

        dcmtk.run(
                "storescu",
                "--max-pdu",
                Integer.toString(length),
                "--max-send-pdu",
                Integer.toString(length),
                "-xe",
                "SERVER",
                file(Samples.file(instance)).toString());

        assertThat(dataSet(retrieved(instance))).isEqualTo(dataSet(Samples.file(instance)));
    }

    @Test
    void answersWhyItDoesNotTakeAnInstance() throws Exception {
        DataSet instance = Samples.header(Samples.uid(), Samples.uid());
        instance.remove(Tag.StudyInstanceUID);

        Dcmtk.Run run = dcmtk.attempt(
                "storescu", "-d", "SERVER", file(Samples.file(instance)).toString());

        assertThat(run.output()).contains("0xc000").contains("Study Instance UID is missing");
    }

    @Test
    void findsStudiesByTheirKeys() throws Exception {
        List<DataSet> study = study("FIND1");

        List<DataSet> found = dcmtk.run(
                        "findscu",
                        "-S",
                        "-X",
                        "SERVER",
                        "-k",
                        "QueryRetrieveLevel=STUDY",
                        "-k",
                        "PatientID=FIND*",
                        "-k",
                        "PatientName",
                        "-k",
                        "StudyInstanceUID",
                        "-k",
                        "ModalitiesInStudy",
                        "-k",
                        "NumberOfStudyRelatedInstances",
                        "-k",
                        "InstitutionName")
                .dataSets();

        assertThat(found).hasSize(1);
        DataSet match = found.get(0);
        assertThat(match.string(Tag.StudyInstanceUID)).isEqualTo(study.get(0).string(Tag.StudyInstanceUID));
        assertThat(match.string(Tag.PatientName)).isEqualTo("Doe^Jane");
        assertThat(match.string(Tag.ModalitiesInStudy)).isEqualTo("CT");
        assertThat(match.string(Tag.NumberOfStudyRelatedInstances)).isEqualTo("3");
        assertThat(match.string(Tag.QueryRetrieveLevel)).isEqualTo("STUDY");
        assertThat(match.string(Tag.RetrieveAETitle)).isEqualTo("DICOM-INGEST");
        assertThat(match.contains(Tag.InstitutionName)).isTrue();
        assertThat(match.contains(Tag.StudyDescription)).isFalse();
    }

    @Test
    void findsAtEachLevel() throws Exception {
        List<DataSet> study = study("LEVELS");
        String uid = study.get(0).string(Tag.StudyInstanceUID);
        TreeMap<String, Integer> counts = new TreeMap<>();
        for (String level : List.of("PATIENT", "STUDY", "SERIES", "IMAGE")) {
            counts.put(
                    level,
                    dcmtk.run(
                                    "findscu",
                                    "-P",
                                    "-X",
                                    "SERVER",
                                    "-k",
                                    "QueryRetrieveLevel=" + level,
                                    "-k",
                                    "PatientID=LEVELS",
                                    "-k",
                                    level.equals("PATIENT") ? "PatientName" : "StudyInstanceUID=" + uid,
                                    "-k",
                                    "SeriesInstanceUID",
                                    "-k",
                                    "SOPInstanceUID")
                            .files()
                            .size());
        }

        assertThat(counts).containsEntry("PATIENT", 1).containsEntry("STUDY", 1).containsEntry("SERIES", 2);
        assertThat(counts).containsEntry("IMAGE", 3);
    }

    @Test
    void tellsWhatIsWrongWithAnIdentifier() {
        assertThat(dcmtk.attempt("findscu", "-d", "-S", "SERVER", "-k", "PatientID=X")
                        .output())
                .containsIgnoringCase("0xa900")
                .contains("Query/Retrieve Level is missing");
        assertThat(dcmtk.attempt("findscu", "-d", "-S", "SERVER", "-k", "QueryRetrieveLevel=PATIENT")
                        .output())
                .containsIgnoringCase("0xa900");
        assertThat(dcmtk.attempt(
                                "findscu",
                                "-d",
                                "-S",
                                "SERVER",
                                "-k",
                                "QueryRetrieveLevel=STUDY",
                                "-k",
                                "StudyDate=tomorrow")
                        .output())
                .containsIgnoringCase("0xa900");
    }

    @Test
    void answersInACharacterSetThatTheRequestorKnows() throws Exception {
        DataSet instance = Samples.header(Samples.uid(), Samples.uid())
                .setString(Tag.PatientID, VR.LO, "UMLAUT")
                .setString(Tag.PatientName, VR.PN, "Müller^Jörg");
        dcmtk.run("storescu", "SERVER", file(Samples.file(instance)).toString());

        for (String characters : List.of("ISO_IR 100", "ISO_IR 192", "")) {
            DataSet match = dcmtk.run(
                            "findscu",
                            "-S",
                            "-X",
                            "SERVER",
                            "-k",
                            "SpecificCharacterSet=" + characters,
                            "-k",
                            "QueryRetrieveLevel=STUDY",
                            "-k",
                            "PatientID=UMLAUT",
                            "-k",
                            "PatientName")
                    .dataSets()
                    .get(0);
            assertThat(match.string(Tag.PatientName)).isEqualTo("Müller^Jörg");
            assertThat(match.string(Tag.SpecificCharacterSet))
                    .isEqualTo(characters.isEmpty() ? "ISO_IR 192" : characters);
        }
    }

    @ParameterizedTest
    @CsvSource({"STUDY, 3", "SERIES, 2", "IMAGE, 1"})
    void givesInstancesToWhoAsksForThem(String level, int count) throws Exception {
        List<DataSet> study = study("GET" + level);

        Dcmtk.Run run = dcmtk.run("getscu", retrieval("-S", study.get(0), level));

        assertThat(run.files()).hasSize(count);
        for (DataSet got : run.dataSets()) {
            assertSame(got, study);
        }
    }

    private static void assertSame(DataSet got, List<DataSet> study) {
        DataSet sent = study.stream()
                .filter(each -> each.string(Tag.SOPInstanceUID).equals(got.string(Tag.SOPInstanceUID)))
                .findFirst()
                .orElseThrow();
        assertThat(got.bytes(Tag.PixelData)).isEqualTo(sent.bytes(Tag.PixelData));
        assertThat(got.string(Tag.PatientID)).isEqualTo(sent.string(Tag.PatientID));
    }

    private static String[] retrieval(String root, DataSet instance, String level, String... options) {
        List<String> arguments = new ArrayList<>(List.of(root));
        arguments.addAll(Arrays.asList(options));
        arguments.addAll(List.of("SERVER", "-k", "QueryRetrieveLevel=" + level));
        arguments.addAll(List.of("-k", "StudyInstanceUID=" + instance.string(Tag.StudyInstanceUID)));
        if (!level.equals("STUDY")) {
            arguments.addAll(List.of("-k", "SeriesInstanceUID=" + instance.string(Tag.SeriesInstanceUID)));
        }
        if (level.equals("IMAGE")) {
            arguments.addAll(List.of("-k", "SOPInstanceUID=" + instance.string(Tag.SOPInstanceUID)));
        }
        return arguments.toArray(String[]::new);
    }

    @ParameterizedTest
    @CsvSource({"STUDY, 3", "SERIES, 2", "IMAGE, 1"})
    void sendsInstancesToWhomItIsToldTo(String level, int count) throws Exception {
        List<DataSet> study = study("MOVE" + level);

        try (Dcmtk.Server storescp = dcmtk.storescp(movePort)) {
            Dcmtk.Run run = dcmtk.run("movescu", retrieval("-S", study.get(0), level, "-d", "-aem", "DEST"));

            assertThat(run.output()).contains("Completed Suboperations       : " + count);
            List<Path> received = new Dcmtk.Run(0, "", storescp.folder()).files();
            assertThat(received).hasSize(count);
            for (Path file : received) {
                assertSame(Dcmtk.dataSet(file), study);
            }
        }
    }

    @Test
    void inflatesWhatItGivesToWhoDoesNotTakeItDeflated() throws Exception {
        DataSet instance = Samples.image(Samples.header(Samples.uid(), Samples.uid()), 512, 512, 1);
        Samples.pixels(instance, Samples.bytes(512 * 512, 1));
        dcmtk.run(
                "storescu",
                "-xd",
                "SERVER",
                file(Samples.file(instance, DEFLATED)).toString());
        assertThat(Part10.of(retrieved(instance)).transferSyntaxUID()).isEqualTo(DEFLATED);

        Dcmtk.Run run = dcmtk.run("getscu", retrieval("-S", instance, "STUDY", "+xe"));

        assertThat(run.dataSets()).hasSize(1).allSatisfy(got -> assertSame(got, List.of(instance)));
    }

    @Test
    void sendsInAnotherTransferSyntaxToWhoDoesNotTakeTheirs() throws Exception {
        List<DataSet> study = study("IMPLICIT");

        try (Dcmtk.Server storescp = dcmtk.storescp(movePort, "+xi")) {
            dcmtk.run("movescu", retrieval("-S", study.get(0), "STUDY", "-aem", "DEST"));

            List<DataSet> received = new Dcmtk.Run(0, "", storescp.folder()).dataSets();
            assertThat(received).hasSize(3).allSatisfy(each -> assertSame(each, study));
        }
    }

    @Test
    void tellsWhatCouldNotBeSent() throws Exception {
        List<DataSet> study = study("UNSENT");

        assertThat(dcmtk.attempt("movescu", retrieval("-S", study.get(0), "STUDY", "-d", "-aem", "NOBODY"))
                        .output())
                .containsIgnoringCase("0xa801");
        Dcmtk.Run gone = dcmtk.attempt("movescu", retrieval("-S", study.get(0), "STUDY", "-d", "-aem", "GONE"));
        assertThat(gone.output())
                .containsIgnoringCase("0xa702")
                .contains("Failed Suboperations          : 3")
                .contains(study.get(0).string(Tag.SOPInstanceUID));
    }

    @Test
    void sendsTheRestWhereAnInstanceIsGoneFromTheDisk() throws Exception {
        List<DataSet> study = study("GONEONE");
        String gone = study.get(0).string(Tag.SOPInstanceUID);
        for (Path object : new StorageFolder(folder.resolve("data/storage")).objects()) {
            if (object.toString().contains(gone)) {
                Files.delete(object);
            }
        }

        Dcmtk.Run get = dcmtk.attempt("getscu", retrieval("-S", study.get(0), "STUDY", "-d"));
        assertThat(get.output())
                .containsIgnoringCase("0xb000")
                .contains("The instance cannot be read")
                .doesNotContain("storage");
        assertThat(get.files()).hasSize(2);
        try (Dcmtk.Server storescp = dcmtk.storescp(movePort)) {
            Dcmtk.Run move = dcmtk.attempt("movescu", retrieval("-S", study.get(0), "STUDY", "-d", "-aem", "DEST"));
            assertThat(move.output())
                    .containsIgnoringCase("0xb000")
                    .contains("Failed Suboperations          : 1")
                    .contains(gone);
            assertThat(new Dcmtk.Run(0, "", storescp.folder()).files()).hasSize(2);
        }
    }

    @Test
    void rejectsWhoCallsSomebodyElse() {
        Dcmtk.Run run =
                dcmtk.attempt("echoscu", "-v", "-aec", "OTHER", "127.0.0.1", Integer.toString(server.dimsePort()));

        assertThat(run.exitCode()).isNotZero();
        assertThat(run.output()).containsIgnoringCase("called ae title not recognized");
    }

    @Test
    void doesOnlyWhatACallerMayAskFor() {
        Dcmtk.Run run =
                dcmtk.attempt("findscu", "-d", "-S", "-aet", "ONLYSTORES", "SERVER", "-k", "QueryRetrieveLevel=STUDY");

        assertThat(run.output()).containsIgnoringCase("0x0124");
    }

    @Test
    void keepsWhatACallerSendsInTheStorageSpaceOfIts() throws Exception {
        DataSet instance = Samples.header(Samples.uid(), Samples.uid()).setString(Tag.PatientID, VR.LO, "TENANT");
        dcmtk.run(
                "storescu",
                "-aet",
                "RADIOLOGY",
                "SERVER",
                file(Samples.file(instance)).toString());

        for (String caller : List.of("RADIOLOGY", "OTHER")) {
            assertThat(dcmtk.run(
                                    "findscu",
                                    "-S",
                                    "-X",
                                    "-aet",
                                    caller,
                                    "SERVER",
                                    "-k",
                                    "QueryRetrieveLevel=STUDY",
                                    "-k",
                                    "PatientID=TENANT")
                            .files())
                    .hasSize(caller.equals("RADIOLOGY") ? 1 : 0);
        }
        assertThat(server.data().resolve("storage/radiology")).isDirectory();
    }

    @Test
    void tellsOfAssociationsInItsLogAndNothingOfPatients() throws Exception {
        study("SECRETID");

        assertThat(server.output())
                .contains("Association of STORESCU from 127.0.0.1 to DICOM-INGEST released")
                .doesNotContain("SECRETID")
                .doesNotContain("Doe");
    }
}
