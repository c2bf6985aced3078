package org.imagingingestion.dicom.service;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomParseException;
import org.imagingingestion.dicom.DicomParser;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.DicomWriter;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;

/**
 * An instance on its way in: a Part 10 file as a stream, parsed and digested while it is read. Its header, up to the pixel
 * data, is there before the first byte is taken; the whole data set, length and digest when the last one is.
 *
 * <p>It is no stream itself, so that nothing on its way through a route takes it for one to keep a copy of.
 *
 * <p>Bytes are as received; a data set that came without File Meta Information gets some before it (PS3.10 §7.1).
 */
public final class InstanceBody implements AutoCloseable {
    private static final int CHUNK = 64 << 10;
    private static final int HEADER_ENOUGH = 1 << 20;
    private static final int HEADER_MOST = 32 << 20;
    /** Those below are of commands, of file meta information, of directories. */
    private static final int FIRST_GROUP = 0x0008;

    private final InputStream in;
    private final InputStream stream = new Stream();
    private final MessageDigest digest;
    private DicomParser parser;
    private byte[] head;
    private int headTaken;
    private long length;
    private byte[] sha256;

    private InstanceBody(InputStream in, DicomParser parser, byte[] head) {
        this.in = in;
        this.parser = parser;
        this.head = head;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Begins to receive a file, or a data set without File Meta Information, and reads its header.
     *
     * @param in read to its end, not closed
     * @throws DicomException where it is not DICOM, or its identifying attributes are not within the first 32 MiB
     */
    public static InstanceBody receive(InputStream in, ParseLimits limits) throws IOException, DicomException {
        DicomParser parser = new DicomParser(limits);
        byte[] head = readHeader(in, parser);
        if (parser.fileMetaInformation() != null) {
            return new InstanceBody(in, parser, head);
        }
        DataSet header = parser.dataSet();
        return withFileHeader(
                in,
                required(header, Tag.SOPClassUID, "SOP Class UID"),
                required(header, Tag.SOPInstanceUID, "SOP Instance UID"),
                parser.transferSyntax(),
                Arrays.copyOfRange(head, (int) parser.dataSetOffset(), head.length),
                limits);
    }

    /**
     * Begins to receive a data set of a message and reads its header. One that turns out to be in the other VR form is kept as
     * what it is.
     *
     * @throws DicomException where it is not DICOM in this transfer syntax, or begins with what only files have
     */
    public static InstanceBody receiveDataSet(
            InputStream in,
            String sopClassUID,
            String sopInstanceUID,
            TransferSyntax transferSyntax,
            ParseLimits limits)
            throws IOException, DicomException {
        try (DicomParser parser = new DicomParser(transferSyntax, limits)) {
            byte[] head = readHeader(in, parser);
            for (Element element : parser.dataSet()) {
                if (Tag.group(element.tag()) < FIRST_GROUP) {
                    throw new DicomException(
                            DicomStatus.CANNOT_UNDERSTAND,
                            "A data set has no element " + Tag.toString(element.tag()) + " (PS3.7 §6.3)");
                }
            }
            return withFileHeader(in, sopClassUID, sopInstanceUID, parser.transferSyntax(), head, limits);
        }
    }

    private static InstanceBody withFileHeader(
            InputStream in,
            String sopClassUID,
            String sopInstanceUID,
            TransferSyntax syntax,
            byte[] start,
            ParseLimits limits)
            throws DicomException {
        byte[] fileHeader = DicomWriter.fileHeader(sopClassUID, sopInstanceUID, syntax.uid());
        DicomParser parser = new DicomParser(limits);
        byte[] head = Arrays.copyOf(fileHeader, fileHeader.length + start.length);
        System.arraycopy(start, 0, head, fileHeader.length, start.length);
        parser.feed(head, 0, head.length);
        return new InstanceBody(in, parser, head);
    }

    private static byte[] readHeader(InputStream in, DicomParser parser) throws IOException, DicomException {
        ByteArrayOutputStream head = new ByteArrayOutputStream(CHUNK);
        byte[] chunk = new byte[16 << 10];
        while (!isHeaderRead(parser, head.size())) {
            int n = in.read(chunk);
            if (n < 0) {
                parser.finish();
                break;
            }
            parser.feed(chunk, 0, n);
            head.write(chunk, 0, n);
            if (head.size() > HEADER_MOST) {
                throw new DicomException(
                        DicomStatus.CANNOT_UNDERSTAND,
                        "The identifying attributes are not within the first " + HEADER_MOST + " bytes");
            }
        }
        return head.toByteArray();
    }

    private static boolean isHeaderRead(DicomParser parser, int bytes) {
        boolean identified = Integer.compareUnsigned(parser.topLevelTag(), Tag.SeriesInstanceUID) > 0;
        boolean atPixelData = Integer.compareUnsigned(parser.topLevelTag(), Tag.ExtendedOffsetTable) >= 0;
        return identified && (atPixelData || bytes >= HEADER_ENOUGH);
    }

    private static String required(DataSet dataSet, int tag, String name) throws DicomException {
        String value = dataSet.string(tag);
        if (value == null) {
            throw new DicomException(DicomStatus.CANNOT_UNDERSTAND, name + " is missing");
        }
        return value;
    }

    /** The File Meta Information, never {@code null}. */
    public DataSet fileMetaInformation() {
        return parser.fileMetaInformation();
    }

    public TransferSyntax transferSyntax() {
        return parser.transferSyntax();
    }

    /** Place of the data set's first byte in the file. */
    public long dataSetOffset() {
        return parser.dataSetOffset();
    }

    /** The data set as far as it is parsed: at the start what is before the pixel data in the first MiB, at the end all of it. */
    public DataSet dataSet() {
        return parser.dataSet();
    }

    /** Whether the last byte has been taken. */
    public boolean isComplete() {
        return sha256 != null;
    }

    /** Bytes taken so far, the length of the file when it is complete. */
    public long length() {
        return length;
    }

    /** Digest of the file, 32 bytes. @throws IllegalStateException before it is complete */
    public byte[] sha256() {
        if (sha256 == null) {
            throw new IllegalStateException("The instance has not been read to its end");
        }
        return sha256;
    }

    /**
     * The file, to be read once. Reading throws {@link SenderException} where the source breaks off, and an {@link IOException}
     * caused by a {@link DicomParseException} where the bytes are not DICOM.
     */
    public InputStream stream() {
        return stream;
    }

    private int read(byte[] bytes, int offset, int size) throws IOException {
        if (head != null) {
            int n = Math.min(size, head.length - headTaken);
            System.arraycopy(head, headTaken, bytes, offset, n);
            headTaken += n;
            if (headTaken == head.length) {
                head = null;
            }
            return passed(bytes, offset, n);
        }
        if (isComplete()) {
            return -1;
        }
        int n = readSource(bytes, offset, size);
        try {
            if (n < 0) {
                parser.finish();
                sha256 = digest.digest();
                return -1;
            }
            parser.feed(bytes, offset, n);
        } catch (DicomParseException e) {
            throw new IOException(e.getMessage(), e);
        }
        return passed(bytes, offset, n);
    }

    private int readSource(byte[] bytes, int offset, int size) throws IOException {
        try {
            return in.read(bytes, offset, size);
        } catch (SenderException e) {
            throw e;
        } catch (IOException e) {
            // of one made of another instance it is that one which is no DICOM
            if (e.getCause() instanceof DicomParseException) {
                throw e;
            }
            throw new SenderException("The sender broke off", e);
        }
    }

    private int passed(byte[] bytes, int offset, int n) {
        digest.update(bytes, offset, n);
        length += n;
        return n;
    }

    @Override
    public void close() {
        parser.close();
    }

    private final class Stream extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int size) throws IOException {
            return size == 0 ? 0 : InstanceBody.this.read(bytes, offset, size);
        }
    }
}
