package org.imagingingestion.dicom.net;

import java.io.IOException;
import java.io.InputStream;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomWriter;
import org.imagingingestion.dicom.TransferSyntax;

/** What a message carries beside its command. */
@FunctionalInterface
public interface DataSetSource {
    /** Writes the data set in the transfer syntax of the message's presentation context. */
    void writeTo(DataOutput out) throws IOException;

    /** A data set in memory. */
    static DataSetSource of(DataSet dataSet, String transferSyntaxUID) {
        return out -> new DicomWriter(TransferSyntax.of(transferSyntaxUID)).writeDataSet(dataSet, out);
    }

    /** The bytes of a data set as they are. */
    static DataSetSource of(InputStream bytes) {
        return out -> out.writeFrom(bytes);
    }
}
