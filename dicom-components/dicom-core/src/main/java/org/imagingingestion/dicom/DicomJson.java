package org.imagingingestion.dicom;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;

/**
 * The DICOM JSON model (PS3.18 Annex F), written and read as a stream.
 *
 * <p>What the standard leaves open is done so: IS and DS are numbers with the digits they were written with ({@code 1.50}
 * stays {@code 1.50}), and strings where they are not numbers; SV and UV are numbers up to 2<sup>53</sup> and strings
 * beyond; FL and FD that are not finite are the strings {@code NaN}, {@code inf} and {@code -inf}. All text is UTF-8, so a
 * Specific Character Set other than ISO_IR 6 becomes ISO_IR 192, in items too. A UN that was read as a sequence is an SQ.
 * Group lengths are left out. Encapsulated pixel data has no inline form: without a URI its value is left out.
 */
public final class DicomJson {
    /** Where the long values of a data set can be fetched. */
    @FunctionalInterface
    public interface BulkDataUri {
        /** No URI for any value: what is held is written inline, what is not is left out. */
        BulkDataUri NONE = (path, element) -> null;

        /**
         * The URI of a value. It is asked for values that are not held and for those of OB, OD, OF, OL, OV, OW and UN.
         *
         * @param path the tag, behind the tags and item numbers, from 0, of the sequences it is in:
         *     {@code 54000100/0/54001010}
         * @return the URI, in which the character U+0001 is written as the one byte 0x01, for the caller to replace;
         *     {@code null} to have the value inline where it is held and left out where it is not
         */
        String of(String path, Element element);
    }

    /**
     * What is read of one data set: items as deep and elements as many as in a file, one text of at most 16 MiB, values of
     * at most 64 MiB in all.
     */
    public static final ParseLimits LIMITS = new ParseLimits(128, 1_000_000, 64 << 20, 64 << 20, 16 << 20, 1);

    private static final int INITIAL_SIZE = 8 << 10;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(LIMITS.maxValue())
                    .maxNameLength(256)
                    .maxNumberLength(1000)
                    .maxNestingDepth(3 * LIMITS.maxDepth() + 16)
                    .build())
            .build();

    private DicomJson() {}

    /** Writes one data set as a JSON object; the stream stays open. */
    public static void write(DataSet dataSet, OutputStream out, BulkDataUri uris) throws IOException {
        try (JsonGenerator generator = FACTORY.createGenerator(out)) {
            write(dataSet, generator, uris);
        }
    }

    /**
     * Writes one data set as a JSON object into a larger document.
     *
     * @param generator one that writes UTF-8 to a stream
     */
    public static void write(DataSet dataSet, JsonGenerator generator, BulkDataUri uris) throws IOException {
        new JsonWriter(generator, uris).write(dataSet);
    }

    /** Writes data sets as a JSON array of objects; the stream stays open. */
    public static void writeArray(Iterable<DataSet> dataSets, OutputStream out, BulkDataUri uris) throws IOException {
        try (JsonGenerator generator = FACTORY.createGenerator(out)) {
            JsonWriter writer = new JsonWriter(generator, uris);
            generator.writeStartArray();
            for (DataSet dataSet : dataSets) {
                writer.write(dataSet);
            }
            generator.writeEndArray();
        }
    }

    /** One data set as a JSON object in UTF-8. */
    public static byte[] toBytes(DataSet dataSet, BulkDataUri uris) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(INITIAL_SIZE);
        try {
            write(dataSet, out, uris);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /**
     * Reads a document of one data set; the stream stays open.
     *
     * @throws DicomException CANNOT_UNDERSTAND where it is not JSON, not the JSON model, or more than {@link #LIMITS}
     */
    public static DataSet read(InputStream in) throws IOException, DicomException {
        try (JsonParser parser = parser(in)) {
            JsonReader reader = new JsonReader(parser, LIMITS);
            DataSet dataSet = reader.document();
            reader.end();
            return dataSet;
        }
    }

    /**
     * Reads a document of one data set, of which only some attributes are of interest.
     *
     * @param wanted which of those at the top, by their tags
     * @throws DicomException as of {@link #read(InputStream)}, but for the values that are passed over
     */
    public static DataSet read(byte[] document, IntPredicate wanted) throws IOException, DicomException {
        try (JsonParser parser = parser(new ByteArrayInputStream(document))) {
            JsonReader reader = new JsonReader(parser, LIMITS);
            DataSet dataSet = reader.document(wanted);
            reader.end();
            return dataSet;
        }
    }

    /**
     * Reads one data set out of a larger document.
     *
     * @param parser before the data set's first token or at it; afterwards at its last
     * @throws DicomException CANNOT_UNDERSTAND where it is not JSON, not the JSON model, or more than {@link #LIMITS}
     */
    public static DataSet read(JsonParser parser) throws IOException, DicomException {
        return new JsonReader(parser, LIMITS).document();
    }

    /**
     * Reads a document that is an array of data sets, or a single one; the stream stays open.
     *
     * @param dataSets is given each as soon as it is read, so some may have been given where an exception follows
     * @throws DicomException CANNOT_UNDERSTAND where it is not JSON, not the JSON model, or one data set is more than
     *     {@link #LIMITS}
     */
    public static void readArray(InputStream in, Consumer<DataSet> dataSets) throws IOException, DicomException {
        try (JsonParser parser = parser(in)) {
            JsonReader reader = new JsonReader(parser, LIMITS);
            reader.documents(dataSets);
            reader.end();
        }
    }

    /**
     * Reads a document that is an array of data sets, or a single one, as fast as it is asked for.
     *
     * @param in read ahead of what is given; closed with the reader
     * @throws DicomException CANNOT_UNDERSTAND where it does not begin as JSON does
     */
    public static DataSetReader reader(InputStream in) throws IOException, DicomException {
        JsonParser parser = parser(in);
        return new DataSetReader(in, parser, new JsonReader(parser, LIMITS));
    }

    private static JsonParser parser(InputStream in) throws IOException, DicomException {
        try {
            return FACTORY.createParser(in);
        } catch (CharConversionException e) {
            throw new DicomException(DicomStatus.CANNOT_UNDERSTAND, "JSON: not in UTF-8, UTF-16 or UTF-32");
        }
    }
}
