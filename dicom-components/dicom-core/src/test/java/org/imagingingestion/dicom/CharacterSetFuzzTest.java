package org.imagingingestion.dicom;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Fuzzes the decoders of character sets; without {@code JAZZER_FUZZ} only with the inputs that are kept. */
class CharacterSetFuzzTest {
    @FuzzTest
    void decodesAnything(byte[] input) throws Exception {
        FuzzTargets.text(input);
    }
}
