package org.imagingingestion.camel.instance;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;

/** What is done to the header of an instance, which is all that stands before its pixel data. */
interface HeaderChange {
    /**
     * Changes a data set.
     *
     * @return whether it is another one now
     * @throws DicomException where it is not to go on
     */
    boolean apply(DataSet dataSet) throws DicomException;

    /** Whether what stands behind the pixel data goes on as it is. */
    boolean keepsTrailer();
}
