package org.imagingingestion.dicom;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Numbers of JSON and XML texts in the binary VRs (PS3.18 §F.2.3, PS3.19 §A.1.5). */
final class ModelNumbers {
    /** Characters of the longest text that is tried; longer ones would take long to convert. */
    private static final int MAX_LENGTH = 1100;

    private static final BigInteger MAX_UNSIGNED = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private ModelNumbers() {}

    /** Encodes the values, Little Endian; none where all are empty. */
    static byte[] encode(VR vr, String[] values, ModelBuilder builder) throws DicomException {
        boolean empty = true;
        for (String value : values) {
            empty &= value.isEmpty();
            if (value.length() > MAX_LENGTH) {
                throw notANumber(vr, builder);
            }
        }
        if (empty) {
            return new byte[0];
        }
        return vr == VR.FL || vr == VR.FD ? floating(vr, values, builder) : whole(vr, values, builder);
    }

    private static byte[] floating(VR vr, String[] values, ModelBuilder builder) throws DicomException {
        double[] numbers = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            numbers[i] = switch (values[i]) {
                case "NaN" -> Double.NaN;
                case "inf", "INF", "Infinity" -> Double.POSITIVE_INFINITY;
                case "-inf", "-INF", "-Infinity" -> Double.NEGATIVE_INFINITY;
                default -> finite(vr, values[i], builder);
            };
        }
        return Numbers.encode(vr, numbers);
    }

    private static double finite(VR vr, String text, ModelBuilder builder) throws DicomException {
        try {
            if (isDecimal(text)) {
                return vr == VR.FL ? Float.parseFloat(text) : Double.parseDouble(text);
            }
        } catch (NumberFormatException e) {
            throw notANumber(vr, builder);
        }
        throw notANumber(vr, builder);
    }

    /** Java would take more for a number: hexadecimal, white space, a suffix. */
    private static boolean isDecimal(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.' || c == 'e' || c == 'E')) {
                return false;
            }
        }
        return true;
    }

    private static byte[] whole(VR vr, String[] values, ModelBuilder builder) throws DicomException {
        long[] numbers = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            numbers[i] = vr == VR.AT ? tag(values[i], builder) : whole(vr, values[i], builder);
        }
        return Numbers.encode(vr, numbers);
    }

    private static long tag(String text, ModelBuilder builder) throws DicomException {
        if (!Hex.isTag(text)) {
            throw builder.failure("a value with VR AT is not eight hexadecimal digits");
        }
        return Hex.tag(text);
    }

    private static long whole(VR vr, String text, ModelBuilder builder) throws DicomException {
        BigInteger number;
        try {
            // exact, and quick to refuse an exponent that would make it long
            BigDecimal decimal = new BigDecimal(text);
            if (decimal.precision() - (long) decimal.scale() > 20) {
                throw outOfRange(vr, builder);
            }
            number = decimal.toBigIntegerExact();
        } catch (NumberFormatException e) {
            throw notANumber(vr, builder);
        } catch (ArithmeticException e) {
            throw outOfRange(vr, builder);
        }
        boolean fits =
                switch (vr) {
                    case US -> isBetween(number, 0, 0xFFFF);
                    case SS -> isBetween(number, Short.MIN_VALUE, Short.MAX_VALUE);
                    case UL -> isBetween(number, 0, 0xFFFFFFFFL);
                    case SL -> isBetween(number, Integer.MIN_VALUE, Integer.MAX_VALUE);
                    case UV -> number.signum() >= 0 && number.compareTo(MAX_UNSIGNED) <= 0;
                    default -> number.bitLength() < 64;
                };
        if (!fits) {
            throw outOfRange(vr, builder);
        }
        return number.longValue();
    }

    private static boolean isBetween(BigInteger number, long least, long most) {
        return number.bitLength() < 64 && number.longValue() >= least && number.longValue() <= most;
    }

    private static DicomException notANumber(VR vr, ModelBuilder builder) {
        return builder.failure("a value with VR " + vr + " is not a number");
    }

    private static DicomException outOfRange(VR vr, ModelBuilder builder) {
        return builder.failure("a value is not in the range of VR " + vr);
    }
}
