package org.imagingingestion.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Values of the binary VRs, between bytes and numbers (PS3.5 §6.2, §7.3). */
final class Numbers {
    private static final String[] NONE = {};

    private Numbers() {}

    static byte[] encode(VR vr, long... values) {
        int unit = vr == VR.AT ? 4 : vr.unit();
        ByteBuffer out = ByteBuffer.allocate(values.length * unit).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            switch (vr) {
                case AT -> out.putShort((short) (value >>> 16)).putShort((short) value);
                case FL, OF -> out.putFloat(value);
                case FD, OD -> out.putDouble(value);
                default -> {
                    switch (unit) {
                        case 1 -> out.put((byte) value);
                        case 2 -> out.putShort((short) value);
                        case 4 -> out.putInt((int) value);
                        default -> out.putLong(value);
                    }
                }
            }
        }
        return even(out.array());
    }

    static byte[] encode(VR vr, double... values) {
        ByteBuffer out = ByteBuffer.allocate(values.length * vr.unit()).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            switch (vr) {
                case FL, OF -> out.putFloat((float) value);
                case FD, OD -> out.putDouble(value);
                default -> throw new IllegalArgumentException("Not a VR of floating point numbers: " + vr);
            }
        }
        return out.array();
    }

    /** At most 16 characters, which is what a DS may have (PS3.5 §6.2). */
    static String decimalString(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        String text = Double.toString(value);
        for (int digits = 15; text.length() > 16 && digits > 0; digits--) {
            text = String.format(java.util.Locale.ROOT, "%." + digits + "G", value);
        }
        return text;
    }

    static long[] toLongs(Element.Value value) {
        ByteBuffer in = buffer(value);
        VR vr = value.vr();
        int unit = vr == VR.AT ? 4 : vr.unit();
        long[] numbers = new long[in.remaining() / unit];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = switch (vr) {
                case AT -> (in.getShort() & 0xFFFFL) << 16 | in.getShort() & 0xFFFFL;
                case US, OW -> in.getShort() & 0xFFFFL;
                case SS -> in.getShort();
                case UL, OL -> in.getInt() & 0xFFFFFFFFL;
                case SL -> in.getInt();
                case SV, UV, OV -> in.getLong();
                case FL, OF -> (long) in.getFloat();
                case FD, OD -> (long) in.getDouble();
                default -> in.get() & 0xFFL;
            };
        }
        return numbers;
    }

    static double[] toDoubles(Element.Value value) {
        VR vr = value.vr();
        if (vr != VR.FL && vr != VR.OF && vr != VR.FD && vr != VR.OD) {
            return Arrays.stream(toLongs(value)).asDoubleStream().toArray();
        }
        ByteBuffer in = buffer(value);
        double[] numbers = new double[in.remaining() / vr.unit()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = vr.unit() == 4 ? in.getFloat() : in.getDouble();
        }
        return numbers;
    }

    /** Numbers in decimal; none for the VRs of bytes and words, whose values are not counted. */
    static String[] toStrings(Element.Value value) {
        return switch (value.vr()) {
            case AT -> Arrays.stream(toLongs(value))
                    .mapToObj(tag -> String.format("%08X", tag))
                    .toArray(String[]::new);
            case UV -> Arrays.stream(toLongs(value))
                    .mapToObj(Long::toUnsignedString)
                    .toArray(String[]::new);
            case US, SS, UL, SL, SV -> Arrays.stream(toLongs(value))
                    .mapToObj(Long::toString)
                    .toArray(String[]::new);
            case FL -> Arrays.stream(toDoubles(value))
                    .mapToObj(number -> Float.toString((float) number))
                    .toArray(String[]::new);
            case FD -> Arrays.stream(toDoubles(value))
                    .mapToObj(Double::toString)
                    .toArray(String[]::new);
            default -> NONE;
        };
    }

    /** The bytes in Little Endian order; the value's own array where it is so already. */
    static byte[] littleEndian(Element.Value value) {
        return value.isBigEndian() ? swapped(value.bytes(), value.vr().unit()) : value.bytes();
    }

    /** A copy with the bytes of each whole unit in opposite order. */
    static byte[] swapped(byte[] bytes, int unit) {
        byte[] swapped = bytes.clone();
        swap(swapped, 0, swapped.length, unit);
        return swapped;
    }

    static void swap(byte[] bytes, int from, int to, int unit) {
        if (unit == 1) {
            return;
        }
        for (int start = from; start + unit <= to; start += unit) {
            for (int low = start, high = start + unit - 1; low < high; low++, high--) {
                byte b = bytes[low];
                bytes[low] = bytes[high];
                bytes[high] = b;
            }
        }
    }

    private static byte[] even(byte[] bytes) {
        return (bytes.length & 1) == 0 ? bytes : Arrays.copyOf(bytes, bytes.length + 1);
    }

    private static ByteBuffer buffer(Element.Value value) {
        return ByteBuffer.wrap(value.bytes())
                .order(value.isBigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }
}
