package org.imagingingestion.tests;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;

/** An instance of a study of its own, and the request that stores it. */
final class Instances {
    private Instances() {}

    /** A small image of a new study. */
    static DataSet image() {
        DataSet header = Samples.header(Samples.uid(), Samples.uid())
                .setString(Tag.SOPClassUID, VR.UI, Samples.SECONDARY_CAPTURE_IMAGE_STORAGE)
                .setString(Tag.Modality, VR.CS, "OT");
        return Samples.pixels(Samples.image(header, 4, 4, 1), Samples.bytes(16, 1));
    }

    /** A Part 10 file. */
    static byte[] file(DataSet dataSet) {
        return Samples.file(dataSet);
    }

    /** The request that stores a file. @param root of the DICOMweb services */
    static HttpRequest.Builder storing(URI root, byte[] file) {
        return HttpRequest.newBuilder(URI.create(root + "/studies"))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/dicom")
                .header("Accept", "application/dicom+json")
                .POST(BodyPublishers.ofByteArray(file));
    }
}
