package org.imagingingestion.dicom.net;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomFile;
import org.imagingingestion.dicom.DicomParser;
import org.imagingingestion.dicom.DicomReader;
import org.imagingingestion.dicom.DicomWriter;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Both sides against the programs of dcmtk. */
class DcmtkIT {
    @TempDir
    Path folder;

    private Path file(TransferSyntax syntax, int length) throws Exception {
        DataSet dataSet = new DataSet()
                .setString(Tag.SOPClassUID, VR.UI, TestPeer.CT)
                .setString(Tag.SOPInstanceUID, VR.UI, "1.2.3.4.5")
                .setString(Tag.PatientName, VR.PN, "Doe^Jane")
                .setString(Tag.StudyInstanceUID, VR.UI, "1.2.3")
                .setString(Tag.SeriesInstanceUID, VR.UI, "1.2.3.4")
                .setBytes(Tag.PixelData, VR.OW, new byte[length]);
        Path file = folder.resolve("instance.dcm");
        try (OutputStream out = Files.newOutputStream(file)) {
            new DicomWriter(syntax).writeFile(dataSet, out);
        }
        return file;
    }

    private String run(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", "");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("TCP_NODELAY", "1");
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(() -> text(output)).isZero();
        return text(output);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void isEchoed() throws Exception {
        try (TestServer server = TestServer.start()) {
            run("echoscu", "--repeat", "5", "-aec", "SERVER", "localhost", Integer.toString(server.port()));

            await().until(() -> server.released.get() == 1);
            assertThat(server.problems).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "4096, -xe",
        "16384, -xi",
        "131072, -xb",
        "16384, -xd",
        "16384, -xr",
        "4096, -xs",
        "131072, -xw",
    })
    void isSentInstances(int maximumPdu, String propose) throws Exception {
        try (TestServer server = TestServer.on().maximumLength(maximumPdu).start()) {
            Path file = file(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, 300_000);

            run(
                    "storescu",
                    propose,
                    "--max-pdu",
                    Integer.toString(maximumPdu),
                    "--max-send-pdu",
                    Integer.toString(maximumPdu),
                    "-aec",
                    "SERVER",
                    "localhost",
                    Integer.toString(server.port()),
                    file.toString());

            assertThat(server.stored).hasSize(1);
            DataSet stored = dataSet(server.stored.get(0));
            assertThat(stored.string(Tag.PatientName)).isEqualTo("Doe^Jane");
            assertThat(stored.bytes(Tag.PixelData)).hasSize(300_000);
            assertThat(server.problems).isEmpty();
        }
    }

    private static DataSet dataSet(TestServer.Stored stored) throws Exception {
        try (DicomParser parser = new DicomParser(TransferSyntax.of(stored.transferSyntax()), ParseLimits.WHOLE)) {
            return DicomReader.read(new ByteArrayInputStream(stored.bytes()), parser)
                    .dataSet();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 131072})
    void sendsInstances(int maximumPdu) throws Exception {
        Path received = Files.createDirectory(folder.resolve("received"));
        int port = freePort();
        ProcessBuilder builder = new ProcessBuilder(
                        "storescp",
                        "--max-pdu",
                        Integer.toString(maximumPdu),
                        "-od",
                        received.toString(),
                        "+B",
                        Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("storescp").toFile());
        builder.environment().put("TCP_NODELAY", "1");
        Process storescp = builder.start();
        try {
            Path file = file(TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN, 700_000);
            byte[] bytes = Files.readAllBytes(file);
            DicomFile read = DicomReader.read(file);
            int start = bytes.length - dataSetLength(read);
            await().ignoreExceptions().until(() -> {
                try (Association association = associate(port)) {
                    return new ServiceUser(association).echo().isSuccess();
                }
            });
            try (Association association = associate(port)) {
                for (int i = 0; i < 3; i++) {
                    DimseStatus status = new ServiceUser(association)
                            .store(
                                    association.context(TestPeer.CT),
                                    "1.2.3.4.5",
                                    null,
                                    out -> out.write(bytes, start, bytes.length - start));
                    assertThat(status.isSuccess()).isTrue();
                }
            }
            try (Stream<Path> files = Files.list(received)) {
                byte[] kept = Files.readAllBytes(files.findFirst().orElseThrow());
                assertThat(kept).endsWith(Arrays.copyOfRange(bytes, start, bytes.length));
            }
        } finally {
            storescp.destroy();
            storescp.waitFor();
        }
    }

    private static int dataSetLength(DicomFile file) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new DicomWriter(file.transferSyntax()).writeDataSet(file.dataSet(), out);
        return out.size();
    }

    private static Association associate(int port) throws IOException {
        List<PresentationContext> contexts = new ArrayList<>();
        contexts.add(new PresentationContext(1, TestPeer.VERIFICATION, List.of(TestPeer.IMPLICIT)));
        contexts.add(new PresentationContext(3, TestPeer.CT, List.of(TestPeer.IMPLICIT)));
        return new Requestor("127.0.0.1", port, TestServer.SHORT)
                .associate(new Pdu.AssociateRequest("ANY", "CLIENT", contexts, UserInformation.of(16384)));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
