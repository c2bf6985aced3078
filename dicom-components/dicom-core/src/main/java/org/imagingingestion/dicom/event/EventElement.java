package org.imagingingestion.dicom.event;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.Tag;

import com.fasterxml.jackson.core.JsonGenerator;

/**
 * An attribute as events have it.
 *
 * @param group four hexadecimal digits, upper case
 * @param element four hexadecimal digits, upper case
 * @param vr its value representation
 * @param value the first value as text; {@code null} where there is none, and for sequences and bytes
 */
public record EventElement(String group, String element, String vr, String value) {
    private static final int FIRST_GROUP = 0x0008;
    private static final int PIXELS = 0x7FE0;

    /** All attributes of a data set's top level but File Meta Information and pixels. */
    public static List<EventElement> of(DataSet dataSet) {
        List<EventElement> elements = new ArrayList<>(dataSet.size());
        for (Element element : dataSet) {
            int group = Tag.group(element.tag());
            if (group >= FIRST_GROUP && group != PIXELS) {
                elements.add(of(dataSet, element));
            }
        }
        return elements;
    }

    private static EventElement of(DataSet dataSet, Element element) {
        String tag = Tag.toHexString(element.tag());
        return new EventElement(
                tag.substring(0, 4), tag.substring(4), element.vr().name(), wellFormed(dataSet.string(element.tag())));
    }

    /** UTF-8 has no half of a surrogate pair. */
    private static String wellFormed(String text) {
        return text == null || text.chars().noneMatch(c -> Character.isSurrogate((char) c))
                ? text
                : text.codePoints()
                        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

    static void write(JsonGenerator out, String member, List<EventElement> elements) throws IOException {
        out.writeArrayFieldStart(member);
        for (EventElement element : elements) {
            out.writeStartObject();
            out.writeStringField("group", element.group);
            out.writeStringField("element", element.element);
            out.writeStringField("vr", element.vr);
            out.writeStringField("value", element.value);
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    static List<EventElement> readAll(EventJson in) throws DicomException {
        List<EventElement> elements = new ArrayList<>();
        if (in.isNull()) {
            return elements;
        }
        in.beginArray();
        while (in.nextItem()) {
            elements.add(read(in));
        }
        return elements;
    }

    private static EventElement read(EventJson in) throws DicomException {
        String group = null;
        String element = null;
        String vr = null;
        String value = null;
        in.beginObject();
        while (in.nextMember()) {
            switch (in.member()) {
                case "group" -> group = in.text();
                case "element" -> element = in.text();
                case "vr" -> vr = in.text();
                case "value" -> value = in.text();
                default -> in.skip();
            }
        }
        return new EventElement(in.required(group, "group"), in.required(element, "element"), vr, value);
    }

    /** The value of an attribute among these, {@code null} where there is none. */
    public static String value(List<EventElement> elements, int tag) {
        String name = Tag.toHexString(tag);
        return elements.stream()
                .filter(element -> name.startsWith(element.group) && name.endsWith(element.element))
                .map(EventElement::value)
                .filter(value -> value != null)
                .findFirst()
                .orElse(null);
    }
}
