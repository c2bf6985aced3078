package org.imagingingestion.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads files and streams with a {@link DicomParser}. */
public final class DicomReader {
    private static final int CHUNK = 64 << 10;

    private DicomReader() {}

    /**
     * Reads a file whole, pixel data too.
     *
     * @throws DicomParseException where it is not DICOM or breaks off
     */
    public static DicomFile read(Path file) throws IOException, DicomParseException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, ParseLimits.WHOLE);
        }
    }

    /**
     * Reads to the end of a stream, which stays open.
     *
     * @throws DicomParseException where it is not DICOM, breaks off, or is more than the limits allow
     */
    public static DicomFile read(InputStream in, ParseLimits limits) throws IOException, DicomParseException {
        try (DicomParser parser = new DicomParser(limits)) {
            return read(in, parser);
        }
    }

    /**
     * Reads the elements before a tag; more of the stream may have been taken.
     *
     * @throws DicomParseException where it is not DICOM or breaks off before
     */
    public static DicomFile readBefore(int tag, InputStream in, ParseLimits limits)
            throws IOException, DicomParseException {
        try (DicomParser parser = new DicomParser(limits)) {
            return read(in, parser.stopBefore(tag));
        }
    }

    /** Reads to the end of a stream, or to where the parser stops. */
    public static DicomFile read(InputStream in, DicomParser parser) throws IOException, DicomParseException {
        byte[] chunk = new byte[CHUNK];
        for (int n = in.read(chunk); n >= 0 && !parser.isStopped(); n = in.read(chunk)) {
            parser.feed(chunk, 0, n);
        }
        parser.finish();
        return new DicomFile(parser.fileMetaInformation(), parser.transferSyntax(), parser.dataSet());
    }
}
