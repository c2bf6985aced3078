package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomJson;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.service.InstanceLocation;
import org.imagingingestion.dicom.service.RetrievalResult;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

/**
 * Writes what was found as the original does: an array of objects, each with attributes whose values are all texts, the
 * object that holds it, and when that came.
 */
final class ImagingQueryResult {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String TRANSFER_SYNTAX_UID = "00020010";

    private ImagingQueryResult() {}

    private interface Content {
        void write(JsonGenerator out) throws IOException, DicomException;
    }

    private static byte[] array(Content content) throws IOException, DicomException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartArray();
            content.write(out);
            out.writeEndArray();
        }
        return bytes.toByteArray();
    }

    /** Where instances are. */
    static byte[] of(RetrievalResult result) throws IOException, DicomException {
        return array(out -> {
            for (InstanceLocation location : result.locations()) {
                out.writeStartObject();
                out.writeObjectFieldStart("attributes");
                write(out, TRANSFER_SYNTAX_UID, "UI", location.transferSyntaxUID());
                write(out, "00080016", "UI", location.sopClassUID());
                write(out, "00080018", "UI", location.sopInstanceUID());
                write(out, "0020000D", "UI", location.studyInstanceUID());
                write(out, "0020000E", "UI", location.seriesInstanceUID());
                out.writeEndObject();
                out.writeObjectFieldStart("resource");
                out.writeStringField("objectName", location.objectName());
                out.writeEndObject();
                out.writeStringField(
                        "lastModified",
                        location.recordedAt() == null
                                ? null
                                : location.recordedAt().toString());
                out.writeEndObject();
            }
        });
    }

    /** The matches of a search. */
    static byte[] of(PreparedJson matches) throws IOException, DicomException {
        return array(out -> {
            for (int i = 0; i < matches.size(); i++) {
                DataSet match = DicomJson.read(new ByteArrayInputStream(matches.document(i)));
                out.writeStartObject();
                out.writeObjectFieldStart("attributes");
                String transferSyntax = match.string(Tag.AvailableTransferSyntaxUID);
                if (transferSyntax != null) {
                    write(out, TRANSFER_SYNTAX_UID, "UI", transferSyntax);
                }
                for (Element element : match) {
                    write(out, Tag.toHexString(element.tag()), element.vr().name(), match.strings(element.tag()));
                }
                out.writeEndObject();
                out.writeNullField("resource");
                out.writeNullField("lastModified");
                out.writeEndObject();
            }
        });
    }

    private static void write(JsonGenerator out, String tag, String vr, String... values) throws IOException {
        out.writeObjectFieldStart(tag);
        out.writeStringField("vr", vr);
        if (values.length > 0) {
            out.writeArrayFieldStart("Value");
            for (String value : values) {
                out.writeString(value);
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }
}
