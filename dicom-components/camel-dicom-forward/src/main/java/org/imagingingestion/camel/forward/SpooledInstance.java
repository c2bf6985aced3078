package org.imagingingestion.camel.forward;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;

import org.imagingingestion.camel.storage.FileStorageSpace;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.KeptInstance;

/** An instance that is kept here until it is sent. */
record SpooledInstance(
        FileStorageSpace space,
        String objectName,
        long length,
        String sopClassUID,
        String sopInstanceUID,
        String transferSyntaxUID)
        implements KeptInstance {
    /** @throws java.nio.file.NoSuchFileException where it is not kept any more */
    static SpooledInstance of(FileStorageSpace space, String objectName) throws IOException, DicomException {
        try (InputStream in = space.open(objectName, 0, Long.MAX_VALUE);
                InstanceBody body = InstanceBody.receive(in, ParseLimits.STREAMING)) {
            return new SpooledInstance(
                    space,
                    objectName,
                    Files.size(space.file(objectName)),
                    body.dataSet().string(Tag.SOPClassUID, ""),
                    body.dataSet().string(Tag.SOPInstanceUID, ""),
                    body.transferSyntax().uid());
        }
    }

    @Override
    public InputStream open() throws IOException {
        return space.open(objectName, 0, length);
    }
}
