package org.imagingingestion.dicom;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The files that Debian's python3-pydicom brings for its own tests, and the programs that read them. */
final class PydicomFiles {
    static final Path TEST_FILES = Path.of("/usr/lib/python3/dist-packages/pydicom/data/test_files");
    static final Path CHARSET_FILES = Path.of("/usr/lib/python3/dist-packages/pydicom/data/charset_files");

    /** Among them, but not DICOM. */
    static final Set<String> NOT_DICOM = Set.of(
            "README.txt",
            "README",
            "FileInfo.txt",
            "rtplan.dump",
            "rtstruct.dump",
            "test1.json",
            "test_PN.json",
            "zipMR.gz");

    private PydicomFiles() {}

    /** All files, by name. */
    static List<Path> all() {
        return Stream.of(TEST_FILES, CHARSET_FILES)
                .flatMap(PydicomFiles::walk)
                .filter(Files::isRegularFile)
                .sorted()
                .toList();
    }

    private static Stream<Path> walk(Path folder) {
        try {
            return Files.walk(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** DICOM files that can be read, one a test. */
    static Stream<Path> readable() {
        return all().stream()
                .filter(path -> !NOT_DICOM.contains(name(path)) && !PydicomAgreementIT.BROKEN.contains(name(path)));
    }

    static String name(Path path) {
        return path.getFileName().toString();
    }

    /** Writes a file, also of a data set that is no instance, such as a DICOMDIR. */
    static void writeFile(DataSet dataSet, TransferSyntax transferSyntax, OutputStream out) throws IOException {
        out.write(DicomWriter.fileHeader(
                dataSet.string(Tag.SOPClassUID, "1.2.840.10008.1.3.10"),
                dataSet.string(Tag.SOPInstanceUID, "2.25.1"),
                transferSyntax.uid()));
        new DicomWriter(transferSyntax).writeDataSet(dataSet, out);
    }

    /** Runs a program to its end and gives its standard output. */
    static String run(String... command) throws IOException, InterruptedException {
        File out = File.createTempFile("out", null);
        File err = File.createTempFile("err", null);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(out)
                    .redirectError(err)
                    .start();
            boolean ended = process.waitFor(120, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            if (!ended || process.exitValue() != 0) {
                throw new AssertionError(String.join(" ", command)
                        + (ended ? " fails: " : " does not end: ")
                        + Files.readString(err.toPath()));
            }
            return new String(Files.readAllBytes(out.toPath()), StandardCharsets.UTF_8);
        } finally {
            Files.delete(out.toPath());
            Files.delete(err.toPath());
        }
    }
}
