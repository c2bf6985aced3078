package org.imagingingestion.camel.manifest;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MergeTest {
    private static final String A = "{\"00080050\":{\"vr\":\"SH\"},\"00081030\":{\"vr\":\"LO\",\"Value\":[\"A\"]}}";
    private static final String B =
            "{\"00080050\":{\"vr\":\"SH\",\"Value\":[\"7\"]},\"00081030\":{\"vr\":\"LO\",\"Value\":[\"B\"]},"
                    + "\"00200010\":{\"vr\":\"SH\",\"Value\":[\"1\"]}}";

    private static Merge merge(String present, String incoming, boolean latestWins) {
        return Merge.of(bytes(present), bytes(incoming), latestWins);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void fillsWhatHasNoValueAndKeepsTheFirst() {
        Merge merge = merge(A, B, false);

        assertThat(new String(merge.attributes(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"00080050\":{\"vr\":\"SH\",\"Value\":[\"7\"]},\"00081030\":{\"vr\":\"LO\",\"Value\":[\"A\"]},"
                                + "\"00200010\":{\"vr\":\"SH\",\"Value\":[\"1\"]}}");
    }

    @Test
    void keepsTheLatestWhereThatIsTheRule() {
        Merge merge = merge(A, B, true);

        assertThat(merge.attributes()).isEqualTo(bytes(B));
        assertThat(new String(merge.disagreements().get(0).inForce(), StandardCharsets.UTF_8))
                .contains("B");
    }

    @Test
    void tellsWhatDiffers() {
        Merge merge = merge(A, B, false);

        assertThat(merge.disagreements()).hasSize(1);
        Merge.Disagreement disagreement = merge.disagreements().get(0);
        assertThat(disagreement.tag()).isEqualTo(0x00081030);
        assertThat(new String(disagreement.inForce(), StandardCharsets.UTF_8))
                .isEqualTo("{\"vr\":\"LO\",\"Value\":[\"A\"]}");
        assertThat(new String(disagreement.other(), StandardCharsets.UTF_8))
                .isEqualTo("{\"vr\":\"LO\",\"Value\":[\"B\"]}");
    }

    @Test
    void changesNothingWhereNothingIsNew() {
        byte[] present = bytes(B);

        assertThat(Merge.of(present, bytes(B), false).attributes()).isSameAs(present);
        assertThat(Merge.of(present, bytes(B), true).attributes()).isSameAs(present);
        assertThat(Merge.of(present, bytes("{}"), true).attributes()).isSameAs(present);
    }

    @Test
    void doesNotEmptyWhatHasAValue() {
        byte[] present = bytes(B);

        Merge merge = Merge.of(present, bytes("{\"00080050\":{\"vr\":\"SH\"}}"), true);

        assertThat(merge.attributes()).isSameAs(present);
        assertThat(merge.disagreements()).isEmpty();
    }

    @Test
    void takesOffsetsFromUtcForNoDisagreement() {
        Merge merge = merge(
                "{\"00080201\":{\"vr\":\"SH\",\"Value\":[\"+0100\"]}}",
                "{\"00080201\":{\"vr\":\"SH\",\"Value\":[\"+0200\"]}}",
                false);

        assertThat(merge.disagreements()).isEmpty();
    }
}
