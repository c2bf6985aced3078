package org.imagingingestion.camel.events;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;

import io.nats.client.impl.Headers;

/** Messages that are longer than the broker takes go compressed, and say so by the header {@code content-encoding}. */
final class Packing {
    private static final String ENCODING = "content-encoding";
    private static final String GZIP = "gzip";

    private Packing() {}

    static byte[] pack(byte[] data) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(data.length / 4);
        try (GZIPOutputStream out = new GZIPOutputStream(packed, 1 << 16)) {
            out.write(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    static void mark(Headers headers, boolean isPacked) {
        if (isPacked) {
            headers.put(ENCODING, GZIP);
        }
    }

    static boolean isPacked(Headers headers) {
        return headers != null && GZIP.equalsIgnoreCase(headers.getFirst(ENCODING));
    }

    /**
     * The data as they were before they were packed.
     *
     * @param most bytes of them
     * @throws DicomException CANNOT_UNDERSTAND where they were not packed, or have more bytes
     */
    static byte[] unpack(byte[] packed, long most) throws DicomException {
        int limit = (int) Math.min(most, Integer.MAX_VALUE - 16);
        byte[] data;
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed), 1 << 16)) {
            data = in.readNBytes(limit);
            if (in.read() >= 0) {
                throw new DicomException(
                        DicomStatus.CANNOT_UNDERSTAND,
                        "CloudEvent has more than " + limit + " bytes (maxBytesInFlight)");
            }
        } catch (IOException e) {
            throw new DicomException(DicomStatus.CANNOT_UNDERSTAND, "CloudEvent is not compressed by gzip, as it says");
        }
        return data;
    }
}
