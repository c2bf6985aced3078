package org.imagingingestion.dicom;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Writes data sets as native XML (PS3.19 §A.1.5). */
final class XmlWriter {
    /** The names of the components of a name (PS3.19 §A.1.5), in their order. */
    static final String[] COMPONENTS = {"FamilyName", "GivenName", "MiddleName", "NamePrefix", "NameSuffix"};

    private static final char REPLACEMENT = '\uFFFD';
    private static final char PLACEHOLDER = '\u0001';

    private final Writer out;
    private final DicomJson.BulkDataUri uris;

    XmlWriter(OutputStream out, DicomJson.BulkDataUri uris) {
        this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        this.uris = uris;
    }

    void write(DataSet dataSet) throws IOException {
        out.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<NativeDicomModel xmlns=\"" + NativeXml.NAMESPACE
                + "\" xml:space=\"preserve\">");
        write(dataSet, null);
        out.write("</NativeDicomModel>\n");
        out.flush();
    }

    private void write(DataSet dataSet, ElementPath path) throws IOException {
        for (Element element : dataSet) {
            if (!Tag.isGroupLength(element.tag())) {
                write(dataSet, element, path);
            }
        }
    }

    private void write(DataSet dataSet, Element element, ElementPath path) throws IOException {
        int tag = element.tag();
        VR vr = element instanceof Sequence ? VR.SQ : element.vr();
        String creator = dataSet.privateCreator(tag);
        boolean creatorTells = creator != null && isFirstBlock(dataSet, tag, creator);
        out.write("<DicomAttribute tag=\"" + Hex.of(creatorTells ? tag & 0xFFFF00FF : tag) + "\" vr=\"" + vr + '"');
        writeAttribute("keyword", Tag.isPrivate(tag) ? null : Dictionary.keywordOf(tag));
        writeAttribute("privateCreator", creator);
        if (element.isEmpty()) {
            out.write("/>");
            return;
        }
        out.write('>');
        if (element instanceof Sequence sequence) {
            writeItems(sequence, path);
        } else if (element instanceof Element.Value value && !JsonWriter.isBinary(vr)) {
            writeValues(dataSet, value);
        } else {
            writeBulk(element, path);
        }
        out.write("</DicomAttribute>");
    }

    /** Whether no block before that of the tag is reserved by the same creator. */
    private static boolean isFirstBlock(DataSet dataSet, int tag, String creator) {
        for (int block = 0x10; block < (tag >>> 8 & 0xFF); block++) {
            if (creator.equals(dataSet.string(tag & 0xFFFF0000 | block))) {
                return false;
            }
        }
        return true;
    }

    private void writeItems(Sequence sequence, ElementPath path) throws IOException {
        int number = 0;
        for (DataSet item : sequence.items()) {
            out.write("<Item number=\"" + (number + 1) + "\">");
            write(item, new ElementPath(path, sequence.tag(), number++));
            out.write("</Item>");
        }
    }

    private void writeBulk(Element element, ElementPath path) throws IOException {
        String uri = uris.of(ElementPath.of(path, element.tag()), element);
        if (uri != null) {
            out.write("<BulkData uri=\"");
            escape(uri, true, true);
            out.write("\"/>");
        } else if (element instanceof BulkDataReference reference) {
            out.write("<BulkData");
            writeAttribute("uri", reference.uri());
            out.write("/>");
        } else if (element instanceof Element.Value value) {
            out.write("<InlineBinary>");
            out.write(Base64.getEncoder().encodeToString(Numbers.littleEndian(value)));
            out.write("</InlineBinary>");
        }
    }

    private void writeValues(DataSet dataSet, Element.Value value) throws IOException {
        String[] values = value.vr().isString() ? dataSet.strings(value) : numbers(value);
        if (value.tag() == Tag.SpecificCharacterSet && JsonWriter.isConverted(dataSet, value)) {
            values = new String[] {"ISO_IR 192"};
        }
        if (values.length == 1 && JsonText.isEmpty(values[0], value.vr())) {
            return;
        }
        String name = value.vr() == VR.PN ? "PersonName" : "Value";
        for (int i = 0; i < values.length; i++) {
            out.write('<' + name + " number=\"" + (i + 1) + '"');
            if (JsonText.isEmpty(values[i], value.vr())) {
                out.write("/>");
                continue;
            }
            out.write('>');
            if (value.vr() == VR.PN) {
                writeName(values[i]);
            } else {
                escape(values[i], false, false);
            }
            out.write("</" + name + '>');
        }
    }

    private static String[] numbers(Element.Value value) {
        String[] numbers = Numbers.toStrings(value);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = switch (numbers[i]) {
                case "Infinity" -> "inf";
                case "-Infinity" -> "-inf";
                default -> numbers[i];
            };
        }
        return numbers;
    }

    private void writeName(String name) throws IOException {
        String[] groups = name.split("=", JsonText.GROUPS.length);
        for (int group = 0; group < groups.length; group++) {
            String[] components = groups[group].split("\\^", COMPONENTS.length);
            if (String.join("", components).isEmpty()) {
                continue;
            }
            out.write('<' + JsonText.GROUPS[group] + '>');
            for (int i = 0; i < components.length; i++) {
                if (!components[i].isEmpty()) {
                    out.write('<' + COMPONENTS[i] + '>');
                    escape(components[i], false, false);
                    out.write("</" + COMPONENTS[i] + '>');
                }
            }
            out.write("</" + JsonText.GROUPS[group] + '>');
        }
    }

    private void writeAttribute(String name, String value) throws IOException {
        if (value != null) {
            out.write(' ' + name + "=\"");
            escape(value, true, false);
            out.write('"');
        }
    }

    private void escape(String text, boolean attribute, boolean keepPlaceholder) throws IOException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '&') {
                out.write("&amp;");
            } else if (c == '<') {
                out.write("&lt;");
            } else if (c == '>') {
                out.write("&gt;");
            } else if (c == '"' && attribute) {
                out.write("&quot;");
            } else if (c == '\r' || attribute && (c == '\n' || c == '\t')) {
                // as it is, a reader would make a line feed or a space of it (XML 1.0 §2.11, §3.3.3)
                out.write("&#" + (int) c + ';');
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                out.write(c);
                out.write(text.charAt(++i));
            } else {
                out.write(isCharacter(c) || keepPlaceholder && c == PLACEHOLDER ? c : REPLACEMENT);
            }
        }
    }

    /** Whether XML 1.0 §2.2 has it, but for surrogate pairs. */
    private static boolean isCharacter(char c) {
        return c >= 0x20 ? !Character.isSurrogate(c) && c < 0xFFFE : c == '\t' || c == '\n' || c == '\r';
    }
}
