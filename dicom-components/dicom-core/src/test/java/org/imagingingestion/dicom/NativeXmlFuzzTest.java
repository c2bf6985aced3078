package org.imagingingestion.dicom;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Fuzzes the reader of native XML; without {@code JAZZER_FUZZ} only with the inputs that are kept. */
class NativeXmlFuzzTest {
    @FuzzTest
    void readsOrSaysWhatIsWrong(byte[] input) throws Exception {
        FuzzTargets.xml(input);
    }
}
