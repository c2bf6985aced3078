package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.imagingingestion.dicom.service.SenderException;

/**
 * Reads the parts of a multipart body as they arrive (RFC 2046 §5.1). It holds one buffer, whatever the length of a part.
 */
final class MultipartReader {
    private static final int BUFFER = 128 << 10;
    private static final int HEADERS_MOST = 16 << 10;
    private static final int BOUNDARY_MOST = 200;

    private final InputStream in;
    private final byte[] delimiter;
    private final int[] shift = new int[256];
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;
    /** Up to here the bytes are known to be no delimiter. */
    private int clear;

    private boolean atDelimiter;
    private boolean last;
    private boolean eof;
    private Part current;

    /** @throws SenderException where the boundary is longer than anybody's */
    MultipartReader(InputStream in, String boundary) throws SenderException {
        if (boundary.isEmpty() || boundary.length() > BOUNDARY_MOST) {
            throw new SenderException("The boundary has no character, or more than " + BOUNDARY_MOST);
        }
        this.in = in;
        delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        Arrays.fill(shift, delimiter.length);
        for (int i = 0; i < delimiter.length - 1; i++) {
            shift[delimiter[i] & 0xFF] = delimiter.length - 1 - i;
        }
        // the first delimiter has no line before it
        buffer[0] = '\r';
        buffer[1] = '\n';
        limit = 2;
        current = new Part(Map.of());
    }

    /** One part: its headers, and its body as a stream. */
    final class Part extends InputStream {
        private final Map<String, String> headers;

        Part(Map<String, String> headers) {
            this.headers = headers;
        }

        /** A header's value, {@code null} where there is none. */
        String header(String name) {
            return headers.get(name.toLowerCase(Locale.ROOT));
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (current != this || length == 0) {
                return current != this ? -1 : 0;
            }
            int available = available();
            if (available < 0) {
                return -1;
            }
            int n = Math.min(length, available);
            System.arraycopy(buffer, position, bytes, offset, n);
            position += n;
            return n;
        }

        /** Bytes of the part that are at hand, at least one; -1 at its end. */
        @Override
        public int available() throws IOException {
            while (position >= clear && !atDelimiter) {
                scan();
            }
            return position < clear ? clear - position : -1;
        }

        private void drain() throws IOException {
            for (int n = available(); n > 0; n = available()) {
                position += n;
            }
        }
    }

    /**
     * Goes on to the next part, past what is left of the one before.
     *
     * @return {@code null} after the last part
     * @throws SenderException where the body is no multipart, or ends within a part
     */
    Part next() throws IOException {
        if (last) {
            return null;
        }
        current.drain();
        if (!startPart()) {
            current = new Part(Map.of());
            last = true;
            return null;
        }
        current = new Part(headers());
        return current;
    }

    /** Passes the delimiter and the rest of its line. @return whether a part follows */
    private boolean startPart() throws IOException {
        position += delimiter.length;
        clear = position;
        atDelimiter = false;
        if (need(2) && buffer[position] == '-' && buffer[position + 1] == '-') {
            return false;
        }
        while (true) {
            if (!need(1)) {
                throw new SenderException("The body ends within a delimiter");
            }
            byte b = buffer[position++];
            if (b == '\n') {
                // its line end may belong to the next delimiter, where the part has neither headers nor body
                clear = position;
                return true;
            }
            if (b != ' ' && b != '\t' && b != '\r') {
                throw new SenderException("A delimiter line has more than the boundary");
            }
        }
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new TreeMap<>();
        int length = 0;
        String name = null;
        for (String line = line(); !line.isEmpty(); line = line()) {
            length += line.length();
            if (length > HEADERS_MOST) {
                throw new SenderException("The headers of a part have more than " + HEADERS_MOST + " bytes");
            }
            int colon = line.indexOf(':');
            if ((line.charAt(0) == ' ' || line.charAt(0) == '\t') && name != null) {
                headers.merge(name, line.strip(), (before, more) -> before + ' ' + more);
            } else if (colon > 0) {
                name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
                headers.put(name, line.substring(colon + 1).strip());
            } else {
                throw new SenderException("A part has a header line without a colon");
            }
        }
        clear = position;
        // an empty body: the delimiter follows the headers' last line end
        position -= 2;
        if (position >= 0 && buffer[position] == '\r' && need(delimiter.length) && matches(position)) {
            clear = position;
            atDelimiter = true;
        } else {
            position += 2;
        }
        return headers;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder(80);
        while (need(1)) {
            byte b = buffer[position++];
            if (b == '\n') {
                int end = line.length();
                return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
            }
            if (line.length() >= HEADERS_MOST) {
                throw new SenderException("A header of a part has more than " + HEADERS_MOST + " bytes");
            }
            line.append((char) (b & 0xFF));
        }
        throw new SenderException("The body ends within the headers of a part");
    }

    /** Looks for the next delimiter in what is at hand, after reading more where all of it is taken. */
    private void scan() throws IOException {
        if (limit - position < delimiter.length && !fill()) {
            throw new SenderException("The body ends within a part");
        }
        int found = find();
        if (found >= 0) {
            clear = found;
            atDelimiter = true;
        } else {
            clear = Math.max(position, limit - delimiter.length + 1);
        }
    }

    /** Horspool's search: where the last byte does not match, it tells how far to go on. */
    private int find() {
        int end = delimiter.length - 1;
        int at = position;
        while (at + end < limit) {
            byte b = buffer[at + end];
            if (b == delimiter[end] && matches(at)) {
                return at;
            }
            at += shift[b & 0xFF];
        }
        return -1;
    }

    private boolean matches(int at) {
        return Arrays.equals(buffer, at, at + delimiter.length, delimiter, 0, delimiter.length);
    }

    /** Has so many bytes at hand. @return {@code false} where the body ends before */
    private boolean need(int bytes) throws IOException {
        while (limit - position < bytes) {
            if (!fill()) {
                return false;
            }
        }
        return true;
    }

    private boolean fill() throws IOException {
        if (eof) {
            return false;
        }
        if (position > 0) {
            int keep = Math.min(position, 2);
            System.arraycopy(buffer, position - keep, buffer, 0, limit - position + keep);
            int moved = position - keep;
            limit -= moved;
            clear -= moved;
            position = keep;
        }
        int n = in.read(buffer, limit, buffer.length - limit);
        if (n < 0) {
            eof = true;
            return false;
        }
        limit += n;
        return true;
    }
}
