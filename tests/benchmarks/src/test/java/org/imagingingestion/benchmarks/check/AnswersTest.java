package org.imagingingestion.benchmarks.check;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.imagingingestion.benchmarks.BenchFailure;
import org.imagingingestion.benchmarks.load.Get;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AnswersTest {
    private static final byte[] OBJECT = {1, 2, '\r', '\n', '-', '-', 3};

    @Test
    void acceptsASearchThatFindsExactlyWhatWasStored() {
        assertThatCode(() -> Answers.judgeStudies("x", "[" + study("1.2", 100) + "]", Set.of("1.2"), 100))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesASearchWithAStudyTooManyTooFewOrCountedWrongly() {
        String two = "[" + study("1.2", 100) + "," + study("1.3", 100) + "]";
        assertThatThrownBy(() -> Answers.judgeStudies("x", two, Set.of("1.2"), 100))
                .isInstanceOf(BenchFailure.class)
                .hasMessageContaining("found 2 studies");
        assertThatThrownBy(() -> Answers.judgeStudies("x", "[]", Set.of("1.2"), 100))
                .isInstanceOf(BenchFailure.class);
        assertThatThrownBy(() -> Answers.judgeStudies("x", "[" + study("1.2", 99) + "]", Set.of("1.2"), 100))
                .isInstanceOf(BenchFailure.class);
    }

    @Test
    void refusesWhatIsNotJson() {
        assertThatThrownBy(() -> Answers.judgeStudies("x", "[{]", Set.of(), 0)).isInstanceOf(BenchFailure.class);
    }

    @Test
    void refusesMetadataOfFewAttributesOrOfOtherInstances() {
        byte[] thin = "[{\"00080018\":{\"vr\":\"UI\",\"Value\":[\"1.2\"]}}]".getBytes(StandardCharsets.UTF_8);
        byte[] full = ("[{" + attributes() + "}]").getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> Answers.judgeMetadata("x", thin, Set.of("1.2")))
                .isInstanceOf(BenchFailure.class);
        assertThatThrownBy(() -> Answers.judgeMetadata("x", full, Set.of("1.3")))
                .isInstanceOf(BenchFailure.class);
        assertThatCode(() -> Answers.judgeMetadata("x", full, Set.of("1.2"))).doesNotThrowAnyException();
    }

    @Test
    void comparesTheOnlyPartOfAMultipartAnswerByteForByte() {
        assertThatCode(() -> Answers.judgeBytes("x", multipart(OBJECT), OBJECT)).doesNotThrowAnyException();
        byte[] other = OBJECT.clone();
        other[0]++;
        assertThatThrownBy(() -> Answers.judgeBytes("x", multipart(other), OBJECT))
                .isInstanceOf(BenchFailure.class);
    }

    private static String study(String uid, int instances) {
        return "{\"0020000D\":{\"vr\":\"UI\",\"Value\":[\"%s\"]},\"00201208\":{\"vr\":\"IS\",\"Value\":[%d]}}"
                .formatted(uid, instances);
    }

    private static String attributes() {
        String rest = IntStream.range(0, 100)
                .mapToObj(i -> "\"0009%04d\":{\"vr\":\"LO\"}".formatted(i))
                .collect(Collectors.joining(","));
        return rest + ",\"00080018\":{\"vr\":\"UI\",\"Value\":[\"1.2\"]}";
    }

    private static Get.Answer multipart(byte[] object) {
        String body = "--b\r\nContent-Type: application/dicom\r\n\r\n"
                + new String(object, StandardCharsets.ISO_8859_1)
                + "\r\n--b--\r\n";
        return new Get.Answer(200, "multipart/related; boundary=b", body.getBytes(StandardCharsets.ISO_8859_1));
    }
}
