package org.imagingingestion.camel.dicomweb;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;

/**
 * Reads media types out of a header (RFC 9110 §5.6, §8.3.1). More than the grammar is taken: a value without quotes may have
 * any character but a delimiter, as viewers write {@code type=application/octet-stream}.
 */
final class MediaTypeParser {
    private final String text;
    private int position;

    MediaTypeParser(String text) {
        this.text = text;
    }

    /** Whether it may stand in a token. */
    static boolean isToken(int c) {
        return c > ' ' && c < 0x7F && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0;
    }

    /** The one media type that the text is to be. */
    MediaType whole() throws DicomException {
        MediaType mediaType = next();
        if (mediaType == null || position < text.length()) {
            throw malformed();
        }
        return mediaType;
    }

    /** The next of a list, {@code null} at its end. */
    MediaType next() throws DicomException {
        while (position < text.length() && (isSpace() || text.charAt(position) == ',')) {
            position++;
        }
        if (position == text.length()) {
            return null;
        }
        String type = token();
        expect('/');
        return new MediaType(type + "/" + token(), parameters());
    }

    /** Goes behind the comma after a member that could not be read. */
    void skipMember() {
        boolean quoted = false;
        while (position < text.length()) {
            char c = text.charAt(position++);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted) {
                position++;
            } else if (c == ',' && !quoted) {
                return;
            }
        }
    }

    private Map<String, String> parameters() throws DicomException {
        Map<String, String> parameters = new LinkedHashMap<>();
        skipSpace();
        while (position < text.length() && text.charAt(position) != ',') {
            expect(';');
            skipSpace();
            if (position < text.length() && text.charAt(position) != ';' && text.charAt(position) != ',') {
                String name = token();
                skipSpace();
                expect('=');
                skipSpace();
                parameters.putIfAbsent(name, value());
                skipSpace();
            }
        }
        return parameters;
    }

    private String token() throws DicomException {
        int start = position;
        while (position < text.length() && isToken(text.charAt(position))) {
            position++;
        }
        if (position == start) {
            throw malformed();
        }
        return text.substring(start, position).toLowerCase(Locale.ROOT);
    }

    private String value() throws DicomException {
        if (position < text.length() && text.charAt(position) == '"') {
            return quoted();
        }
        int start = position;
        while (position < text.length() && text.charAt(position) != ';' && text.charAt(position) != ',') {
            position++;
        }
        return text.substring(start, position).strip();
    }

    private String quoted() throws DicomException {
        StringBuilder value = new StringBuilder();
        for (position++; position < text.length(); position++) {
            char c = text.charAt(position);
            if (c == '"') {
                position++;
                return value.toString();
            }
            if (c == '\\' && position + 1 < text.length()) {
                c = text.charAt(++position);
            }
            value.append(c);
        }
        throw malformed();
    }

    private boolean isSpace() {
        return text.charAt(position) == ' ' || text.charAt(position) == '\t';
    }

    private void skipSpace() {
        while (position < text.length() && isSpace()) {
            position++;
        }
    }

    private void expect(char c) throws DicomException {
        if (position == text.length() || text.charAt(position) != c) {
            throw malformed();
        }
        position++;
    }

    private static DicomException malformed() {
        return new DicomException(DicomStatus.INVALID_ARGUMENT_VALUE, "A media type is not well-formed");
    }
}
