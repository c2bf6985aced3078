package org.imagingingestion.dicom;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Writes data sets and Part 10 files (PS3.5 §7, Annex A; PS3.10 §7). What was read and not changed is written byte for
 * byte as it was, where the transfer syntax is the same.
 */
public final class DicomWriter {
    /** Identifies this implementation in File Meta Information and in associations (PS3.10 §7.1, PS3.7 §D.3.3.2). */
    public static final String IMPLEMENTATION_CLASS_UID = "2.25.104366483226453906014866263153466713219";

    public static final String IMPLEMENTATION_VERSION_NAME = "IMAGINGESTION_1";

    private static final int SHORT_LENGTH_MAX = 0xFFFF;
    private static final long UNDEFINED = 0xFFFFFFFFL;

    /** Where the bytes of values that are not held are copied from. */
    @FunctionalInterface
    public interface BulkSource {
        /** Opens the bytes at a place as {@link Element.Bulk#offset()} counts it. */
        InputStream open(long offset, long length) throws IOException;
    }

    private static final BulkSource NO_SOURCE = (offset, length) -> {
        throw new IOException("No source for the value at byte " + offset);
    };

    private final TransferSyntax transferSyntax;
    private final BulkSource bulk;

    public DicomWriter(TransferSyntax transferSyntax) {
        this(transferSyntax, NO_SOURCE);
    }

    public DicomWriter(TransferSyntax transferSyntax, BulkSource bulk) {
        this.transferSyntax = transferSyntax;
        this.bulk = bulk;
    }

    /**
     * Writes a Part 10 file: preamble, File Meta Information made from the data set, data set.
     *
     * @throws DicomException where the data set has no SOP Class UID or SOP Instance UID
     */
    public void writeFile(DataSet dataSet, OutputStream out) throws IOException, DicomException {
        String sopClassUID = dataSet.string(Tag.SOPClassUID);
        String sopInstanceUID = dataSet.string(Tag.SOPInstanceUID);
        if (sopClassUID == null || sopInstanceUID == null) {
            throw new DicomException(
                    DicomStatus.CANNOT_UNDERSTAND, "A file needs SOP Class UID and SOP Instance UID in its data set");
        }
        out.write(fileHeader(sopClassUID, sopInstanceUID, transferSyntax.uid()));
        writeDataSet(dataSet, out);
    }

    /** Preamble, prefix and File Meta Information of a file (PS3.10 §7.1). */
    public static byte[] fileHeader(String sopClassUID, String sopInstanceUID, String transferSyntaxUID) {
        DataSet meta = new DataSet()
                .setBytes(Tag.FileMetaInformationVersion, VR.OB, (byte) 0, (byte) 1)
                .setString(Tag.MediaStorageSOPClassUID, VR.UI, sopClassUID)
                .setString(Tag.MediaStorageSOPInstanceUID, VR.UI, sopInstanceUID)
                .setString(Tag.TransferSyntaxUID, VR.UI, transferSyntaxUID)
                .setString(Tag.ImplementationClassUID, VR.UI, IMPLEMENTATION_CLASS_UID)
                .setString(Tag.ImplementationVersionName, VR.SH, IMPLEMENTATION_VERSION_NAME);
        DicomWriter writer = new DicomWriter(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        meta.setInt(Tag.FileMetaInformationGroupLength, VR.UL, writer.lengthOf(meta, true));
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        out.writeBytes(new byte[128]);
        out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
        try {
            writer.writeElements(meta, new Encoder(out, true, false));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Writes a data set as it stands in a file or in a message; the stream is flushed and stays open. */
    public void writeDataSet(DataSet dataSet, OutputStream out) throws IOException {
        if (!transferSyntax.deflated()) {
            writeElements(dataSet, new Encoder(out, transferSyntax.explicitVR(), transferSyntax.bigEndian()));
            out.flush();
            return;
        }
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            Counting counting = new Counting(out);
            DeflaterOutputStream deflated = new DeflaterOutputStream(counting, deflater, 16 << 10);
            writeElements(dataSet, new Encoder(deflated, true, false));
            deflated.finish();
            if ((counting.count & 1) != 0) {
                out.write(0);
            }
            out.flush();
        } finally {
            deflater.end();
        }
    }

    private void writeElements(DataSet dataSet, Encoder out) throws IOException {
        for (Element element : dataSet) {
            if (element instanceof Element.Value value) {
                writeValue(value, out);
            } else if (element instanceof Element.Bulk value) {
                writeBulk(value, out);
            } else if (element instanceof Sequence sequence) {
                writeSequence(sequence, out);
            } else if (element instanceof Fragments fragments) {
                writeFragments(fragments, out);
            } else {
                throw new IOException("The value of " + Tag.toString(element.tag()) + " is elsewhere, under a URI");
            }
        }
    }

    private void writeValue(Element.Value value, Encoder out) throws IOException {
        byte[] bytes = value.bytes();
        out.header(value.tag(), value.vrCode(), bytes.length);
        out.bytes(
                value.isBigEndian() == out.bigEndian
                        ? bytes
                        : Numbers.swapped(bytes, value.vr().unit()));
    }

    private void writeBulk(Element.Bulk value, Encoder out) throws IOException {
        out.header(value.tag(), value.vr().code(), value.length());
        copy(
                value.offset(),
                value.length(),
                value.isBigEndian() == out.bigEndian ? 1 : value.vr().unit(),
                out);
    }

    private void writeSequence(Sequence sequence, Encoder out) throws IOException {
        boolean unknown = sequence.vr() == VR.UN;
        // the items of UN are Implicit VR Little Endian in every syntax (PS3.5 §6.2.2)
        Encoder items = unknown && out.explicitVR ? new Encoder(out.stream, false, false) : out;
        boolean undefined = sequence.isUndefinedLength();
        out.header(
                sequence.tag(),
                (unknown && out.explicitVR ? VR.UN : VR.SQ).code(),
                undefined ? UNDEFINED : itemsLength(sequence, items.explicitVR));
        for (DataSet item : sequence.items()) {
            items.item(Tag.Item, item.isUndefinedLength() ? UNDEFINED : lengthOf(item, items.explicitVR));
            writeElements(item, items);
            if (item.isUndefinedLength()) {
                items.item(Tag.ItemDelimitationItem, 0);
            }
        }
        if (undefined) {
            items.item(Tag.SequenceDelimitationItem, 0);
        }
    }

    private void writeFragments(Fragments fragments, Encoder out) throws IOException {
        out.header(fragments.tag(), fragments.vr().code(), UNDEFINED);
        for (int i = 0; i < fragments.count(); i++) {
            out.item(Tag.Item, fragments.length(i));
            byte[] held = fragments.bytes(i);
            if (held != null) {
                out.bytes(held);
            } else {
                copy(fragments.offset(i), fragments.length(i), 1, out);
            }
        }
        out.item(Tag.SequenceDelimitationItem, 0);
    }

    private void copy(long offset, long length, int swappedUnit, Encoder out) throws IOException {
        long left = length;
        byte[] chunk = new byte[(int) Math.min(length, 64 << 10)];
        try (InputStream in = bulk.open(offset, length)) {
            while (left > 0) {
                int n = in.readNBytes(chunk, 0, (int) Math.min(left, chunk.length));
                if (n == 0) {
                    throw new IOException("The value at byte " + offset + " breaks off");
                }
                Numbers.swap(chunk, 0, n, swappedUnit);
                out.stream.write(chunk, 0, n);
                left -= n;
            }
        }
    }

    private long lengthOf(DataSet dataSet, boolean explicitVR) {
        long length = 0;
        for (Element element : dataSet) {
            length += lengthOf(element, explicitVR);
        }
        return length;
    }

    private long lengthOf(Element element, boolean explicitVR) {
        if (element instanceof Element.Value value) {
            return headerLength(value.vrCode(), value.bytes().length, explicitVR) + value.bytes().length;
        }
        if (element instanceof Element.Bulk bulkValue) {
            return headerLength(bulkValue.vr().code(), bulkValue.length(), explicitVR) + bulkValue.length();
        }
        if (element instanceof Sequence sequence) {
            boolean unknown = sequence.vr() == VR.UN && explicitVR;
            return (explicitVR ? 12 : 8)
                    + itemsLength(sequence, explicitVR && !unknown)
                    + (sequence.isUndefinedLength() ? 8 : 0);
        }
        if (element instanceof Fragments fragments) {
            long length = (explicitVR ? 12 : 8) + 8L;
            for (int i = 0; i < fragments.count(); i++) {
                length += 8 + fragments.length(i);
            }
            return length;
        }
        return 0;
    }

    private long itemsLength(Sequence sequence, boolean explicitVR) {
        long length = 0;
        for (DataSet item : sequence.items()) {
            length += 8 + lengthOf(item, explicitVR) + (item.isUndefinedLength() ? 8 : 0);
        }
        return length;
    }

    private static int headerLength(int vrCode, long length, boolean explicitVR) {
        return explicitVR && isLongForm(vrCode, length) ? 12 : 8;
    }

    private static boolean isLongForm(int vrCode, long length) {
        VR vr = VR.ofCode(vrCode);
        return length > SHORT_LENGTH_MAX || (vr == null ? Encoder.isLetters(vrCode) : vr.hasLongLength());
    }

    /** Headers of elements and items in one form and byte order. */
    private static final class Encoder {
        private final OutputStream stream;
        private final boolean explicitVR;
        private final boolean bigEndian;
        private final byte[] header = new byte[12];

        Encoder(OutputStream stream, boolean explicitVR, boolean bigEndian) {
            this.stream = stream;
            this.explicitVR = explicitVR;
            this.bigEndian = bigEndian;
        }

        static boolean isLetters(int code) {
            return code >> 8 >= 'A' && code >> 8 <= 'Z' && (code & 0xFF) >= 'A' && (code & 0xFF) <= 'Z';
        }

        void bytes(byte[] bytes) throws IOException {
            stream.write(bytes);
        }

        void item(int tag, long length) throws IOException {
            tag(tag);
            uint32(4, length);
            stream.write(header, 0, 8);
        }

        void header(int tag, int vrCode, long length) throws IOException {
            tag(tag);
            if (!explicitVR) {
                uint32(4, length);
                stream.write(header, 0, 8);
                return;
            }
            // a value too long for the short form is written as UN (PS3.5 §6.2.2)
            VR vr = VR.ofCode(vrCode);
            boolean tooLong = vr != null && !vr.hasLongLength() && length > SHORT_LENGTH_MAX;
            int code = tooLong ? VR.UN.code() : vrCode;
            header[4] = (byte) (code >> 8);
            header[5] = (byte) code;
            if (isLongForm(code, length)) {
                header[6] = 0;
                header[7] = 0;
                uint32(8, length);
                stream.write(header, 0, 12);
            } else {
                header[bigEndian ? 7 : 6] = (byte) length;
                header[bigEndian ? 6 : 7] = (byte) (length >> 8);
                stream.write(header, 0, 8);
            }
        }

        private void tag(int tag) {
            uint16(0, tag >>> 16);
            uint16(2, tag);
        }

        private void uint16(int at, int number) {
            header[bigEndian ? at + 1 : at] = (byte) number;
            header[bigEndian ? at : at + 1] = (byte) (number >> 8);
        }

        private void uint32(int at, long number) {
            for (int i = 0; i < 4; i++) {
                header[bigEndian ? at + 3 - i : at + i] = (byte) (number >> 8 * i);
            }
        }
    }

    private static final class Counting extends FilterOutputStream {
        private long count;

        Counting(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            count++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            count += length;
        }
    }
}
