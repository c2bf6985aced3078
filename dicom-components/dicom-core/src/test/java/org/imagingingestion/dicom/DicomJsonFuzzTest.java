package org.imagingingestion.dicom;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Fuzzes the reader of the JSON model; without {@code JAZZER_FUZZ} only with the inputs that are kept. */
class DicomJsonFuzzTest {
    @FuzzTest
    void readsOrSaysWhatIsWrong(byte[] input) throws Exception {
        FuzzTargets.json(input);
    }
}
