package org.imagingingestion.camel.instance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.Fragments;
import org.imagingingestion.dicom.Sequence;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;

/** Values that say nothing and are valid for their VR (PS3.15 §E.1.1, action D). What is equal stays equal where it identifies. */
final class DummyValues {
    static final String TEXT = "REMOVED";

    private final Pseudonyms pseudonyms;

    DummyValues(Pseudonyms pseudonyms) {
        this.pseudonyms = pseudonyms;
    }

    /** What stands for an element of a data set that has a value. */
    Element of(DataSet dataSet, Element element) {
        DataSet made = new DataSet();
        VR vr = element.vr();
        if (element instanceof Sequence sequence) {
            return sequence(sequence);
        }
        int tag = element.tag();
        switch (vr) {
            case SH, LO, UC -> made.setString(tag, vr, identifiers(dataSet.strings(tag)));
            case UI -> made.setString(tag, vr, uids(dataSet.strings(tag)));
            case AE, CS, PN, ST, LT, UT -> made.setString(tag, vr, TEXT);
            case UR -> made.setString(tag, vr, "urn:removed");
            case AS -> made.setString(tag, vr, "000Y");
            case DA -> made.setString(tag, vr, "19000101");
            case TM -> made.setString(tag, vr, "000000");
            case DT -> made.setString(tag, vr, "19000101000000");
            case DS, IS -> made.setString(tag, vr, "0");
            case AT -> made.setBytes(tag, vr, new byte[4]);
            default -> made.setBytes(tag, vr, new byte[Math.max(2, vr.unit())]);
        }
        return made.get(tag);
    }

    private String[] identifiers(String[] values) {
        // what is too long to be held has no values here
        return values.length == 0
                ? new String[] {TEXT}
                : Arrays.stream(values)
                        .map(value -> value.isEmpty() ? value : pseudonyms.identifier(value))
                        .toArray(String[]::new);
    }

    private String[] uids(String[] values) {
        return values.length == 0
                ? new String[] {pseudonyms.uid("")}
                : Arrays.stream(values)
                        .map(value -> value.isEmpty() ? value : pseudonyms.uid(value))
                        .toArray(String[]::new);
    }

    /** One item, made like the first one: codes of the kind CS and binary numbers are in it, nothing else that is from there. */
    private Sequence sequence(Sequence original) {
        Sequence sequence = new Sequence(original.tag(), original.vr(), original.isUndefinedLength());
        DataSet first = original.items().get(0);
        DataSet item = new DataSet().setUndefinedLength(first.isUndefinedLength());
        List<Element> elements = new ArrayList<>();
        first.forEach(elements::add);
        for (Element element : elements) {
            if (Tag.isPrivate(element.tag()) || !Dictionary.isKnown(element.tag()) || element instanceof Fragments) {
                continue;
            }
            item.put(element.isEmpty() || isHarmless(element) ? element : of(first, element));
        }
        return sequence.add(item);
    }

    private static boolean isHarmless(Element element) {
        return element instanceof Element.Value
                && Dictionary.vrOf(element.tag()) == element.vr()
                && ConfidentialityProfile.row(element.tag()) == null
                && switch (element.vr()) {
                    case CS, FL, FD, SL, SS, UL, US -> true;
                    default -> false;
                };
    }
}
