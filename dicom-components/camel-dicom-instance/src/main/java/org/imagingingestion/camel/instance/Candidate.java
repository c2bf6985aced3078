package org.imagingingestion.camel.instance;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.event.DicomAvailableEvent;
import org.imagingingestion.dicom.event.EventElement;
import org.imagingingestion.dicom.event.ImageStoredEvent;
import org.imagingingestion.dicom.event.StudyRevisionEvent;

/**
 * What a filter looks at: an instance, or what an event tells of one, or of a series.
 *
 * @param what it is, for whoever asks for more than it tells
 * @param provider name of the storage space; {@code null} where that is not known
 * @param callingAE AE title of the sender; {@code null} where it has none
 * @param told tags of the attributes that are told whether they are there; {@code null} where all are
 * @param tellsCaller whether it is told who the sender was
 */
record Candidate(
        String what, String provider, String callingAE, DataSet dataSet, Set<Integer> told, boolean tellsCaller) {
    private static final Set<Integer> IDENTITY =
            Set.of(Tag.StudyInstanceUID, Tag.SeriesInstanceUID, Tag.SOPInstanceUID, Tag.SOPClassUID);

    /** What StudyRevisionEvents tell where it is there; attributes of other senders may be more. */
    private static final Set<Integer> OF_STUDY_AND_SERIES = Set.of(
            Tag.StudyInstanceUID,
            Tag.StudyDate,
            Tag.StudyTime,
            Tag.AccessionNumber,
            Tag.ReferringPhysicianName,
            Tag.TimezoneOffsetFromUTC,
            Tag.StudyDescription,
            Tag.PatientName,
            Tag.PatientID,
            Tag.IssuerOfPatientID,
            Tag.PatientBirthDate,
            Tag.PatientSex,
            Tag.SeriesInstanceUID,
            Tag.SeriesDate,
            Tag.SeriesTime,
            Tag.SeriesDescription,
            Tag.SeriesNumber,
            Tag.Modality,
            Tag.PerformingPhysicianName,
            Tag.OperatorsName,
            Tag.BodyPartExamined,
            Tag.Laterality,
            Tag.PerformedProcedureStepStartDate,
            Tag.PerformedProcedureStepStartTime);

    static Candidate ofInstance(String provider, String callingAE, DataSet dataSet) {
        return new Candidate("instance", provider, callingAE, dataSet, null, true);
    }

    /** @return {@code null} where the type is that of another event */
    static List<Candidate> ofEvent(String type, byte[] json) throws DicomException {
        return switch (type) {
            case DicomAvailableEvent.TYPE -> List.of(of(DicomAvailableEvent.parse(json)));
            case ImageStoredEvent.TYPE -> List.of(of(ImageStoredEvent.parse(json)));
            case StudyRevisionEvent.TYPE -> of(StudyRevisionEvent.parse(json));
            default -> null;
        };
    }

    static Candidate of(DicomAvailableEvent event) {
        DataSet dataSet = identity(
                event.studyInstanceUID(), event.seriesInstanceUID(), event.sopInstanceUID(), event.sopClassUID());
        put(dataSet, Tag.Modality, VR.CS, event.modality());
        put(dataSet, Tag.StationName, VR.SH, event.stationName());
        Set<Integer> told = new HashSet<>(IDENTITY);
        told.add(Tag.Modality);
        told.add(Tag.StationName);
        return new Candidate(DicomAvailableEvent.TYPE, event.provider(), event.receivedFrom(), dataSet, told, true);
    }

    static Candidate of(ImageStoredEvent event) {
        ImageStoredEvent.Image image = event.image();
        if (image.dataSet() != null) {
            return new Candidate(
                    ImageStoredEvent.TYPE, event.store().provider(), image.receivedFrom(), image.dataSet(), null, true);
        }
        DataSet dataSet = identity(
                image.studyInstanceUID(), image.seriesInstanceUID(), image.sopInstanceUID(), image.sopClassUID());
        put(dataSet, image.elements());
        return new Candidate(
                ImageStoredEvent.TYPE,
                event.store().provider(),
                image.receivedFrom(),
                dataSet,
                image.elements().isEmpty() ? IDENTITY : null,
                true);
    }

    /** The series of the study, each with what is told of the study. */
    static List<Candidate> of(StudyRevisionEvent event) {
        StudyRevisionEvent.Study study = event.study();
        List<DataSet> dataSets = new ArrayList<>();
        Set<Integer> told = new HashSet<>(OF_STUDY_AND_SERIES);
        for (StudyRevisionEvent.Series series : study.series()) {
            DataSet dataSet = identity(study.studyInstanceUID(), series.seriesInstanceUID(), null, null);
            put(dataSet, study.attributes());
            put(dataSet, study.dataSet());
            put(dataSet, series.attributes());
            put(dataSet, series.dataSet());
            put(dataSet, Tag.StudyDate, VR.DA, study.studyDate());
            put(dataSet, Tag.Modality, VR.CS, series.modality());
            if (series.number() != null) {
                dataSet.setInt(Tag.SeriesNumber, VR.IS, series.number());
            }
            dataSet.forEach(element -> told.add(element.tag()));
            dataSets.add(dataSet);
        }
        return dataSets.stream()
                .map(dataSet -> new Candidate(StudyRevisionEvent.TYPE, event.provider(), null, dataSet, told, false))
                .toList();
    }

    private static DataSet identity(String study, String series, String instance, String sopClass) {
        DataSet dataSet = new DataSet();
        put(dataSet, Tag.StudyInstanceUID, VR.UI, study);
        put(dataSet, Tag.SeriesInstanceUID, VR.UI, series);
        put(dataSet, Tag.SOPInstanceUID, VR.UI, instance);
        put(dataSet, Tag.SOPClassUID, VR.UI, sopClass);
        return dataSet;
    }

    private static void put(DataSet dataSet, int tag, VR vr, String value) {
        if (value != null) {
            dataSet.setString(tag, vr, value);
        }
    }

    private static void put(DataSet dataSet, List<EventElement> elements) {
        dataSet.setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 192");
        for (EventElement element : elements) {
            int tag = tag(element);
            if (tag != 0 && tag != Tag.SpecificCharacterSet && element.value() != null) {
                dataSet.setString(tag, VR.UT, element.value());
            }
        }
    }

    private static int tag(EventElement element) {
        try {
            return Integer.parseUnsignedInt((element.group() + element.element()).toUpperCase(Locale.ROOT), 16);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Values are written anew, as the character sets may differ. */
    private static void put(DataSet dataSet, DataSet more) {
        if (more == null) {
            return;
        }
        for (Element element : more) {
            if (element instanceof Element.Value && element.tag() != Tag.SpecificCharacterSet) {
                VR vr = element.vr().isString() ? element.vr() : VR.UC;
                dataSet.setString(element.tag(), vr, more.strings(element.tag()));
            }
        }
    }
}
