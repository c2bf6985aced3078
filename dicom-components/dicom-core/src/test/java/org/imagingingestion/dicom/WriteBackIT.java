package org.imagingingestion.dicom;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Writes pydicom's test files again: unchanged, and in the other transfer syntaxes. */
class WriteBackIT {
    private static final List<TransferSyntax> NATIVE = List.of(
            TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN,
            TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
            TransferSyntax.EXPLICIT_VR_BIG_ENDIAN,
            TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN);

    @TempDir
    Path folder;

    static List<Path> files() {
        return PydicomFiles.readable()
                // says JPEG, which is Explicit VR, and is Implicit VR: it is written as it says
                .filter(file -> !PydicomFiles.name(file).equals("SC_rgb_jpeg.dcm"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("files")
    void writesAnUnchangedDataSetByteForByte(Path file) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        try (DicomParser parser = new DicomParser(ParseLimits.WHOLE)) {
            parser.feed(bytes, 0, bytes.length);
            parser.finish();
            TransferSyntax syntax = parser.transferSyntax();
            byte[] original = Arrays.copyOfRange(bytes, (int) parser.dataSetOffset(), bytes.length);
            byte[] written = written(parser.dataSet(), syntax);
            if (syntax.deflated()) {
                // what it deflates to is the compressor's choice
                assertThat(inflated(written)).isEqualTo(inflated(original));
            } else {
                assertThat(written).isEqualTo(original);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void findsTheSameValuesInEveryTransferSyntax(Path file) throws Exception {
        DataSet dataSet = DicomReader.read(file).dataSet();
        for (TransferSyntax syntax : NATIVE) {
            SameData.assertSame(read(written(dataSet, syntax), syntax), dataSet, syntax.explicitVR());
        }
    }

    @Test
    void dcmdumpAcceptsWhatIsWritten() throws Exception {
        List<String> command = new ArrayList<>(List.of("dcmdump", "--quiet"));
        int number = 0;
        for (Path file : files()) {
            DicomFile read = DicomReader.read(file);
            boolean encapsulated = read.dataSet().get(Tag.PixelData) instanceof Fragments;
            for (TransferSyntax syntax : encapsulated ? List.of(read.transferSyntax()) : NATIVE) {
                Path written = folder.resolve(number++ + "-" + PydicomFiles.name(file));
                try (OutputStream out = Files.newOutputStream(written)) {
                    PydicomFiles.writeFile(read.dataSet(), syntax, out);
                }
                command.add(written.toString());
            }
        }
        assertThat(PydicomFiles.run(command.toArray(String[]::new)).split("# Dicom-Data-Set"))
                .hasSize(number + 1);
    }

    private static byte[] written(DataSet dataSet, TransferSyntax syntax) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new DicomWriter(syntax).writeDataSet(dataSet, out);
        return out.toByteArray();
    }

    private static DataSet read(byte[] bytes, TransferSyntax syntax) throws DicomParseException {
        try (DicomParser parser = new DicomParser(syntax, ParseLimits.WHOLE)) {
            parser.feed(bytes, 0, bytes.length);
            parser.finish();
            return parser.dataSet();
        }
    }

    private static byte[] inflated(byte[] bytes) throws Exception {
        return new InflaterInputStream(new ByteArrayInputStream(bytes), new Inflater(true)).readAllBytes();
    }
}
