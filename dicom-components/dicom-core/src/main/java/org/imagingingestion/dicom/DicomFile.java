package org.imagingingestion.dicom;

/**
 * What was read from a file.
 *
 * @param fileMetaInformation {@code null} where the file has none (PS3.10 §7.1)
 * @param transferSyntax how the data set was encoded
 * @param dataSet the data set, without group 0002
 */
public record DicomFile(DataSet fileMetaInformation, TransferSyntax transferSyntax, DataSet dataSet) {}
