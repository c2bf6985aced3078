package org.imagingingestion.camel.fhir;

import java.io.IOException;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.imagingingestion.dicom.PersonName;

import com.fasterxml.jackson.core.JsonGenerator;

/** Texts as FHIR allows them: never empty, and without controls. */
final class FhirText {
    private FhirText() {}

    /** @return {@code null} where nothing is left */
    static String of(String text) {
        if (text == null) {
            return null;
        }
        String clean = text.codePoints()
                .filter(c -> c >= ' ' && c != 0x7F || c == '\n' || c == '\r' || c == '\t')
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .strip();
        return clean.isEmpty() ? null : clean;
    }

    /** The same as a code, which has no white space but single spaces. */
    static String code(String text) {
        String clean = of(text);
        return clean == null ? null : clean.replaceAll("\\s+", " ");
    }

    /** A person's name as it is read, {@code null} where there is none. */
    static String name(String value) {
        if (value == null) {
            return null;
        }
        PersonName name = PersonName.of(value);
        String group = Stream.of(name.alphabetic(), name.ideographic(), name.phonetic())
                .filter(one -> !one.isBlank())
                .findFirst()
                .orElse("");
        return of(Stream.of(
                        PersonName.namePrefix(group),
                        PersonName.givenName(group),
                        PersonName.middleName(group),
                        PersonName.familyName(group),
                        PersonName.nameSuffix(group))
                .map(FhirText::of)
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" ")));
    }

    static void write(JsonGenerator out, String name, String text) throws IOException {
        if (text != null) {
            out.writeStringField(name, text);
        }
    }

    /** The extension that stands for a value which is required and not known. */
    static void writeUnknown(JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("extension");
        out.writeStartObject();
        out.writeStringField("url", "http://hl7.org/fhir/StructureDefinition/data-absent-reason");
        out.writeStringField("valueCode", "unknown");
        out.writeEndObject();
        out.writeEndArray();
    }
}
