package org.imagingingestion.camel.dimse;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomParseException;
import org.imagingingestion.dicom.DicomParser;
import org.imagingingestion.dicom.DicomReader;
import org.imagingingestion.dicom.DicomWriter;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.net.DataOutput;
import org.imagingingestion.dicom.net.DataSetSource;
import org.imagingingestion.dicom.service.InstanceSource;

/** The data set of a kept instance as a message carries it: without its file header, in the transfer syntax agreed on. */
final class InstanceData implements DataSetSource, Closeable {
    private static final int CHUNK = 4 << 10;
    /** Of deflated data sets, whose values have no place of their own in the file. */
    private static final ParseLimits HELD = new ParseLimits(
            128,
            1_000_000,
            256 << 20,
            ParseLimits.WHOLE.maxBinaryValue(),
            ParseLimits.WHOLE.maxValue(),
            ParseLimits.WHOLE.maxInflation());

    private final InputStream in;
    private final DataSetSource source;

    private InstanceData(InputStream in, DataSetSource source) {
        this.in = in;
        this.source = source;
    }

    /**
     * Opens what is kept.
     *
     * @param transferSyntaxUID one that {@link TransferSyntaxes#isConvertible} says can be had
     * @throws IOException where it is not there, or cannot be read: before anything of it is sent
     */
    static InstanceData open(InstanceSource instance, String transferSyntaxUID) throws IOException {
        if (instance.transferSyntaxUID().equals(transferSyntaxUID)) {
            InputStream in = dataSet(instance.open());
            return new InstanceData(in, out -> out.writeFrom(in));
        }
        DataSet dataSet = read(instance);
        TransferSyntax target = TransferSyntax.of(transferSyntaxUID);
        return new InstanceData(
                InputStream.nullInputStream(),
                out -> new DicomWriter(target, (offset, length) -> at(instance, offset)).writeDataSet(dataSet, out));
    }

    private static DataSet read(InstanceSource instance) throws IOException {
        boolean deflated = TransferSyntax.of(instance.transferSyntaxUID()).deflated();
        try (InputStream in = instance.open();
                DicomParser parser = new DicomParser(deflated ? HELD : ParseLimits.STREAMING)) {
            return DicomReader.read(in, parser).dataSet();
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
        in.close();
    }

    private static InputStream at(InstanceSource instance, long offset) throws IOException {
        InputStream in = instance.open();
        try {
            in.skipNBytes(offset);
            return in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /** What a file has after its meta information. */
    private static InputStream dataSet(InputStream file) throws IOException {
        try (DicomParser parser = new DicomParser(ParseLimits.STREAMING)) {
            byte[] start = new byte[CHUNK];
            long read = 0;
            while (true) {
                int n = file.readNBytes(start, 0, start.length);
                if (n == 0) {
                    throw new IOException("What is kept has no data set");
                }
                parser.feed(start, 0, n);
                if (parser.dataSet() != null) {
                    int from = (int) Math.max(0, parser.dataSetOffset() - read);
                    return new SequenceInputStream(new ByteArrayInputStream(start, from, n - from), file);
                }
                read += n;
            }
        } catch (DicomParseException e) {
            file.close();
            throw new IOException("What is kept cannot be read", e);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }
}
