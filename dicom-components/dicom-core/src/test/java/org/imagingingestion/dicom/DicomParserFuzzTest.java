package org.imagingingestion.dicom;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Fuzzes the reader of files and data sets; without {@code JAZZER_FUZZ} only with the inputs that are kept. */
class DicomParserFuzzTest {
    @FuzzTest
    void readsOrSaysWhatIsWrong(byte[] input) throws Exception {
        FuzzTargets.dicom(input);
    }
}
