package org.imagingingestion.tests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import java.util.UUID;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomWriter;
import org.imagingingestion.dicom.Fragments;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;

/** Small instances that the tests make up. */
final class Samples {
    static final String CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2";
    static final String SECONDARY_CAPTURE_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.7";
    static final String JPEG_BASELINE = "1.2.840.10008.1.2.4.50";

    private Samples() {}

    /** A new UID (PS3.5 §B.2). */
    static String uid() {
        UUID uuid = UUID.randomUUID();
        byte[] bytes = ByteBuffer.allocate(16)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
        return "2.25." + new BigInteger(1, bytes);
    }

    /** An instance without pixel data, of a new study unless that is set afterwards. */
    static DataSet header(String study, String series) {
        return new DataSet()
                .setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 192")
                .setString(Tag.SOPClassUID, VR.UI, CT_IMAGE_STORAGE)
                .setString(Tag.SOPInstanceUID, VR.UI, uid())
                .setString(Tag.StudyDate, VR.DA, "20240229")
                .setString(Tag.StudyTime, VR.TM, "101112")
                .setString(Tag.AccessionNumber, VR.SH, "A1")
                .setString(Tag.Modality, VR.CS, "CT")
                .setString(Tag.ReferringPhysicianName, VR.PN, "")
                .setString(Tag.StudyDescription, VR.LO, "Head")
                .setString(Tag.PatientName, VR.PN, "Doe^Jane")
                .setString(Tag.PatientID, VR.LO, "P1")
                .setString(Tag.PatientBirthDate, VR.DA, "")
                .setString(Tag.PatientSex, VR.CS, "F")
                .setString(Tag.StudyInstanceUID, VR.UI, study)
                .setString(Tag.SeriesInstanceUID, VR.UI, series)
                .setString(Tag.StudyID, VR.SH, "1")
                .setString(Tag.SeriesNumber, VR.IS, "1")
                .setString(Tag.InstanceNumber, VR.IS, "1");
    }

    /** Gives it frames of one byte a pixel. */
    static DataSet image(DataSet dataSet, int rows, int columns, int frames) {
        return dataSet.setInt(Tag.SamplesPerPixel, VR.US, 1)
                .setString(Tag.PhotometricInterpretation, VR.CS, "MONOCHROME2")
                .setString(Tag.NumberOfFrames, VR.IS, Integer.toString(frames))
                .setInt(Tag.Rows, VR.US, rows)
                .setInt(Tag.Columns, VR.US, columns)
                .setInt(Tag.BitsAllocated, VR.US, 8)
                .setInt(Tag.BitsStored, VR.US, 8)
                .setInt(Tag.HighBit, VR.US, 7)
                .setInt(Tag.PixelRepresentation, VR.US, 0);
    }

    /** Gives it native pixel data. */
    static DataSet pixels(DataSet dataSet, byte[] pixels) {
        return dataSet.setBytes(Tag.PixelData, VR.OB, pixels);
    }

    /** Gives it encapsulated pixel data, a fragment a frame, with an empty offset table (PS3.5 §A.4). */
    static DataSet fragments(DataSet dataSet, byte[]... frames) {
        Fragments fragments = new Fragments(Tag.PixelData, VR.OB).add(0, 0, new byte[0]);
        for (byte[] frame : frames) {
            fragments.add(0, frame.length, frame);
        }
        return dataSet.put(fragments);
    }

    /** Bytes that are the same each time. */
    static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static byte[] file(DataSet dataSet) {
        return file(dataSet, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid());
    }

    /** A Part 10 file. */
    static byte[] file(DataSet dataSet, String transferSyntaxUID) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            new DicomWriter(TransferSyntax.of(transferSyntaxUID)).writeFile(dataSet, out);
            return out.toByteArray();
        } catch (IOException | DicomException e) {
            throw new IllegalStateException(e);
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
