package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomJson;
import org.imagingingestion.dicom.NativeXml;

/** Prepared documents in native XML, each a part of a multipart/related body (PS3.18 §8.7.3.2, PS3.19 §A.1). */
final class PreparedXml {
    private final String boundary;

    /** @param version of what is written; the boundary comes from it */
    PreparedXml(String version) {
        this.boundary = EntityTag.digest(version);
    }

    String contentType() {
        return new Multipart(MediaType.DICOM_XML, boundary).contentType();
    }

    /** Writes all documents. */
    void write(PreparedJson json, OutputStream out) throws IOException {
        for (int i = 0; i < json.size(); i++) {
            writePart(json, i, i == 0, out);
        }
        writeEnd(out);
    }

    /** Writes one document. @param first whether none was written before */
    void writePart(PreparedJson json, int index, boolean first, OutputStream out) throws IOException {
        out.write(((first ? "--" : "\r\n--") + boundary + "\r\nContent-Type: " + MediaType.DICOM_XML + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        try {
            NativeXml.write(
                    DicomJson.read(new ByteArrayInputStream(json.document(index))), out, DicomJson.BulkDataUri.NONE);
        } catch (DicomException e) {
            throw new IllegalStateException("A prepared document is not in the DICOM JSON model", e);
        }
    }

    /** Writes what comes behind the last document. */
    void writeEnd(OutputStream out) throws IOException {
        out.write(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
    }
}
