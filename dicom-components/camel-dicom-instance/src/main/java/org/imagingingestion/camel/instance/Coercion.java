package org.imagingingestion.camel.instance;

import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.Sequence;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;

/** Changes attributes by rules, one after the other. */
final class Coercion implements HeaderChange {
    private static final DateTimeFormatter DATE_TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmssxx");

    private final List<CoercionRule> rules;
    private final String modifyingSystem;

    /** @param modifyingSystem that Original Attributes Sequence names, {@code null} where original values are not kept */
    Coercion(List<CoercionRule> rules, String modifyingSystem) {
        if (rules.isEmpty()) {
            throw new IllegalArgumentException("dicom-instance:coerce needs rules, and there is none");
        }
        String problem = modifyingSystem == null ? null : ValueRules.problem(VR.LO, modifyingSystem);
        if (problem != null
                || modifyingSystem != null && modifyingSystem.chars().anyMatch(c -> c > 0x7E)) {
            throw new IllegalArgumentException("modifyingSystem is to be up to 64 characters of ASCII");
        }
        this.rules = List.copyOf(rules);
        this.modifyingSystem = modifyingSystem;
    }

    @Override
    public boolean keepsTrailer() {
        return true;
    }

    @Override
    public boolean apply(DataSet dataSet) throws DicomException {
        DataSet before = copy(dataSet);
        for (CoercionRule rule : rules) {
            rule.apply(dataSet);
        }
        List<Integer> changed = new ArrayList<>();
        for (Element element : before) {
            if (!isSame(element, dataSet.get(element.tag()))) {
                changed.add(element.tag());
            }
        }
        for (Element element : dataSet) {
            if (!before.contains(element.tag())) {
                changed.add(element.tag());
            }
        }
        if (!changed.isEmpty() && modifyingSystem != null) {
            record(before, dataSet, changed);
        }
        return !changed.isEmpty();
    }

    /** What was, as PS3.3 C.12.1.1.9 has it. */
    private void record(DataSet before, DataSet dataSet, List<Integer> changed) {
        DataSet values = new DataSet();
        for (int tag : changed) {
            Element original = before.get(tag);
            if (original != null) {
                values.put(original);
            } else if (!Tag.isPrivate(tag)) {
                VR vr = dataSet.get(tag).vr();
                values.put(vr == VR.SQ ? new Sequence(tag) : new Element.Value(tag, vr, new byte[0]));
            }
        }
        if (before.contains(Tag.SpecificCharacterSet)) {
            values.put(before.get(Tag.SpecificCharacterSet));
        }
        List<DataSet> items = new ArrayList<>(dataSet.items(Tag.OriginalAttributesSequence));
        items.add(new DataSet()
                .setString(Tag.SourceOfPreviousValues, VR.LO, "")
                .setString(
                        Tag.AttributeModificationDateTime,
                        VR.DT,
                        OffsetDateTime.now().format(DATE_TIME))
                .setString(Tag.ModifyingSystem, VR.LO, modifyingSystem)
                .setString(Tag.ReasonForTheAttributeModification, VR.CS, "COERCE")
                .setItems(Tag.ModifiedAttributesSequence, values));
        dataSet.setItems(Tag.OriginalAttributesSequence, items.toArray(DataSet[]::new));
    }

    /** Rules change data sets, not elements, so that elements but sequences are the same in a copy. */
    private static DataSet copy(DataSet dataSet) {
        DataSet copy = new DataSet().setUndefinedLength(dataSet.isUndefinedLength());
        for (Element element : dataSet) {
            if (element instanceof Sequence sequence) {
                Sequence copied = new Sequence(sequence.tag(), sequence.vr(), sequence.isUndefinedLength());
                sequence.items().forEach(item -> copied.add(copy(item)));
                copy.put(copied);
            } else {
                copy.put(element);
            }
        }
        return copy;
    }

    private static boolean isSame(Element one, Element other) {
        if (one == other) {
            return true;
        }
        if (one instanceof Element.Value value && other instanceof Element.Value otherValue) {
            return value.vr() == otherValue.vr()
                    && (value.isBigEndian() == otherValue.isBigEndian()
                            || value.vr().unit() == 1)
                    && Arrays.equals(value.bytes(), otherValue.bytes());
        }
        if (!(one instanceof Sequence sequence) || !(other instanceof Sequence otherSequence)) {
            return false;
        }
        List<DataSet> items = sequence.items();
        List<DataSet> otherItems = otherSequence.items();
        if (items.size() != otherItems.size()) {
            return false;
        }
        for (int i = 0; i < items.size(); i++) {
            if (!isSame(items.get(i), otherItems.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSame(DataSet one, DataSet other) {
        if (one.size() != other.size()) {
            return false;
        }
        for (Element element : one) {
            if (!other.contains(element.tag()) || !isSame(element, other.get(element.tag()))) {
                return false;
            }
        }
        return true;
    }
}
