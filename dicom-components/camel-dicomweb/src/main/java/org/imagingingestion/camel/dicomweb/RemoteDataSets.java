package org.imagingingestion.camel.dicomweb;

import java.io.IOException;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.service.RemoteResults;

/** The metadata of instances that another system has (PS3.18 §10.4.1.1.2). */
final class RemoteDataSets extends RemoteResults<DataSet> {
    private final SearchPage page;

    RemoteDataSets(SearchPage page) {
        this.page = page;
    }

    @Override
    protected DataSet read() throws DicomException {
        try {
            return page.next();
        } catch (IOException e) {
            throw DicomwebException.unanswered(e);
        }
    }

    @Override
    public void close() {
        page.close();
    }
}
