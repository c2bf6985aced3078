package org.imagingingestion.tests;

import java.util.Arrays;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomParseException;
import org.imagingingestion.dicom.DicomParser;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;

/**
 * A file taken apart (PS3.10 §7).
 *
 * @param dataSet the bytes after the File Meta Information
 */
record Part10(String sopClassUID, String sopInstanceUID, String transferSyntaxUID, byte[] dataSet) {
    static Part10 of(byte[] file) {
        try (DicomParser parser = new DicomParser(ParseLimits.STREAMING)) {
            parser.feed(file, 0, file.length);
            DataSet header = parser.dataSet();
            return new Part10(
                    header.string(Tag.SOPClassUID),
                    header.string(Tag.SOPInstanceUID),
                    parser.transferSyntax().uid(),
                    Arrays.copyOfRange(file, (int) parser.dataSetOffset(), file.length));
        } catch (DicomParseException e) {
            throw new IllegalStateException(e);
        }
    }
}
