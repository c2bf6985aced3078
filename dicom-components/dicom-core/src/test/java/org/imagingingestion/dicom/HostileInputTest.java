package org.imagingingestion.dicom;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Inputs that are small and ask for much: each ends in a typed error that says where, in little memory. */
@Timeout(300)
class HostileInputTest {
    private static final long LITTLE = 48 << 20;
    private static final int SEQUENCE = 0x00400275;
    private static final String SQ = "\"00400275\":{\"vr\":\"SQ\",\"Value\":[";

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void refuses200000NestedSequences(boolean explicitVR) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(200_000 * 20).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 200_000; i++) {
            element(bytes, SEQUENCE, explicitVR ? VR.SQ : null, 0xFFFFFFFF);
            element(bytes, Tag.Item, null, 0xFFFFFFFF);
        }
        TransferSyntax syntax =
                explicitVR ? TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN : TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN;
        DicomParseException problem = refused(Arrays.copyOf(bytes.array(), bytes.position()), syntax);
        assertThat(problem).hasMessageContaining("More than 128 sequences within each other");
        assertThat(problem.tag()).isEqualTo(SEQUENCE);
        assertThat(problem.offset()).isBetween(128 * 16L, 129 * 20L);
    }

    @ParameterizedTest
    @CsvSource({"0x00091001,OB", "0x00091001,UN", "0x00104000,UT", "0x00091002,UC", "0x7FE00010,OW", "0x00081140,SQ"})
    void refusesALengthOf4GiBInAFileOf1KiB(String tag, VR vr) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
        element(bytes, Integer.decode(tag), vr, 0xFFFFFFFE);
        if (vr == VR.SQ) {
            element(bytes, Tag.Item, null, 0xFFFFFFF6);
            element(bytes, 0x00091001, VR.OB, 0xFFFFFF00);
        }
        DicomParseException problem = refused(bytes.array(), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        assertThat(problem).hasMessageContaining("Data set ends within");
        assertThat(problem.offset()).isLessThanOrEqualTo(1024);
        assertThat(problem.tag()).isNotZero();
    }

    @Test
    void refusesAFragmentOf4GiBInAFileOf1KiB() throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
        element(bytes, Tag.PixelData, VR.OB, 0xFFFFFFFF);
        element(bytes, Tag.Item, null, 0);
        element(bytes, Tag.Item, null, 0xFFFFFFFE);
        DicomParseException problem = refused(bytes.array(), TransferSyntax.of("1.2.840.10008.1.2.4.50"));
        assertThat(problem).hasMessageContaining("ends within a value");
        assertThat(problem.tag()).isEqualTo(Tag.PixelData);
    }

    @Test
    void refusesAnItemLongerThanTheSequenceItIsIn() throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
        element(bytes, SEQUENCE, VR.SQ, 500);
        element(bytes, Tag.Item, null, 0x7FFFFFFE);
        assertThat(refused(bytes.array(), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN))
                .hasMessageContaining("goes beyond the item it is in at byte 20 in (0040,0275)");
    }

    @Test
    void refusesADeflateBomb() throws Exception {
        ByteBuffer head = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        element(head, 0x00091001, VR.OB, 0xFFFFFFFE);
        byte[] bomb = deflated(head.array(), 300);
        assertThat(bomb.length).isLessThan(1 << 20);
        DicomParseException problem = refused(bomb, TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN);
        assertThat(problem).hasMessageContaining("Data set inflates to more than 250 times its length");
        assertThat(problem.tag()).isEqualTo(0x00091001);
    }

    @Test
    void takesPixelsThatAreHardlyAnythingButZeros() throws Exception {
        ByteBuffer head = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        element(head, Tag.PixelData, VR.OB, 100 << 20);
        DataSet dataSet = parse(deflated(head.array(), 100), TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN);
        assertThat(dataSet.get(Tag.PixelData)).isInstanceOf(Element.Bulk.class);
    }

    @Test
    void refusesMillionsOfElements() throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(8 * 1_100_000).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 1_100_000; i++) {
            element(bytes, 0x00090000 + i * 3, null, 0);
        }
        // elements that are empty are held, at some hundred bytes each
        assertThat(catchThrowableOfType(
                        DicomParseException.class,
                        () -> parse(bytes.array(), TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN)))
                .hasMessageContaining("More than 1000000 data elements");
    }

    @Test
    void refusesElementsInTheOppositeOrder() throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(8 * 900_000).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 900_000; i++) {
            element(bytes, 0x7F000000 - i * 3, null, 0);
        }
        assertThat(refused(bytes.array(), TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN))
                .hasMessageContaining("More than 4096 data elements out of order");
    }

    @Test
    void readsASpecificCharacterSetThatSaysItIsText() throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(18).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putShort((short) 0x0008)
                .putShort((short) 0x0005)
                .put((byte) 'L')
                .put((byte) 'O')
                .putShort((short) 10);
        bytes.put("ISO_IR 100".getBytes(StandardCharsets.US_ASCII));
        DataSet dataSet = parse(bytes.array(), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        assertThat(dataSet.characterSet().definedTerms()).containsExactly("ISO_IR 100");
        assertThat(dataSet.string(Tag.SpecificCharacterSet)).isEqualTo("ISO_IR 100");
    }

    @Test
    void refusesNestedJSON() throws Exception {
        String head = "{" + (SQ + "{").repeat(200_000);
        assertThat(refused(() -> DicomJson.read(stream(head))))
                .hasMessageContaining("more than 128 sequences within each other in 00400275/0/00400275");
        assertThat(refused(() -> DicomJson.read(stream("{\"00400275\":{\"x\":" + "[".repeat(1_000_000)))))
                .hasMessageContaining("beyond a limit");
    }

    @Test
    void refusesLongJSON() throws Exception {
        String start = "{\"00104000\":{\"vr\":\"UT\",\"Value\":[\"";
        catchThrowableOfType(DicomException.class, () -> DicomJson.read(endless(start, "x")));
        String numbers = "{\"00104000\":{\"vr\":\"US\",\"Value\":[";
        assertThat(catchThrowableOfType(DicomException.class, () -> DicomJson.read(endless(numbers, "1,"))))
                .hasMessageContaining("more than 1000000 data elements and values in 00104000");
        assertThat(refused(() -> DicomJson.read(endless(numbers, "1"))))
                .hasMessageContaining("not well-formed or beyond a limit");
        assertThat(catchThrowableOfType(
                        DicomException.class,
                        () -> DicomJson.read(endless("{\"00091001\":{\"vr\":\"OB\",\"InlineBinary\":\"", "AAAA"))))
                .hasMessageContaining("more than 67108864 bytes of values in 00091001");
    }

    @Test
    void refusesNestedXML() throws Exception {
        String item = "<DicomAttribute tag=\"00400275\" vr=\"SQ\"><Item number=\"1\">";
        assertThat(refused(() -> NativeXml.read(endless("<NativeDicomModel>", item))))
                .hasMessageContaining("more than 128 sequences within each other");
        assertThat(refused(() -> NativeXml.read(endless("<NativeDicomModel>", "<a>"))))
                .hasMessageContaining("elements within each other");
    }

    @Test
    void refusesLongXML() throws Exception {
        String[] starts = {
            "<NativeDicomModel><DicomAttribute tag=\"",
            "<NativeDicomModel><",
            "<NativeDicomModel><!--",
            "<NativeDicomModel><?",
            "<NativeDicomModel><DicomAttribute tag=\"00100020\"><Value>",
            "<NativeDicomModel><DicomAttribute tag=\"00100020\"><Value><![CDATA[",
        };
        for (String start : starts) {
            assertThat(catchThrowableOfType(DicomException.class, () -> NativeXml.read(endless(start, "x"))))
                    .as(start)
                    .hasMessageStartingWith("XML: ");
        }
    }

    @Test
    void refusesEntitiesOfEntities() throws Exception {
        StringBuilder xml = new StringBuilder("<!DOCTYPE a [<!ENTITY e0 \"xxxxxxxxxx\">");
        for (int i = 1; i < 20; i++) {
            xml.append("<!ENTITY e")
                    .append(i)
                    .append(" \"")
                    .append(("&e" + (i - 1) + ";").repeat(10))
                    .append("\">");
        }
        xml.append(
                "]><NativeDicomModel><DicomAttribute tag=\"00100020\"><Value>&e19;</Value></DicomAttribute></NativeDicomModel>");
        assertThat(refused(() -> NativeXml.read(stream(xml.toString())))).hasMessageContaining("document type");
    }

    @FunctionalInterface
    private interface Reading {
        Object read() throws Exception;
    }

    private static DicomException refused(Reading reading) {
        long before = allocated();
        DicomException problem = catchThrowableOfType(DicomException.class, reading::read);
        assertThat(allocated() - before).isLessThan(LITTLE);
        return problem;
    }

    private static DicomParseException refused(byte[] bytes, TransferSyntax syntax) {
        return (DicomParseException) refused(() -> parse(bytes, syntax));
    }

    private static DataSet parse(byte[] bytes, TransferSyntax syntax) throws DicomParseException {
        try (DicomParser parser = new DicomParser(syntax, ParseLimits.STREAMING)) {
            for (int at = 0; at < bytes.length; at += 8192) {
                parser.feed(bytes, at, Math.min(8192, bytes.length - at));
            }
            parser.finish();
            return parser.dataSet();
        }
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private static void element(ByteBuffer into, int tag, VR vr, int length) {
        into.putShort((short) (tag >>> 16)).putShort((short) tag);
        if (vr != null) {
            into.put((byte) (vr.code() >> 8)).put((byte) vr.code()).putShort((short) 0);
        }
        into.putInt(length);
    }

    private static byte[] deflated(byte[] head, int mebibytesOfZeros) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(9, true);
        try (DeflaterOutputStream deflated = new DeflaterOutputStream(out, deflater)) {
            deflated.write(head);
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < mebibytesOfZeros; i++) {
                deflated.write(zeros);
            }
        } finally {
            deflater.end();
        }
        return out.toByteArray();
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A text that goes on for a gibibyte. */
    private static InputStream endless(String start, String more) {
        byte[] block = more.repeat(65536 / more.length()).getBytes(StandardCharsets.UTF_8);
        InputStream blocks = new InputStream() {
            private long at;

            @Override
            public int read() {
                return at < 1L << 30 ? block[(int) (at++ % block.length)] : -1;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                if (at >= 1L << 30) {
                    return -1;
                }
                int from = (int) (at % block.length);
                int count = Math.min(length, block.length - from);
                System.arraycopy(block, from, bytes, offset, count);
                at += count;
                return count;
            }
        };
        return new SequenceInputStream(Collections.enumeration(List.of(stream(start), blocks)));
    }
}
