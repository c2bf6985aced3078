package org.imagingingestion.dicom;

import java.util.Arrays;
import java.util.Map;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Random data sets of all VRs, as deep as a few items. */
final class DataSets {
    private static final Map<String, String> ALPHABETS = Map.of(
            "ISO_IR 6", "abc XYZ-0189.,'\"<>&~",
            "ISO_IR 100", "aé üß Ø~",
            "ISO_IR 144", "aЖя Ю~",
            "ISO_IR 166", "aกขค ~",
            "ISO_IR 13", "aｱﾔ ‾",
            "ISO 2022 IR 6\\ISO 2022 IR 87", "a山田 あ~",
            "\\ISO 2022 IR 149", "a김희중 ~",
            "GB18030", "a王小东 €𠀀~",
            "ISO_IR 192", "aé山😀 ~");

    private DataSets() {}

    /** Data sets whose text is in a declared character set or in none. */
    static Arbitrary<DataSet> any() {
        return Arbitraries.of(ALPHABETS.keySet())
                .flatMap(set -> dataSets(set, 2).map(dataSet -> declared(dataSet, set)));
    }

    private static DataSet declared(DataSet dataSet, String set) {
        if (set.equals("ISO_IR 6")) {
            return dataSet;
        }
        return dataSet.setString(Tag.SpecificCharacterSet, VR.CS, set.split("\\\\", -1));
    }

    private static Arbitrary<DataSet> dataSets(String set, int depth) {
        return elements(set, depth).list().ofMaxSize(8).map(elements -> {
            DataSet dataSet = new DataSet();
            elements.forEach(dataSet::put);
            return dataSet;
        });
    }

    private static Arbitrary<Element> elements(String set, int depth) {
        Arbitrary<VR> vrs = Arbitraries.of(VR.values()).filter(vr -> depth > 0 || vr != VR.SQ);
        return Combinators.combine(vrs, tags()).as(Tuple::of).flatMap(pair -> {
            VR vr = pair.get1();
            int tag = pair.get2();
            if (vr == VR.SQ) {
                return sequences(tag, set, depth);
            }
            return values(vr, set).map(value -> new Element.Value(tag, vr, value));
        });
    }

    /** Standard and private ones, some above the sign bit, none that the dictionary knows and so has a VR for. */
    private static Arbitrary<Integer> tags() {
        Arbitrary<Integer> groups = Arbitraries.of(0x0008, 0x0009, 0x0010, 0x0011, 0x0028, 0x7FE1, 0x8001, 0xFFFC);
        return Combinators.combine(groups, Arbitraries.integers().between(0x8001, 0x8040))
                .as((g, e) -> g << 16 | e);
    }

    private static Arbitrary<Element> sequences(int tag, String set, int depth) {
        Arbitrary<Boolean> undefined = Arbitraries.of(true, false);
        return Combinators.combine(dataSets(set, depth - 1).list().ofMaxSize(3), undefined, undefined)
                .as((items, undefinedSequence, undefinedItems) -> {
                    Sequence sequence = new Sequence(tag, VR.SQ, undefinedSequence);
                    items.forEach(item -> sequence.add(item.setUndefinedLength(undefinedItems)));
                    return sequence;
                });
    }

    private static Arbitrary<byte[]> values(VR vr, String set) {
        return switch (vr) {
            case IS -> strings(Arbitraries.longs().between(-99999, 99999).map(String::valueOf), vr);
            case DS -> strings(Arbitraries.doubles().ofScale(3).map(Numbers::decimalString), vr);
            case PN -> strings(names(set), vr, set);
            case LO, SH, UC, LT, ST, UT -> strings(texts(set), vr, set);
            case AE, AS, CS, DA, DT, TM, UI, UR -> strings(
                    Arbitraries.strings().withChars("AB01.").ofMaxLength(9), vr);
            case OB, OD, OF, OL, OV, OW, UN, SQ -> bytes(vr);
            default -> bytes(vr);
        };
    }

    private static Arbitrary<byte[]> bytes(VR vr) {
        int unit = vr == VR.AT ? 4 : Math.max(2, vr.unit());
        return Arbitraries.integers().between(0, 4).flatMap(count -> Arbitraries.bytes()
                .array(byte[].class)
                .ofSize(count * unit)
                .map(bytes -> vr == VR.FL || vr == VR.FD ? quiet(bytes, vr) : bytes));
    }

    /** Of the many numbers that are not one, only the usual: text has one name for them. */
    private static byte[] quiet(byte[] bytes, VR vr) {
        return Numbers.encode(vr, Numbers.toDoubles(new Element.Value(0, vr, bytes)));
    }

    private static Arbitrary<String> texts(String set) {
        return Arbitraries.strings()
                .withChars(ALPHABETS.get(set).replaceAll("[\\x{10000}-\\x{10FFFF}]", ""))
                .ofMaxLength(12)
                .map(String::strip);
    }

    private static Arbitrary<String> names(String set) {
        Arbitrary<String> components = texts(set).map(text -> "n" + text.replace(" ", ""));
        Arbitrary<String> groups = components.list().ofMinSize(1).ofMaxSize(5).map(list -> String.join("^", list));
        return groups.list().ofMinSize(1).ofMaxSize(3).map(list -> String.join("=", list));
    }

    private static Arbitrary<byte[]> strings(Arbitrary<String> values, VR vr) {
        return strings(values, vr, "ISO_IR 6");
    }

    private static Arbitrary<byte[]> strings(Arbitrary<String> values, VR vr, String set) {
        SpecificCharacterSet characterSet = SpecificCharacterSet.of(set.split("\\\\", -1));
        int most = vr.isMultiValued() ? 3 : 1;
        return values.list().ofMaxSize(most).map(list -> padded(characterSet.encode(String.join("\\", list), vr), vr));
    }

    private static byte[] padded(byte[] bytes, VR vr) {
        byte[] padded = Arrays.copyOf(bytes, bytes.length + (bytes.length & 1));
        if (padded.length > bytes.length) {
            padded[bytes.length] = vr.padding();
        }
        return padded;
    }
}
