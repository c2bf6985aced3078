package org.imagingingestion.camel.dimse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.apache.camel.builder.RouteBuilder;
import org.imagingingestion.dicom.DicomFile;
import org.imagingingestion.dicom.DicomReader;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A study of compressed and uncompressed instances, retrieved by the programs of dcmtk. */
class MixedStudyIT extends DimseFixture {
    private static final TransferSyntax JPEG_LS = TransferSyntax.of("1.2.840.10008.1.2.4.80");

    private int moverPort;

    @BeforeEach
    void keep() throws Exception {
        moverPort = freePort();
        for (TransferSyntax syntax : List.of(
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.EXPLICIT_VR_BIG_ENDIAN,
                TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
                JPEG_LS)) {
            kept.add(source("1.1." + (kept.size() + 1), syntax));
        }
        String registry = "RAW([{\"name\":\"MOVESCU\",\"host\":\"127.0.0.1\",\"port\":" + moverPort + "}])";
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("dimse:MOVER?operations=move&aeRegistry=" + registry)
                        .process(exchange -> exchange.getMessage().setBody(kept));
            }
        });
    }

    private String run(String program, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program, "-d", "-S", "+B"));
        command.addAll(List.of(options));
        command.addAll(List.of("-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=1.2.3"));
        command.addAll(List.of("127.0.0.1", Integer.toString(port)));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                // movescu knows no other folder for what it writes as it came
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readString(output);
    }

    private List<DicomFile> files() throws Exception {
        List<DicomFile> files = new ArrayList<>();
        try (Stream<Path> paths = Files.list(folder)) {
            for (Path path : paths.filter(Files::isRegularFile)
                    .filter(path -> !path.endsWith("output"))
                    .toList()) {
                files.add(DicomReader.read(path));
            }
        }
        files.sort(Comparator.comparing(file -> file.dataSet().string(Tag.SOPInstanceUID)));
        return files;
    }

    private void assertCameIn(String output, String transferSyntaxes) throws Exception {
        assertThat(files())
                .as(output)
                .extracting(file -> file.dataSet().string(Tag.SOPInstanceUID)
                        + ' '
                        + file.transferSyntax().uid())
                .containsExactly(transferSyntaxes.split(", "));
        for (DicomFile file : files()) {
            if (!file.transferSyntax().encapsulated()) {
                assertThat(file.dataSet().bytes(Tag.PixelData)).isEqualTo(PIXELS);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "+xe | 4 | 1 | 1.1.1 1.2.840.10008.1.2.1, 1.1.2 1.2.840.10008.1.2.1, 1.1.3 1.2.840.10008.1.2.1, 1.1.4 1.2.840.10008.1.2.1",
                "+xt | 1 | 4 | 1.1.5 1.2.840.10008.1.2.4.80",
            })
    void getscuIsSentWhatFitsTheOneContextOfTheClass(String prefer, int completed, int failed, String came)
            throws Exception {
        String output = run("getscu", "-aec", "ARCHIVE", prefer);

        assertCameIn(output, came);
        assertThat(output)
                .containsPattern("(?i)completed suboperations\\s*: " + completed)
                .containsPattern("(?i)failed suboperations\\s*: " + failed)
                .containsPattern("(?i)status\\s*: 0xb000");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "+xe | 4 | 1 | 1.1.1 1.2.840.10008.1.2.1, 1.1.2 1.2.840.10008.1.2, 1.1.3 1.2.840.10008.1.2.2, 1.1.4 1.2.840.10008.1.2.1",
                "+xi | 4 | 1 | 1.1.1 1.2.840.10008.1.2, 1.1.2 1.2.840.10008.1.2, 1.1.3 1.2.840.10008.1.2, 1.1.4 1.2.840.10008.1.2",
                "+xa | 5 | 0 | 1.1.1 1.2.840.10008.1.2.1, 1.1.2 1.2.840.10008.1.2, 1.1.3 1.2.840.10008.1.2.2, 1.1.4 1.2.840.10008.1.2.1.99, 1.1.5 1.2.840.10008.1.2.4.80",
            })
    void movescuIsSentAllThatItTakesInOneOfManyContexts(String accept, int completed, int failed, String came)
            throws Exception {
        String output = run("movescu", "-aec", "MOVER", "-aem", "MOVESCU", "+P", Integer.toString(moverPort), accept);

        assertCameIn(output, came);
        assertThat(output)
                .containsPattern("(?i)completed suboperations\\s*: " + completed)
                .containsPattern("(?i)failed suboperations\\s*: " + failed)
                .containsPattern("(?i)status\\s*: 0x" + (failed == 0 ? "0000" : "b000"));
    }
}
