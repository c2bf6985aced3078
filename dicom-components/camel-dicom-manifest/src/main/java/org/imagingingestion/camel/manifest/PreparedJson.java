package org.imagingingestion.camel.manifest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomJson;
import org.imagingingestion.dicom.service.QueryResult;

/** JSON of this component, in which a byte that JSON does not allow stands for the address of the service. */
final class PreparedJson {
    private PreparedJson() {}

    /** Reads an object, URIs in it relative. */
    static DataSet read(byte[] prepared) {
        byte[] json = prepared.clone();
        for (int i = 0; i < json.length; i++) {
            if (json[i] == QueryResult.BASE_URL) {
                json[i] = '.';
            }
        }
        try {
            return DicomJson.read(new ByteArrayInputStream(json));
        } catch (DicomException e) {
            throw new IllegalStateException("Attributes in the manifest that are not DICOM JSON");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
