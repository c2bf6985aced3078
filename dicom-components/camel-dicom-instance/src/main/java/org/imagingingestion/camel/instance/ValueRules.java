package org.imagingingestion.camel.instance;

import java.math.BigInteger;
import java.util.regex.Pattern;

import org.imagingingestion.dicom.UIDs;
import org.imagingingestion.dicom.VR;

/** What a VR allows in one value (PS3.5 §6.2). */
final class ValueRules {
    private static final Pattern AGE = Pattern.compile("\\d{3}[DWMY]");
    private static final Pattern CODE = Pattern.compile("[A-Z0-9 _]*");
    private static final Pattern DECIMAL = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");
    private static final Pattern INTEGER = Pattern.compile("[+-]?\\d{1,20}");
    private static final Pattern TIME = Pattern.compile("([01]\\d|2[0-3])([0-5]\\d(([0-5]\\d|60)(\\.\\d{1,6})?)?)?");
    private static final int MOST_NAME_GROUPS = 3;

    private ValueRules() {}

    /** What is wrong with a value, {@code null} where nothing is; the value is not in it. */
    static String problem(VR vr, String value) {
        if (value.isEmpty()) {
            return null;
        }
        String problem = characterProblem(vr, value);
        if (problem != null) {
            return problem;
        }
        return switch (vr) {
            case AE, CS, SH -> longerThan(16, value);
            case LO -> longerThan(64, value);
            case ST -> longerThan(1024, value);
            case LT -> longerThan(10240, value);
            case UC, UR, UT -> null;
            case AS -> matches(AGE, value, "is no age as 045Y");
            case DA -> value.length() == 8 && DateShift.date(value, 0) != null ? null : "is no date as 20260131";
            case DT -> DateShift.dateTime(value, 0) == null ? "is no date and time as 20260131235959" : null;
            case TM -> matches(TIME, value, "is no time as 235959");
            case DS -> DECIMAL.matcher(value).matches() ? longerThan(16, value) : "is no decimal number";
            case IS -> integer(value, -1L << 31, (1L << 31) - 1);
            case UI -> UIDs.isValid(value) ? null : "is no UID";
            case PN -> name(value);
            case US -> integer(value, 0, 0xFFFF);
            case SS -> integer(value, Short.MIN_VALUE, Short.MAX_VALUE);
            case UL -> integer(value, 0, 0xFFFFFFFFL);
            case SL -> integer(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case SV, UV -> integer(value, vr == VR.UV ? 0 : Long.MIN_VALUE, Long.MAX_VALUE);
            case FL, FD -> matches(DECIMAL, value, "is no number");
            default -> "cannot be a value of the VR " + vr;
        };
    }

    /** What is wrong with characters of a value, {@code null} where nothing is. */
    static String characterProblem(VR vr, String value) {
        boolean lines = vr == VR.LT || vr == VR.ST || vr == VR.UT;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean isLine = c == '\n' || c == '\r' || c == '\t' || c == '\f';
            if (c == '\\' && vr.isMultiValued() || Character.isISOControl(c) && !(lines && isLine)) {
                return "has a control character or a backslash";
            }
            if (c > 0x7E && vr.isString() && !vr.isText()) {
                return "has characters that its VR " + vr + " does not have";
            }
        }
        return vr == VR.CS && !CODE.matcher(value).matches()
                ? "has other characters than upper case letters, digits, space and underscore"
                : null;
    }

    private static String matches(Pattern pattern, String value, String problem) {
        return pattern.matcher(value).matches() ? null : problem;
    }

    private static String longerThan(int most, String value) {
        return value.codePointCount(0, value.length()) > most ? "is longer than " + most + " characters" : null;
    }

    private static String integer(String value, long least, long most) {
        if (!INTEGER.matcher(value).matches()) {
            return "is no whole number";
        }
        BigInteger number = new BigInteger(value.startsWith("+") ? value.substring(1) : value);
        return number.compareTo(BigInteger.valueOf(least)) < 0 || number.compareTo(BigInteger.valueOf(most)) > 0
                ? "is not from " + least + " to " + most
                : null;
    }

    private static String name(String value) {
        String[] groups = value.split("=", -1);
        if (groups.length > MOST_NAME_GROUPS) {
            return "has more than three component groups";
        }
        for (String group : groups) {
            if (group.chars().filter(c -> c == '^').count() > 4) {
                return "has more than five components";
            }
            if (longerThan(64, group) != null) {
                return "has a component group that is longer than 64 characters";
            }
        }
        return null;
    }
}
