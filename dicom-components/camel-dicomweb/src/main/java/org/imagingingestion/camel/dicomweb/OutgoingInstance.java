package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.security.MessageDigest;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomParseException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.UIDs;
import org.imagingingestion.dicom.event.DeliveryFailure;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.InstanceSource;
import org.imagingingestion.dicom.service.SenderException;
import org.imagingingestion.dicom.service.StoreResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An instance that another system is to store: who it is, its bytes, and what became of it. */
final class OutgoingInstance implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(OutgoingInstance.class);
    private static final int HEAD = 132;
    /** As much as goes into the connection's buffer with what encloses a chunk. */
    private static final int CHUNK = Transport.BUFFER - 32;

    private final InstanceSource source;
    private InputStream onlyStream;
    private InputStream in;
    private InstanceBody body;
    private long length = -1;
    private boolean taken;
    private final boolean owned;
    private MessageDigest digest;
    private byte[] sha256;
    private TransferSyntax transferSyntax;
    private String sopClassUID;
    private String sopInstanceUID;
    private String path;
    private StoreResult.Instance result;

    /** One that can be read again. */
    OutgoingInstance(InstanceSource source) {
        this.source = source;
        owned = true;
    }

    /** One that can be read once; whoever opened the stream closes it. */
    OutgoingInstance(InputStream stream) {
        this.source = null;
        this.onlyStream = stream;
        owned = true;
    }

    /** One that can be read once; whoever received it closes it. */
    OutgoingInstance(InstanceBody body) {
        this.source = null;
        this.body = body;
        owned = false;
        taken = body.length() > 0;
    }

    /**
     * Reads as much as tells who it is. Does nothing where that is done and no byte of it has been sent.
     *
     * @throws DicomException where it is not DICOM, or not identified
     */
    void open() throws IOException, DicomException {
        if (body == null || taken) {
            if (taken && source == null) {
                throw new IllegalStateException("The instance has been read already");
            }
            close();
            openFile();
            taken = false;
        }
        DataSet dataSet = body.dataSet();
        sopClassUID = required(dataSet, Tag.SOPClassUID, "SOP Class UID");
        sopInstanceUID = required(dataSet, Tag.SOPInstanceUID, "SOP Instance UID");
        path = InstancePath.of(
                required(dataSet, Tag.StudyInstanceUID, "Study Instance UID"),
                required(dataSet, Tag.SeriesInstanceUID, "Series Instance UID"),
                sopInstanceUID);
    }

    private void openFile() throws IOException, DicomException {
        in = source == null ? onlyStream : source.open();
        byte[] head = in.readNBytes(HEAD);
        boolean whole =
                head.length == HEAD && head[128] == 'D' && head[129] == 'I' && head[130] == 'C' && head[131] == 'M';
        // a data set by itself gets File Meta Information before it
        length = source == null || !whole ? -1 : source.length();
        body = InstanceBody.receive(new SequenceInputStream(new ByteArrayInputStream(head), in), ParseLimits.STREAMING);
    }

    private static String required(DataSet dataSet, int tag, String name) throws DicomException {
        String uid = dataSet.string(tag);
        if (!UIDs.isLenient(uid)) {
            throw new DicomException(DicomStatus.CANNOT_UNDERSTAND, "The instance has no valid " + name);
        }
        return uid;
    }

    /** Bytes of the file once it is open, -1 where that is not known. */
    long length() {
        return length;
    }

    /** Whether it can be sent, perhaps once more. */
    boolean isRepeatable() {
        return source != null || !taken;
    }

    /** Has its data set digested while it is sent, where it cannot be read once more, for {@link #isSameAs}. */
    OutgoingInstance toBeCompared() {
        if (source == null) {
            digest = SameDataSet.digest();
        }
        return this;
    }

    /**
     * Whether a file has the data set that was sent.
     *
     * @return {@code false} also where that cannot be told, as it was not sent to its end
     * @throws IOException where one of them cannot be read
     */
    boolean isSameAs(InputStream file) throws IOException, DicomParseException {
        if (source == null) {
            return sha256 != null && SameDataSet.isIn(transferSyntax, sha256, file);
        }
        try (InputStream ours = source.open()) {
            return SameDataSet.isIn(ours, file);
        }
    }

    /**
     * Sends the file.
     *
     * @return how many bytes
     * @throws SourceException where it cannot be read
     */
    long writeTo(OutputStream out) throws IOException {
        taken = true;
        byte[] chunk = new byte[CHUNK];
        long written = 0;
        for (int n = fill(chunk); n > 0; n = fill(chunk)) {
            out.write(chunk, 0, n);
            if (digest != null) {
                int before = (int) Math.min(n, Math.max(0, body.dataSetOffset() - written));
                digest.update(chunk, before, n - before);
            }
            written += n;
        }
        if (digest != null) {
            sha256 = digest.digest();
            transferSyntax = body.transferSyntax();
        }
        return written;
    }

    /** What comes in small pieces goes on in large ones, as each wakes up the other side. */
    private int fill(byte[] chunk) throws SourceException {
        try {
            return body.stream().readNBytes(chunk, 0, chunk.length);
        } catch (IOException e) {
            throw new SourceException(e);
        }
    }

    /** Address of the instance below a service. */
    String path() {
        return path;
    }

    /** {@code null} until it is known. */
    String sopInstanceUID() {
        return sopInstanceUID;
    }

    /** What became of it, {@code null} until that is known. */
    StoreResult.Instance result() {
        return result;
    }

    /** Forgets what became of it. */
    void reset() {
        result = null;
    }

    void stored(int warningReason, String retrieveUrl) {
        result = new StoreResult.Instance(sopClassUID, sopInstanceUID, true, warningReason, retrieveUrl);
    }

    void failed(int reason) {
        result = new StoreResult.Instance(sopClassUID, sopInstanceUID, false, reason, null);
    }

    /** It is not sent, or not to its end, as it cannot be read itself. */
    void failed(Exception problem) {
        failed(status(problem).code());
    }

    /** What it means that it cannot be read: what cannot be reached now may be reached later, but not who sends it once. */
    DicomStatus status(Exception problem) {
        boolean isOutage = DeliveryFailure.of(problem).isOutage();
        if (isOutage && (source != null || !(problem instanceof SenderException))) {
            return DicomStatus.OUT_OF_RESOURCES;
        }
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof DicomException dicom) {
                return dicom.status();
            }
        }
        return DicomStatus.PROCESSING_FAILURE;
    }

    /** Closes what was opened here, and holds nothing of it any more. */
    @Override
    public void close() {
        if (!owned) {
            return;
        }
        if (body != null) {
            body.close();
            body = null;
        }
        if (in != null && source != null) {
            try {
                in.close();
            } catch (IOException e) {
                LOG.debug(
                        "What was read is not closed properly: {}", e.getClass().getName());
            }
            in = null;
        }
    }
}
