package org.imagingingestion.camel.instance;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomFile;
import org.imagingingestion.dicom.DicomReader;
import org.imagingingestion.dicom.DicomWriter;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.InstanceBody;

/** Instances, and what becomes of them. */
final class Instances {
    static final String KEY = "a secret of 24 characters";

    private Instances() {}

    static DataSet dataSet() {
        return new DataSet()
                .setString(Tag.SOPClassUID, VR.UI, "1.2.840.10008.5.1.4.1.1.2")
                .setString(Tag.SOPInstanceUID, VR.UI, "1.2.3.4.3")
                .setString(Tag.StudyDate, VR.DA, "20260131")
                .setString(Tag.Modality, VR.CS, "CT")
                .setString(Tag.PatientName, VR.PN, "Doe^Jane")
                .setString(Tag.PatientID, VR.LO, "4711")
                .setString(Tag.StudyInstanceUID, VR.UI, "1.2.3.4.1")
                .setString(Tag.SeriesInstanceUID, VR.UI, "1.2.3.4.2");
    }

    static byte[] file(DataSet dataSet) {
        return file(dataSet, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
    }

    static byte[] file(DataSet dataSet, TransferSyntax syntax) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            new DicomWriter(syntax).writeFile(dataSet, file);
        } catch (IOException | DicomException e) {
            throw new IllegalStateException(e);
        }
        return file.toByteArray();
    }

    static InstanceBody body(byte[] file) {
        try {
            return InstanceBody.receive(new ByteArrayInputStream(file), ParseLimits.STREAMING);
        } catch (IOException | DicomException e) {
            throw new IllegalStateException(e);
        }
    }

    static DicomFile read(byte[] file) {
        try {
            return DicomReader.read(new ByteArrayInputStream(file), ParseLimits.WHOLE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (DicomException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] rewrite(byte[] file, HeaderChange change) throws IOException, DicomException {
        try (InstanceBody source = InstanceBody.receive(new ByteArrayInputStream(file), ParseLimits.STREAMING);
                RewrittenInstance rewritten = RewrittenInstance.of(source, change)) {
            return rewritten.body().stream().readAllBytes();
        }
    }

    static Coercion coercion(String rules) {
        return new Coercion(CoercionRules.ofText(rules), null);
    }

    static Deidentifier deidentifier(ProfileOption... options) {
        return deidentifier("", "", options);
    }

    static Deidentifier deidentifier(String safeDescriptors, String safePrivate, ProfileOption... options) {
        Set<ProfileOption> used = EnumSet.noneOf(ProfileOption.class);
        used.addAll(List.of(options));
        return new Deidentifier(
                new Pseudonyms(KEY),
                used,
                SafeDescriptors.parse(safeDescriptors),
                SafePrivate.parse(safePrivate),
                Deidentifier.BurnedIn.pass,
                null,
                null);
    }

    static DataSet deidentified(DataSet dataSet, ProfileOption... options) {
        try {
            return read(rewrite(file(dataSet), deidentifier(options))).dataSet();
        } catch (IOException | DicomException e) {
            throw new IllegalStateException(e);
        }
    }
}
