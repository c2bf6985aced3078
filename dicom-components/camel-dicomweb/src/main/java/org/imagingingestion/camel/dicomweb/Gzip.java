package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** Compressed answers (RFC 9110 §8.4.1.3, §12.5.3). */
final class Gzip {
    /** Bodies shorter than this gain nothing. */
    static final int WORTHWHILE = 1 << 10;

    private static final int LEVEL = 4;

    private Gzip() {}

    /** Whether a client with these Accept-Encoding headers takes it. */
    static boolean isAccepted(List<String> acceptEncoding) {
        boolean any = false;
        for (String header : acceptEncoding) {
            for (String member : header.split(",")) {
                String[] coding = member.toLowerCase(Locale.ROOT).split(";");
                boolean refused = coding.length > 1 && coding[1].strip().matches("q\\s*=\\s*0(\\.0*)?");
                if (coding[0].strip().equals("gzip") || coding[0].strip().equals("x-gzip")) {
                    return !refused;
                }
                any |= coding[0].strip().equals("*") && !refused;
            }
        }
        return any;
    }

    /** Compresses what is written; the stream below is closed with this one. */
    static OutputStream stream(OutputStream out) throws IOException {
        return new GZIPOutputStream(out, 16 << 10) {
            {
                def.setLevel(LEVEL);
            }
        };
    }

    static byte[] compress(byte[] bytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(bytes.length / 6 + 256);
        try (OutputStream out = stream(compressed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }
}
