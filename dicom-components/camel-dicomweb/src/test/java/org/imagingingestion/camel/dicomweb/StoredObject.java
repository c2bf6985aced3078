package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomJson;
import org.imagingingestion.dicom.DicomParser;
import org.imagingingestion.dicom.DicomReader;
import org.imagingingestion.dicom.DicomWriter;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.Fragments;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.BulkIndex;
import org.imagingingestion.dicom.service.InstanceLocation;

/**
 * An object as a storage space and a manifest have it.
 *
 * @param bytes of the file
 * @param metadata prepared JSON
 */
record StoredObject(InstanceLocation location, byte[] bytes, byte[] metadata) {
    static final String CT = "1.2.840.10008.5.1.4.1.1.2";

    /** Writes a file into a folder. @param transferSyntax that the data set is in, pixel data too */
    static StoredObject store(Path folder, DataSet dataSet, TransferSyntax transferSyntax) throws Exception {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        new DicomWriter(transferSyntax).writeFile(dataSet, file);
        return store(folder, file.toByteArray(), transferSyntax);
    }

    static StoredObject store(Path folder, byte[] file, TransferSyntax transferSyntax) throws Exception {
        DataSet read;
        try (DicomParser parser = new DicomParser(ParseLimits.STREAMING)) {
            read = DicomReader.read(new ByteArrayInputStream(file), parser).dataSet();
        }
        String instance = read.string(Tag.SOPInstanceUID);
        String name = instance + ".dcm";
        try (OutputStream out = Files.newOutputStream(folder.resolve(name))) {
            out.write(file);
        }
        InstanceLocation location = new InstanceLocation(
                read.string(Tag.StudyInstanceUID),
                read.string(Tag.SeriesInstanceUID),
                instance,
                read.string(Tag.SOPClassUID),
                transferSyntax.uid(),
                name,
                file.length,
                MessageDigest.getInstance("SHA-256").digest(file),
                BulkIndex.of(read).encode());
        String url = "\u0001/studies/" + location.studyInstanceUID() + "/series/" + location.seriesInstanceUID()
                + "/instances/" + instance + "/bulkdata/";
        byte[] metadata = DicomJson.toBytes(
                read,
                (path, element) -> element instanceof Element.Bulk || element instanceof Fragments ? url + path : null);
        return new StoredObject(location, file, metadata);
    }

    /** An instance with these UIDs and no pixel data. */
    static DataSet dataSet(String study, String series, String instance) {
        return new DataSet()
                .setString(Tag.SOPClassUID, VR.UI, CT)
                .setString(Tag.SOPInstanceUID, VR.UI, instance)
                .setString(Tag.Modality, VR.CS, "CT")
                .setString(Tag.PatientName, VR.PN, "Doe^John")
                .setString(Tag.StudyInstanceUID, VR.UI, study)
                .setString(Tag.SeriesInstanceUID, VR.UI, series);
    }

    /** An image whose pixel data is not there yet. */
    static DataSet image(String instance, int rows, int columns, int bitsAllocated, int frames) {
        return dataSet("1.2", "1.2.3", instance)
                .setInt(Tag.SamplesPerPixel, VR.US, 1)
                .setString(Tag.PhotometricInterpretation, VR.CS, "MONOCHROME2")
                .setString(Tag.NumberOfFrames, VR.IS, Integer.toString(frames))
                .setInt(Tag.Rows, VR.US, rows)
                .setInt(Tag.Columns, VR.US, columns)
                .setInt(Tag.BitsAllocated, VR.US, bitsAllocated)
                .setInt(Tag.BitsStored, VR.US, bitsAllocated)
                .setInt(Tag.HighBit, VR.US, bitsAllocated - 1)
                .setInt(Tag.PixelRepresentation, VR.US, 0);
    }

    /** Bytes that are never the same for long. */
    static byte[] noise(int length, long seed) {
        byte[] bytes = new byte[length];
        new java.util.Random(seed).nextBytes(bytes);
        return bytes;
    }
}
