package org.imagingingestion.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out what an XML document is encoded in (XML 1.0 Appendix F), and decodes it, refusing what is not valid in that. */
final class XmlEncoding {
    private static final int HEAD = 256;
    private static final Pattern DECLARATION =
            Pattern.compile("^<\\?xml\\s[^>]*?encoding\\s*=\\s*[\"']([A-Za-z][A-Za-z0-9._-]*)[\"']");

    private XmlEncoding() {}

    /** @throws IllegalArgumentException for an encoding that is not known, or in which the declaration is not written */
    static Reader reader(InputStream in) throws IOException {
        PushbackInputStream stream = new PushbackInputStream(in, HEAD);
        byte[] head = stream.readNBytes(HEAD);
        int mark = startsWith(head, 0xEF, 0xBB, 0xBF)
                ? 3
                : startsWith(head, 0xFE, 0xFF) || startsWith(head, 0xFF, 0xFE) ? 2 : 0;
        stream.unread(head, mark, head.length - mark);
        return new InputStreamReader(
                stream,
                charset(head)
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
    }

    private static Charset charset(byte[] head) {
        if (startsWith(head, 0xEF, 0xBB, 0xBF)) {
            return StandardCharsets.UTF_8;
        }
        if (startsWith(head, 0xFE, 0xFF) || startsWith(head, 0, '<')) {
            return StandardCharsets.UTF_16BE;
        }
        if (startsWith(head, 0xFF, 0xFE) || startsWith(head, '<', 0)) {
            return StandardCharsets.UTF_16LE;
        }
        Matcher declaration = DECLARATION.matcher(new String(head, StandardCharsets.ISO_8859_1));
        if (!declaration.find()) {
            return StandardCharsets.UTF_8;
        }
        Charset declared = Charset.forName(declaration.group(1));
        if (!new String(head, declared).startsWith("<?xml")) {
            throw new IllegalArgumentException("The declaration is not in the encoding that it names");
        }
        return declared;
    }

    private static boolean startsWith(byte[] head, int... start) {
        if (head.length < start.length) {
            return false;
        }
        for (int i = 0; i < start.length; i++) {
            if ((head[i] & 0xFF) != start[i]) {
                return false;
            }
        }
        return true;
    }
}
