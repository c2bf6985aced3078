package org.imagingingestion.camel.dimse;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.KeptInstance;
import org.imagingingestion.dicom.service.RetrievalResult;

/** The instances that the body of a message has, in whichever form. */
final class Sources {
    /** Opens the same bytes again and again. */
    private interface Opener {
        InputStream open() throws IOException;
    }

    private record Kept(String sopClassUID, String sopInstanceUID, String transferSyntaxUID, Opener opener)
            implements KeptInstance {
        @Override
        public InputStream open() throws IOException {
            return opener.open();
        }
    }

    private Sources() {}

    /** Whether the body stands for several instances, each of which may fail alone. */
    static boolean isMany(Object body) {
        return body instanceof RetrievalResult || body instanceof Collection<?> || body instanceof Iterator<?>;
    }

    /** The instances one by one. */
    static Iterator<?> each(Object body) {
        if (body instanceof RetrievalResult result) {
            return result.instances().iterator();
        }
        if (body instanceof Collection<?> collection) {
            return collection.iterator();
        }
        return body instanceof Iterator<?> iterator ? iterator : List.of(body).iterator();
    }

    /** @throws DicomException where it is no instance */
    static KeptInstance of(Object body) throws IOException, DicomException {
        if (body instanceof KeptInstance source) {
            return source;
        }
        if (body instanceof InstanceBody instance) {
            return once(instance);
        }
        if (body instanceof Path path) {
            return kept(() -> Files.newInputStream(path));
        }
        if (body instanceof File file) {
            return kept(() -> Files.newInputStream(file.toPath()));
        }
        if (body instanceof byte[] bytes) {
            return kept(() -> new ByteArrayInputStream(bytes));
        }
        if (body instanceof InputStream in) {
            return once(InstanceBody.receive(in, ParseLimits.STREAMING));
        }
        throw new IllegalArgumentException("dimse: does not send a body of "
                + (body == null ? "null" : body.getClass().getName()));
    }

    private static KeptInstance kept(Opener opener) throws IOException, DicomException {
        try (InputStream in = opener.open();
                InstanceBody header = InstanceBody.receive(in, ParseLimits.STREAMING)) {
            return described(header, opener);
        }
    }

    private static KeptInstance once(InstanceBody instance) throws DicomException {
        boolean[] isTaken = new boolean[1];
        return described(instance, () -> {
            if (isTaken[0]) {
                throw new IOException("The instance comes as a stream, which can be read once only");
            }
            isTaken[0] = true;
            return instance.stream();
        });
    }

    private static KeptInstance described(InstanceBody instance, Opener opener) throws DicomException {
        DataSet dataSet = instance.dataSet();
        return new Kept(
                required(dataSet, Tag.SOPClassUID, "SOP Class UID"),
                required(dataSet, Tag.SOPInstanceUID, "SOP Instance UID"),
                instance.transferSyntax().uid(),
                opener);
    }

    private static String required(DataSet dataSet, int tag, String name) throws DicomException {
        String value = dataSet.string(tag);
        if (value == null) {
            throw new DicomException(DicomStatus.CANNOT_UNDERSTAND, name + " is missing");
        }
        return value;
    }
}
