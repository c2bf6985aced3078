package org.imagingingestion.dicom;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

import static org.assertj.core.api.Assertions.assertThat;

/** What holds for any bytes that a reader is given: it reads them or says what is wrong, and what it read can be written. */
final class FuzzTargets {
    /** All is held, as long as it is not much. */
    private static final ParseLimits LIMITS =
            new ParseLimits(16, 20_000, 4 << 20, ParseLimits.WHOLE.maxBinaryValue(), ParseLimits.WHOLE.maxValue(), 50);

    private FuzzTargets() {}

    /** A Part 10 file or a bare data set. */
    static void dicom(byte[] bytes) throws IOException {
        DicomFile file;
        try {
            file = DicomReader.read(new ByteArrayInputStream(bytes), LIMITS);
        } catch (DicomParseException e) {
            assertThat(e.offset()).isBetween(0L, Math.max(bytes.length, LIMITS.maxHeldBytes()));
            return;
        }
        TransferSyntax syntax = file.transferSyntax();
        byte[] written = written(file.dataSet(), syntax);
        if (file.dataSet().isEmpty() || syntax.explicitVR() && !(isLetter(written[4]) && isLetter(written[5]))) {
            // a VR code that is none is written as it was; as the first of a data set it looks like implicit VR
            return;
        }
        try {
            SameData.assertSame(read(written, syntax), file.dataSet(), syntax.explicitVR());
        } catch (DicomParseException e) {
            throw new AssertionError("What was read and written is not read again", e);
        }
        DicomJson.toBytes(file.dataSet(), DicomJson.BulkDataUri.NONE);
        NativeXml.toBytes(file.dataSet(), (path, element) -> path);
    }

    private static boolean isLetter(byte b) {
        return b >= 'A' && b <= 'Z';
    }

    /** The same bytes in pieces: a parser must not care. */
    static void dicomInPieces(byte[] bytes) throws IOException {
        try {
            DicomReader.read(new ByteArrayInputStream(bytes), ParseLimits.STREAMING);
        } catch (DicomParseException e) {
            assertThat(e.status()).isEqualTo(DicomStatus.CANNOT_UNDERSTAND);
        }
        if (bytes.length == 0) {
            return;
        }
        int piece = 1 + (bytes[bytes.length - 1] & 0x3F);
        assertThat(outcome(bytes, piece)).isEqualTo(outcome(bytes, bytes.length));
    }

    private static String outcome(byte[] bytes, int piece) {
        try (DicomParser parser = new DicomParser(LIMITS)) {
            for (int at = 0; at < bytes.length; at += piece) {
                parser.feed(bytes, at, Math.min(piece, bytes.length - at));
            }
            parser.finish();
            return CanonicalDump.of(parser.dataSet()).toString();
        } catch (DicomParseException e) {
            return e.getClass().getSimpleName();
        }
    }

    private static DataSet read(byte[] bytes, TransferSyntax syntax) throws DicomParseException {
        try (DicomParser parser = new DicomParser(syntax, ParseLimits.WHOLE)) {
            parser.feed(bytes, 0, bytes.length);
            parser.finish();
            return parser.dataSet();
        }
    }

    private static byte[] written(DataSet dataSet, TransferSyntax syntax) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new DicomWriter(syntax).writeDataSet(dataSet, out);
        return out.toByteArray();
    }

    /** A document of the JSON model. */
    static void json(byte[] bytes) throws IOException {
        DataSet dataSet;
        try {
            dataSet = DicomJson.read(new ByteArrayInputStream(bytes));
        } catch (DicomException e) {
            return;
        }
        byte[] json = DicomJson.toBytes(dataSet, DicomJson.BulkDataUri.NONE);
        try {
            DataSet again = DicomJson.read(new ByteArrayInputStream(json));
            assertThat(DicomJson.toBytes(again, DicomJson.BulkDataUri.NONE)).isEqualTo(json);
        } catch (DicomException e) {
            throw new AssertionError("What was read and written is not read again", e);
        }
        NativeXml.toBytes(dataSet, DicomJson.BulkDataUri.NONE);
    }

    /** A document of the Native DICOM Model. */
    static void xml(byte[] bytes) throws IOException {
        DataSet dataSet;
        try {
            dataSet = NativeXml.read(new ByteArrayInputStream(bytes));
        } catch (DicomException e) {
            return;
        }
        byte[] xml = NativeXml.toBytes(dataSet, DicomJson.BulkDataUri.NONE);
        try {
            DataSet again = NativeXml.read(new ByteArrayInputStream(xml));
            assertThat(NativeXml.toBytes(again, DicomJson.BulkDataUri.NONE)).isEqualTo(xml);
        } catch (DicomException e) {
            throw new AssertionError("What was read and written is not read again", e);
        }
        DicomJson.toBytes(dataSet, DicomJson.BulkDataUri.NONE);
    }

    /** A text in a character set that the first byte chooses. */
    static void text(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        String[] terms = {
            "ISO_IR 100", "ISO_IR 13", "ISO 2022 IR 87", "ISO 2022 IR 149", "ISO 2022 IR 58", "GB18030", "ISO_IR 192"
        };
        String term = terms[(bytes[0] & 0xFF) % terms.length];
        SpecificCharacterSet set =
                term.startsWith("ISO 2022") ? SpecificCharacterSet.of("", term) : SpecificCharacterSet.of(term);
        byte[] value = Arrays.copyOfRange(bytes, 1, bytes.length);
        for (VR vr : new VR[] {VR.PN, VR.LO, VR.LT}) {
            String text = set.decode(value, 0, value.length, vr);
            byte[] encoded = set.encode(text, vr);
            // what it cannot say is replaced once, and then stays
            String again = set.decode(encoded, 0, encoded.length, vr);
            assertThat(set.decode(set.encode(again, vr), 0, set.encode(again, vr).length, vr))
                    .isEqualTo(again);
        }
    }
}
