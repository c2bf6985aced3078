package org.imagingingestion.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads native XML (PS3.19 §A.1.5). Elements that it does not name are passed over. */
final class XmlReader {
    private static final XMLInputFactory FACTORY = XMLInputFactory.newDefaultFactory();

    static {
        FACTORY.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        FACTORY.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        FACTORY.setProperty(XMLInputFactory.IS_COALESCING, false);
    }

    private final ParseLimits limits;
    private final ModelBuilder builder;
    private XMLStreamReader in;
    private BoundedInput input;

    XmlReader(ParseLimits limits) {
        this.limits = limits;
        builder = new ModelBuilder("XML", limits);
    }

    DataSet read(InputStream stream) throws IOException, DicomException {
        input = new BoundedInput(stream, limits.maxValue());
        try {
            Reader reader = XmlEncoding.reader(input);
            synchronized (FACTORY) {
                in = FACTORY.createXMLStreamReader(reader);
            }
        } catch (XMLStreamException | RuntimeException e) {
            throw malformed(e);
        }
        while (next() != XMLStreamConstants.START_ELEMENT) {
            // comments and processing instructions
        }
        if (!in.getLocalName().equals("NativeDicomModel")) {
            throw builder.failure("not a NativeDicomModel");
        }
        DataSet dataSet = new DataSet();
        fill(dataSet);
        while (next() != XMLStreamConstants.END_DOCUMENT) {
            // comments and processing instructions
        }
        return builder.end(dataSet);
    }

    private int next() throws IOException, DicomException {
        try {
            input.proceed();
            int event = in.next();
            if (event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE) {
                throw builder.failure("a document type is not allowed");
            }
            return event;
        } catch (XMLStreamException | RuntimeException e) {
            // the JDK's parser throws several of the latter for bytes that are not XML
            throw malformed(e);
        }
    }

    /** The parser's message may quote the input, which may be a patient's: only the place is told. */
    private DicomException malformed(Exception e) throws IOException {
        if (input.failure() != null) {
            throw input.failure();
        }
        String place = e instanceof XMLStreamException problem && problem.getLocation() != null
                ? " at line " + problem.getLocation().getLineNumber() + ", column "
                        + problem.getLocation().getColumnNumber()
                : "";
        return builder.failure(
                input.isExceeded()
                        ? "more than " + limits.maxValue() + " bytes in one piece"
                        : "not well-formed or beyond a limit" + place);
    }

    /** Reads the DicomAttribute elements up to the end of what they are in. */
    private void fill(DataSet dataSet) throws IOException, DicomException {
        for (int event = next(); event != XMLStreamConstants.END_ELEMENT; event = next()) {
            if (event == XMLStreamConstants.START_ELEMENT) {
                if (in.getLocalName().equals("DicomAttribute")) {
                    readAttribute(dataSet);
                } else {
                    skip();
                }
            }
        }
    }

    private void readAttribute(DataSet dataSet) throws IOException, DicomException {
        int tag = builder.beginElement(dataSet, tag(dataSet));
        String vr = attribute("vr");
        List<Object> values = new ArrayList<>(1);
        byte[] inline = null;
        String uri = null;
        for (int event = next(); event != XMLStreamConstants.END_ELEMENT; event = next()) {
            if (event != XMLStreamConstants.START_ELEMENT) {
                continue;
            }
            String name = in.getLocalName();
            int number = name.equals("Value") || name.equals("PersonName") || name.equals("Item") ? number(values) : 0;
            switch (name) {
                case "Value" -> values.set(number, builder.held(value(vr)));
                case "PersonName" -> values.set(number, name());
                case "Item" -> values.set(number, item(number));
                case "InlineBinary" -> inline = builder.held(binary());
                case "BulkData" -> uri = uri();
                default -> skip();
            }
        }
        if ((values.isEmpty() ? 0 : 1) + (inline == null ? 0 : 1) + (uri == null ? 0 : 1) > 1) {
            throw builder.failure("more than one of values, InlineBinary and BulkData");
        }
        builder.put(dataSet, tag, vr, values, inline, uri);
        builder.endElement();
    }

    /** The tag, with the block of its private creator where it has none. */
    private String tag(DataSet dataSet) throws DicomException {
        String tag = attribute("tag");
        String creator = attribute("privateCreator");
        if (creator == null || !Hex.isTag(tag) || !Tag.isPrivate(Hex.tag(tag)) || (Hex.tag(tag) & 0xFF00) != 0) {
            return tag;
        }
        return Hex.of(Hex.tag(tag) | builder.privateBlock(dataSet, Hex.tag(tag) & 0xFFFF0000, creator) << 8);
    }

    /** Makes room for a value at its number. @return its index */
    private int number(List<Object> values) throws DicomException {
        String text = attribute("number");
        int number = text == null ? values.size() + 1 : Strings.toInt(text.strip(), 0);
        if (number < 1 || number <= values.size() && values.get(number - 1) != null) {
            throw builder.failure("a value's number is none or there twice");
        }
        while (values.size() < number) {
            builder.count();
            values.add(null);
        }
        return number - 1;
    }

    private String attribute(String name) {
        return in.getAttributeValue(null, name);
    }

    private String uri() throws IOException, DicomException {
        String uri = attribute("uri");
        if (uri == null && attribute("uuid") != null) {
            uri = "urn:uuid:" + attribute("uuid");
        }
        skip();
        if (uri == null) {
            throw builder.failure("BulkData has neither uri nor uuid");
        }
        return builder.held(uri);
    }

    private DataSet item(int number) throws IOException, DicomException {
        DataSet item = new DataSet();
        builder.beginItem(number);
        fill(item);
        builder.endItem();
        return item;
    }

    /** White space belongs to text only (xml:space="preserve"), not to a number. */
    private String value(String vr) throws IOException, DicomException {
        String text = text();
        VR known = vr != null && vr.length() == 2 ? VR.ofCode(vr.charAt(0) << 8 | vr.charAt(1)) : null;
        return known == null || known.isText() || known == VR.UR ? text : text.strip();
    }

    private byte[] binary() throws IOException, DicomException {
        String text = text();
        try {
            return Base64.getDecoder().decode(text.replaceAll("[ \t\r\n]+", ""));
        } catch (IllegalArgumentException e) {
            throw builder.failure("InlineBinary is not Base64");
        }
    }

    private ModelBuilder.Name name() throws IOException, DicomException {
        String[] groups = {"", "", ""};
        for (int event = next(); event != XMLStreamConstants.END_ELEMENT; event = next()) {
            if (event == XMLStreamConstants.START_ELEMENT) {
                // the first group was called SingleByte before 2011
                String name = in.getLocalName().equals("SingleByte") ? JsonText.GROUPS[0] : in.getLocalName();
                int group = Arrays.asList(JsonText.GROUPS).indexOf(name);
                if (group < 0) {
                    skip();
                } else {
                    groups[group] = components();
                }
            }
        }
        return ModelBuilder.Name.of(groups);
    }

    private String components() throws IOException, DicomException {
        String[] components = {"", "", "", "", ""};
        int count = 0;
        for (int event = next(); event != XMLStreamConstants.END_ELEMENT; event = next()) {
            if (event == XMLStreamConstants.START_ELEMENT) {
                int component = Arrays.asList(XmlWriter.COMPONENTS).indexOf(in.getLocalName());
                if (component < 0) {
                    skip();
                } else {
                    components[component] = builder.held(text());
                    count = Math.max(count, component + 1);
                }
            }
        }
        return String.join("^", Arrays.copyOf(components, count));
    }

    /** The text of an element up to its end. */
    private String text() throws IOException, DicomException {
        StringBuilder text = new StringBuilder();
        for (int event = next(); event != XMLStreamConstants.END_ELEMENT; event = next()) {
            if (event == XMLStreamConstants.START_ELEMENT) {
                skip();
            } else if (in.hasText() && event != XMLStreamConstants.COMMENT) {
                if (text.length() + in.getTextLength() > limits.maxValue()) {
                    throw builder.failure("a text of more than " + limits.maxValue() + " characters");
                }
                text.append(in.getTextCharacters(), in.getTextStart(), in.getTextLength());
            }
        }
        return text.toString();
    }

    private void skip() throws IOException, DicomException {
        int open = 1;
        while (open > 0) {
            int event = next();
            open += event == XMLStreamConstants.START_ELEMENT ? 1 : event == XMLStreamConstants.END_ELEMENT ? -1 : 0;
            if (open > 3 * limits.maxDepth()) {
                throw builder.failure("more than " + 3 * limits.maxDepth() + " elements within each other");
            }
        }
    }
}
