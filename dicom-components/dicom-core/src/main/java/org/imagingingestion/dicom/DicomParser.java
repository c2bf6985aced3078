package org.imagingingestion.dicom;

import java.io.ByteArrayOutputStream;
import java.util.function.IntPredicate;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Parses a Part 10 file, or a bare data set, from bytes as they come (PS3.10 §7). It takes pieces of any size and never
 * waits, so that one pass serves whoever stores, digests and indexes an object on its way.
 *
 * <p>A missing preamble, missing or wrong group lengths, missing File Meta Information and a data set that is not in the
 * VR form declared are read for what they are.
 */
public final class DicomParser implements AutoCloseable {
    private static final int PREAMBLE = 128;
    private static final int HEAD = PREAMBLE + 4;
    private static final int INFLATED_FREELY = 16 << 20;

    private enum Stage {
        HEAD,
        META,
        GUESS,
        DATA_SET
    }

    private final ParseLimits limits;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream(HEAD);
    private IntPredicate stop = tag -> false;
    private Stage stage;
    private long taken;
    private DataSetParser meta;
    private DataSetParser dataSet;
    private TransferSyntax transferSyntax;
    private long dataSetOffset;
    private Inflater inflater;
    private byte[] inflated;
    private long inflatedLength;
    /** Without pixels that are passed over: those of a mask are hardly anything but zeros, and cost no memory. */
    private long inflatedAndRead;

    /** A parser of a file whose start tells what it is. */
    public DicomParser(ParseLimits limits) {
        this.limits = limits;
        stage = Stage.HEAD;
    }

    /** A parser of a bare data set, as it comes in a DIMSE message. */
    public DicomParser(TransferSyntax transferSyntax, ParseLimits limits) {
        this.limits = limits;
        this.transferSyntax = transferSyntax;
        stage = Stage.GUESS;
    }

    /** Stops before the first element at the top of the data set whose tag is this or above. */
    public DicomParser stopBefore(int tag) {
        stop = next -> Integer.compareUnsigned(next, tag) >= 0;
        return this;
    }

    /**
     * Takes the next bytes; those after a stop are passed over.
     *
     * @throws DicomParseException where they are not DICOM, or more than the limits allow
     */
    public void feed(byte[] bytes, int offset, int length) throws DicomParseException {
        taken += length;
        if (stage == Stage.DATA_SET) {
            feedDataSet(bytes, offset, length);
        } else if (stage == Stage.META) {
            feedMeta(bytes, offset, length);
        } else {
            pending.write(bytes, offset, length);
            // as many as tell the VR form, so that it does not depend on the pieces
            int needed = stage == Stage.HEAD ? HEAD + 8 : 8;
            if (pending.size() >= needed) {
                begin();
            }
        }
    }

    /**
     * To be called when there are no more bytes.
     *
     * @throws DicomParseException where the data set is not at its end
     */
    public void finish() throws DicomParseException {
        if (stage == Stage.HEAD || stage == Stage.GUESS) {
            begin();
        }
        if (stage == Stage.META) {
            byte[] rest = meta.unread();
            // an empty data set deflates to less than an element header
            if (!TransferSyntax.of(meta.dataSet().string(Tag.TransferSyntaxUID, ""))
                    .deflated()) {
                meta.finish();
            }
            dataSetOffset = meta.position() - rest.length;
            endMeta(rest, 0, rest.length);
        }
        if (stage == Stage.GUESS) {
            begin();
        }
        if (dataSet == null) {
            throw new DicomParseException("No data set", taken, 0);
        }
        if (inflater != null && !inflater.finished() && !dataSet.isStopped()) {
            throw new DicomParseException("Deflated data set is cut off", taken, dataSet.topLevelTag());
        }
        dataSet.finish();
        if (dataSet.dataSet().isEmpty() && !dataSet.isStopped() && meta == null) {
            throw new DicomParseException("No data element", taken, 0);
        }
    }

    /** The File Meta Information, {@code null} where there is none. */
    public DataSet fileMetaInformation() {
        return meta == null ? null : meta.dataSet();
    }

    /** How the data set is encoded, {@code null} until that is known. */
    public TransferSyntax transferSyntax() {
        return transferSyntax;
    }

    /** The data set as far as it is read, {@code null} before its first byte. */
    public DataSet dataSet() {
        return dataSet == null ? null : dataSet.dataSet();
    }

    /** Place of the data set's first byte in the file. */
    public long dataSetOffset() {
        return dataSetOffset;
    }

    /** The tag at the top of the data set that is being read or was read last, 0 before the first. */
    public int topLevelTag() {
        return dataSet == null ? 0 : dataSet.topLevelTag();
    }

    /** Place of the next byte in the file, or in the inflated data set where it is deflated; that of the element it stopped before. */
    public long position() {
        return dataSet == null ? dataSetOffset : dataSet.position();
    }

    /** Whether it is in the middle of a value that it does not hold, such as pixel data. */
    public boolean isSkipping() {
        return dataSet != null && dataSet.isSkipping();
    }

    /** Whether it stopped where {@link #stopBefore} told it to. */
    public boolean isStopped() {
        return dataSet != null && dataSet.isStopped();
    }

    @Override
    public void close() {
        if (inflater != null) {
            inflater.end();
        }
    }

    private void begin() throws DicomParseException {
        byte[] head = pending.toByteArray();
        pending.reset();
        if (stage == Stage.GUESS) {
            beginDataSet(head);
            return;
        }
        int start = isMagic(head, PREAMBLE) ? HEAD : isMagic(head, 0) ? 4 : 0;
        boolean hasMeta = start > 0 || head.length >= 8 && head[0] == 2 && head[1] == 0 && head[2] == 0 && head[3] == 0;
        if (hasMeta) {
            boolean explicit = head.length < start + 6 || isLetter(head[start + 4]) && isLetter(head[start + 5]);
            meta = new DataSetParser(explicit, false, start, limits).stopBefore(tag -> Tag.group(tag) != 2);
            stage = Stage.META;
            feedMeta(head, start, head.length - start);
        } else {
            stage = Stage.GUESS;
            beginDataSet(head);
        }
    }

    private static boolean isMagic(byte[] head, int at) {
        return head.length >= at + 4
                && head[at] == 'D'
                && head[at + 1] == 'I'
                && head[at + 2] == 'C'
                && head[at + 3] == 'M';
    }

    private static boolean isLetter(byte b) {
        return b >= 'A' && b <= 'Z';
    }

    private void feedMeta(byte[] bytes, int offset, int length) throws DicomParseException {
        int used = meta.feed(bytes, offset, length);
        if (meta.isStopped()) {
            byte[] unread = meta.unread();
            dataSetOffset = meta.position();
            pending.writeBytes(unread);
            endMeta(bytes, offset + used, length - used);
        }
    }

    private void endMeta(byte[] bytes, int offset, int length) throws DicomParseException {
        String uid = meta.dataSet().string(Tag.TransferSyntaxUID);
        transferSyntax = uid == null ? null : TransferSyntax.of(uid);
        stage = Stage.GUESS;
        pending.write(bytes, offset, length);
        if (pending.size() >= 8) {
            begin();
        }
    }

    private void beginDataSet(byte[] head) throws DicomParseException {
        stage = Stage.DATA_SET;
        if (transferSyntax != null && transferSyntax.deflated()) {
            inflater = new Inflater(!isZlib(head));
            inflated = new byte[16 << 10];
            dataSet = new DataSetParser(true, false, 0, limits).stopBefore(stop);
        } else {
            boolean bigEndian = transferSyntax == null ? looksBigEndian(head) : transferSyntax.bigEndian();
            boolean explicit = looksExplicit(head);
            if (transferSyntax == null || !transferSyntax.encapsulated() && explicit != transferSyntax.explicitVR()) {
                transferSyntax = guessed(explicit, bigEndian);
            }
            dataSet = new DataSetParser(explicit, bigEndian, dataSetOffset, limits).stopBefore(stop);
        }
        feedDataSet(head, 0, head.length);
    }

    private static TransferSyntax guessed(boolean explicit, boolean bigEndian) {
        if (bigEndian) {
            return TransferSyntax.EXPLICIT_VR_BIG_ENDIAN;
        }
        return explicit ? TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN : TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN;
    }

    /** The zlib wrapper (RFC 1950 §2.2) that some writers put around the deflated data set. */
    private static boolean isZlib(byte[] head) {
        return head.length >= 2 && (head[0] & 0x0F) == 8 && ((head[0] & 0xFF) << 8 | head[1] & 0xFF) % 31 == 0;
    }

    private boolean looksExplicit(byte[] head) {
        if (head.length < 6) {
            return transferSyntax == null || transferSyntax.explicitVR();
        }
        return isLetter(head[4])
                && isLetter(head[5])
                && (transferSyntax != null && transferSyntax.explicitVR() || VR.ofCode(head[4] << 8 | head[5]) != null);
    }

    private static boolean looksBigEndian(byte[] head) {
        return head.length >= 6 && head[0] == 0 && head[1] != 0 && isLetter(head[4]) && isLetter(head[5]);
    }

    private void feedDataSet(byte[] bytes, int offset, int length) throws DicomParseException {
        if (inflater == null) {
            dataSet.feed(bytes, offset, length);
            return;
        }
        inflater.setInput(bytes, offset, length);
        try {
            for (int n = inflater.inflate(inflated); n > 0; n = inflater.inflate(inflated)) {
                inflatedLength += n;
                if (!dataSet.isSkipping() || dataSet.topLevelTag() != Tag.PixelData) {
                    inflatedAndRead += n;
                }
                if (inflatedAndRead > INFLATED_FREELY && inflatedAndRead / limits.maxInflation() > taken) {
                    throw new DicomParseException(
                            "Data set inflates to more than " + limits.maxInflation() + " times its length",
                            inflatedLength,
                            dataSet.topLevelTag());
                }
                dataSet.feed(inflated, 0, n);
                if (dataSet.isStopped()) {
                    return;
                }
            }
        } catch (DataFormatException e) {
            throw new DicomParseException("Deflated data set is broken", taken, dataSet.topLevelTag());
        }
    }
}
