package org.imagingingestion.dicom.event;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomJson;
import org.imagingingestion.dicom.DicomStatus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;

/** Reads the JSON of an event member by member, within limits. A failure names the member and the rule, never a value. */
final class EventJson implements Closeable {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(DicomJson.LIMITS.maxValue())
                    .maxNameLength(256)
                    .maxNumberLength(1000)
                    .maxNestingDepth(3 * DicomJson.LIMITS.maxDepth() + 20)
                    .build())
            .build();

    private final String what;
    private final JsonParser in;

    /** @param what is read, for messages */
    EventJson(String what, byte[] json) throws DicomException {
        this.what = what;
        try {
            in = FACTORY.createParser(json);
        } catch (IOException e) {
            throw failure("is not JSON in UTF-8");
        }
        next();
        if (in.currentLocation().getByteOffset() < 0) {
            throw failure("is not JSON in UTF-8");
        }
    }

    /** Writes a part of a document. */
    interface Content {
        void write(JsonGenerator out) throws IOException;
    }

    /** A document in UTF-8. */
    static byte[] document(Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(8 << 10);
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            out.writeStartObject();
            content.write(out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Takes up the object that is the value here; {@link #nextMember} gives what is in it. */
    void beginObject() throws DicomException {
        require(in.currentToken() == JsonToken.START_OBJECT, "an object");
    }

    /** Goes on to the value of the next member of the object, or to the object's end. */
    boolean nextMember() throws DicomException {
        if (next() == JsonToken.END_OBJECT) {
            return false;
        }
        next();
        return true;
    }

    /** Takes up the array that is the value here; {@link #nextItem} gives what is in it. */
    void beginArray() throws DicomException {
        require(in.currentToken() == JsonToken.START_ARRAY, "an array");
    }

    /** Goes on to the next value of the array, or to the array's end. */
    boolean nextItem() throws DicomException {
        return next() != JsonToken.END_ARRAY;
    }

    /** The name of the member whose value is here. */
    String member() throws DicomException {
        try {
            return in.currentName();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    boolean isNull() {
        return in.currentToken() == JsonToken.VALUE_NULL;
    }

    /** The string that is the value here, {@code null} for null. */
    String text() throws DicomException {
        if (isNull()) {
            return null;
        }
        require(in.currentToken() == JsonToken.VALUE_STRING, "a string");
        try {
            return in.getText();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** The whole number that is the value here, {@code null} for null. */
    Long number() throws DicomException {
        if (isNull()) {
            return null;
        }
        require(in.currentToken() == JsonToken.VALUE_NUMBER_INT, "a whole number");
        try {
            return in.getLongValue();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** The number that is the value here as one of 32 bits, {@code null} for null. */
    Integer integer() throws DicomException {
        Long number = number();
        require(number == null || number == number.intValue(), "a number of 32 bits");
        return number == null ? null : number.intValue();
    }

    /** The Base64 that is the value here, {@code null} for null. */
    byte[] bytes() throws DicomException {
        if (isNull()) {
            return null;
        }
        require(in.currentToken() == JsonToken.VALUE_STRING, "a string");
        try {
            return in.getBinaryValue();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** The data set that is the value here, {@code null} for null. */
    DataSet dataSet() throws DicomException {
        try {
            return isNull() ? null : DicomJson.read(in);
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** Passes over the value here. */
    void skip() throws DicomException {
        try {
            in.skipChildren();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** Makes sure that nothing follows. */
    void end() throws DicomException {
        if (next() != null) {
            throw failure("has more after its end");
        }
    }

    <T> T required(T value, String member) throws DicomException {
        if (value == null) {
            throw failure("has no " + member);
        }
        return value;
    }

    DicomException failure(String problem) {
        return new DicomException(DicomStatus.CANNOT_UNDERSTAND, what + " " + problem);
    }

    private void require(boolean is, String kind) throws DicomException {
        if (!is) {
            String member = member();
            throw failure((member == null ? "" : "has in " + member + " what ") + "is not " + kind);
        }
    }

    private JsonToken next() throws DicomException {
        try {
            return in.nextToken();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** Jackson's message quotes the input, which may be a patient's: only the place is told. */
    private DicomException malformed(IOException e) {
        JsonLocation place = e instanceof JsonProcessingException problem ? problem.getLocation() : null;
        return failure("is not well-formed or beyond a limit"
                + (place == null ? "" : " at line " + place.getLineNr() + ", column " + place.getColumnNr()));
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
