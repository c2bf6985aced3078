package org.imagingingestion.camel.instance;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomParser;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.DicomWriter;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Sequence;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.service.InstanceBody;

/**
 * An instance with another header. The header is read whole, long values of it into a file; pixel data pass as they come. The
 * transfer syntax is the same, File Meta Information is made anew.
 */
final class RewrittenInstance implements Closeable {
    private static final int CHUNK = 16 << 10;

    private final List<Closeable> resources = new ArrayList<>();
    private InstanceBody body;
    private boolean changed;

    private RewrittenInstance() {}

    /**
     * Begins to read an instance and changes its header.
     *
     * @param source of which nothing has been read; to be closed after this
     * @throws DicomException where it is not DICOM, or the change refuses it
     */
    static RewrittenInstance of(InstanceBody source, HeaderChange change) throws IOException, DicomException {
        if (source.length() > 0) {
            throw new IllegalStateException("The instance has been read already");
        }
        RewrittenInstance instance = new RewrittenInstance();
        try {
            instance.rewrite(source, change);
            return instance;
        } catch (IOException e) {
            instance.close();
            if (e.getCause() instanceof DicomException refusal) {
                throw refusal;
            }
            throw e;
        } catch (DicomException | RuntimeException e) {
            instance.close();
            throw e;
        }
    }

    /** The instance as it is now. */
    InstanceBody body() {
        return body;
    }

    /** Whether it is another one than the source; else its bytes are the same. */
    boolean isChanged() {
        return changed;
    }

    private void rewrite(InstanceBody source, HeaderChange change) throws IOException, DicomException {
        InputStream file = source.stream();
        byte[] fileHeader = file.readNBytes((int) source.dataSetOffset());
        boolean deflated = source.transferSyntax().deflated();
        TransferSyntax syntax = deflated ? TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN : source.transferSyntax();
        HeaderSpool asReceived = add(new HeaderSpool());
        RecordedInput recorded = new RecordedInput(file, asReceived);
        InputStream data = deflated ? inflated(recorded) : file;

        HeaderSpool header = add(new HeaderSpool());
        DicomParser parser = new DicomParser(syntax, ParseLimits.STREAMING).stopBefore(Tag.FloatPixelData);
        resources.add(parser::close);
        byte[] chunk = new byte[CHUNK];
        for (int n = data.read(chunk); n >= 0; n = data.read(chunk)) {
            header.write(chunk, 0, n);
            parser.feed(chunk, 0, n);
            if (parser.isStopped()) {
                break;
            }
        }
        parser.finish();
        TransferSyntax form = form(parser.transferSyntax(), header);

        DataSet dataSet = parser.dataSet();
        changed = change.apply(dataSet);
        recorded.end();
        long end = parser.isStopped() ? parser.position() : header.length();
        InputStream rest = new SequenceInputStream(header.open(end, header.length() - end), data);
        if (!changed) {
            body = receive(fileHeader, deflated ? original(asReceived, file) : original(header, data), false);
            return;
        }
        byte[] newFileHeader = fileHeader(dataSet, source);
        body = change.keepsTrailer()
                ? receive(newFileHeader, content(dataSet, form, header, rest), deflated)
                : receive(
                        newFileHeader,
                        content(dataSet, parser.transferSyntax(), header, new PixelDataInput(rest, form)),
                        deflated);
    }

    private <T extends Closeable> T add(T resource) {
        resources.add(resource);
        return resource;
    }

    private InputStream inflated(InputStream in) throws IOException {
        byte[] head = in.readNBytes(2);
        boolean zlib = head.length == 2 && (head[0] & 0x0F) == 8 && ((head[0] & 0xFF) << 8 | head[1] & 0xFF) % 31 == 0;
        Inflater inflater = new Inflater(!zlib);
        resources.add(inflater::end);
        return new InflaterInputStream(new SequenceInputStream(new ByteArrayInputStream(head), in), inflater, CHUNK);
    }

    /** What was read of it already, as it was, and what follows. */
    private static InputStream original(HeaderSpool read, InputStream rest) {
        return new SequenceInputStream(read.open(0, read.length()), rest);
    }

    /** How it is written, which may not be the VR form of its transfer syntax; what follows as it is has to follow the same. */
    private static TransferSyntax form(TransferSyntax syntax, HeaderSpool header) throws IOException {
        byte[] first = header.open(0, 6).readNBytes(6);
        boolean explicit = first.length < 6 || Character.isUpperCase(first[4]) && Character.isUpperCase(first[5]);
        return explicit == syntax.explicitVR()
                ? syntax
                : new TransferSyntax(syntax.uid(), explicit, syntax.bigEndian(), false, syntax.encapsulated());
    }

    private static byte[] fileHeader(DataSet dataSet, InstanceBody source) throws DicomException {
        String sopClassUID =
                dataSet.string(Tag.SOPClassUID, source.fileMetaInformation().string(Tag.MediaStorageSOPClassUID));
        String sopInstanceUID = dataSet.string(Tag.SOPInstanceUID);
        if (sopClassUID == null || sopInstanceUID == null) {
            throw new DicomException(
                    DicomStatus.CANNOT_UNDERSTAND, "The instance has no SOP Class UID or no SOP Instance UID");
        }
        return DicomWriter.fileHeader(
                sopClassUID, sopInstanceUID, source.transferSyntax().uid());
    }

    private InputStream content(DataSet dataSet, TransferSyntax form, HeaderSpool header, InputStream rest)
            throws IOException {
        removeGroupLengths(dataSet);
        HeaderSpool written = add(new HeaderSpool());
        new DicomWriter(form, header::open).writeDataSet(dataSet, new BufferedOutputStream(written, CHUNK));
        return new SequenceInputStream(written.open(0, written.length()), rest);
    }

    /** They would have to be counted anew, and are retired (PS3.5 §7.2). */
    private static void removeGroupLengths(DataSet dataSet) {
        List<Integer> lengths = new ArrayList<>();
        for (Element element : dataSet) {
            if (Tag.isGroupLength(element.tag()) || element.tag() == Tag.LengthToEnd) {
                lengths.add(element.tag());
            } else if (element instanceof Sequence sequence) {
                sequence.items().forEach(RewrittenInstance::removeGroupLengths);
            }
        }
        lengths.forEach(dataSet::remove);
    }

    private InstanceBody receive(byte[] fileHeader, InputStream content, boolean deflate)
            throws IOException, DicomException {
        InputStream in = content;
        if (deflate) {
            Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
            resources.add(deflater::end);
            in = new EvenInput(new DeflaterInputStream(content, deflater));
        }
        InstanceBody received = InstanceBody.receive(
                new SequenceInputStream(new ByteArrayInputStream(fileHeader), in), ParseLimits.STREAMING);
        resources.add(received::close);
        return received;
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (Closeable resource : resources) {
            try {
                resource.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        resources.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
