package org.imagingingestion.camel.instance;

import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.Sequence;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;

/** One thing that is changed in a data set. */
abstract class CoercionRule {
    private static final String ANY = "*";

    private final AttributePath path;

    private CoercionRule(AttributePath path) {
        this.path = path;
    }

    /** Where it changes something. */
    AttributePath path() {
        return path;
    }

    abstract void apply(DataSet dataSet) throws DicomException;

    /**
     * Sets a value.
     *
     * @param vr that a private element has which is new, {@code null} where nothing is said
     * @param missing whether only where there is no value
     * @throws IllegalArgumentException where the attribute cannot have it
     */
    static CoercionRule set(AttributePath path, VR vr, String value, boolean missing) {
        VR meant = path.vr() != null ? path.vr() : vr;
        if (meant == null) {
            throw new IllegalArgumentException(
                    path.text() + " is private and needs a VR, as in set " + path.text() + " LO = value");
        }
        String[] values = meant.isMultiValued() || !meant.isString() ? value.split("\\\\", -1) : new String[] {value};
        check(path, meant, values);
        return new CoercionRule(path) {
            @Override
            void apply(DataSet dataSet) throws DicomException {
                for (AttributePath.Place place : path.places(dataSet, true)) {
                    if (!missing || !place.dataSet().containsValue(place.tag())) {
                        write(dataSet, place, meant, values);
                    }
                }
            }
        };
    }

    /** Takes an attribute away. */
    static CoercionRule remove(AttributePath path) {
        return new CoercionRule(path) {
            @Override
            void apply(DataSet dataSet) {
                path.places(dataSet, false).forEach(place -> place.dataSet().remove(place.tag()));
            }
        };
    }

    /** Gives an attribute the values of another one, where that has any. */
    static CoercionRule copy(AttributePath from, AttributePath path) {
        VR meant = path.vr() != null ? path.vr() : from.vr();
        if (meant == null || meant == VR.SQ || from.vr() == VR.SQ) {
            throw new IllegalArgumentException(
                    "copy " + from.text() + " to " + path.text() + " is of what has no values, or no known VR");
        }
        return new CoercionRule(path) {
            @Override
            void apply(DataSet dataSet) throws DicomException {
                String[] values = null;
                for (AttributePath.Place place : from.places(dataSet, false)) {
                    if (values == null && place.dataSet().containsValue(place.tag())) {
                        values = values(place);
                    }
                }
                if (values != null) {
                    for (AttributePath.Place place : path.places(dataSet, true)) {
                        write(dataSet, place, meant, values);
                    }
                }
            }
        };
    }

    /** Replaces values by a table; {@code *} is for those that are not in it. */
    static CoercionRule map(AttributePath path, Map<String, String> table) {
        if (path.vr() != null) {
            table.values().forEach(value -> check(path, path.vr(), new String[] {value}));
        }
        return each(path, value -> {
            String mapped = table.get(value);
            return mapped != null ? mapped : table.getOrDefault(ANY, value);
        });
    }

    /** Replaces what an expression finds in values. */
    static CoercionRule replace(AttributePath path, Pattern pattern, String replacement) {
        try {
            // an empty match has all groups
            Pattern.compile(pattern.pattern() + "|").matcher("").replaceAll(replacement);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException(
                    "replace " + path.text() + " has a replacement that does not fit: " + e.getMessage(), e);
        }
        return each(path, value -> pattern.matcher(value).replaceAll(replacement));
    }

    /** Puts text before and behind values. */
    static CoercionRule affix(AttributePath path, String prefix, String suffix) {
        check(path, prefix + suffix);
        return each(path, value -> prefix + value + suffix);
    }

    /** Changes values that are not empty. */
    private static CoercionRule each(AttributePath path, UnaryOperator<String> change) {
        if (path.vr() != null && !path.vr().isString()) {
            throw new IllegalArgumentException(path.text() + " has no values of characters");
        }
        return new CoercionRule(path) {
            @Override
            void apply(DataSet dataSet) throws DicomException {
                for (AttributePath.Place place : path.places(dataSet, false)) {
                    Element element = place.dataSet().get(place.tag());
                    if (element != null && !element.isEmpty() && !(element instanceof Sequence)) {
                        String[] values = values(place);
                        for (int i = 0; i < values.length; i++) {
                            values[i] = values[i].isEmpty() ? "" : change.apply(values[i]);
                        }
                        write(dataSet, place, element.vr(), values);
                    }
                }
            }
        };
    }

    private static void check(AttributePath path, VR vr, String[] values) {
        if (vr == VR.SQ) {
            throw new IllegalArgumentException(path.text() + " is a sequence, which has no value");
        }
        if ("1".equals(path.vm()) && values.length > 1) {
            throw new IllegalArgumentException("The value for " + path.text() + " is several, and it has one");
        }
        for (String value : values) {
            String problem = ValueRules.problem(vr, value);
            if (problem != null) {
                throw new IllegalArgumentException("The value for " + path.text() + " " + problem);
            }
        }
    }

    /** What is put into a value has to have characters that it may have; the whole of it is checked when it is known. */
    private static void check(AttributePath path, String part) {
        String problem = path.vr() == null ? null : ValueRules.characterProblem(path.vr(), part);
        if (problem != null) {
            throw new IllegalArgumentException("The value for " + path.text() + " " + problem);
        }
    }

    private static String[] values(AttributePath.Place place) throws DicomException {
        if (!(place.dataSet().get(place.tag()) instanceof Element.Value)) {
            throw failure(place, "has a value that is too long to be changed");
        }
        return place.dataSet().strings(place.tag());
    }

    private static void write(DataSet root, AttributePath.Place place, VR vr, String[] values) throws DicomException {
        Element present = place.dataSet().get(place.tag());
        VR written = present == null || present.vr() == VR.UN || present.vr() == VR.SQ ? vr : present.vr();
        for (String value : values) {
            String problem = ValueRules.problem(written, value);
            if (problem != null) {
                throw failure(place, "is to have a value that " + problem);
            }
        }
        String joined = String.join("\\", values);
        if (joined.isEmpty()) {
            place.dataSet().put(new Element.Value(place.tag(), written, new byte[0]));
        } else if (!written.isString()) {
            writeNumbers(place, written, values);
        } else {
            boolean fits = !written.isText() || place.dataSet().characterSet().canEncode(joined, written);
            if (!fits) {
                Utf8.transcode(root);
            }
            place.dataSet().setString(place.tag(), written, values);
        }
    }

    private static void writeNumbers(AttributePath.Place place, VR vr, String[] values) {
        if (vr == VR.FL || vr == VR.FD) {
            place.dataSet()
                    .setDouble(
                            place.tag(),
                            vr,
                            Arrays.stream(values)
                                    .mapToDouble(Double::parseDouble)
                                    .toArray());
        } else {
            place.dataSet()
                    .setInt(
                            place.tag(),
                            vr,
                            Arrays.stream(values)
                                    .mapToLong(
                                            value -> Long.parseLong(value.startsWith("+") ? value.substring(1) : value))
                                    .toArray());
        }
    }

    private static DicomException failure(AttributePath.Place place, String problem) {
        return new DicomException(DicomStatus.INVALID_ATTRIBUTE_VALUE, Tag.toString(place.tag()) + " " + problem);
    }
}
