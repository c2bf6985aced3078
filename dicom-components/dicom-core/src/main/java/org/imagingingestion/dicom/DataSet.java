package org.imagingingestion.dicom;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Data elements in the order of their tags (PS3.5 §7). Values are held as they were encoded and decoded when asked for,
 * so that what is not changed is written back byte for byte.
 *
 * <p>Not safe for use by several threads while it is changed.
 */
public final class DataSet implements Iterable<Element> {
    private static final String[] NONE = {};

    private Element[] elements = new Element[4];
    private int size;
    private DataSet parent;
    private SpecificCharacterSet characterSet;
    private boolean undefinedLength;

    /** Whether this is an item that is written with a delimiter in place of a length. */
    public boolean isUndefinedLength() {
        return undefinedLength;
    }

    public DataSet setUndefinedLength(boolean undefinedLength) {
        this.undefinedLength = undefinedLength;
        return this;
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    @Override
    public Iterator<Element> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < size;
            }

            @Override
            public Element next() {
                if (next >= size) {
                    throw new NoSuchElementException();
                }
                return elements[next++];
            }
        };
    }

    /** The element of this tag, {@code null} where there is none. */
    public Element get(int tag) {
        int index = indexOf(tag);
        return index < 0 ? null : elements[index];
    }

    public boolean contains(int tag) {
        return indexOf(tag) >= 0;
    }

    /** Whether the element is there with a value, which type 1 attributes must have (PS3.5 §7.4.1). */
    public boolean containsValue(int tag) {
        Element element = get(tag);
        return element != null && !element.isEmpty();
    }

    /** Whether an element of this tag would be put at the end. */
    boolean endsBefore(int tag) {
        return size == 0 || Integer.compareUnsigned(elements[size - 1].tag(), tag) < 0;
    }

    /** Puts an element in its place, instead of the one of the same tag where there is one. */
    public DataSet put(Element element) {
        int index = endsBefore(element.tag()) ? -size - 1 : indexOf(element.tag());
        if (index >= 0) {
            elements[index] = element;
        } else {
            insert(-index - 1, element);
        }
        if (element instanceof Sequence sequence) {
            sequence.setOwner(this);
        }
        if (element.tag() == Tag.SpecificCharacterSet) {
            characterSet = null;
        }
        return this;
    }

    /** Takes an element away. @return the element, {@code null} where there was none */
    public Element remove(int tag) {
        int index = indexOf(tag);
        if (index < 0) {
            return null;
        }
        Element removed = elements[index];
        System.arraycopy(elements, index + 1, elements, index, --size - index);
        elements[size] = null;
        if (tag == Tag.SpecificCharacterSet) {
            characterSet = null;
        }
        return removed;
    }

    /** Sets a value of characters, encoded in this data set's character set and padded to even length. */
    public DataSet setString(int tag, VR vr, String... values) {
        String joined = String.join("\\", values);
        byte[] bytes = (vr.isText() ? characterSet() : SpecificCharacterSet.DEFAULT).encode(joined, vr);
        if ((bytes.length & 1) != 0) {
            bytes = Arrays.copyOf(bytes, bytes.length + 1);
            bytes[bytes.length - 1] = vr.padding();
        }
        return put(new Element.Value(tag, vr, bytes));
    }

    /** Sets numbers of a binary VR or of IS; for AT the tag in 32 bits. */
    public DataSet setInt(int tag, VR vr, long... values) {
        if (vr.isString()) {
            return setString(
                    tag, vr, Arrays.stream(values).mapToObj(Long::toString).toArray(String[]::new));
        }
        return put(new Element.Value(tag, vr, Numbers.encode(vr, values)));
    }

    /** Sets floating point numbers of FL, FD, OF, OD or DS. */
    public DataSet setDouble(int tag, VR vr, double... values) {
        if (vr.isString()) {
            return setString(
                    tag,
                    vr,
                    Arrays.stream(values).mapToObj(Numbers::decimalString).toArray(String[]::new));
        }
        return put(new Element.Value(tag, vr, Numbers.encode(vr, values)));
    }

    /** Sets bytes, Little Endian where they have an order; kept and not copied. */
    public DataSet setBytes(int tag, VR vr, byte... bytes) {
        return put(new Element.Value(tag, vr, bytes));
    }

    /** Sets a sequence of these items. */
    public DataSet setItems(int tag, DataSet... items) {
        Sequence sequence = new Sequence(tag);
        put(sequence);
        for (DataSet item : items) {
            sequence.add(item);
        }
        return this;
    }

    /** The first value as characters without padding, {@code null} where there is none. Numbers are written in decimal. */
    public String string(int tag) {
        String[] values = strings(tag);
        return values.length == 0 || values[0].isEmpty() ? null : values[0];
    }

    /** The first value as characters without padding, or {@code absent}. */
    public String string(int tag, String absent) {
        String value = string(tag);
        return value == null ? absent : value;
    }

    /** All values as characters without padding; none where the element is absent, empty, or not held. */
    public String[] strings(int tag) {
        return get(tag) instanceof Element.Value value && !value.isEmpty() ? strings(value) : NONE;
    }

    /** All values of an element of this data set as characters without padding. */
    public String[] strings(Element.Value value) {
        VR vr = value.vr();
        if (vr == VR.UN || !vr.isString()) {
            return vr == VR.UN ? NONE : Numbers.toStrings(value);
        }
        byte[] bytes = value.bytes();
        String text = (vr.isText() ? characterSet() : SpecificCharacterSet.DEFAULT).decode(bytes, 0, bytes.length, vr);
        return Strings.split(text, vr);
    }

    /** The first value as a whole number, {@code absent} where there is none or it is not one. */
    public int integer(int tag, int absent) {
        if (!(get(tag) instanceof Element.Value value) || value.isEmpty()) {
            return absent;
        }
        if (value.vr().isString()) {
            return Strings.toInt(string(tag), absent);
        }
        long[] numbers = Numbers.toLongs(value);
        return numbers.length == 0 ? absent : (int) numbers[0];
    }

    /** All values as whole numbers; those of US, UL and UV unsigned, where a UV above 2^63 comes out negative. */
    public long[] longs(int tag) {
        if (!(get(tag) instanceof Element.Value value)) {
            return new long[0];
        }
        if (value.vr().isString()) {
            return Arrays.stream(strings(tag))
                    .filter(s -> !s.isEmpty())
                    .mapToLong(s -> Strings.toLong(s))
                    .toArray();
        }
        return Numbers.toLongs(value);
    }

    /**
     * All values as floating point numbers.
     *
     * @throws NumberFormatException where a DS is not a number
     */
    public double[] doubles(int tag) {
        if (!(get(tag) instanceof Element.Value value)) {
            return new double[0];
        }
        if (value.vr().isString()) {
            return Arrays.stream(strings(tag))
                    .filter(s -> !s.isEmpty())
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        }
        return Numbers.toDoubles(value);
    }

    /** The value's bytes, Little Endian, not a copy where they are so already; {@code null} where it is absent or not held. */
    public byte[] bytes(int tag) {
        return get(tag) instanceof Element.Value value ? Numbers.littleEndian(value) : null;
    }

    /** The items of a sequence; none where it is absent. */
    public List<DataSet> items(int tag) {
        return get(tag) instanceof Sequence sequence ? sequence.items() : List.of();
    }

    /** The first value as a person's name, {@code null} where there is none. */
    public PersonName personName(int tag) {
        String value = string(tag);
        return value == null ? null : PersonName.of(value);
    }

    /** The character set of the text in this data set: its own, else that of the data set it is an item of, else ISO_IR 6 (PS3.5 §6.1.2). */
    public SpecificCharacterSet characterSet() {
        if (characterSet == null) {
            if (get(Tag.SpecificCharacterSet) instanceof Element.Value value) {
                // as the CS that it has to be: the characters of a text would be asked for here again
                byte[] terms = value.bytes();
                characterSet = SpecificCharacterSet.of(
                        Strings.split(SpecificCharacterSet.DEFAULT.decode(terms, 0, terms.length, VR.CS), VR.CS));
            } else {
                return parent == null ? SpecificCharacterSet.DEFAULT : parent.characterSet();
            }
        }
        return characterSet;
    }

    /** The private creator that reserves the block of a private element (PS3.5 §7.8.1), {@code null} where there is none. */
    public String privateCreator(int tag) {
        int block = tag >>> 8 & 0xFF;
        return Tag.isPrivate(tag) && block >= 0x10 ? string(tag & 0xFFFF0000 | block) : null;
    }

    /** The data set this one is an item of, {@code null} at the top. */
    public DataSet parent() {
        return parent;
    }

    void setParent(DataSet parent) {
        this.parent = parent;
    }

    private int indexOf(int tag) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            int order = Integer.compareUnsigned(elements[middle].tag(), tag);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    private void insert(int index, Element element) {
        if (size == elements.length) {
            elements = Arrays.copyOf(elements, size * 2);
        }
        System.arraycopy(elements, index, elements, index + 1, size - index);
        elements[index] = element;
        size++;
    }
}
