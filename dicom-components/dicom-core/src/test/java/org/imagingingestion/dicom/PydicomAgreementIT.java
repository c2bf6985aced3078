package org.imagingingestion.dicom;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** Reads pydicom's test files and compares with what pydicom reads in them. */
class PydicomAgreementIT {
    /** Files that break off or whose lengths contradict each other. pydicom gives what it finds up to there. */
    static final Set<String> BROKEN =
            Set.of("MR_truncated.dcm", "no_meta.dcm", "rtplan_truncated.dcm", "DICOMDIR-nooffset");

    private static final Map<Path, List<String>> READ_BY_PYDICOM = new HashMap<>();

    @BeforeAll
    static void dumpAllFilesByPydicom() throws Exception {
        String dump = PydicomFiles.run(
                "/usr/bin/python3",
                "src/test/python/dump_dicom.py",
                PydicomFiles.TEST_FILES.toString(),
                PydicomFiles.CHARSET_FILES.toString());
        List<String> lines = null;
        for (String line : dump.split("\n")) {
            if (line.startsWith("FILE ")) {
                lines = new ArrayList<>();
                READ_BY_PYDICOM.put(Path.of(line.substring(5)), lines);
            } else {
                lines.add(line.stripTrailing());
            }
        }
    }

    static List<Path> readable() {
        return PydicomFiles.readable().toList();
    }

    static List<Path> unreadable() {
        return PydicomFiles.all().stream()
                .filter(path -> !readable().contains(path))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("readable")
    void readsWhatPydicomReads(Path file) throws Exception {
        assertThat(CanonicalDump.of(DicomReader.read(file))).isEqualTo(READ_BY_PYDICOM.get(file));
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void saysWhereAFileIsBroken(Path file) {
        Throwable thrown = catchThrowable(() -> DicomReader.read(file));
        assertThat(thrown).isInstanceOf(DicomParseException.class).hasMessageContaining("at byte");
    }
}
