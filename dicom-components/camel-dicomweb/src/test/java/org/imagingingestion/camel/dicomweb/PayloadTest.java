package org.imagingingestion.camel.dicomweb;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class PayloadTest {
    private final Random random = new Random(3);

    /** Reads every way that a sender may, and compares with what it is to be. */
    private void assertBytes(Payload payload, byte[] expected) throws Exception {
        assertThat(payload.length()).isEqualTo(expected.length);
        for (int round = 0; round < 50; round++) {
            int from = random.nextInt(expected.length);
            int length = round == 0 ? expected.length - (from = 0) : random.nextInt(expected.length - from) + 1;
            byte[] part = Arrays.copyOfRange(expected, from, from + length);
            try (InputStream in = payload.open(from, length)) {
                assertThat(in.readAllBytes()).isEqualTo(part);
            }
            List<Payload.Piece> pieces = new ArrayList<>();
            payload.collect(from, length, pieces);
            try (InputStream in = payload.slice(from, length).open(0, length)) {
                assertThat(in.readNBytes(length)).isEqualTo(part);
            }
            byte[] joined = new byte[length];
            int at = 0;
            for (Payload.Piece piece : pieces) {
                try (InputStream in = piece.open()) {
                    at += in.readNBytes(joined, at, (int) piece.length());
                }
            }
            assertThat(joined).isEqualTo(part);
        }
    }

    @Test
    void joinsPayloads() throws Exception {
        byte[] bytes = StoredObject.noise(1000, 1);
        List<Payload> parts = List.of(
                new HeldPayload(Arrays.copyOfRange(bytes, 0, 10)),
                new HeldPayload(new byte[0]),
                JoinedPayload.of(List.of(
                        new HeldPayload(Arrays.copyOfRange(bytes, 10, 500)),
                        new HeldPayload(Arrays.copyOfRange(bytes, 500, 501)))),
                new HeldPayload(Arrays.copyOfRange(bytes, 501, 1000)));

        assertBytes(JoinedPayload.of(parts), bytes);
        assertBytes(new HeldPayload(bytes).slice(100, 300).slice(50, 100), Arrays.copyOfRange(bytes, 150, 250));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8})
    void swapsNumbers(int unit) throws Exception {
        byte[] bytes = StoredObject.noise(40_000, 2);
        byte[] swapped = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            swapped[i] = bytes[i / unit * unit + unit - 1 - i % unit];
        }

        assertBytes(new SwappedPayload(new HeldPayload(bytes), unit), swapped);
    }

    @Test
    void leavesANumberThatIsCutShort() throws Exception {
        Payload swapped = new SwappedPayload(new HeldPayload(new byte[] {1, 2, 3}), 2);

        assertThat(swapped.open(0, 3).readAllBytes()).containsExactly(2, 1, 3);
        assertThat(swapped.open(2, 1).readAllBytes()).containsExactly(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 7})
    void movesBitsToTheBeginOfAByte(int firstBit) throws Exception {
        for (int bits : new int[] {1, 7, 8, 9, 100, 4001}) {
            byte[] bytes = StoredObject.noise((firstBit + bits + 7) / 8, bits);
            byte[] moved = new byte[(bits + 7) / 8];
            for (int i = 0; i < bits; i++) {
                int from = firstBit + i;
                moved[i / 8] |= (byte) ((bytes[from / 8] >> from % 8 & 1) << i % 8);
            }
            assertBytes(new BitFramePayload(new HeldPayload(bytes), firstBit, bits), moved);
        }
    }
}
