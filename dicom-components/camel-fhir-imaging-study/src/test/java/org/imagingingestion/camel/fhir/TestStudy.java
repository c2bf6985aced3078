package org.imagingingestion.camel.fhir;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.event.StudyRevisionEvent;
import org.imagingingestion.dicom.event.StudyRevisionEvent.ChangeSet;
import org.imagingingestion.dicom.event.StudyRevisionEvent.Instance;
import org.imagingingestion.dicom.event.StudyRevisionEvent.Series;
import org.imagingingestion.dicom.event.StudyRevisionEvent.Study;

/** A study as events tell of it. */
final class TestStudy {
    static final String CT = "1.2.840.10008.5.1.4.1.1.2";
    private static final String WADO = "https://archive.example.org/dicom-web";

    final String uid;
    final DataSet study = new DataSet();
    final List<DataSet> series = new ArrayList<>();
    String provider = "north";
    String address = WADO;

    TestStudy(String uid) {
        this.uid = uid;
        study.setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 192");
    }

    /** One that says all that is mapped. */
    static TestStudy whole(String uid) {
        TestStudy whole = new TestStudy(uid);
        whole.study
                .setString(Tag.StudyDate, VR.DA, "20260102")
                .setString(Tag.StudyTime, VR.TM, "101112.345678")
                .setString(Tag.TimezoneOffsetFromUTC, VR.SH, "+0100")
                .setString(Tag.AccessionNumber, VR.SH, "A1")
                .setString(Tag.ReferringPhysicianName, VR.PN, "House^Gregory^^Dr.")
                .setString(Tag.StudyDescription, VR.LO, "Thorax und Abdömen")
                .setString(Tag.PatientID, VR.LO, "P,1|2")
                .setString(Tag.IssuerOfPatientID, VR.LO, "HOSPITAL A")
                .setString(Tag.PatientName, VR.PN, "Jürgens^Änne^M^^MD=山田^花")
                .setString(Tag.PatientBirthDate, VR.DA, "19700131")
                .setString(Tag.PatientSex, VR.CS, "F")
                .setItems(
                        Tag.ProcedureCodeSequence,
                        code("77477000", "SCT", "CT"),
                        code("RPID16", "RADLEX", "CT Thorax"),
                        code("X1", "99LOCAL", "Own"),
                        new DataSet().setString(Tag.CodeMeaning, VR.LO, "Meaning alone"));
        whole.series("1.1", "CT", 3)
                .setString(Tag.SeriesDescription, VR.LO, "Thorax 1.0")
                .setString(Tag.BodyPartExamined, VR.CS, "CHEST")
                .setString(Tag.Laterality, VR.CS, "L")
                .setString(Tag.SeriesDate, VR.DA, "20260102")
                .setString(Tag.SeriesTime, VR.TM, "1012")
                .setString(Tag.PerformingPhysicianName, VR.PN, "One^Ann", "Two^Bob")
                .setString(Tag.OperatorsName, VR.PN, "Three^Cem")
                .setItems(
                        Tag.RequestAttributesSequence,
                        new DataSet().setString(Tag.AccessionNumber, VR.SH, "A1"),
                        new DataSet().setString(Tag.AccessionNumber, VR.SH, "A2"));
        whole.series("1.2", "SR", 1);
        return whole;
    }

    static DataSet code(String value, String scheme, String meaning) {
        return new DataSet()
                .setString(Tag.CodeValue, VR.SH, value)
                .setString(Tag.CodingSchemeDesignator, VR.SH, scheme)
                .setString(Tag.CodeMeaning, VR.LO, meaning);
    }

    private final List<Integer> counts = new ArrayList<>();
    private final List<String> uids = new ArrayList<>();
    private final List<String> modalities = new ArrayList<>();

    /** Adds a series. @return its attributes */
    DataSet series(String suffix, String modality, int instances) {
        DataSet attributes = new DataSet().setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 192");
        series.add(attributes);
        counts.add(instances);
        uids.add(uid + "." + suffix);
        modalities.add(modality);
        return attributes;
    }

    StudyRevisionEvent revision(int revision) {
        List<Series> all = IntStream.range(0, series.size())
                .mapToObj(i -> new Series(
                        uids.get(i),
                        i + 1,
                        modalities.get(i),
                        List.of(),
                        series.get(i),
                        instances(i),
                        address == null ? null : address + "/studies/" + uid + "/series/" + uids.get(i),
                        provider))
                .toList();
        return new StudyRevisionEvent(
                revision,
                provider,
                new Study(uid, study.string(Tag.StudyDate), List.of(), study, all),
                new ChangeSet(List.of(), List.of(), List.of()));
    }

    private List<Instance> instances(int index) {
        String title = "SR".equals(modalities.get(index)) ? "Radiology Report" : null;
        return IntStream.rangeClosed(1, counts.get(index))
                .mapToObj(number -> new Instance(uids.get(index) + "." + number, CT, number, title))
                .toList();
    }

    /** It was deleted. */
    static StudyRevisionEvent deleted(String uid, int revision) {
        return new StudyRevisionEvent(
                revision,
                "north",
                new Study(uid, null, List.of(), List.of()),
                new ChangeSet(List.of(), List.of(), List.of()));
    }
}
