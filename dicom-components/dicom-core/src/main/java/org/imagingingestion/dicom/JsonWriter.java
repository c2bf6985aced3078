package org.imagingingestion.dicom;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.io.SerializedString;

/** Writes data sets as DICOM JSON objects (PS3.18 §F.2). */
final class JsonWriter {
    private static final SerializableString VR_NAME = new SerializedString("vr");
    private static final SerializableString VALUE = new SerializedString("Value");
    private static final SerializableString INLINE_BINARY = new SerializedString("InlineBinary");
    private static final SerializableString BULK_DATA_URI = new SerializedString("BulkDataURI");
    private static final SerializableString ISO_IR_192 = new SerializedString("ISO_IR 192");
    private static final SerializableString[] VRS = new SerializableString[VR.values().length];
    private static final char PLACEHOLDER = '\u0001';
    private static final long EXACT_IN_DOUBLE = 1L << 53;

    static {
        for (VR vr : VR.values()) {
            VRS[vr.ordinal()] = new SerializedString(vr.name());
        }
    }

    private final JsonGenerator out;
    private final DicomJson.BulkDataUri uris;
    private final JsonText text;

    JsonWriter(JsonGenerator out, DicomJson.BulkDataUri uris) {
        this.out = out;
        this.uris = uris;
        text = new JsonText(out);
    }

    void write(DataSet dataSet) throws IOException {
        write(dataSet, null);
    }

    private void write(DataSet dataSet, ElementPath path) throws IOException {
        out.writeStartObject();
        for (Element element : dataSet) {
            if (!Tag.isGroupLength(element.tag())) {
                out.writeFieldName(Hex.of(element.tag()));
                out.writeStartObject();
                write(dataSet, element, path);
                out.writeEndObject();
            }
        }
        out.writeEndObject();
    }

    private void write(DataSet dataSet, Element element, ElementPath path) throws IOException {
        VR vr = element instanceof Sequence ? VR.SQ : element.vr();
        out.writeFieldName(VR_NAME);
        out.writeString(VRS[vr.ordinal()]);
        if (element.isEmpty()) {
            return;
        }
        if (element instanceof Sequence sequence) {
            writeItems(sequence, path);
        } else if (element instanceof Element.Value value && !isBinary(vr)) {
            writeValue(dataSet, value);
        } else {
            writeBulk(element, path);
        }
    }

    /** The VRs that have no values to count, whose bytes go into InlineBinary (PS3.18 §F.2.7). */
    static boolean isBinary(VR vr) {
        return switch (vr) {
            case OB, OD, OF, OL, OV, OW, UN -> true;
            default -> false;
        };
    }

    private void writeItems(Sequence sequence, ElementPath path) throws IOException {
        out.writeFieldName(VALUE);
        out.writeStartArray();
        int number = 0;
        for (DataSet item : sequence.items()) {
            write(item, new ElementPath(path, sequence.tag(), number++));
        }
        out.writeEndArray();
    }

    private void writeBulk(Element element, ElementPath path) throws IOException {
        String uri = uris.of(ElementPath.of(path, element.tag()), element);
        if (uri != null) {
            out.writeFieldName(BULK_DATA_URI);
            writeWithPlaceholder(uri);
        } else if (element instanceof BulkDataReference reference) {
            out.writeFieldName(BULK_DATA_URI);
            out.writeString(JsonText.wellFormed(reference.uri()));
        } else if (element instanceof Element.Value value) {
            byte[] bytes = Numbers.littleEndian(value);
            out.writeFieldName(INLINE_BINARY);
            out.writeBinary(bytes, 0, bytes.length);
        }
    }

    private void writeWithPlaceholder(String uri) throws IOException {
        StringBuilder json = new StringBuilder(uri.length() + 16).append('"');
        String rest = JsonText.wellFormed(uri);
        for (int at = rest.indexOf(PLACEHOLDER); at >= 0; at = rest.indexOf(PLACEHOLDER)) {
            JsonStringEncoder.getInstance().quoteAsString(rest.substring(0, at), json);
            json.append(PLACEHOLDER);
            rest = rest.substring(at + 1);
        }
        JsonStringEncoder.getInstance().quoteAsString(rest, json);
        out.writeRawValue(json.append('"').toString());
    }

    private void writeValue(DataSet dataSet, Element.Value value) throws IOException {
        if (value.tag() == Tag.SpecificCharacterSet && isConverted(dataSet, value)) {
            out.writeFieldName(VALUE);
            out.writeStartArray();
            out.writeString(ISO_IR_192);
            out.writeEndArray();
        } else if (value.vr().isString()) {
            if (text.begin(dataSet, value)) {
                out.writeFieldName(VALUE);
                out.writeStartArray();
                text.write();
                out.writeEndArray();
            }
        } else if (value.bytes().length >= value.vr().unit()) {
            out.writeFieldName(VALUE);
            out.writeStartArray();
            writeNumbers(value);
            out.writeEndArray();
        }
    }

    /** Whether text of this data set may need more than ISO_IR 6, and so is said to be what JSON makes of it. */
    static boolean isConverted(DataSet dataSet, Element.Value characterSet) {
        if (!characterSet.vr().isString()) {
            return false;
        }
        String[] terms = dataSet.strings(characterSet);
        return terms.length > 1 || terms.length == 1 && !terms[0].isEmpty() && !terms[0].equals("ISO_IR 6");
    }

    private void writeNumbers(Element.Value value) throws IOException {
        VR vr = value.vr();
        if (vr == VR.FL || vr == VR.FD) {
            for (double number : Numbers.toDoubles(value)) {
                writeFloating(number, vr);
            }
            return;
        }
        for (long number : Numbers.toLongs(value)) {
            switch (vr) {
                case AT -> out.writeString(Hex.of((int) number));
                case SV -> writeLong(number, Math.abs(number) <= EXACT_IN_DOUBLE && number != Long.MIN_VALUE, false);
                case UV -> writeLong(number, number >= 0 && number <= EXACT_IN_DOUBLE, true);
                default -> out.writeNumber(number);
            }
        }
    }

    private void writeLong(long number, boolean exact, boolean unsigned) throws IOException {
        if (exact) {
            out.writeNumber(number);
        } else {
            out.writeString(unsigned ? Long.toUnsignedString(number) : Long.toString(number));
        }
    }

    private void writeFloating(double number, VR vr) throws IOException {
        if (Double.isNaN(number)) {
            out.writeString("NaN");
        } else if (Double.isInfinite(number)) {
            out.writeString(number > 0 ? "inf" : "-inf");
        } else if (vr == VR.FL) {
            out.writeNumber((float) number);
        } else {
            out.writeNumber(number);
        }
    }
}
