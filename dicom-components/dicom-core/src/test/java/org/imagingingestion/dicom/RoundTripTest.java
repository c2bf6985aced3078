package org.imagingingestion.dicom;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

import static org.assertj.core.api.Assertions.assertThat;

/** What is written is read again, whatever it is. */
class RoundTripTest {
    @Provide
    Arbitrary<DataSet> dataSets() {
        return DataSets.any();
    }

    @Provide
    Arbitrary<TransferSyntax> transferSyntaxes() {
        return Arbitraries.of(
                TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.EXPLICIT_VR_BIG_ENDIAN,
                TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN);
    }

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void readsInPiecesWhatIsWrittenInATransferSyntax(
            @ForAll("dataSets") DataSet dataSet,
            @ForAll("transferSyntaxes") TransferSyntax syntax,
            @ForAll @IntRange(min = 1, max = 40) int piece)
            throws Exception {
        byte[] bytes = file(dataSet, syntax);
        try (DicomParser parser = new DicomParser(ParseLimits.WHOLE)) {
            for (int at = 0; at < bytes.length; at += piece) {
                parser.feed(bytes, at, Math.min(piece, bytes.length - at));
            }
            parser.finish();
            SameData.assertSame(parser.dataSet(), dataSet, syntax.explicitVR());
            assertThat(file(parser.dataSet(), syntax)).isEqualTo(bytes);
        }
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void findsLongValuesAgainByTheirPlace(@ForAll("dataSets") DataSet dataSet) throws Exception {
        byte[] bytes = file(dataSet, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        ParseLimits nothingHeld = new ParseLimits(16, 10_000, 1 << 20, 0, 0, 250);
        DataSet inPlace =
                DicomReader.read(new ByteArrayInputStream(bytes), nothingHeld).dataSet();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new DicomWriter(
                        TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                        (offset, length) -> new ByteArrayInputStream(bytes, (int) offset, (int) length))
                .writeDataSet(inPlace, out);
        assertThat(bytes).endsWith(out.toByteArray());
    }

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void readsTheSameValuesFromJSON(@ForAll("dataSets") DataSet dataSet) throws Exception {
        byte[] json = DicomJson.toBytes(dataSet, DicomJson.BulkDataUri.NONE);
        DataSet read = DicomJson.read(new ByteArrayInputStream(json));
        assertThat(values(read)).isEqualTo(values(dataSet));
        assertThat(json(read).replaceFirst("\"00080005\".*?},?", ""))
                .isEqualTo(json(dataSet).replaceFirst("\"00080005\".*?},?", ""));
    }

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void readsTheSameValuesFromXML(@ForAll("dataSets") DataSet dataSet) throws Exception {
        byte[] xml = NativeXml.toBytes(dataSet, DicomJson.BulkDataUri.NONE);
        DataSet read = NativeXml.read(new ByteArrayInputStream(xml));
        assertThat(values(read)).isEqualTo(values(dataSet));
    }

    private static List<String> values(DataSet dataSet) {
        return CanonicalDump.of(dataSet).stream()
                .filter(line -> !line.startsWith("00080005 "))
                .toList();
    }

    private static String json(DataSet dataSet) {
        return new String(DicomJson.toBytes(dataSet, DicomJson.BulkDataUri.NONE), StandardCharsets.UTF_8);
    }

    private static byte[] file(DataSet dataSet, TransferSyntax syntax) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PydicomFiles.writeFile(dataSet, syntax, out);
        return out.toByteArray();
    }
}
