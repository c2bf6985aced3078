package org.imagingingestion.dicom;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Makes data elements of what the JSON model and native XML have alike: a VR and values, bytes or a URI. Text is encoded
 * in ISO_IR 192. Knows where in the document it is, and how much has been taken.
 */
final class ModelBuilder {
    private static final byte[] NO_BYTES = {};
    private static final String UTF_8 = "ISO_IR 192";
    /** Each attribute that is not in its place moves all after it. */
    private static final int MAX_OUT_OF_ORDER = 4096;

    /** A person's name, which no other VR than PN may have. */
    record Name(String text) {
        /** A name of these component groups, any of them empty. */
        static Name of(String... groups) {
            int count = groups.length;
            while (count > 0 && groups[count - 1].isEmpty()) {
                count--;
            }
            return new Name(String.join("=", Arrays.copyOf(groups, count)));
        }
    }

    private final String model;
    private final ParseLimits limits;
    private final int[] tags;
    private final int[] items;
    private int depth;
    private boolean inElement;
    private int elements;
    private int outOfOrder;
    private long held;
    private boolean beyondAscii;

    ModelBuilder(String model, ParseLimits limits) {
        this.model = model;
        this.limits = limits;
        tags = new int[limits.maxDepth() + 1];
        items = new int[limits.maxDepth() + 1];
    }

    /** Begins the next data set of a document. */
    void begin() {
        depth = 0;
        inElement = false;
        elements = 0;
        outOfOrder = 0;
        held = 0;
        beyondAscii = false;
    }

    /** Ends a data set: says in it that its text is UTF-8, where that makes a difference. */
    DataSet end(DataSet dataSet) {
        if (beyondAscii) {
            dataSet.setString(Tag.SpecificCharacterSet, VR.CS, UTF_8);
            overrideInItems(dataSet);
        }
        return dataSet;
    }

    private static void overrideInItems(DataSet dataSet) {
        for (Element element : dataSet) {
            if (element instanceof Sequence sequence) {
                for (DataSet item : sequence.items()) {
                    if (item.contains(Tag.SpecificCharacterSet)) {
                        item.setString(Tag.SpecificCharacterSet, VR.CS, UTF_8);
                    }
                    overrideInItems(item);
                }
            }
        }
    }

    /** Goes into an element. @return its tag */
    int beginElement(DataSet dataSet, String name) throws DicomException {
        count();
        if (!Hex.isTag(name)) {
            throw failure("an attribute's name is not eight hexadecimal digits");
        }
        int tag = Hex.tag(name);
        tags[depth] = tag;
        inElement = true;
        if (Tag.group(tag) == 0xFFFE) {
            throw failure("not a tag of a data element");
        }
        if (!dataSet.endsBefore(tag)) {
            if (dataSet.contains(tag)) {
                throw failure("an attribute is there twice");
            }
            if (++outOfOrder > MAX_OUT_OF_ORDER) {
                throw failure("more than " + MAX_OUT_OF_ORDER + " attributes out of order");
            }
        }
        return tag;
    }

    void endElement() {
        inElement = false;
    }

    /** Goes into an item of the element it is in. @param number from 0 */
    void beginItem(int number) throws DicomException {
        if (depth == limits.maxDepth()) {
            throw failure("more than " + limits.maxDepth() + " sequences within each other");
        }
        count();
        items[depth++] = number;
        inElement = false;
    }

    void endItem() {
        depth--;
        inElement = true;
    }

    /** Counts an element, item or value. */
    void count() throws DicomException {
        if (++elements > limits.maxElements()) {
            throw failure("more than " + limits.maxElements() + " data elements and values");
        }
    }

    /** Counts text that is kept. */
    String held(String text) throws DicomException {
        hold(text.length());
        return text;
    }

    /** Counts bytes that are kept. */
    byte[] held(byte[] bytes) throws DicomException {
        hold(bytes.length);
        return bytes;
    }

    private void hold(int length) throws DicomException {
        held += length;
        if (held > limits.maxHeldBytes()) {
            throw tooLong();
        }
    }

    /** For a value of bytes, at most as many as may still be held. */
    HeldBytes newBytes() {
        return new HeldBytes(Math.min(limits.maxBinaryValue(), limits.maxHeldBytes() - held));
    }

    DicomException tooLong() {
        return failure("more than " + limits.maxHeldBytes() + " bytes of values");
    }

    /** What is wrong with the document, and where; nothing of its values. */
    DicomException failure(String problem) {
        return new DicomException(DicomStatus.CANNOT_UNDERSTAND, model + ": " + problem + place());
    }

    private String place() {
        StringBuilder place = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            place.append(Hex.of(tags[i])).append('/').append(items[i]).append('/');
        }
        if (inElement) {
            place.append(Hex.of(tags[depth]));
        }
        return place.isEmpty() ? "" : " in " + place;
    }

    /**
     * Puts an element into a data set; group lengths are left out.
     *
     * @param vrName {@code null} to have it from the dictionary
     * @param values strings, {@link Name}, data sets and {@code null} for empty ones; {@code null} where there are none
     * @param bytes {@code null} where there are none
     * @param uri {@code null} where there is none
     */
    void put(DataSet dataSet, int tag, String vrName, List<Object> values, byte[] bytes, String uri)
            throws DicomException {
        VR vr = vr(tag, vrName);
        if (Tag.isGroupLength(tag)) {
            return;
        }
        if (uri != null) {
            if (vr == VR.SQ) {
                throw failure("a sequence in bulk data");
            }
            dataSet.put(new BulkDataReference(tag, vr, uri));
        } else if (bytes != null) {
            if (!JsonWriter.isBinary(vr)) {
                throw failure("InlineBinary with VR " + vr);
            }
            dataSet.put(new Element.Value(tag, vr, padded(bytes, vr)));
        } else if (vr == VR.SQ) {
            putItems(dataSet, tag, values);
        } else {
            dataSet.put(new Element.Value(tag, vr, encoded(tag, vr, values)));
        }
    }

    /**
     * The block of a private creator (PS3.5 §7.8.1), which is reserved if it is not yet.
     *
     * @param group in bits 31-16
     */
    int privateBlock(DataSet dataSet, int group, String creator) throws DicomException {
        int free = 0;
        for (int block = 0x10; block <= 0xFF; block++) {
            byte[] reserved = dataSet.bytes(group | block);
            if (reserved == null) {
                free = free == 0 && !dataSet.contains(group | block) ? block : free;
            } else if (new String(reserved, StandardCharsets.UTF_8).strip().equals(creator.strip())) {
                return block;
            }
        }
        if (free == 0) {
            throw failure("no block is left for a private creator");
        }
        count();
        put(dataSet, group | free, VR.LO.name(), List.of(held(creator)), null, null);
        return free;
    }

    private VR vr(int tag, String name) throws DicomException {
        if (name == null) {
            return Dictionary.vrOf(tag);
        }
        VR vr = name.length() == 2 && (name.charAt(0) | name.charAt(1)) < 0x80
                ? VR.ofCode(name.charAt(0) << 8 | name.charAt(1))
                : null;
        if (vr == null) {
            throw failure("no such VR");
        }
        return vr;
    }

    private void putItems(DataSet dataSet, int tag, List<Object> values) throws DicomException {
        Sequence sequence = new Sequence(tag);
        if (values != null) {
            for (Object value : values) {
                // an empty item may have been written as null
                if (value != null && !(value instanceof DataSet)) {
                    throw failure("a sequence has a value that is not an item");
                }
                sequence.add(value == null ? new DataSet() : (DataSet) value);
            }
        }
        dataSet.put(sequence);
    }

    private byte[] encoded(int tag, VR vr, List<Object> values) throws DicomException {
        if (values == null || values.isEmpty()) {
            return NO_BYTES;
        }
        if (JsonWriter.isBinary(vr)) {
            throw failure("Value with VR " + vr);
        }
        if (!vr.isString()) {
            return ModelNumbers.encode(vr, strings(values, vr), this);
        }
        if (tag == Tag.SpecificCharacterSet) {
            boolean basic = values.size() == 1 && (values.get(0) == null || "ISO_IR 6".equals(values.get(0)));
            return basic ? encoded(vr, strings(values, vr)) : padded(UTF_8.getBytes(StandardCharsets.US_ASCII), vr);
        }
        return encoded(vr, strings(values, vr));
    }

    private byte[] encoded(VR vr, String[] values) {
        String text = values.length == 1 ? values[0] : String.join("\\", values);
        if (!vr.isText()) {
            return padded(SpecificCharacterSet.DEFAULT.encode(text, vr), vr);
        }
        byte[] bytes = JsonText.wellFormed(text).getBytes(StandardCharsets.UTF_8);
        beyondAscii |= bytes.length != text.length();
        return padded(bytes, vr);
    }

    private String[] strings(List<Object> values, VR vr) throws DicomException {
        String[] strings = new String[values.size()];
        for (int i = 0; i < strings.length; i++) {
            Object value = values.get(i);
            if (value instanceof Name name && vr == VR.PN) {
                strings[i] = name.text();
            } else if (value instanceof DataSet item && item.isEmpty() && vr == VR.PN) {
                strings[i] = "";
            } else if (value == null || value instanceof String) {
                strings[i] = value == null ? "" : (String) value;
            } else {
                throw failure("an object as a value with VR " + vr);
            }
        }
        return strings;
    }

    private static byte[] padded(byte[] bytes, VR vr) {
        if ((bytes.length & 1) == 0) {
            return bytes;
        }
        byte[] padded = Arrays.copyOf(bytes, bytes.length + 1);
        padded[bytes.length] = vr.padding();
        return padded;
    }
}
