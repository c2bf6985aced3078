package org.imagingingestion.camel.dimse;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomParseException;
import org.imagingingestion.dicom.DicomParser;
import org.imagingingestion.dicom.DicomReader;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.DicomWriter;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.net.DataOutput;
import org.imagingingestion.dicom.net.DataSetSource;
import org.imagingingestion.dicom.service.KeptInstance;

/**
 * The data set of a kept instance as a message carries it: without its file header, in the transfer syntax agreed on. It is opened
 * before the message begins: one that cannot be had must not cost the association.
 */
final class InstanceData implements DataSetSource, Closeable {
    private static final int CHUNK = 4 << 10;
    /** Of deflated data sets, whose values have no place of their own in the file: all is held, but not too much. */
    private static final ParseLimits HELD = new ParseLimits(
            ParseLimits.WHOLE.maxDepth(),
            ParseLimits.WHOLE.maxElements(),
            128 << 20,
            ParseLimits.WHOLE.maxBinaryValue(),
            ParseLimits.WHOLE.maxValue(),
            ParseLimits.WHOLE.maxInflation());

    private static final Semaphore HOLDING = new Semaphore(1);

    private final DataSetSource source;
    private final Closeable opened;

    private InstanceData(DataSetSource source, Closeable opened) {
        this.source = source;
        this.opened = opened;
    }

    /** @param transferSyntaxUID one that {@link TransferSyntaxes#isConvertible} says can be had */
    static InstanceData open(KeptInstance instance, String transferSyntaxUID) throws IOException {
        if (!instance.transferSyntaxUID().equals(transferSyntaxUID)) {
            return converted(instance, TransferSyntax.of(transferSyntaxUID));
        }
        InputStream file = instance.open();
        try {
            InputStream dataSet = dataSet(file);
            return new InstanceData(out -> out.writeFrom(dataSet), file);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private static InstanceData converted(KeptInstance instance, TransferSyntax target) throws IOException {
        if (!TransferSyntax.of(instance.transferSyntaxUID()).deflated()) {
            DataSet dataSet = read(instance, ParseLimits.STREAMING);
            ForwardSource values = new ForwardSource(instance);
            DicomWriter writer = new DicomWriter(target, values);
            return new InstanceData(out -> writer.writeDataSet(dataSet, out), values);
        }
        HOLDING.acquireUninterruptibly();
        try {
            DataSet dataSet = read(instance, HELD);
            DicomWriter writer = new DicomWriter(target);
            return new InstanceData(out -> writer.writeDataSet(dataSet, out), HOLDING::release);
        } catch (IOException | RuntimeException | Error e) {
            HOLDING.release();
            throw e;
        }
    }

    private static DataSet read(KeptInstance instance, ParseLimits limits) throws IOException {
        try (InputStream in = instance.open();
                DicomParser parser = new DicomParser(limits)) {
            DataSet dataSet = DicomReader.read(in, parser).dataSet();
            // their lengths would be those of another encoding (PS3.5 §7.2)
            List<Integer> lengths = new ArrayList<>();
            dataSet.forEach(element -> {
                if (Tag.isGroupLength(element.tag())) {
                    lengths.add(element.tag());
                }
            });
            lengths.forEach(dataSet::remove);
            return dataSet;
        } catch (DicomParseException e) {
            throw new IOException("What is kept cannot be read", e);
        }
    }

    /** What a file has after its meta information. */
    private static InputStream dataSet(InputStream file) throws IOException {
        ByteArrayOutputStream start = new ByteArrayOutputStream(CHUNK);
        try (DicomParser parser = new DicomParser(ParseLimits.STREAMING)) {
            byte[] chunk = new byte[CHUNK];
            while (parser.dataSet() == null) {
                int n = file.readNBytes(chunk, 0, chunk.length);
                if (n == 0) {
                    throw new IOException(
                            new DicomException(DicomStatus.CANNOT_UNDERSTAND, "What is kept has no data set"));
                }
                start.write(chunk, 0, n);
                parser.feed(chunk, 0, n);
            }
            int from = (int) parser.dataSetOffset();
            return new SequenceInputStream(
                    new ByteArrayInputStream(start.toByteArray(), from, start.size() - from), file);
        } catch (DicomParseException e) {
            throw new IOException("What is kept cannot be read", e);
        }
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        source.writeTo(out);
    }

    @Override
    public void close() throws IOException {
        opened.close();
    }
}
