package org.imagingingestion.camel.dicomweb;

import java.io.Closeable;
import java.io.IOException;
import java.io.PushbackInputStream;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DataSetReader;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomJson;

/** Data sets that a server answers as a JSON array, read one by one from the connection. */
final class SearchPage implements Closeable {
    private final Answer answer;
    private final DataSetReader reader;
    private int count;

    /** @param answer closed with the page */
    SearchPage(Answer answer) throws IOException, DicomException {
        this.answer = answer;
        // 204, and servers that mean it
        PushbackInputStream in = new PushbackInputStream(answer.body());
        int first = in.read();
        if (first < 0) {
            reader = null;
        } else {
            in.unread(first);
            reader = DicomJson.reader(in);
        }
    }

    /** The next data set, {@code null} behind the last. */
    DataSet next() throws IOException, DicomException {
        DataSet next = reader == null ? null : reader.next();
        if (next == null) {
            answer.drain();
        } else {
            count++;
        }
        return next;
    }

    /** How many data sets have been given. */
    int count() {
        return count;
    }

    /** Warning header, {@code null} for none. */
    String warning() {
        return answer.header("Warning");
    }

    /** HTTP status. */
    int status() {
        return answer.status();
    }

    @Override
    public void close() {
        answer.close();
    }
}
