package org.imagingingestion.benchmarks.corpus;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes elements in Explicit VR Little Endian (PS3.5 §7.1.2). Deliberately not the writer of the project: what is sent
 * to all contenders must not depend on the code under test.
 */
final class ElementWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(8192);

    int size() {
        return out.size();
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    void raw(byte[] bytes) {
        out.writeBytes(bytes);
    }

    /** Writes a text value, padded to even length, and returns the offset of its first byte. */
    int text(int tag, String vr, String value) {
        return value(tag, vr, value.getBytes(StandardCharsets.ISO_8859_1), vr.equals("UI") ? 0 : ' ');
    }

    /** Writes values of two bytes (US, SS). */
    void shorts(int tag, String vr, int... values) {
        ByteBuffer b = buffer(2 * values.length);
        for (int value : values) {
            b.putShort((short) value);
        }
        value(tag, vr, b.array(), 0);
    }

    /** Writes values of eight bytes (FD). */
    void doubles(int tag, double... values) {
        ByteBuffer b = buffer(8 * values.length);
        for (double value : values) {
            b.putDouble(value);
        }
        value(tag, "FD", b.array(), 0);
    }

    /** Writes one value of four bytes (UL). */
    void unsignedLong(int tag, int value) {
        value(tag, "UL", buffer(4).putInt(value).array(), 0);
    }

    /** Writes tags as values (AT). */
    void attributeTag(int tag, int value) {
        value(
                tag,
                "AT",
                buffer(4)
                        .putShort((short) (value >> 16))
                        .putShort((short) value)
                        .array(),
                0);
    }

    /** Writes bytes (OB, UN). */
    void binary(int tag, String vr, byte[] value) {
        value(tag, vr, value, 0);
    }

    /** Writes a sequence of explicit length whose items are given as encoded elements. */
    void sequence(int tag, ElementWriter... items) {
        ElementWriter content = new ElementWriter();
        for (ElementWriter item : items) {
            content.tag(0xFFFEE000);
            content.raw(buffer(4).putInt(item.size()).array());
            content.raw(item.bytes());
        }
        value(tag, "SQ", content.bytes(), 0);
    }

    /** Writes the header of an element whose value of the given length follows elsewhere. */
    void header(int tag, String vr, int length) {
        tag(tag);
        raw(vr.getBytes(StandardCharsets.US_ASCII));
        boolean isLong = "OB OW OF OD OL SQ UC UN UR UT".contains(vr);
        raw(
                isLong
                        ? buffer(6).putShort((short) 0).putInt(length).array()
                        : buffer(2).putShort((short) length).array());
    }

    private int value(int tag, String vr, byte[] value, int pad) {
        header(tag, vr, value.length + (value.length & 1));
        int offset = out.size();
        raw(value);
        if ((value.length & 1) != 0) {
            out.write(pad);
        }
        return offset;
    }

    private void tag(int tag) {
        raw(buffer(4).putShort((short) (tag >>> 16)).putShort((short) tag).array());
    }

    private static ByteBuffer buffer(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
