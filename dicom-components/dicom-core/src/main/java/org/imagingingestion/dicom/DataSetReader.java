package org.imagingingestion.dicom;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

import com.fasterxml.jackson.core.JsonParser;

/** Gives the data sets of a JSON document one by one and holds none of them ({@link DicomJson#reader}). */
public final class DataSetReader implements Closeable {
    private final InputStream in;
    private final JsonParser parser;
    private final JsonReader reader;
    private boolean ended;

    DataSetReader(InputStream in, JsonParser parser, JsonReader reader) {
        this.in = in;
        this.parser = parser;
        this.reader = reader;
    }

    /**
     * The next data set.
     *
     * @return {@code null} behind the last
     * @throws DicomException CANNOT_UNDERSTAND where it is not JSON, not the JSON model, or more than {@link DicomJson#LIMITS}
     */
    public DataSet next() throws IOException, DicomException {
        if (ended) {
            return null;
        }
        DataSet dataSet = reader.nextDocument();
        if (dataSet == null) {
            reader.end();
            ended = true;
        }
        return dataSet;
    }

    @Override
    public void close() throws IOException {
        try (in) {
            parser.close();
        }
    }
}
