package org.imagingingestion.camel.dicomweb;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.service.RemoteResults;

/**
 * Part 10 files that another system gives: the parts of a multipart/related, or a single one (PS3.18 §8.6.1). Each is read from
 * the connection, which waits for whoever reads.
 */
final class RemoteObjects extends RemoteResults<InputStream> {
    private final Answer answer;
    private final MultipartReader parts;
    private Current current;
    private boolean given;

    /**
     * @param answer closed with this
     * @throws DicomException where its media type is another
     */
    RemoteObjects(Answer answer) throws IOException, DicomException {
        this.answer = answer;
        MediaType type = answer.contentType();
        if (answer.status() == 204) {
            given = true;
            parts = null;
        } else if (type != null && type.isMultipart()) {
            String boundary = type.parameter(MediaType.BOUNDARY);
            parts = new MultipartReader(answer.body(), boundary == null ? "" : boundary);
        } else {
            requireDicom(type);
            parts = null;
        }
    }

    private static void requireDicom(MediaType type) throws DicomException {
        if (type != null && !type.type().equals(MediaType.DICOM.type()) && !type.equals(MediaType.OCTET_STREAM)) {
            throw new DicomException(
                    DicomStatus.CANNOT_UNDERSTAND, "The server gives " + type.type() + ", not DICOM instances");
        }
    }

    @Override
    protected InputStream read() throws DicomException {
        try {
            current = advance();
        } catch (IOException e) {
            throw DicomwebException.unanswered(e);
        }
        return current;
    }

    private Current advance() throws IOException, DicomException {
        if (parts == null) {
            boolean first = !given;
            given = true;
            return first ? new Current(answer.body()) : null;
        }
        MultipartReader.Part part = parts.next();
        if (part == null) {
            answer.drain();
            return null;
        }
        String type = part.header("Content-Type");
        requireDicom(type == null ? null : MediaType.parse(type));
        return new Current(part);
    }

    @Override
    protected boolean isUnderWay() {
        return current != null && !current.ended;
    }

    @Override
    public void close() {
        answer.close();
    }

    /** Knows of its end; closing it leaves the others. */
    private static final class Current extends FilterInputStream {
        private boolean ended;

        Current(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int n = ended ? -1 : in.read(bytes, offset, length);
            ended = n < 0;
            return n;
        }

        @Override
        public int available() {
            return 0;
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        @Override
        public void close() {
            // the connection is that of all
        }
    }
}
