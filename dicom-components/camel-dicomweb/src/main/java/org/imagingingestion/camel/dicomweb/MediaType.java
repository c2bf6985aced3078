package org.imagingingestion.camel.dicomweb;

import java.util.LinkedHashMap;
import java.util.Map;

import org.imagingingestion.dicom.DicomException;

/**
 * A media type with its parameters, as Content-Type and Accept have it (RFC 9110 §8.3.1, PS3.18 §8.7.3.5).
 *
 * @param type such as {@code multipart/related}, in small letters; in a range {@code *} may stand for a half
 * @param parameters by name in small letters, without quotes, in the order written
 */
record MediaType(String type, Map<String, String> parameters) {
    static final String TYPE = "type";
    static final String TRANSFER_SYNTAX = "transfer-syntax";
    static final String BOUNDARY = "boundary";

    static final MediaType DICOM = of("application/dicom");
    static final MediaType DICOM_JSON = of("application/dicom+json");
    static final MediaType DICOM_XML = of("application/dicom+xml");
    static final MediaType JSON = of("application/json");
    static final MediaType OCTET_STREAM = of("application/octet-stream");

    /** One without parameters. */
    static MediaType of(String type) {
        return new MediaType(type, Map.of());
    }

    /**
     * Reads one media type. Parameter values may stand without the quotes that the grammar asks for.
     *
     * @throws DicomException where it is none
     */
    static MediaType parse(String text) throws DicomException {
        return new MediaTypeParser(text).whole();
    }

    /** A multipart/related of parts of this type; the parts' transfer syntax is named outside too (PS3.18 §8.7.3.5.1). */
    MediaType inMultipart() {
        MediaType multipart = of("multipart/related").with(TYPE, type);
        String transferSyntax = parameter(TRANSFER_SYNTAX);
        return transferSyntax == null ? multipart : multipart.with(TRANSFER_SYNTAX, transferSyntax);
    }

    /** The same with one more parameter, or another value for one. */
    MediaType with(String parameter, String value) {
        Map<String, String> all = new LinkedHashMap<>(parameters);
        all.put(parameter, value);
        return new MediaType(type, all);
    }

    /** The same without a parameter. */
    MediaType without(String parameter) {
        if (!parameters.containsKey(parameter)) {
            return this;
        }
        Map<String, String> rest = new LinkedHashMap<>(parameters);
        rest.remove(parameter);
        return new MediaType(type, rest);
    }

    /** Whether it is a multipart of any kind. */
    boolean isMultipart() {
        return type.startsWith("multipart/");
    }

    /** The value of a parameter, {@code null} where it has none. */
    String parameter(String name) {
        return parameters.get(name);
    }

    /**
     * The type of a multipart's parts, with the transfer syntax that is named beside it; {@code null} where it is not said.
     *
     * @throws DicomException where it is no media type
     */
    MediaType partType() throws DicomException {
        String named = parameter(TYPE);
        if (named == null) {
            return null;
        }
        MediaType part = parse(named);
        String transferSyntax = parameter(TRANSFER_SYNTAX);
        return transferSyntax == null ? part : part.with(TRANSFER_SYNTAX, transferSyntax);
    }

    /** As a header has it; values are quoted where they must be. */
    @Override
    public String toString() {
        if (parameters.isEmpty()) {
            return type;
        }
        StringBuilder text = new StringBuilder(type);
        parameters.forEach((name, value) -> {
            text.append("; ").append(name).append('=');
            if (!value.isEmpty() && value.chars().allMatch(MediaTypeParser::isToken)) {
                text.append(value);
            } else {
                text.append('"')
                        .append(value.replace("\\", "\\\\").replace("\"", "\\\""))
                        .append('"');
            }
        });
        return text.toString();
    }
}
