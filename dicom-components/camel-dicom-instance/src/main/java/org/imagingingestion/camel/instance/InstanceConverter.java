package org.imagingingestion.camel.instance;

import java.io.InputStream;

import org.apache.camel.Converter;
import org.imagingingestion.dicom.service.InstanceBody;

/** Gives the bytes of an instance on its way to whoever takes a stream. */
@Converter(generateLoader = true)
public final class InstanceConverter {
    private InstanceConverter() {}

    /** The Part 10 file, to be read once. */
    @Converter
    public static InputStream toInputStream(InstanceBody body) {
        return body.stream();
    }
}
