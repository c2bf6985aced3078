package org.imagingingestion.dicom;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Fuzzes the reader of files and data sets with pieces of different sizes; without {@code JAZZER_FUZZ} only with the inputs that are kept. */
class DicomPiecesFuzzTest {
    @FuzzTest
    void readsInPiecesAsWhole(byte[] input) throws Exception {
        FuzzTargets.dicomInPieces(input);
    }
}
