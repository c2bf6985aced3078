package org.imagingingestion.dicom;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.IntPredicate;

/**
 * Parses the data elements of one data set from bytes as they come, in pieces of any size (PS3.5 §7, §A.1-A.4). What it
 * holds is bounded by {@link ParseLimits}, whatever lengths the bytes declare.
 */
final class DataSetParser {
    private static final long UNDEFINED = 0xFFFFFFFFL;
    private static final int NOT_PRINTED_VR = 0x3F3F; // "??"
    private static final int UNKNOWN_VR = 0x2D2D; // "--"
    /** Each element that is not in its place moves all after it. */
    private static final int MAX_OUT_OF_ORDER = 4096;

    private enum State {
        HEADER,
        VALUE,
        SKIP,
        FRAGMENT_HEADER,
        TRAILER,
        STOPPED
    }

    /** A data set or a sequence that is not at its end yet. {@code end} is -1 where a delimiter ends it. */
    private record Frame(DataSet dataSet, Sequence sequence, long end, boolean explicitVR, boolean bigEndian) {}

    private final ParseLimits limits;
    private final DataSet dataSet = new DataSet();
    private final Deque<Frame> frames = new ArrayDeque<>();
    private final byte[] header = new byte[12];
    private IntPredicate stop = tag -> false;

    private State state = State.HEADER;
    private Frame frame;
    private int headerLength;
    private int headerNeeded = 8;
    private long position;

    private int tag;
    private int topLevelTag;
    private VR vr;
    private int vrCode;
    private boolean valueBigEndian;
    private long valueOffset;
    private long valueLength;
    private long valueLeft;
    private byte[] value;
    private Fragments fragments;
    private int fragmentStart;

    private int elements;
    private int outOfOrder;
    private long held;

    /** @param position of the data set's first byte, from which places are counted on */
    DataSetParser(boolean explicitVR, boolean bigEndian, long position, ParseLimits limits) {
        this.limits = limits;
        this.position = position;
        frame = new Frame(dataSet, null, -1, explicitVR, bigEndian);
    }

    /** Stops before the first element at the top whose tag satisfies this. */
    DataSetParser stopBefore(IntPredicate topLevelTag) {
        stop = topLevelTag;
        return this;
    }

    DataSet dataSet() {
        return dataSet;
    }

    /** Place of the next byte. */
    long position() {
        return position;
    }

    boolean isStopped() {
        return state == State.STOPPED;
    }

    /** The tag at the top that is being read or was read last; 0 before the first. */
    int topLevelTag() {
        return topLevelTag;
    }

    /** Whether it has come to a value that it does not hold. */
    boolean isSkipping() {
        return state == State.SKIP || state == State.FRAGMENT_HEADER;
    }

    /** The bytes of an element header that were taken before the parser stopped. */
    byte[] unread() {
        return Arrays.copyOf(header, headerLength);
    }

    /**
     * Takes bytes.
     *
     * @return how many were taken: all, but where the parser stopped
     * @throws DicomParseException where they are not a data set
     */
    int feed(byte[] bytes, int offset, int length) throws DicomParseException {
        int next = offset;
        int end = offset + length;
        while (next < end && state != State.STOPPED) {
            int taken =
                    switch (state) {
                        case HEADER -> feedHeader(bytes, next, end);
                        case VALUE -> feedValue(bytes, next, end);
                        case SKIP -> skip(bytes, next, end);
                        case FRAGMENT_HEADER -> feedFragmentHeader(bytes, next, end);
                        case TRAILER -> feedTrailer(bytes, next, end);
                        case STOPPED -> 0;
                    };
            next += taken;
        }
        return next - offset;
    }

    /** To be called when there are no more bytes. @throws DicomParseException where the data set is not at its end */
    void finish() throws DicomParseException {
        boolean padding = state == State.HEADER && isZero(header, 0, headerLength);
        boolean complete = state == State.STOPPED || state == State.TRAILER || padding;
        if (!complete || !frames.isEmpty()) {
            throw failure(
                    "Data set ends within " + (state == State.HEADER ? "a sequence or element header" : "a value"));
        }
    }

    private int feedHeader(byte[] bytes, int from, int end) throws DicomParseException {
        int taken = Math.min(headerNeeded - headerLength, end - from);
        System.arraycopy(bytes, from, header, headerLength, taken);
        headerLength += taken;
        position += taken;
        if (headerLength == 8 && headerNeeded == 8 && hasLongHeader()) {
            headerNeeded = 12;
        }
        if (headerLength == headerNeeded) {
            readHeader();
        }
        return taken;
    }

    private boolean hasLongHeader() {
        if (frame.sequence() != null || !frame.explicitVR() || tagIn(header) >>> 16 == 0xFFFE) {
            return false;
        }
        int code = (header[4] & 0xFF) << 8 | header[5] & 0xFF;
        VR known = VR.ofCode(code);
        // a VR to come has a 32-bit length (PS3.5 §6.2)
        return known != null ? known.hasLongLength() : isLetters(code);
    }

    private static boolean isLetters(int code) {
        int first = code >> 8;
        int second = code & 0xFF;
        return first >= 'A' && first <= 'Z' && second >= 'A' && second <= 'Z';
    }

    private void readHeader() throws DicomParseException {
        int next = tagIn(header);
        if (frames.isEmpty()) {
            if (stop.test(next)) {
                state = State.STOPPED;
                position -= headerLength;
                return;
            }
            if (next == 0 && !dataSet.isEmpty()) {
                state = State.TRAILER;
                feedTrailer(header, 0, headerLength);
                position -= headerLength;
                return;
            }
        }
        headerLength = 0;
        int form = headerNeeded;
        headerNeeded = 8;
        if (frame.sequence() != null) {
            readItemHeader(next);
        } else if (next >>> 16 == 0xFFFE) {
            readDelimiter(next);
        } else {
            readElementHeader(next, form);
        }
    }

    private void readItemHeader(int next) throws DicomParseException {
        long length = uint32(4);
        if (next == Tag.SequenceDelimitationItem) {
            if (frame.end() >= 0) {
                throw failure("Sequence delimiter in a sequence of defined length");
            }
            pop();
            closeWhatEnds();
        } else if (next == Tag.Item) {
            count();
            DataSet item = new DataSet().setUndefinedLength(length == UNDEFINED);
            frame.sequence().add(item);
            push(new Frame(item, null, endOf(length), frame.explicitVR(), frame.bigEndian()));
            closeWhatEnds();
        } else {
            throw failure("Found " + Tag.toString(next) + " where an item is due");
        }
    }

    private void readDelimiter(int next) throws DicomParseException {
        if (frames.isEmpty()) {
            throw failure("Found " + Tag.toString(next) + " outside of a sequence");
        }
        if (next == Tag.ItemDelimitationItem && frame.end() < 0) {
            pop();
            closeWhatEnds();
        } else if (next != Tag.ItemDelimitationItem) {
            throw failure("Found " + Tag.toString(next) + " within an item");
        }
    }

    private void readElementHeader(int next, int form) throws DicomParseException {
        tag = next;
        if (frames.isEmpty()) {
            topLevelTag = next;
        }
        count();
        if (!frame.dataSet().endsBefore(next) && ++outOfOrder > MAX_OUT_OF_ORDER) {
            throw failure("More than " + MAX_OUT_OF_ORDER + " data elements out of order");
        }
        long length = readVRAndLength(form);
        valueOffset = position;
        if (length == UNDEFINED) {
            readUndefinedLength();
        } else if (vr == VR.SQ && !isUnknownAsBytes()) {
            openSequence(VR.SQ, endOf(length), frame.explicitVR(), frame.bigEndian());
        } else {
            readValue(length);
        }
    }

    private boolean isUnknownAsBytes() {
        return vrCode == VR.UN.code();
    }

    private long readVRAndLength(int form) {
        valueBigEndian = frame.bigEndian();
        if (!frame.explicitVR()) {
            vr = implicitVR(tag);
            vrCode = vr.code();
            return uint32(4);
        }
        int code = (header[4] & 0xFF) << 8 | header[5] & 0xFF;
        VR written = VR.ofCode(code);
        vrCode = code;
        if (written == VR.UN && (!Tag.isPrivate(tag) || Tag.isPrivateCreator(tag))) {
            VR meant = Dictionary.vrOf(tag);
            vr = meant == VR.SQ ? VR.UN : meant;
        } else {
            vr = written != null ? written : VR.UN;
        }
        if (form == 12) {
            return uint32(8);
        }
        if (written == null && code != NOT_PRINTED_VR && code != UNKNOWN_VR && !isLetters(code)) {
            // an element that was copied in without its VR
            vr = implicitVR(tag);
            vrCode = vr.code();
            return uint32(4);
        }
        return valueBigEndian ? (header[6] & 0xFF) << 8 | header[7] & 0xFF : (header[7] & 0xFF) << 8 | header[6] & 0xFF;
    }

    /** The VR that an element without one has by the dictionary; US or SS as its pixels are signed (PS3.5 §A.1, PS3.3 C.7.6.3). */
    private VR implicitVR(int tag) {
        VR first = Dictionary.vrOf(tag);
        if (first == VR.US && Dictionary.vrs(tag).contains(VR.SS) && isSigned()) {
            return VR.SS;
        }
        return first == VR.OB && Dictionary.vrs(tag).contains(VR.OW) ? VR.OW : first;
    }

    private boolean isSigned() {
        for (DataSet each = frame.dataSet(); each != null; each = each.parent()) {
            if (each.contains(Tag.PixelRepresentation)) {
                return each.integer(Tag.PixelRepresentation, 0) == 1;
            }
        }
        return false;
    }

    private void readUndefinedLength() throws DicomParseException {
        boolean implicitPixels = !frame.explicitVR() && tag == Tag.PixelData;
        if (vr == VR.SQ && vrCode != VR.UN.code()) {
            openSequence(VR.SQ, -1, frame.explicitVR(), frame.bigEndian());
        } else if (vrCode == VR.UN.code() && frame.explicitVR()) {
            // its items are Implicit VR Little Endian (PS3.5 §6.2.2)
            openSequence(VR.UN, -1, false, false);
        } else if (vr == VR.OB || vr == VR.OW || implicitPixels) {
            fragments = new Fragments(tag, vr);
            state = State.FRAGMENT_HEADER;
        } else if (!frame.explicitVR()) {
            openSequence(VR.SQ, -1, false, frame.bigEndian());
        } else {
            throw failure("Undefined length with VR " + vr);
        }
    }

    private void openSequence(VR sequenceVR, long end, boolean explicitVR, boolean bigEndian)
            throws DicomParseException {
        if (frames.size() >= 2 * limits.maxDepth()) {
            throw failure("More than " + limits.maxDepth() + " sequences within each other");
        }
        Sequence sequence = new Sequence(tag, sequenceVR, end < 0);
        frame.dataSet().put(sequence);
        push(new Frame(null, sequence, end, explicitVR, bigEndian));
        closeWhatEnds();
    }

    private void readValue(long length) throws DicomParseException {
        checkFits(length);
        valueLength = length;
        valueLeft = length;
        boolean binary = !vr.isString() && vr.hasLongLength() && !mayBeSequence();
        boolean pixels = length > 0 && frames.isEmpty() && limits.leavesPixelsInPlace() && Tag.isPixelData(tag);
        if (pixels || length > (binary ? limits.maxBinaryValue() : limits.maxValue())) {
            frame.dataSet().put(new Element.Bulk(tag, vr, valueOffset, length, valueBigEndian));
            state = State.SKIP;
            return;
        }
        hold(length);
        if (length == 0) {
            endValue(new byte[0]);
        } else {
            value = new byte[(int) Math.min(length, 4096)];
            state = State.VALUE;
        }
    }

    private int feedValue(byte[] bytes, int from, int end) throws DicomParseException {
        int taken = (int) Math.min(valueLeft, end - from);
        int filled = (int) (valueLength - valueLeft);
        if (filled + taken > value.length) {
            value = Arrays.copyOf(
                    value, (int) Math.min(valueLength, Math.max(filled + (long) taken, 2L * value.length)));
        }
        System.arraycopy(bytes, from, value, filled, taken);
        valueLeft -= taken;
        position += taken;
        if (valueLeft == 0) {
            endValue(value);
        }
        return taken;
    }

    private void endValue(byte[] bytes) throws DicomParseException {
        value = null;
        if (fragments != null) {
            fragments.add(valueOffset, valueLength, bytes);
            state = State.FRAGMENT_HEADER;
            return;
        }
        Sequence sequence = mayBeSequence() && bytes.length > 0 ? sequenceIn(bytes) : null;
        frame.dataSet().put(sequence != null ? sequence : new Element.Value(tag, vr, bytes, valueBigEndian, vrCode));
        state = State.HEADER;
        closeWhatEnds();
    }

    private boolean mayBeSequence() {
        return vr == VR.UN && vrCode == VR.UN.code() && Dictionary.vrOf(tag) == VR.SQ;
    }

    /** The sequence that a value of UN is (PS3.5 §6.2.2), {@code null} where it is not encoded as it should be. */
    private Sequence sequenceIn(byte[] bytes) {
        ParseLimits left = new ParseLimits(
                limits.maxDepth() - frames.size() / 2,
                limits.maxElements() - elements,
                limits.maxHeldBytes(),
                limits.maxBinaryValue(),
                limits.maxValue(),
                limits.maxInflation());
        DataSetParser parser = new DataSetParser(false, false, valueOffset, left);
        parser.dataSet.setParent(frame.dataSet());
        parser.tag = tag;
        try {
            parser.openSequence(VR.UN, valueOffset + bytes.length, false, false);
            parser.feed(bytes, 0, bytes.length);
            parser.finish();
        } catch (DicomParseException e) {
            // some write it otherwise: then it stays what it says, unknown
            return null;
        }
        elements += parser.elements;
        return (Sequence) parser.dataSet.get(tag);
    }

    private int skip(byte[] bytes, int from, int end) throws DicomParseException {
        int taken = (int) Math.min(valueLeft, end - from);
        long passed = valueLength - valueLeft;
        if (fragments != null && passed < 2) {
            for (int i = 0; i < taken && passed + i < 2; i++) {
                fragmentStart = (fragmentStart << 8 | bytes[from + i] & 0xFF) & 0xFFFF;
            }
            fragments.setStart(fragmentStart);
        }
        valueLeft -= taken;
        position += taken;
        if (valueLeft == 0) {
            if (fragments != null) {
                state = State.FRAGMENT_HEADER;
            } else {
                state = State.HEADER;
                closeWhatEnds();
            }
        }
        return taken;
    }

    private int feedFragmentHeader(byte[] bytes, int from, int end) throws DicomParseException {
        int taken = Math.min(8 - headerLength, end - from);
        System.arraycopy(bytes, from, header, headerLength, taken);
        headerLength += taken;
        position += taken;
        if (headerLength < 8) {
            return taken;
        }
        headerLength = 0;
        int next = tagIn(header);
        if (next == Tag.SequenceDelimitationItem) {
            frame.dataSet().put(fragments);
            fragments = null;
            state = State.HEADER;
            closeWhatEnds();
        } else if (next == Tag.Item) {
            count();
            readFragment(uint32(4));
        } else {
            throw failure("Found " + Tag.toString(next) + " where a fragment is due");
        }
        return taken;
    }

    private void readFragment(long length) throws DicomParseException {
        if (length == UNDEFINED) {
            throw failure("Fragment of undefined length");
        }
        checkFits(length);
        valueOffset = position;
        valueLength = length;
        valueLeft = length;
        // the basic offset table is wanted whatever its length
        int most = fragments.count() == 0 ? Math.max(limits.maxValue(), 16 << 20) : limits.maxBinaryValue();
        if (length > most) {
            fragments.add(valueOffset, length, null);
            state = State.SKIP;
        } else {
            hold(length);
            value = new byte[(int) Math.min(length, 4096)];
            state = State.VALUE;
            if (length == 0) {
                endValue(value);
            }
        }
    }

    /** Zero bytes after the last element, with which some writers fill a block. */
    private int feedTrailer(byte[] bytes, int from, int end) throws DicomParseException {
        if (!isZero(bytes, from, end)) {
            throw failure("Bytes that are no data element after the data set");
        }
        position += end - from;
        return end - from;
    }

    private static boolean isZero(byte[] bytes, int from, int end) {
        for (int i = from; i < end; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private void checkFits(long length) throws DicomParseException {
        if (frame.end() >= 0 && position + length > frame.end()) {
            throw failure("Length " + length + " goes beyond the item it is in");
        }
    }

    private long endOf(long length) throws DicomParseException {
        if (length == UNDEFINED) {
            return -1;
        }
        checkFits(length);
        return position + length;
    }

    private void push(Frame inner) {
        frames.push(frame);
        frame = inner;
        state = State.HEADER;
    }

    private void pop() {
        frame = frames.pop();
    }

    private void closeWhatEnds() throws DicomParseException {
        while (frame.end() >= 0 && position >= frame.end()) {
            if (position > frame.end()) {
                throw failure("Element header goes beyond the item it is in");
            }
            pop();
        }
    }

    private void count() throws DicomParseException {
        if (++elements > limits.maxElements()) {
            throw failure("More than " + limits.maxElements() + " data elements");
        }
    }

    private void hold(long length) throws DicomParseException {
        held += length;
        if (held > limits.maxHeldBytes()) {
            throw failure("More than " + limits.maxHeldBytes() + " bytes of values");
        }
    }

    private int tagIn(byte[] bytes) {
        return frame.bigEndian()
                ? (bytes[0] & 0xFF) << 24 | (bytes[1] & 0xFF) << 16 | (bytes[2] & 0xFF) << 8 | bytes[3] & 0xFF
                : (bytes[1] & 0xFF) << 24 | (bytes[0] & 0xFF) << 16 | (bytes[3] & 0xFF) << 8 | bytes[2] & 0xFF;
    }

    private long uint32(int at) {
        return frame.bigEndian()
                ? (header[at] & 0xFFL) << 24
                        | (header[at + 1] & 0xFF) << 16
                        | (header[at + 2] & 0xFF) << 8
                        | header[at + 3] & 0xFF
                : (header[at + 3] & 0xFFL) << 24
                        | (header[at + 2] & 0xFF) << 16
                        | (header[at + 1] & 0xFF) << 8
                        | header[at] & 0xFF;
    }

    private DicomParseException failure(String problem) {
        return new DicomParseException(problem, position, tag);
    }
}
