package org.imagingingestion.dicom.service;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.imagingingestion.dicom.BulkDataReference;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.Fragments;
import org.imagingingestion.dicom.Sequence;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;

/**
 * Where the long values and the frames of an object are, so that each can be read without the rest (PS3.18 §10.4.1.1.5,
 * §10.4.1.1.6; PS3.5 §A.4).
 */
public final class BulkIndex {
    /** A run of bytes of the object, counted from its start, or in the inflated data set where it is deflated. */
    public record Range(long offset, long length) {}

    /**
     * A long value.
     *
     * @param ranges one, or the fragments of encapsulated pixel data in order
     */
    public record BulkValue(VR vr, boolean encapsulated, boolean bigEndian, List<Range> ranges) {}

    private static final byte VERSION = 1;

    private final Map<String, BulkValue> values;
    private final int numberOfFrames;
    private final long frameBits;
    private final int[] firstFragments;

    private BulkIndex(Map<String, BulkValue> values, int numberOfFrames, long frameBits, int[] firstFragments) {
        this.values = values;
        this.numberOfFrames = numberOfFrames;
        this.frameBits = frameBits;
        this.firstFragments = firstFragments;
    }

    /** Indexes a data set that was read with its long values left in place. */
    public static BulkIndex of(DataSet dataSet) {
        Map<String, BulkValue> values = new HashMap<>();
        collect(dataSet, "", values);
        String pixels = pixelDataPath(values);
        if (pixels == null) {
            return new BulkIndex(values, 0, 0, null);
        }
        int frames = Math.max(1, dataSet.integer(Tag.NumberOfFrames, 1));
        if (dataSet.get(Tag.PixelData) instanceof Fragments fragments) {
            int[] first = firstFragments(dataSet, fragments, frames);
            return new BulkIndex(values, first.length, 0, first);
        }
        long bits = (long) dataSet.integer(Tag.Rows, 0)
                * dataSet.integer(Tag.Columns, 0)
                * samples(dataSet)
                * bitsAllocated(dataSet, pixels);
        long length = values.get(pixels).ranges().get(0).length();
        long available = bits <= 0 ? 0 : length * 8 / bits;
        return new BulkIndex(values, (int) Math.min(frames, available), bits, null);
    }

    /** Whether a value of a data set is in the index, and not in the data set itself. */
    public static boolean isApart(Element element) {
        return element instanceof Element.Bulk || element instanceof Fragments || element instanceof BulkDataReference;
    }

    private static long samples(DataSet dataSet) {
        // native YBR_FULL_422 has two samples in the place of three (PS3.3 C.7.6.3.1.2)
        boolean subsampled = dataSet.string(Tag.PhotometricInterpretation, "").endsWith("422");
        return subsampled ? 2 : dataSet.integer(Tag.SamplesPerPixel, 1);
    }

    private static int bitsAllocated(DataSet dataSet, String pixels) {
        if (pixels.equals(Tag.toHexString(Tag.FloatPixelData))) {
            return 32;
        }
        return pixels.equals(Tag.toHexString(Tag.DoubleFloatPixelData)) ? 64 : dataSet.integer(Tag.BitsAllocated, 0);
    }

    private static String pixelDataPath(Map<String, BulkValue> values) {
        for (int tag : new int[] {Tag.PixelData, Tag.FloatPixelData, Tag.DoubleFloatPixelData}) {
            if (values.containsKey(Tag.toHexString(tag))) {
                return Tag.toHexString(tag);
            }
        }
        return null;
    }

    private static void collect(DataSet dataSet, String prefix, Map<String, BulkValue> values) {
        for (Element element : dataSet) {
            String path = prefix + Tag.toHexString(element.tag());
            if (element instanceof Element.Bulk bulk) {
                values.put(
                        path,
                        new BulkValue(
                                bulk.vr(),
                                false,
                                bulk.isBigEndian(),
                                List.of(new Range(bulk.offset(), bulk.length()))));
            } else if (element instanceof Fragments fragments) {
                List<Range> ranges = new ArrayList<>(fragments.count());
                for (int i = 1; i < fragments.count(); i++) {
                    ranges.add(new Range(fragments.offset(i), fragments.length(i)));
                }
                values.put(path, new BulkValue(fragments.vr(), true, false, ranges));
            } else if (element instanceof Sequence sequence) {
                int number = 0;
                for (DataSet item : sequence.items()) {
                    collect(item, path + "/" + number++ + "/", values);
                }
            }
        }
    }

    /** Index, among the fragments after the offset table, of the first fragment of each frame. */
    private static int[] firstFragments(DataSet dataSet, Fragments fragments, int frames) {
        int count = fragments.count() - 1;
        if (count <= 0) {
            return new int[0];
        }
        if (frames == 1) {
            return new int[] {0};
        }
        long[] table = offsetTable(dataSet, fragments, frames);
        if (table != null) {
            int[] first = fromTable(fragments, table);
            if (first != null) {
                return first;
            }
        }
        return count > frames
                ? fromStarts(fragments, frames)
                : IntStream.range(0, count).toArray();
    }

    /** Without a table, a frame begins where its code stream does; none is given where these are not as many as the frames. */
    private static int[] fromStarts(Fragments fragments, int frames) {
        int[] first = IntStream.range(0, fragments.count() - 1)
                .filter(i -> isStartOfCodeStream(fragments.start(i + 1)))
                .toArray();
        return first.length == frames && first[0] == 0 ? first : new int[0];
    }

    /** Of JPEG and JPEG-LS, of JPEG 2000, and of JPEG XL. */
    private static boolean isStartOfCodeStream(int start) {
        return start == 0xFFD8 || start == 0xFF4F || start == 0xFF0A;
    }

    private static long[] offsetTable(DataSet dataSet, Fragments fragments, int frames) {
        byte[] extended = dataSet.bytes(Tag.ExtendedOffsetTable);
        if (extended != null && extended.length >= frames * 8L) {
            long[] table = new long[frames];
            ByteBuffer.wrap(extended)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asLongBuffer()
                    .get(table);
            return table;
        }
        byte[] basic = fragments.bytes(0);
        if (basic != null && basic.length >= frames * 4L) {
            ByteBuffer in = ByteBuffer.wrap(basic).order(ByteOrder.LITTLE_ENDIAN);
            long[] table = new long[frames];
            for (int i = 0; i < frames; i++) {
                table[i] = in.getInt() & 0xFFFFFFFFL;
            }
            return table;
        }
        return null;
    }

    /** Offsets count from the item tag of the first fragment (PS3.5 §A.4); {@code null} where they point at no fragment. */
    private static int[] fromTable(Fragments fragments, long[] table) {
        Map<Long, Integer> byOffset = new HashMap<>();
        long base = fragments.offset(1) - 8;
        for (int i = 1; i < fragments.count(); i++) {
            byOffset.put(fragments.offset(i) - 8 - base, i - 1);
        }
        int[] first = new int[table.length];
        for (int i = 0; i < table.length; i++) {
            Integer fragment = byOffset.get(table[i]);
            if (fragment == null || i > 0 && fragment <= first[i - 1]) {
                return null;
            }
            first[i] = fragment;
        }
        return first;
    }

    /** Frames that can be given, 0 where there is no pixel data. */
    public int numberOfFrames() {
        return numberOfFrames;
    }

    /** Whether frames are compressed, each in fragments. */
    public boolean isEncapsulated() {
        return firstFragments != null;
    }

    /**
     * The bytes of a frame: one range, or its fragments in order.
     *
     * <p>A native frame whose bits do not end on a byte has the bytes that it shares with its neighbours; see {@link #frameBitOffset}.
     *
     * @param number from 1 to {@link #numberOfFrames()}
     * @throws IndexOutOfBoundsException for another number
     */
    public List<Range> frame(int number) {
        if (number < 1 || number > numberOfFrames) {
            throw new IndexOutOfBoundsException(number);
        }
        List<Range> ranges = pixelData().ranges();
        if (firstFragments != null) {
            int end = number < numberOfFrames ? firstFragments[number] : ranges.size();
            return ranges.subList(firstFragments[number - 1], end);
        }
        long startBit = (number - 1) * frameBits;
        long start = startBit / 8;
        long end = (startBit + frameBits + 7) / 8;
        return List.of(new Range(ranges.get(0).offset() + start, end - start));
    }

    /** How many bits of the first byte of a native frame belong to the frame before it; 0 but for one-bit pixels. */
    public int frameBitOffset(int number) {
        return (int) ((number - 1) * frameBits % 8);
    }

    /** Bits of a native frame. */
    public long frameBits() {
        return frameBits;
    }

    /** Pixel Data, or Float or Double Float Pixel Data; {@code null} where there is none. */
    public BulkValue pixelData() {
        String path = pixelDataPath(values);
        return path == null ? null : values.get(path);
    }

    /** The value at a path such as {@code 00281201} or {@code 54000100/0/54001010}, {@code null} where none is kept apart. */
    public BulkValue value(String path) {
        return values.get(path);
    }

    /** As bytes, to be kept beside the instance. */
    public byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            writeVar(out, numberOfFrames);
            writeVar(out, frameBits);
            writeVar(out, firstFragments == null ? 0 : firstFragments.length + 1L);
            if (firstFragments != null) {
                int last = 0;
                for (int first : firstFragments) {
                    writeVar(out, first - last);
                    last = first;
                }
            }
            writeVar(out, values.size());
            for (Map.Entry<String, BulkValue> entry : values.entrySet()) {
                BulkValue value = entry.getValue();
                out.writeUTF(entry.getKey());
                out.writeShort(value.vr().code());
                out.writeByte((value.encapsulated() ? 1 : 0) | (value.bigEndian() ? 2 : 0));
                writeVar(out, value.ranges().size());
                long last = 0;
                for (Range range : value.ranges()) {
                    writeVar(out, range.offset() - last);
                    writeVar(out, range.length());
                    last = range.offset() + range.length();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Reads what {@link #encode()} wrote. @throws IllegalArgumentException where it is something else */
    public static BulkIndex decode(byte[] encoded) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded))) {
            if (in.readByte() != VERSION) {
                throw new IllegalArgumentException("Not a bulk index of version " + VERSION);
            }
            int frames = (int) readVar(in);
            long bits = readVar(in);
            int table = readCount(in);
            int[] first = table == 0 ? null : new int[table - 1];
            for (int i = 0, last = 0; i < table - 1; i++) {
                last += (int) readVar(in);
                first[i] = last;
            }
            Map<String, BulkValue> values = new HashMap<>();
            for (long left = readVar(in); left > 0; left--) {
                String path = in.readUTF();
                VR vr = VR.ofCode(in.readShort());
                int flags = in.readByte();
                int count = readCount(in);
                List<Range> ranges = new ArrayList<>(count);
                long last = 0;
                for (int i = 0; i < count; i++) {
                    long offset = last + readVar(in);
                    long length = readVar(in);
                    ranges.add(new Range(offset, length));
                    last = offset + length;
                }
                values.put(path, new BulkValue(vr, (flags & 1) != 0, (flags & 2) != 0, ranges));
            }
            return new BulkIndex(values, frames, bits, first);
        } catch (IOException e) {
            throw new IllegalArgumentException("Not a bulk index", e);
        }
    }

    /** A number of things that take a byte at least, so that there is never room made for more than can come. */
    private static int readCount(DataInputStream in) throws IOException {
        long count = readVar(in);
        if (count < 0 || count > in.available() + 1L) {
            throw new IOException("More than there is");
        }
        return (int) count;
    }

    private static void writeVar(DataOutputStream out, long value) throws IOException {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.writeByte((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    private static long readVar(DataInputStream in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int b = in.readUnsignedByte();
            value |= (long) (b & 0x7F) << shift;
            if ((b & 0x80) == 0) {
                return value;
            }
        }
        throw new IOException("Number without end");
    }
}
