package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

import org.imagingingestion.dicom.DicomParseException;
import org.imagingingestion.dicom.DicomParser;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.TransferSyntax;

/**
 * Compares what follows the File Meta Information of two Part 10 files, byte for byte. That before it may differ, as archives write their
 * own (PS3.10 §7.1).
 */
final class SameDataSet {
    private static final int CHUNK = 64 << 10;

    private record Opened(TransferSyntax transferSyntax, InputStream dataSet) {}

    private SameDataSet() {}

    /**
     * Whether a file has a data set that is known by its digest alone.
     *
     * @param sha256 of the data set
     * @throws IOException where the file cannot be read
     */
    static boolean isIn(TransferSyntax transferSyntax, byte[] sha256, InputStream file)
            throws IOException, DicomParseException {
        Opened opened = open(file);
        if (!opened.transferSyntax().equals(transferSyntax)) {
            return false;
        }
        DigestInputStream digested = new DigestInputStream(opened.dataSet(), digest());
        digested.transferTo(OutputStream.nullOutputStream());
        return MessageDigest.isEqual(sha256, digested.getMessageDigest().digest());
    }

    /** What data sets are digested by. */
    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws IOException where one of them cannot be read */
    static boolean isIn(InputStream one, InputStream other) throws IOException, DicomParseException {
        Opened first = open(one);
        Opened second = open(other);
        if (!first.transferSyntax().equals(second.transferSyntax())) {
            return false;
        }
        byte[] here = new byte[CHUNK];
        byte[] there = new byte[CHUNK];
        while (true) {
            int read = first.dataSet().readNBytes(here, 0, CHUNK);
            if (second.dataSet().readNBytes(there, 0, CHUNK) != read || !Arrays.equals(here, 0, read, there, 0, read)) {
                return false;
            }
            if (read < CHUNK) {
                return true;
            }
        }
    }

    private static Opened open(InputStream file) throws IOException, DicomParseException {
        ByteArrayOutputStream start = new ByteArrayOutputStream(CHUNK);
        try (DicomParser parser = new DicomParser(ParseLimits.STREAMING)) {
            byte[] chunk = new byte[4 << 10];
            while (parser.dataSet() == null) {
                int n = file.readNBytes(chunk, 0, chunk.length);
                if (n == 0) {
                    throw new IOException("A file has no data set");
                }
                start.write(chunk, 0, n);
                parser.feed(chunk, 0, n);
            }
            int from = (int) parser.dataSetOffset();
            InputStream rest = new ByteArrayInputStream(start.toByteArray(), from, start.size() - from);
            return new Opened(parser.transferSyntax(), new SequenceInputStream(rest, file));
        }
    }
}
