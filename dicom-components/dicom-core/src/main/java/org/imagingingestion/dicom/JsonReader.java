package org.imagingingestion.dicom;

import java.io.CharConversionException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;

/** Reads DICOM JSON objects (PS3.18 §F.2). Members of an attribute that the standard does not name are passed over. */
final class JsonReader {
    private final JsonParser in;
    private final ModelBuilder builder;
    private boolean single;

    JsonReader(JsonParser in, ParseLimits limits) {
        this.in = in;
        builder = new ModelBuilder("JSON", limits);
    }

    /** Reads one data set, from its first token or from the one before. */
    DataSet document() throws IOException, DicomException {
        return document(tag -> true);
    }

    /** Reads some attributes of one data set, and passes over the others. @param wanted which, by their tags */
    DataSet document(IntPredicate wanted) throws IOException, DicomException {
        if (in.currentToken() == null) {
            next();
        }
        if (in.currentToken() != JsonToken.START_OBJECT) {
            throw builder.failure("a data set is not an object");
        }
        builder.begin();
        DataSet dataSet = new DataSet();
        fill(dataSet, next(), wanted);
        return builder.end(dataSet);
    }

    /** Reads an array of data sets, or one. */
    void documents(Consumer<DataSet> dataSets) throws IOException, DicomException {
        for (DataSet dataSet = nextDocument(); dataSet != null; dataSet = nextDocument()) {
            dataSets.accept(dataSet);
        }
    }

    /** Reads the next data set of an array, or the one that is not in one; {@code null} behind the last. */
    DataSet nextDocument() throws IOException, DicomException {
        if (single) {
            return null;
        }
        boolean first = in.currentToken() == null;
        JsonToken token = next();
        if (first && token == JsonToken.START_ARRAY) {
            token = next();
        } else {
            single = first;
        }
        return token == JsonToken.END_ARRAY ? null : document();
    }

    /** Makes sure that nothing follows. */
    void end() throws IOException, DicomException {
        if (next() != null) {
            throw builder.failure("there is more after the end");
        }
    }

    private JsonToken next() throws IOException, DicomException {
        try {
            return in.nextToken();
        } catch (JsonProcessingException | CharConversionException e) {
            throw malformed(e);
        }
    }

    /** Jackson's message quotes the input, which may be a patient's: only the place is told. */
    private DicomException malformed(IOException e) {
        JsonLocation location = e instanceof JsonProcessingException problem ? problem.getLocation() : null;
        String place =
                location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
        return builder.failure("not well-formed or beyond a limit" + place);
    }

    private String text() throws IOException, DicomException {
        try {
            return in.getText();
        } catch (JsonProcessingException | CharConversionException e) {
            throw malformed(e);
        }
    }

    /** @param first the token after the object's start */
    private void fill(DataSet dataSet, JsonToken first, IntPredicate wanted) throws IOException, DicomException {
        for (JsonToken token = first; token != JsonToken.END_OBJECT; token = next()) {
            int tag = builder.beginElement(dataSet, in.currentName());
            if (next() != JsonToken.START_OBJECT) {
                throw builder.failure("an attribute is not an object");
            }
            if (wanted.test(tag)) {
                readAttribute(dataSet, tag);
            } else {
                skip();
            }
            builder.endElement();
        }
    }

    private void readAttribute(DataSet dataSet, int tag) throws IOException, DicomException {
        String vr = null;
        List<Object> values = null;
        byte[] inline = null;
        String uri = null;
        int shapes = 0;
        while (next() != JsonToken.END_OBJECT) {
            String member = in.currentName();
            JsonToken token = next();
            switch (member) {
                case "vr" -> vr = string(token, "vr");
                case "Value" -> values = values(token);
                case "InlineBinary" -> inline = binary(token);
                case "BulkDataURI" -> uri = builder.held(string(token, "BulkDataURI"));
                default -> skip();
            }
            shapes += member.equals("Value") || member.equals("InlineBinary") || member.equals("BulkDataURI") ? 1 : 0;
        }
        if (shapes > 1) {
            throw builder.failure("more than one of Value, InlineBinary and BulkDataURI");
        }
        builder.put(dataSet, tag, vr, values, inline, uri);
    }

    private void skip() throws IOException, DicomException {
        try {
            in.skipChildren();
        } catch (JsonProcessingException | CharConversionException e) {
            throw malformed(e);
        }
    }

    private String string(JsonToken token, String member) throws IOException, DicomException {
        if (token != JsonToken.VALUE_STRING) {
            throw builder.failure(member + " is not a string");
        }
        return text();
    }

    private byte[] binary(JsonToken token) throws IOException, DicomException {
        if (token != JsonToken.VALUE_STRING) {
            throw builder.failure("InlineBinary is not a string");
        }
        try {
            HeldBytes bytes = builder.newBytes();
            in.readBinaryValue(bytes);
            return builder.held(bytes.toByteArray());
        } catch (JsonProcessingException | CharConversionException e) {
            throw malformed(e);
        } catch (IllegalArgumentException e) {
            throw builder.failure("InlineBinary is not Base64");
        } catch (HeldBytes.TooManyException e) {
            throw builder.tooLong();
        }
    }

    private List<Object> values(JsonToken start) throws IOException, DicomException {
        if (start != JsonToken.START_ARRAY) {
            throw builder.failure("Value is not an array");
        }
        List<Object> values = new ArrayList<>(1);
        for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
            builder.count();
            switch (token) {
                case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> values.add(builder.held(text()));
                case VALUE_NULL -> values.add(null);
                case START_OBJECT -> values.add(object(values.size()));
                default -> throw builder.failure("Value has a member that is neither text, number, null nor object");
            }
        }
        return values;
    }

    /** An item or a name: which, its first member tells; where there is none it is an empty item. */
    private Object object(int number) throws IOException, DicomException {
        JsonToken token = next();
        String member = in.currentName();
        for (String group : JsonText.GROUPS) {
            if (group.equals(member)) {
                return name();
            }
        }
        DataSet item = new DataSet();
        builder.beginItem(number);
        fill(item, token, tag -> true);
        builder.endItem();
        return item;
    }

    private ModelBuilder.Name name() throws IOException, DicomException {
        String[] groups = {"", "", ""};
        for (JsonToken token = in.currentToken(); token != JsonToken.END_OBJECT; token = next()) {
            String member = in.currentName();
            JsonToken value = next();
            boolean known = false;
            for (int i = 0; i < groups.length; i++) {
                if (JsonText.GROUPS[i].equals(member)) {
                    known = true;
                    groups[i] = value == JsonToken.VALUE_NULL ? "" : builder.held(string(value, member));
                }
            }
            if (!known) {
                skip();
            }
        }
        return ModelBuilder.Name.of(groups);
    }
}
