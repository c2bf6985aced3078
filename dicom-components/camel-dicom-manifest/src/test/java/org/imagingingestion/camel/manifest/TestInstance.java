package org.imagingingestion.camel.manifest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import java.util.function.Consumer;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomJson;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.StoredInstance;

/** Builds instances as a storage space hands them over. */
final class TestInstance {
    static final String ROOT = "1.2.826.0.1.3680043.9.7777.";
    static final String CT = "1.2.840.10008.5.1.4.1.1.2";
    static final String MR = "1.2.840.10008.5.1.4.1.1.4";

    private TestInstance() {}

    static String study(int study) {
        return ROOT + study;
    }

    static String series(int study, int series) {
        return study(study) + "." + series;
    }

    static String instance(int study, int series, int instance) {
        return series(study, series) + "." + instance;
    }

    /** A CT image with the header of a common scanner. */
    static DataSet ct(int study, int series, int instance) {
        DataSet d = new DataSet();
        d.setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 192");
        d.setString(0x00080008, VR.CS, "ORIGINAL", "PRIMARY", "AXIAL");
        d.setString(Tag.SOPClassUID, VR.UI, CT);
        d.setString(Tag.SOPInstanceUID, VR.UI, instance(study, series, instance));
        d.setString(Tag.StudyDate, VR.DA, String.format("2024%02d%02d", 1 + study / 28 % 12, 1 + study % 28));
        d.setString(Tag.SeriesDate, VR.DA, "20240102");
        d.setString(Tag.AcquisitionDate, VR.DA, "20240102");
        d.setString(Tag.ContentDate, VR.DA, "20240102");
        d.setString(Tag.StudyTime, VR.TM, String.format("%02d%02d00", study % 24, study % 60));
        d.setString(Tag.SeriesTime, VR.TM, "101112");
        d.setString(0x00080032, VR.TM, String.format("1011%02d.%06d", instance % 60, instance));
        d.setString(Tag.ContentTime, VR.TM, String.format("1012%02d.%06d", instance % 60, instance));
        d.setString(Tag.AccessionNumber, VR.SH, "A" + study);
        d.setString(Tag.Modality, VR.CS, "CT");
        d.setString(Tag.Manufacturer, VR.LO, "SIEMENS");
        d.setString(Tag.InstitutionName, VR.LO, "General Hospital");
        d.setString(Tag.ReferringPhysicianName, VR.PN, "House^Gregory" + study % 50);
        d.setString(Tag.StationName, VR.SH, "CT01");
        d.setString(Tag.StudyDescription, VR.LO, "CHEST " + study % 10);
        d.setString(Tag.SeriesDescription, VR.LO, "Thorax 1.0 B" + series);
        d.setString(0x00081090, VR.LO, "SOMATOM Definition AS");
        d.setString(Tag.PatientName, VR.PN, "Doe" + study + "^Jane");
        d.setString(Tag.PatientID, VR.LO, "P" + study);
        d.setString(Tag.PatientBirthDate, VR.DA, "19700101");
        d.setString(Tag.PatientSex, VR.CS, study % 2 == 0 ? "F" : "M");
        d.setString(Tag.PatientAge, VR.AS, "054Y");
        d.setString(Tag.BodyPartExamined, VR.CS, "CHEST");
        for (int i = 0; i < 40; i++) {
            d.setString(0x00180050 + i, VR.DS, i + ".5");
        }
        d.setString(Tag.ProtocolName, VR.LO, "Thorax");
        d.setString(Tag.StudyInstanceUID, VR.UI, study(study));
        d.setString(Tag.SeriesInstanceUID, VR.UI, series(study, series));
        d.setString(Tag.StudyID, VR.SH, "S" + study);
        d.setInt(Tag.SeriesNumber, VR.IS, series);
        d.setInt(Tag.InstanceNumber, VR.IS, instance);
        d.setString(0x00200032, VR.DS, "-125.0", "-125.0", Integer.toString(instance));
        d.setString(0x00200037, VR.DS, "1", "0", "0", "0", "1", "0");
        d.setString(0x00200052, VR.UI, study(study) + ".0");
        d.setString(0x00201041, VR.DS, Integer.toString(instance));
        d.setInt(Tag.SamplesPerPixel, VR.US, 1);
        d.setString(Tag.PhotometricInterpretation, VR.CS, "MONOCHROME2");
        d.setInt(Tag.Rows, VR.US, 64);
        d.setInt(Tag.Columns, VR.US, 64);
        d.setInt(Tag.BitsAllocated, VR.US, 16);
        d.setInt(Tag.BitsStored, VR.US, 12);
        d.setInt(Tag.HighBit, VR.US, 11);
        d.setInt(Tag.PixelRepresentation, VR.US, 0);
        d.setString(0x00281050, VR.DS, "40");
        d.setString(0x00281051, VR.DS, "400");
        d.put(new Element.Bulk(Tag.PixelData, VR.OW, 2048, 8192, false));
        return d;
    }

    static StoredInstance stored(DataSet dataSet) {
        return stored("default", dataSet);
    }

    /** A receipt of its own of the data set, whose digest is that of its values. */
    static StoredInstance stored(String provider, DataSet dataSet) {
        String name =
                provider + "/" + dataSet.string(Tag.StudyInstanceUID) + "/" + dataSet.string(Tag.SeriesInstanceUID)
                        + "/" + dataSet.string(Tag.SOPInstanceUID) + "/" + UUID.randomUUID() + ".dcm";
        byte[] digest = sha256(DicomJson.toBytes(dataSet, DicomJson.BulkDataUri.NONE));
        return new StoredInstance(provider, name, 10_240, digest, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, dataSet);
    }

    static StoredInstance stored(int study, int series, int instance) {
        return stored(ct(study, series, instance));
    }

    static StoredInstance stored(int study, int series, int instance, Consumer<DataSet> change) {
        DataSet dataSet = ct(study, series, instance);
        change.accept(dataSet);
        return stored(dataSet);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
