package org.imagingingestion.camel.instance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.imagingingestion.camel.instance.ConfidentialityProfile.Action;
import org.imagingingestion.camel.instance.ConfidentialityProfile.Row;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.Fragments;
import org.imagingingestion.dicom.Sequence;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.UIDs;
import org.imagingingestion.dicom.VR;

/**
 * Takes out of a header what identifies a person, by the Basic Application Level Confidentiality Profile and options of it (PS3.15
 * §E.2, §E.3). Pixels stay as they are.
 */
final class Deidentifier implements HeaderChange {
    private static final int FIRST_GROUP = 0x0008;
    private static final String SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7";

    /** Modalities whose images have text in their pixels as a matter of course. */
    private static final Set<String> OFTEN_BURNED_IN = Set.of("ES", "GM", "IVUS", "OP", "OT", "SC", "SM", "US", "XC");

    /** VRs one of which is often written in the place of another. */
    private static final List<Set<VR>> KINDS = List.of(
            EnumSet.of(VR.IS, VR.DS),
            EnumSet.of(VR.US, VR.SS, VR.UL, VR.SL),
            EnumSet.of(VR.OB, VR.OW, VR.UN),
            // lookup tables were either
            EnumSet.of(VR.US, VR.SS, VR.OW),
            EnumSet.of(VR.CS, VR.SH, VR.LO, VR.ST, VR.LT, VR.UC, VR.UT));

    private final Pseudonyms pseudonyms;
    private final DummyValues dummies;
    private final Set<ProfileOption> options;
    private final SafeDescriptors safeDescriptors;
    private final SafePrivate safePrivate;
    private final BurnedIn burnedIn;
    private final String patientID;
    private final String patientName;

    /** Which images are refused for what their pixels may show. */
    enum BurnedIn {
        /** None. */
        pass,
        /** Those that say that they have burned in annotation. */
        refuse,
        /** Those too that do not say that they have none, of a modality where that is usual. */
        refusePossible
    }

    /**
     * @param patientID that all instances have, {@code null} for one that stands for the original one
     * @param patientName that all instances have, {@code null} for the patient ID
     */
    Deidentifier(
            Pseudonyms pseudonyms,
            Set<ProfileOption> options,
            SafeDescriptors safeDescriptors,
            SafePrivate safePrivate,
            BurnedIn burnedIn,
            String patientID,
            String patientName) {
        this.pseudonyms = pseudonyms;
        this.dummies = new DummyValues(pseudonyms);
        this.options = options.isEmpty() ? EnumSet.noneOf(ProfileOption.class) : EnumSet.copyOf(options);
        this.safeDescriptors = safeDescriptors;
        this.safePrivate = safePrivate;
        this.burnedIn = burnedIn;
        this.patientID = patientID;
        this.patientName = patientName;
    }

    @Override
    public boolean keepsTrailer() {
        return false;
    }

    @Override
    public boolean apply(DataSet dataSet) throws DicomException {
        checkBurnedIn(dataSet);
        String patient = patient(dataSet);
        new Run(pseudonyms.days(patient)).clean(dataSet);
        if (patientID != null) {
            dataSet.setString(Tag.PatientID, VR.LO, patientID);
        }
        if (patientName != null) {
            dataSet.setString(Tag.PatientName, VR.PN, patientName);
        }
        addMethod(dataSet);
        return true;
    }

    private void checkBurnedIn(DataSet dataSet) throws DicomException {
        if (burnedIn == BurnedIn.pass) {
            return;
        }
        List<String> says = Arrays.stream(dataSet.strings(Tag.BurnedInAnnotation))
                .map(value -> value.strip().toUpperCase(Locale.ROOT))
                .toList();
        if (says.contains("YES")) {
            throw refusal("Burned In Annotation (0028,0301) is YES");
        }
        boolean unsure =
                OFTEN_BURNED_IN.contains(dataSet.string(Tag.Modality, "").toUpperCase(Locale.ROOT))
                        || dataSet.string(Tag.SOPClassUID, "").startsWith(SECONDARY_CAPTURE);
        if (burnedIn == BurnedIn.refusePossible && unsure && !says.equals(List.of("NO"))) {
            throw refusal("Burned In Annotation (0028,0301) is not NO in an image of a kind that often has it");
        }
    }

    private static DicomException refusal(String reason) {
        return new DicomException(
                DicomStatus.INVALID_ATTRIBUTE_VALUE, "The instance cannot be de-identified: " + reason);
    }

    /** Whose instance it is: what tells the patient from others, as far as it is there. */
    private static String patient(DataSet dataSet) {
        String id = dataSet.string(Tag.PatientID);
        if (id != null) {
            return id + '\\' + dataSet.string(Tag.IssuerOfPatientID, "");
        }
        String name = dataSet.string(Tag.PatientName);
        return name != null
                ? name + "\\\\" + dataSet.string(Tag.PatientBirthDate, "")
                : "\\\\\\" + dataSet.string(Tag.StudyInstanceUID, "");
    }

    /** What a reader is told of it (PS3.15 §E.1.1, PS3.3 C.7.1.1, C.12.1). */
    private void addMethod(DataSet dataSet) {
        dataSet.setString(Tag.PatientIdentityRemoved, VR.CS, "YES");
        dataSet.setString(
                Tag.DeidentificationMethod,
                VR.LO,
                "Imaging Ingestion",
                "PS3.15 " + ConfidentialityProfile.EDITION + " Basic Application Confidentiality Profile");
        List<DataSet> codes = new ArrayList<>();
        codes.add(code("113100", "Basic Application Confidentiality Profile"));
        options.forEach(option -> codes.add(code(option.code(), option.meaning())));
        dataSet.setItems(Tag.DeidentificationMethodCodeSequence, codes.toArray(DataSet[]::new));
        dataSet.setString(
                Tag.LongitudinalTemporalInformationModified,
                VR.CS,
                options.contains(ProfileOption.RETAIN_FULL_DATES)
                        ? "UNMODIFIED"
                        : options.contains(ProfileOption.RETAIN_MODIFIED_DATES) ? "MODIFIED" : "REMOVED");
    }

    private static DataSet code(String value, String meaning) {
        return new DataSet()
                .setString(Tag.CodeValue, VR.SH, value)
                .setString(Tag.CodingSchemeDesignator, VR.SH, "DCM")
                .setString(Tag.CodeMeaning, VR.LO, meaning);
    }

    /** One instance. */
    private final class Run {
        private final int days;

        Run(int days) {
            this.days = days;
        }

        void clean(DataSet dataSet) throws DicomException {
            List<Element> elements = new ArrayList<>(dataSet.size());
            dataSet.forEach(elements::add);
            String id = dataSet.string(Tag.PatientID);
            String patient = id == null ? null : pseudonyms.identifier(Deidentifier.patient(dataSet));
            for (Element element : elements) {
                if (!Tag.isPrivate(element.tag())) {
                    cleanStandard(dataSet, element);
                }
            }
            cleanPrivate(dataSet, elements);
            if (patient != null) {
                dataSet.setString(Tag.PatientID, VR.LO, patient);
                if (dataSet.contains(Tag.PatientName)) {
                    dataSet.setString(Tag.PatientName, VR.PN, patient);
                }
            }
        }

        private void cleanPrivate(DataSet dataSet, List<Element> elements) throws DicomException {
            Set<Integer> kept = new HashSet<>();
            for (Element element : elements) {
                if (Tag.isPrivate(element.tag())
                        && safePrivate.contains(dataSet, element.tag())
                        && dataSet.strings(creatorOf(element.tag())).length == 1
                        && !hasItemsNobodyRead(element)) {
                    kept.add(element.tag());
                    kept.add(creatorOf(element.tag()));
                    cleanItems(element);
                }
            }
            for (Element element : elements) {
                if (Tag.isPrivate(element.tag()) && !kept.contains(element.tag())) {
                    dataSet.remove(element.tag());
                }
            }
        }

        /** A sequence that was written as bytes of an unknown VR has anything in it. */
        private boolean hasItemsNobodyRead(Element element) {
            if (element instanceof Sequence || element instanceof Element.Value value && !beginsAsItem(value.bytes())) {
                return false;
            }
            return !element.isEmpty();
        }

        private static boolean beginsAsItem(byte[] bytes) {
            return bytes.length >= 4
                    && (bytes[0] & 0xFF) == 0xFE
                    && (bytes[1] & 0xFF) == 0xFF
                    && bytes[2] == 0
                    && (bytes[3] & 0xFF) == 0xE0;
        }

        private void cleanStandard(DataSet dataSet, Element element) throws DicomException {
            int tag = element.tag();
            Row row = ConfidentialityProfile.row(tag);
            if (Tag.group(tag) < FIRST_GROUP || element instanceof Fragments) {
                // no value of an attribute in a header comes in fragments: nobody looks into them
                dataSet.remove(tag);
            } else if (row != null) {
                apply(row, row.action(options), dataSet, element);
            } else if (isInspected(element)) {
                cleanItems(element);
            } else {
                dataSet.remove(tag);
            }
        }

        private void apply(Row row, Action action, DataSet dataSet, Element element) throws DicomException {
            int tag = element.tag();
            switch (action) {
                case KEEP -> {
                    if (isWellFormed(dataSet, element)) {
                        keep(dataSet, element);
                    } else {
                        apply(row, row.basicAction(), dataSet, element);
                    }
                }
                case REMOVE -> dataSet.remove(tag);
                case EMPTY -> dataSet.put(
                        element instanceof Sequence
                                ? new Sequence(tag)
                                : new Element.Value(tag, element.vr(), new byte[0]));
                case DUMMY -> {
                    if (!element.isEmpty()) {
                        dataSet.put(dummies.of(dataSet, element));
                    }
                }
                case UID -> replaceUIDs(dataSet, element);
                case SHIFT -> {
                    if (!shift(dataSet, element)) {
                        apply(row, row.basicAction(), dataSet, element);
                    }
                }
                case CLEAN -> {
                    boolean isRead = element instanceof Sequence
                            || element instanceof Element.Value && element.vr().isString();
                    if (isRead && safeDescriptors.allows(tag, dataSet.strings(tag))) {
                        keep(dataSet, element);
                    } else {
                        apply(row, row.basicAction(), dataSet, element);
                    }
                }
            }
        }

        /** Whether what is to be a date or a UID is one, and not something else that somebody wrote there. */
        private boolean isWellFormed(DataSet dataSet, Element element) {
            VR vr = Dictionary.vrOf(element.tag());
            return switch (vr == null ? VR.UN : vr) {
                case DA, DT, TM, UI -> element.vr() == vr
                        && Arrays.stream(dataSet.strings(element.tag()))
                                .allMatch(value -> value.isEmpty() || isValue(vr, value));
                default -> true;
            };
        }

        private static boolean isValue(VR vr, String value) {
            return switch (vr) {
                case DA -> DateShift.date(value, 0) != null;
                case DT -> DateShift.dateTime(value, 0) != null;
                case TM -> isTime(value);
                default -> UIDs.isLenient(value);
            };
        }

        private void keep(DataSet dataSet, Element element) throws DicomException {
            if (isInspected(element)) {
                cleanItems(element);
            } else {
                dataSet.remove(element.tag());
            }
        }

        private void cleanItems(Element element) throws DicomException {
            if (element instanceof Sequence sequence) {
                for (DataSet item : sequence.items()) {
                    clean(item);
                }
            }
        }

        private void replaceUIDs(DataSet dataSet, Element element) throws DicomException {
            if (element instanceof Sequence) {
                cleanItems(element);
            } else if (!element.isEmpty()) {
                if (!(element instanceof Element.Value)) {
                    throw new DicomException(
                            DicomStatus.CANNOT_UNDERSTAND,
                            "The UIDs in " + Tag.toString(element.tag()) + " are too many to be replaced");
                }
                String[] uids = dataSet.strings(element.tag());
                for (int i = 0; i < uids.length; i++) {
                    uids[i] = uids[i].isEmpty() ? "" : pseudonyms.uid(uids[i]);
                }
                dataSet.setString(element.tag(), VR.UI, uids);
            }
        }

        /** Whether all values of it are dates, times or nothing, which then are moved. */
        private boolean shift(DataSet dataSet, Element element) {
            // a value of bytes is no text that could be moved
            if (!(element instanceof Element.Value) || !element.vr().isString()) {
                return element.isEmpty();
            }
            String[] values = dataSet.strings(element.tag());
            for (int i = 0; i < values.length; i++) {
                if (values[i].isEmpty()) {
                    continue;
                }
                values[i] = switch (element.vr()) {
                    case DA -> DateShift.date(values[i], days);
                    case DT -> DateShift.dateTime(values[i], days);
                    case TM -> isTime(values[i]) ? values[i] : null;
                    case SH -> values[i].matches("[+-]\\d{4}") ? values[i] : null;
                    default -> null;
                };
                if (values[i] == null) {
                    return false;
                }
            }
            if (values.length > 0) {
                dataSet.setString(element.tag(), element.vr(), values);
            }
            return true;
        }
    }

    private static boolean isTime(String text) {
        return text.matches("\\d{2}(:?\\d{2}(:?\\d{2}(\\.\\d{1,6})?)?)?");
    }

    private static int creatorOf(int tag) {
        return tag & 0xFFFF0000 | tag >>> 8 & 0xFF;
    }

    /** Whether it is known what it is, and what is in it: else there may be anything. */
    private static boolean isInspected(Element element) {
        int tag = element.tag();
        if (!Dictionary.isKnown(tag)) {
            return false;
        }
        boolean isSequence = Dictionary.vrOf(tag) == VR.SQ;
        return isSequence ? element instanceof Sequence || element.isEmpty() : isOfItsKind(element);
    }

    /** Whether its VR is one that the attribute has, or that says no more than that one does. */
    private static boolean isOfItsKind(Element element) {
        List<VR> vrs = Dictionary.vrs(element.tag());
        VR vr = element.vr();
        return vrs.contains(vr)
                || element.isEmpty()
                || KINDS.stream().anyMatch(kind -> kind.contains(vr) && !Collections.disjoint(kind, vrs));
    }
}
