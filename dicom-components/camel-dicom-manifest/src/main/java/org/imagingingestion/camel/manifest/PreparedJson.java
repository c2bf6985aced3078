package org.imagingingestion.camel.manifest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.IntPredicate;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomJson;
import org.imagingingestion.dicom.service.QueryResult;

/** JSON of this component, in which a byte that JSON does not allow stands for the address of the service. */
final class PreparedJson {
    private PreparedJson() {}

    /** Reads an object, URIs in it relative. */
    static DataSet read(byte[] prepared) {
        return read(prepared, tag -> true);
    }

    /** The same with those attributes of its top level only that are wanted. */
    static DataSet read(byte[] prepared, IntPredicate wanted) {
        byte[] json = prepared.clone();
        for (int i = 0; i < json.length; i++) {
            if (json[i] == QueryResult.BASE_URL) {
                json[i] = '.';
            }
        }
        try {
            return DicomJson.read(json, wanted);
        } catch (DicomException e) {
            throw new IllegalStateException("Attributes in the manifest that are not DICOM JSON");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
