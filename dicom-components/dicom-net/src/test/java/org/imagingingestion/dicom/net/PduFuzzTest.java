package org.imagingingestion.dicom.net;

import java.util.Arrays;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

import static org.assertj.core.api.Assertions.assertThat;

class PduFuzzTest {
    @FuzzTest
    void readsWhatItUnderstandsAndRefusesTheRest(FuzzedDataProvider data) {
        int type = data.consumeInt(1, 7);
        byte[] body = data.consumeRemainingAsBytes();
        Pdu pdu;
        try {
            pdu = PduDecoder.decode(type, body);
        } catch (PduException e) {
            assertThat(e.reason()).isBetween(1, 6);
            return;
        }
        byte[] written;
        try {
            written = PduEncoder.encode(pdu);
        } catch (IllegalArgumentException e) {
            // what was padded everywhere can be too long without padding in one item
            return;
        }
        try {
            assertThat(PduEncoder.encode(PduDecoder.decode(written[0], Arrays.copyOfRange(written, 6, written.length))))
                    .isEqualTo(written);
        } catch (PduException e) {
            throw new AssertionError("What was written cannot be read", e);
        }
    }
}
