package org.imagingingestion.dicom;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * The Native DICOM Model in XML (PS3.19 §A.1), written and read as a stream.
 *
 * <p>Text is UTF-8, and Specific Character Set says so as in {@link DicomJson}. Characters that XML 1.0 cannot have, such
 * as escape and form feed, are written as U+FFFD. The tag of a private element has 00 in place of its block, which the
 * private creator stands for; both forms are read, and a block is reserved where there is none yet. Empty values among others are empty Value elements. A component of a
 * name beyond the fifth stays with the fifth. FL and FD that are not finite are {@code NaN}, {@code inf} and {@code -inf}.
 */
public final class NativeXml {
    static final String NAMESPACE = "http://dicom.nema.org/PS3.19/models/NativeDICOM";

    /** What is read of one document, as {@link DicomJson#LIMITS}. */
    public static final ParseLimits LIMITS = new ParseLimits(128, 1_000_000, 64 << 20, 16 << 20, 16 << 20, 1);

    private NativeXml() {}

    /**
     * Writes a document of one data set; the stream stays open.
     *
     * @param uris as for JSON: U+0001 in a URI is written as the byte 0x01, which the caller has to replace to make it XML
     */
    public static void write(DataSet dataSet, OutputStream out, DicomJson.BulkDataUri uris) throws IOException {
        new XmlWriter(out, uris).write(dataSet);
    }

    /** A document of one data set in UTF-8. */
    public static byte[] toBytes(DataSet dataSet, DicomJson.BulkDataUri uris) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(16 << 10);
        try {
            write(dataSet, out, uris);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /**
     * Reads a document of one data set; the stream stays open. Neither a document type nor an external entity is taken.
     *
     * @throws DicomException CANNOT_UNDERSTAND where it is not XML, not the Native DICOM Model, or more than
     *     {@link #LIMITS}
     */
    public static DataSet read(InputStream in) throws IOException, DicomException {
        return new XmlReader(LIMITS).read(in);
    }
}
