package org.imagingingestion.benchmarks.corpus;

/** Writes the header of a CT as scanners send it: about a hundred elements, sequences and a private block among them. */
final class HeaderWriter {
    static final int NUMBER_DIGITS = 6;

    private static final String EXPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";
    private static final InstanceName FIRST = InstanceName.of(1, 0);

    private final ObjectKind kind;
    private final ElementWriter data = new ElementWriter();
    private final byte[] header;
    private final InstanceTemplate.Slots slots;

    HeaderWriter(ObjectKind kind) {
        this.kind = kind;
        ElementWriter file = new ElementWriter();
        file.raw(new byte[128]);
        file.raw(new byte[] {'D', 'I', 'C', 'M'});
        int metaUid = meta(file);
        int base = file.size();
        int instanceUid = base + general();
        int accession = base + dates();
        descriptions();
        int name = base + data.text(0x00100010, "PN", FIRST.familyName() + "^BENCHMARK");
        int patientId = base + data.text(0x00100020, "LO", FIRST.patientId());
        patient();
        acquisition();
        dose();
        int study = base + data.text(0x0020000D, "UI", FIRST.studyUid());
        int series = base + data.text(0x0020000E, "UI", FIRST.seriesUid());
        int number = base + relationship();
        image();
        priv();
        procedure();
        data.header(0x7FE00010, "OW", kind.pixelLength());
        file.raw(data.bytes());
        header = file.bytes();
        slots = new InstanceTemplate.Slots(metaUid, instanceUid, accession, name, patientId, study, series, number);
    }

    byte[] bytes() {
        return header;
    }

    InstanceTemplate.Slots slots() {
        return slots;
    }

    private int meta(ElementWriter file) {
        ElementWriter meta = new ElementWriter();
        meta.binary(0x00020001, "OB", new byte[] {0, 1});
        meta.text(0x00020002, "UI", kind.sopClass);
        int uid = meta.text(0x00020003, "UI", FIRST.instanceUid());
        meta.text(0x00020010, "UI", EXPLICIT_VR_LITTLE_ENDIAN);
        meta.text(0x00020012, "UI", "2.25.27182818284590452");
        meta.text(0x00020013, "SH", "BENCHMARK");
        file.unsignedLong(0x00020000, meta.size());
        int base = file.size();
        file.raw(meta.bytes());
        return base + uid;
    }

    private int general() {
        data.text(0x00080005, "CS", "ISO_IR 100");
        data.text(0x00080008, "CS", "ORIGINAL\\PRIMARY\\AXIAL");
        data.text(0x00080012, "DA", "20260105");
        data.text(0x00080013, "TM", "101530.123000");
        data.text(0x00080016, "UI", kind.sopClass);
        return data.text(0x00080018, "UI", FIRST.instanceUid());
    }

    private int dates() {
        for (int element = 0x20; element <= 0x23; element++) {
            data.text(0x00080000 + element, "DA", "20260105");
        }
        for (int element = 0x30; element <= 0x33; element++) {
            data.text(0x00080000 + element, "TM", "101500.250000");
        }
        return data.text(0x00080050, "SH", "A00000001");
    }

    private void descriptions() {
        data.text(0x00080060, "CS", kind.modality);
        if (kind.frames > 1) {
            data.text(0x00080064, "CS", "WSD");
        }
        data.text(0x00080070, "LO", "BENCHMARK WORKS");
        data.text(0x00080080, "LO", "GENERAL HOSPITAL");
        data.text(0x00080081, "ST", "1 Hospital Road, 12345 Town");
        data.text(0x00080090, "PN", "REFERRER^ANNA^^DR");
        data.text(0x00081010, "SH", "CT01");
        data.text(0x00081030, "LO", "CT THORAX WITH CONTRAST");
        data.sequence(0x00081032, code("CTTHX", "99LOCAL", "CT of thorax"));
        data.text(0x0008103E, "LO", "THORAX 1.0 B30F");
        data.text(0x00081040, "LO", "RADIOLOGY");
        data.text(0x00081050, "PN", "PERFORMER^BEN");
        data.text(0x00081060, "PN", "READER^CARLA");
        data.text(0x00081070, "PN", "OPERATOR^DAN");
        data.text(0x00081090, "LO", "MODEL 64");
        data.sequence(0x00081111, reference("1.2.840.10008.3.1.2.3.3", "2.25.314159265358979"));
        data.sequence(
                0x00081140,
                reference("1.2.840.10008.5.1.4.1.1.2", "2.25.3141592653589793"),
                reference("1.2.840.10008.5.1.4.1.1.2", "2.25.31415926535897932"));
    }

    private void patient() {
        data.text(0x00100030, "DA", "19701231");
        data.text(0x00100040, "CS", "F");
        data.text(0x00101010, "AS", "055Y");
        data.text(0x00101020, "DS", "1.72");
        data.text(0x00101030, "DS", "68.5");
        data.text(0x001021B0, "LT", "none known");
        data.text(0x00104000, "LT", "Generated for a benchmark, no person");
    }

    private void acquisition() {
        data.text(0x00180015, "CS", "CHEST");
        data.text(0x00180022, "CS", "HELIX");
        data.text(0x00180050, "DS", "1.000");
        data.text(0x00180060, "DS", "120");
        data.text(0x00180090, "DS", "500.0");
        data.text(0x00181000, "LO", "SN-123456");
        data.text(0x00181020, "LO", "VA10A");
        data.text(0x00181030, "LO", "5.3 THORAX ROUTINE");
        if (kind.frames > 1) {
            data.text(0x00181063, "DS", "33.3");
        }
        data.text(0x00181100, "DS", "350.0");
        data.text(0x00181110, "DS", "1040.0");
        data.text(0x00181111, "DS", "570.0");
        data.text(0x00181120, "DS", "0.0");
        data.text(0x00181130, "DS", "155.5");
        data.text(0x00181140, "CS", "CW");
        data.text(0x00181150, "IS", "500");
        data.text(0x00181151, "IS", "210");
        data.text(0x00181152, "IS", "105");
        data.text(0x00181160, "SH", "BODY");
        data.text(0x00181170, "IS", "42");
        data.text(0x00181190, "DS", "1.2");
        data.text(0x00181210, "SH", "B30f");
        data.text(0x00185100, "CS", "HFS");
    }

    private void dose() {
        data.doubles(0x00189305, 0.5);
        data.doubles(0x00189306, 0.6);
        data.doubles(0x00189307, 38.4);
        data.doubles(0x00189309, 46.1);
        data.doubles(0x00189310, 23.0);
        data.doubles(0x00189311, 1.2);
        data.doubles(0x00189313, 1.5, -180.25, -733.0);
        data.text(0x00189323, "CS", "XYZ_EC");
        data.doubles(0x00189345, 7.85);
    }

    private int relationship() {
        data.text(0x00200010, "SH", "S-1");
        data.text(0x00200011, "IS", "3");
        data.text(0x00200012, "IS", "2");
        int number = data.text(0x00200013, "IS", "000001");
        data.text(0x00200032, "DS", "-174.658203\\-325.658203\\-733.500000");
        data.text(0x00200037, "DS", "1\\0\\0\\0\\1\\0");
        data.text(0x00200052, "UI", "2.25.161803398874989");
        data.text(0x00200060, "CS", "U");
        data.text(0x00201040, "LO", "");
        data.text(0x00201041, "DS", "-733.5");
        data.text(0x00204000, "LT", "Series for throughput");
        return number;
    }

    private void image() {
        data.shorts(0x00280002, "US", 1);
        data.text(0x00280004, "CS", "MONOCHROME2");
        if (kind.frames > 1) {
            data.text(0x00280008, "IS", Integer.toString(kind.frames));
            data.attributeTag(0x00280009, 0x00181063);
        }
        data.shorts(0x00280010, "US", kind.side);
        data.shorts(0x00280011, "US", kind.side);
        data.text(0x00280030, "DS", "0.683594\\0.683594");
        data.shorts(0x00280100, "US", 16);
        data.shorts(0x00280101, "US", 16);
        data.shorts(0x00280102, "US", 15);
        data.shorts(0x00280103, "US", 0);
        data.shorts(0x00280106, "US", 0);
        data.shorts(0x00280107, "US", 65535);
        data.text(0x00280301, "CS", "NO");
        data.text(0x00281050, "DS", "40\\-600");
        data.text(0x00281051, "DS", "400\\1200");
        data.text(0x00281052, "DS", "-1024");
        data.text(0x00281053, "DS", "1");
        data.text(0x00281054, "LO", "HU");
        data.text(0x00281055, "LO", "MEDIASTINUM\\LUNG");
        data.text(0x00282110, "CS", "00");
    }

    private void priv() {
        data.text(0x00290010, "LO", "BENCHMARK HEADER");
        data.text(0x00291008, "CS", "COM");
        data.binary(0x00291010, "OB", new byte[512]);
        data.text(0x00291018, "LO", "private text");
    }

    private void procedure() {
        data.text(0x00321033, "LO", "EMERGENCY");
        data.text(0x00321060, "LO", "CT THORAX");
        data.sequence(0x00321064, code("CTTHX", "99LOCAL", "CT of thorax"));
        data.text(0x00400244, "DA", "20260105");
        data.text(0x00400245, "TM", "101500.250000");
        data.text(0x00400253, "SH", "PPS1");
        data.text(0x00400254, "LO", "CT THORAX WITH CONTRAST");
        data.sequence(0x00400260, code("RTHX", "99LOCAL", "Routine thorax"));
        ElementWriter request = new ElementWriter();
        request.text(0x00400007, "LO", "CT THORAX");
        request.sequence(0x00400008, code("CTTHX", "99LOCAL", "CT of thorax"));
        request.text(0x00400009, "SH", "SPS1");
        request.text(0x00401001, "SH", "RP1");
        data.sequence(0x00400275, request);
    }

    private static ElementWriter code(String value, String scheme, String meaning) {
        ElementWriter item = new ElementWriter();
        item.text(0x00080100, "SH", value);
        item.text(0x00080102, "SH", scheme);
        item.text(0x00080104, "LO", meaning);
        return item;
    }

    private static ElementWriter reference(String sopClass, String instance) {
        ElementWriter item = new ElementWriter();
        item.text(0x00081150, "UI", sopClass);
        item.text(0x00081155, "UI", instance);
        return item;
    }
}
